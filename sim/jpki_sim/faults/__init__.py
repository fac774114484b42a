"""Faults on purpose: what goes wrong, and when."""
