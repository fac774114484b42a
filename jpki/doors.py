"""The door of a room: the names that others may import from it, each loaded when it is first asked for (PEP 562).

A room's ``__init__.py`` says in which of its modules each name is; the ``__init__.pyi`` beside it says the same to type
checkers. Nothing is kept in the room itself, so that a name is always what its module has now.
"""

from importlib import import_module
from sys import modules

# Type checkers take it for true; the typing module takes longer to load than this one.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def door(room: str, names: "Mapping[str, tuple[str, ...]]") -> "tuple[Callable[[str], object], list[str]]":
    """The ``__getattr__`` and ``__all__`` of a room with these names by module; those of ``""`` are modules."""
    places = {name: f"{room}.{module or name}" for module, inside in names.items() for name in inside}
    whole = names.get("", ())

    def load(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        inner = modules.get(places[name])
        if name in whole or not hasattr(inner, name):  # not loaded, or another thread is just loading it
            inner = import_module(places[name])
        return inner if name in whole else getattr(inner, name)

    return load, sorted(places)
