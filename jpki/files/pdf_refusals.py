"""What a PDF is by its bytes: whether it is one, what it holds beside its pages, and what keeps it from being used."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jpki.errors import FileError, PdfError
from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADER: Final = b"%PDF-"


def looks_like_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF does, regardless of its name."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


#: What a PDF holds beside its pages, by the name of the part.
PARTS: Final = {
    "javascript": M("The PDF {path} contains JavaScript, which can change what it shows."),
    "attachments": M("The PDF {path} contains attachments; a signature covers them, but the pages do not show them."),
    "layers": M("The PDF {path} contains layers, so what it shows depends on which of them are switched on."),
}


def parts_of(path: Path) -> tuple[str, ...]:
    """Name what a PDF holds beside its pages; nothing if it cannot be read, which is reported elsewhere."""
    from jpki.errors import ExtraMissingError
    from jpki.signing.pdf import find_parts

    try:
        with path.open("rb") as file:
            return tuple(part.value for part in find_parts(file))
    except (PdfError, ExtraMissingError):
        return ()


@contextmanager
def pdf_faults(path: Path, *, for_signing: bool = True) -> Iterator[None]:
    """Tell of which file it is that a PDF cannot be signed or looked at; found before the card is touched.

    Raises:
        FileError: in place of a :class:`jpki.errors.PdfError`.
    """
    try:
        yield
    except PdfError as exc:
        names = ", ".join(exc.names)
        raise FileError(f"pdf_{exc.fault}", path, for_signing=for_signing, names=names) from exc
