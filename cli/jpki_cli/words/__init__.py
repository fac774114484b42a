"""Sentences in two languages, and the words that several commands share."""
