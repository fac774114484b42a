"""Signatures with the card's keys: CMS and PDF files, made and verified."""
