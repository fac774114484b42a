"""Entries of a PDF's dictionaries, and parts as they stand in the file, by which two revisions are compared."""

from __future__ import annotations

import io
from typing import Any


def entry(node: Any, key: str, default: Any = None) -> Any:
    """An entry, wherever in the file it stands."""
    # pyHanko's own ``get`` gives a reference where that is what stands there.
    if key not in node:
        return default
    return node[key]


def raw_entry(node: Any, key: str) -> Any:
    """An entry as it is written, a reference where one stands there."""
    return node.raw_get(key)


def written(raw: Any) -> bytes:
    """The bytes of a part, a reference as its numbers."""
    output = io.BytesIO()
    raw.write_to_stream(output)
    return output.getvalue()
