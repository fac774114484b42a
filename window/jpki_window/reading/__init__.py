"""The threads that talk to the card and watch the readers, and what is known of the card."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "asking": (
            "GuiThread",
            "Reply",
        ),
        "context": ("Context",),
        "glance": ("Glance",),
        "watcher": ("Watcher",),
        "worker": ("Worker",),
    },
)
