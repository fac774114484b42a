"""SHA-256 and SHA-1 without OpenSSL, whose library takes 3 MB that a card which only lies there does not need.

Python's own implementations are taken where it has them, as Python's ``random`` does; else hashlib's.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


def _own(name: str, *modules: str) -> Callable[..., object]:
    for module in (*modules, "hashlib"):
        try:
            found: Callable[..., object] = getattr(import_module(module), name)
        except ImportError:
            continue
        return found
    raise ImportError(name)


_SHA256: Final = _own("sha256", "_sha2", "_sha256")
_SHA1: Final = _own("sha1", "_sha1")


def sha256(message: bytes) -> bytes:
    """The SHA-256 digest of a message."""
    return bytes(_SHA256(message).digest())  # type: ignore[attr-defined] # a hash of any of these modules


def sha1(message: bytes) -> bytes:
    """The SHA-1 digest of a message, for identifiers of keys only."""
    return bytes(_SHA1(message, usedforsecurity=False).digest())  # type: ignore[attr-defined] # the same
