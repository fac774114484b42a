"""What keeps a My Number Card from being used on a computer: rules over facts, giving codes."""
