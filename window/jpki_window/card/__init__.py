"""The card at a glance, what can be done with it, and simulated cards."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "verdict": ("headline",),
        "page": ("CardPage",),
        "simulated": (
            "SimulatedDialog",
            "use_simulated",
        ),
    },
)
