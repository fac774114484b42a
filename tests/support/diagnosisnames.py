"""Whether the causes and detectors that are named are there; an import would only end in an AttributeError."""

from __future__ import annotations

import ast
from importlib import import_module
from typing import TYPE_CHECKING, Final

from sources import ROOT, name_of, parse

from jpki.diagnosis.causes import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

_DETECTORS: Final = "jpki.diagnosis.detectors"
#: Where causes are named: the detectors that find them, and the cases that have them found.
_PLACES: Final = (
    *sorted((ROOT / "jpki" / "diagnosis" / "detectors").glob("*.py")),
    *sorted((ROOT / "tests" / "support").glob("diagnosis*.py")),
)


def missing(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Causes and detectors that a source names and that are not there, with the file where each would stand."""
    owners: dict[str, tuple[object, str]] = {cls.__name__: (cls, cls.__module__) for cls in Cause.__subclasses__()}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == _DETECTORS:
            modules = [f"{_DETECTORS}.{alias.name}" for alias in node.names]
            owners |= {name.rpartition(".")[2]: (import_module(name), name) for name in modules}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in owners:
            owner, module = owners[node.value.id]
            if not hasattr(owner, node.attr):
                yield module.replace(".", "/") + ".py", f"{node.value.id}.{node.attr}"


def require_named() -> None:
    """Say which file lacks a cause or a detector that a detector or a case names.

    Raises:
        LookupError: one is missing.
    """
    found = [
        f"{file} has no {name}, which {name_of(path)} names: write it (docs/contributing.md, Adding a cause to the "
        "doctor), then run pytest tests/unit/diagnosis"
        for path in _PLACES
        for file, name in missing(parse(path))
    ]
    if found:
        raise LookupError("\n".join(found))
