"""The frame of the window: its start, the main window with its menus, and the list of its pages."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "start": ("main",),
    },
)
