"""Files that ship inside the package: TEST keys, TEST issuers, personas."""

from __future__ import annotations

import functools
import pkgutil


@functools.cache
def shipped_file(path: str) -> bytes:
    """Bytes of a file under ``data``, wherever the package is installed.

    Raises:
        FileNotFoundError: the package does not have it.
    """
    content = pkgutil.get_data("jpki_sim", f"data/{path}")
    if content is None:
        raise FileNotFoundError(path)
    return content
