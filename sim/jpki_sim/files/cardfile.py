"""Card files: a simulated card as a JSON file that can be read and edited (schema ``jpki.card/1``, docs/card-file.md).

A file is replaced as a whole or not at all, even if writing it is interrupted, and never touched when it cannot be
understood. :class:`CardFileLock` keeps it to one program; take it around everything that loads and saves.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jpki_sim.model import (
    SCHEMA,
    CardFile,
    as_model,
    encode_document,
    naming,
    read_document,
    replace_file,
    set_value,
    write_object,
)
from jpki_sim.personas import new_card

from .cardcheck import Inconsistency, check
from .cardlock import CardFileLock

if TYPE_CHECKING:
    import os

__all__ = [
    "SCHEMA",
    "CardFile",
    "CardFileLock",
    "Inconsistency",
    "check",
    "load",
    "new_card",
    "save",
    "set_value",
    "to_bytes",
]


def load(path: str | os.PathLike[str]) -> CardFile:
    """Read a card file; it is not changed.

    Raises:
        CardFileError: not there, not readable, not JSON, another version, or a wrong key, which the message names.
    """
    file = Path(path)
    document = read_document(file, SCHEMA)
    with naming(file):
        return as_model(document)


def to_bytes(card: CardFile) -> bytes:
    """The bytes of a card file, the same for the same card."""
    return encode_document({"schema": SCHEMA, **write_object(card)})


def save(card: CardFile, path: str | os.PathLike[str]) -> None:
    """Write a card file in one step, mode 0600.

    Raises:
        CardFileError: it cannot be written; an older file is there as it was.
    """
    replace_file(Path(path), to_bytes(card))
