"""Certificates from the card and from files."""
