"""What a PDF holds beside its pages that bears on what it shows: scripts, attachments, layers."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from .library import open_reader, pdf_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Fields and name trees of larger files are looked at so far.
_MOST: Final = 10_000
_ANNOTATIONS: Final = "/Annots"


class PdfPart(enum.Enum):
    """Something that a signature covers and the pages do not show; the values are those of the JSON output."""

    JAVASCRIPT = "javascript"
    ATTACHMENTS = "attachments"
    LAYERS = "layers"


def find_parts(file: BinaryIO) -> tuple[PdfPart, ...]:
    """Look for what a PDF holds beside its pages.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        PdfError: the PDF is broken or encrypted.
    """
    reader = open_reader(file)
    with pdf_errors():
        root: Any = reader.root
        names = _get(root, "/Names", {})
        found = {
            PdfPart.JAVASCRIPT: "/JavaScript" in names or any(map(_is_script, _actions(root))),
            PdfPart.ATTACHMENTS: "/EmbeddedFiles" in names or "/AF" in root or _has_attachment(root),
            PdfPart.LAYERS: "/OCProperties" in root,
        }
    return tuple(part for part, is_there in found.items() if is_there)


def _get(node: Any, key: str, default: Any = None) -> Any:
    """An entry, wherever in the file it stands."""
    # pyHanko's own ``get`` gives a reference where that is what stands there.
    if key not in node:
        return default
    return node[key]


def _actions(root: Any) -> Iterator[Any]:
    """What is done when the file is opened, its pages are shown, or its fields and notes are used."""
    holders = [root, *_pages(root), *_fields(root)]
    holders += [note for page in _pages(root) for note in _notes(page)]
    for holder in holders:
        for key in ("/OpenAction", "/A"):
            if key in holder:
                yield holder[key]
        yield from (action for action in _get(holder, "/AA", {}).values())


def _is_script(action: Any) -> bool:
    action = action.get_object()
    return isinstance(action, dict) and ("/JS" in action or _get(action, "/S") == "/JavaScript")


def _pages(root: Any) -> list[Any]:
    """The pages, as far as they are looked at; a tree that holds itself ends too."""
    found: list[Any] = []
    pending = [root["/Pages"]]
    for _ in range(2 * _MOST):
        if not pending:
            break
        node = pending.pop().get_object()
        if "/Kids" in node:
            pending += list(node["/Kids"])[:_MOST]
        else:
            found.append(node)
    return found


def _notes(page: Any) -> list[Any]:
    return [note.get_object() for note in list(_get(page, _ANNOTATIONS, ()))[:_MOST]]


def _fields(root: Any) -> list[Any]:
    found: list[Any] = []
    pending = list(_get(_get(root, "/AcroForm", {}), "/Fields", ()))
    while pending and len(found) < _MOST:
        field = pending.pop().get_object()
        found.append(field)
        pending += list(_get(field, "/Kids", ()))
    return found


def _has_attachment(root: Any) -> bool:
    return any(_get(note, "/Subtype") == "/FileAttachment" for page in _pages(root) for note in _notes(page))
