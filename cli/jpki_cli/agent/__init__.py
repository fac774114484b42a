"""What the agent needs of the command line: words, dialogs, places, and the cards that the options mean."""
