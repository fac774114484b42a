"""What all commands share: the global options, the result, the way to the card, and output."""
