"""What other programs ask of the card, through a process of the same user."""
