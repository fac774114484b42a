"""Hashes, algorithms and signatures as the card and its certificates use them."""
