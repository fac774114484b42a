"""Files in the window: signing and verifying them, and the certificates of the card."""
