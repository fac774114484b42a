"""The applications of a My Number Card, its PINs and its certificates."""
