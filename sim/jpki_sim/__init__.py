"""A My Number Card in software: the same answers as a card, byte for byte, with keys and data that are never real."""
