"""What a person sees, and what a program reads."""
