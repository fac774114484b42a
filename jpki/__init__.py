"""Read, check and use the IC chip of a My Number Card through PC/SC."""

__version__ = "0.1.0"
