"""The window: every function of the library for people who use no terminal."""
