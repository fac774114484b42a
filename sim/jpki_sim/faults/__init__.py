"""Faults on purpose: what goes wrong, and when."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "injector": ("FaultyCard",),
        "plan": ("FaultPlanError", "parse_faults"),
    },
)
