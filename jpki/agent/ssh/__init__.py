"""The SSH agent's side of its protocol."""
