"""The way to a card: bytes in, bytes out."""
