"""The process itself: core dumps, streams, signals, encodings, and secrets that a script hands over."""
