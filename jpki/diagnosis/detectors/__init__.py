"""The detectors: functions from facts to an outcome, by what they look at."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("card", "computer", "other_programs", "privacy", "reader", "service", "usb"),
        "other_programs": ("CLIENT_MODULES",),
        "reader": ("target",),
        "sandboxes": ("installed_in_sandbox", "noted_sandboxes", "sandbox_of"),
    },
)
