"""Asking a person: one dialog at a time, in a program of its own whose environment no client has a say in."""
