"""What a program writes first: readers, a card, its status and its keys, in a few lines (docs/library.md)."""
