"""The thread that talks to the card, the watch over the readers, and the card at a glance."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("looking",),
        "banner": ("headline",),
        "glance": ("Glance",),
        "looking": ("Looking",),
        "marks": ("Sign",),
        "page": ("CardPage",),
        "simulated": ("SimulatedDialog", "use_simulated"),
        "watcher": ("Watcher",),
        "worker": ("Worker",),
    },
)
