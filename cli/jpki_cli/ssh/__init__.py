"""The socket and the signer of ``jpki ssh agent``."""
