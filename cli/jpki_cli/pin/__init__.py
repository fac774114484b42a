"""PINs on the command line: asked for at the terminal, taken from a script, or typed on a reader."""
