"""Card files: read, checked, locked, written."""
