"""The chip: commands, files, security status and keys."""
