"""What a PDF holds beside its pages that bears on what it shows: scripts, attachments, layers."""

from __future__ import annotations

import enum
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from .entries import entry
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
        names = entry(root, "/Names", {})
        found = {
            PdfPart.JAVASCRIPT: "/JavaScript" in names or any(map(_is_script, _actions(root))),
            PdfPart.ATTACHMENTS: "/EmbeddedFiles" in names or "/AF" in root or _has_attachment(root),
            PdfPart.LAYERS: "/OCProperties" in root,
        }
    return tuple(part for part, is_there in found.items() if is_there)


def _actions(root: Any) -> Iterator[Any]:
    """What is done when the file is opened, its pages are shown, or its fields and notes are used."""
    holders = [root, *pages_of(root), *_fields(root)]
    holders += _notes(root)
    for holder in holders:
        for key in ("/OpenAction", "/A"):
            if key in holder:
                yield holder[key]
        yield from (action for action in entry(holder, "/AA", {}).values())


def _is_script(action: Any) -> bool:
    action = action.get_object()
    return isinstance(action, dict) and ("/JS" in action or entry(action, "/S") == "/JavaScript")


def pages_of(root: Any, most: int = _MOST) -> list[Any]:
    """The pages, as far as they are looked at; a tree that holds itself ends too."""
    found: list[Any] = []
    pending = [root["/Pages"]]
    for _ in range(2 * most):
        if not pending:
            break
        node = pending.pop().get_object()
        if "/Kids" in node:
            pending += islice(node["/Kids"], max(0, 2 * most - len(pending)))
        else:
            found.append(node)
    return found


def _notes(root: Any) -> list[Any]:
    """What lies over the pages; pages may share it, and be one another's, so all of it together has an end."""
    found = (note for page in pages_of(root) for note in entry(page, _ANNOTATIONS, ()))
    return [note.get_object() for note in islice(found, 10 * _MOST)]


def form_of(root: Any) -> Any:
    """The form; an empty one where there is none."""
    return entry(root, "/AcroForm", {})


def _fields(root: Any) -> list[Any]:
    found: list[Any] = []
    pending = list(entry(form_of(root), "/Fields", ()))
    while pending and len(found) < _MOST:
        field = pending.pop().get_object()
        found.append(field)
        pending += islice(entry(field, "/Kids", ()), max(0, _MOST - len(pending)))
    return found


def _has_attachment(root: Any) -> bool:
    return any(entry(note, "/Subtype") == "/FileAttachment" for note in _notes(root))
