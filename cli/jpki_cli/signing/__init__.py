"""Files that are signed and verified."""
