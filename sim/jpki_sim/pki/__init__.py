"""Keys and TEST issuers, and the certificates that they make."""
