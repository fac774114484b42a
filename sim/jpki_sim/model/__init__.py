"""A card as data: the fields of a card file, and edits of them."""
