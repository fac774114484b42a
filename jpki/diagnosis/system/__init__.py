"""The facts of a diagnosis, as this computer shows them: read-only, without network, each look bounded."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "bounded": ("LocalFiles",),
        "cards": ("LiveCards", "Look", "SimulatedCards"),
        "collector": ("CollectedFacts", "collect"),
    },
)
