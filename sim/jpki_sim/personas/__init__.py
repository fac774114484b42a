"""The TEST people and the cards that are made for them."""
