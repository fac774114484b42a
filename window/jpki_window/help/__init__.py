"""Help in the window: what is in the way, the guide, papers for the holder and for support, the counter, about."""
