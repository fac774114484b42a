"""JSON files of the simulated card: read with care, replaced as a whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from jpki_sim.errors import CardFileError, CardFileMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: A card file has about 15 kB; nothing larger is read.
_SIZE_LIMIT: Final = 1 << 20


def read_document(path: Path, schema: str) -> dict[str, Any]:
    """JSON object of a file without the name of its schema.

    Raises:
        CardFileError: not there, not readable, too large, not a JSON object with each key once, or another schema.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_SIZE_LIMIT + 1)
    except FileNotFoundError as exc:
        raise CardFileMissingError(str(path)) from exc
    except OSError as exc:
        raise CardFileError(f"{path} cannot be read: {exc.strerror}") from exc
    if len(raw) > _SIZE_LIMIT:
        raise CardFileError(f"{path} is too large for a card file")
    with naming(path):
        return _without_schema(_parse(raw), schema)


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_each_once)
    except UnicodeDecodeError as exc:
        raise CardFileError("the file is not UTF-8 text") from exc
    except json.JSONDecodeError as exc:
        raise CardFileError(f"the file is not JSON: {exc.msg}, line {exc.lineno}") from exc
    except (ValueError, RecursionError) as exc:
        raise CardFileError("the file is not a card file: a number is too long, or it is nested too deeply") from exc


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CardFileError(f"the key {twice} stands there twice", key=twice)
    return found


def _without_schema(document: object, schema: str) -> dict[str, Any]:
    if not isinstance(document, dict) or not isinstance(named := document.get("schema"), str):
        raise CardFileError(f"schema is missing: this is no file of the schema {schema}", key="schema")
    if named != schema:
        raise CardFileError(f"schema must be {schema}: this program knows no other version", key="schema")
    return {name: value for name, value in document.items() if name != "schema"}


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the file's name before the sentence of an error."""
    try:
        yield
    except CardFileError as exc:
        raise CardFileError(f"{path}: {exc}", key=exc.key) from exc


def encode_document(document: Mapping[str, object]) -> bytes:
    """The bytes of a file: UTF-8, two spaces of indentation, keys in the order given."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return (text + "\n").encode()


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file by a new one with this content, readable and writable for its owner only.

    The content is on the disk under another name before it takes the old one's place, so that there is a whole file at
    every moment. A link is followed.

    Raises:
        CardFileError: it cannot be written; the old file is there as it was.
    """
    real = path.resolve()
    temporary = real.with_name(f".{real.name}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        _write(temporary, content)
        temporary.replace(real)
        _sync_folder(real.parent)
    except OSError as exc:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise CardFileError(f"{path} cannot be written: {exc.strerror}") from exc


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(descriptor, "wb") as file:  # of a descriptor, to have the mode from the start
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; its file system keeps the order of renames itself.
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
