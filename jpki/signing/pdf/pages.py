"""The pages of a PDF as they are shown, so that somebody can choose where a stamp goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from jpki.errors import PdfError

from .appearance import shown_page, stamp_size
from .library import open_reader, pdf_errors

if TYPE_CHECKING:
    from .stamp import Stamp

_MM: Final = 25.4 / 72
#: A page tree that says it has more is asked for this many only.
_MOST: Final = 10_000


class PageSize(NamedTuple):
    """A page as it is shown, and a stamp on it, in millimetres."""

    width: float
    height: float
    stamp_width: float
    stamp_height: float


def page_count(source: BinaryIO) -> int:
    """How many pages a PDF says that it has.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        PdfError: it is broken or encrypted.
    """
    reader = open_reader(source)
    with pdf_errors():
        return max(1, min(_MOST, int(reader.root["/Pages"]["/Count"])))


def page_size(source: BinaryIO, number: int, stamp: Stamp) -> PageSize:
    """How large a page is shown, and how large a stamp would be on it.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        PdfError: it is broken or encrypted, or has no such page.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    reader = open_reader(source)
    with pdf_errors():
        writer = IncrementalPdfFileWriter(source, prev=reader)
        shown = shown_page(writer, number)
    if min(shown) <= 0:
        raise PdfError("a page without a size", fault="broken")
    return PageSize(*(side * _MM for side in (*shown, *stamp_size(stamp, shown))))
