"""The frame of the window: start, main window, settings, language, text size and colours, and the list of its pages."""
