"""Files that are signed and verified: read as a stream, and written whole, beside what is there, or not at all."""
