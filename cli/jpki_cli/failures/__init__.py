"""What the user sees of a failure: exit code, machine word, sentence, and what to do next."""
