"""PINs in the window: the field that holds marks only, dialogs, the person as the library asks for one."""
