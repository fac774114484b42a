"""The card's applications and files: what can be read without a PIN, and the state of each PIN."""
