"""Distinguished encoding rules, and the one way into asn1crypto: strict, bounded readers of a card or a file."""
