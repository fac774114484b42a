"""PKCS #11 over p11-kit's remote procedure calls: frames, calls, sessions, objects and signatures."""
