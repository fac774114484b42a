"""What one card answers where docs/card.md is not sure, found out without harm and without personal data."""
