"""How a signature is seen on a page: a box with the time, and nothing of the signer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jpki.errors import PdfError

from .library import PdfFault

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec
    from pyhanko.stamp import TextStampStyle

#: Lower right corner of the page, in points (1/72 inch).
_WIDTH: Final = 170
_HEIGHT: Final = 40
_MARGIN: Final = 24
_GAP: Final = 6
_ROWS: Final = 12
_US_LETTER: Final = (0.0, 0.0, 612.0, 792.0)  # what pages without a size have in most programs
#: In Japan's time, as every time that this program shows.
TIME_FORMAT: Final = "%Y-%m-%d %H:%M:%S %z"
_MAX_DEPTH: Final = 64
_CORNERS: Final = 4


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where the signature goes, and what its dictionary says beside the time.

    ``page`` counts from 1 and makes the signature visible there; ``field`` is an empty signature field of the PDF,
    which has a place of its own. Neither: a new field that is not seen. ``for_registry`` makes the form that the online
    filing of the Ministry of Justice asks for, in the place of PAdES; it wants a ``name``. Name, reason and location
    are what the signer types: they prove nothing.
    """

    page: int | None = None
    field: str | None = None
    for_registry: bool = False
    name: str | None = None
    reason: str | None = None
    location: str | None = None


def stamp_style() -> TextStampStyle:
    """The text in the box; its font has Latin letters only."""
    from pyhanko.stamp import TextStampStyle

    return TextStampStyle(stamp_text="Electronically signed\n%(ts)s", timestamp_format=TIME_FORMAT)


def field_spec(writer: IncrementalPdfFileWriter, name: str, place: SignaturePlace) -> SigFieldSpec:
    """Describe the new field.

    Raises:
        PdfError: the PDF has no such page.
    """
    from pyhanko.pdf_utils.misc import PdfError as LibraryError, PdfReadError
    from pyhanko.sign.fields import SigFieldSpec, enumerate_sig_fields

    if place.page is None:
        return SigFieldSpec(name)
    try:
        page: Any = writer.find_page_for_modification(place.page - 1)[0]
    except PdfReadError:
        raise
    except LibraryError as exc:
        raise PdfError("no such page", fault=PdfFault.NO_SUCH_PAGE.value) from exc
    left, bottom, right, _ = visible_area(page.get_object())
    end = max(right - _MARGIN, left + _WIDTH)
    # Above those that are there already, as far as there is room.
    row = sum(1 for _ in enumerate_sig_fields(writer)) % _ROWS
    bottom += _MARGIN + row * (_HEIGHT + _GAP)
    box = (int(end - _WIDTH), int(bottom), int(end), int(bottom + _HEIGHT))
    return SigFieldSpec(name, on_page=place.page - 1, box=box)


def visible_area(page: Any) -> tuple[float, float, float, float]:
    """The crop box, else the media box, of a page or as inherited (ISO 32000-1, 7.7.3.4)."""
    for key in ("/CropBox", "/MediaBox"):
        node = page
        for _ in range(_MAX_DEPTH):
            if key in node and len(node[key]) == _CORNERS:
                x1, y1, x2, y2 = (float(number) for number in node[key])
                return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
            if "/Parent" not in node:
                break
            node = node["/Parent"]
    return _US_LETTER
