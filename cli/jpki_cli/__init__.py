"""The command line of jpki."""
