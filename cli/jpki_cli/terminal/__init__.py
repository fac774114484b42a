"""The terminal: lines and columns, and questions to the person at it."""
