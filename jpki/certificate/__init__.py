"""The X.509 certificates of this card: what they say, until when they run, and each check of them by itself."""
