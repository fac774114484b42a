"""The thread that talks to the card, the watch over the readers, and the card at a glance."""
