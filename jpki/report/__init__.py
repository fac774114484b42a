"""The report for support: facts, privacy, and its text and HTML forms."""
