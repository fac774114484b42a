"""What is said of PDF files that cannot be signed or looked at."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jpki.errors import PdfError
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADER: Final = b"%PDF-"
_FAULTS: Final = {
    "broken": M("The PDF {path} is broken: its structure cannot be read."),
    "encrypted": M("The PDF {path} is encrypted; encrypted PDF files are neither signed nor verified."),
    "xfa": M("The PDF {path} is an XFA form, whose looks no signature can fix."),
    "no_such_page": M("The PDF {path} has no such page."),
    "no_such_field": M("The PDF {path} has no empty signature field of this name."),
    "changes_forbidden": M("A signature in the PDF {path} forbids changes, so another one would break it."),
}
_REMEDIES: Final = {
    "broken": M("Open it in another program and save it as a new PDF; --cms signs it as it is, beside the file."),
    "encrypted": M("Save it without a password; --cms signs it as it is, beside the file."),
    "xfa": M("Print it into a new PDF; --cms signs it as it is, beside the file."),
    "changes_forbidden": M("--cms signs it as it is, beside the file."),
}


def looks_like_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF does, whatever its name."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


PARTS: Final = {
    "javascript": M("The PDF {path} holds JavaScript, which can change what it shows."),
    "attachments": M("The PDF {path} holds attachments; a signature covers them, and its pages do not show them."),
    "layers": M("The PDF {path} holds layers, so what it shows depends on which of them are on."),
}


def parts_of(path: Path) -> tuple[str, ...]:
    """Name what a PDF holds beside its pages; nothing where it cannot be read, which is told elsewhere."""
    from jpki.errors import ExtraMissingError
    from jpki.signing.pdf import find_parts

    try:
        with path.open("rb") as file:
            return tuple(part.value for part in find_parts(file))
    except (PdfError, ExtraMissingError):
        return ()


@contextmanager
def pdf_sentences(path: Path, *, signing: bool = True) -> Iterator[None]:
    """Tell what is wrong with a PDF; found before the card is touched."""
    try:
        yield
    except PdfError as exc:
        remedies = [_REMEDIES[exc.fault]] if signing and exc.fault in _REMEDIES else []
        if exc.fault == "no_such_field" and exc.names:
            remedies.append(M("Empty fields: {names}", names=", ".join(exc.names)))
        raise usage_error(
            _FAULTS[exc.fault].with_values(path=path), code=f"pdf_{exc.fault}", remedy=tuple(remedies)
        ) from exc
