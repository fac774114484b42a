"""Where a signature is seen on a page."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jpki.errors import PdfError

from .library import PdfFault
from .stamp import Stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec

#: In points (1/72 inch), as PDF counts.
_MARGIN: Final = 24.0
_GAP: Final = 6.0
_WIDTH: Final = 170.0
_LINE: Final = 13.0
_PADDING: Final = 14.0
_MM: Final = 72 / 25.4
_US_LETTER: Final = (0.0, 0.0, 612.0, 792.0)  # what pages without a size have in most programs
_MAX_DEPTH: Final = 64
_CORNERS: Final = 4
_QUARTERS: Final = (90, 180, 270)
#: A stamp is at most so much of each side of the page: more would hide what others have signed (boxes.py).
_LARGEST_SHARE: Final = 0.49
_PLAIN: Final = Stamp()


class Corner(enum.Enum):
    """A corner of a page as it is shown; the values are those of the command line."""

    BOTTOM_RIGHT = "bottom-right"
    BOTTOM_LEFT = "bottom-left"
    TOP_RIGHT = "top-right"
    TOP_LEFT = "top-left"

    @property
    def is_left(self) -> bool:
        """Whether it is a left one."""
        return self in (Corner.BOTTOM_LEFT, Corner.TOP_LEFT)

    @property
    def is_top(self) -> bool:
        """Whether it is an upper one."""
        return self in (Corner.TOP_LEFT, Corner.TOP_RIGHT)


@dataclass(frozen=True, slots=True)
class Offset:
    """Where the upper left corner of a stamp is: millimetres from the left and from the top of the page as shown."""

    right: float
    down: float


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where the signature goes, and what its dictionary says beside the time.

    ``page`` counts from 1 and makes the signature visible there; ``field`` is an empty signature field of the PDF,
    which has a place of its own. Neither: a new field that is not seen. ``stamp`` and ``position`` are how and where it
    is seen. ``for_registry`` makes the form that the online filing of the Ministry of Justice asks for, in the place of
    PAdES; it wants a ``name``. Name, reason and location are what the signer types: they prove nothing.
    ``has_time_stamp`` keeps room for the time stamp of a service beside the signature (PAdES B-T).
    """

    page: int | None = None
    field: str | None = None
    for_registry: bool = False
    name: str | None = None
    reason: str | None = None
    location: str | None = None
    stamp: Stamp = _PLAIN
    position: Corner | Offset = Corner.BOTTOM_RIGHT
    has_time_stamp: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it is shown: its size in points, the lower left corner of what is seen of it, and how it is turned."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int

    @property
    def shown(self) -> tuple[float, float]:
        """Width and height when it is turned as it is shown."""
        return (self.height, self.width) if self.turn in (90, 270) else (self.width, self.height)

    def box(self, x: float, y: float, width: float, height: float) -> tuple[int, int, int, int]:
        """The box on the page of one that is seen at a place, counted from the lower left corner as shown."""
        points = [self._point(x, y), self._point(x + width, y + height)]
        (x1, x2), (y1, y2) = (sorted(numbers) for numbers in zip(*points, strict=True))
        return round(x1), round(y1), round(x2), round(y2)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        turned = {
            0: (x, y),
            90: (self.width - y, x),
            180: (self.width - x, self.height - y),
            270: (y, self.height - x),
        }[self.turn]
        return self.left + turned[0], self.bottom + turned[1]


def field_spec(writer: IncrementalPdfFileWriter, name: str, place: SignaturePlace) -> SigFieldSpec:
    """Describe the new field.

    Raises:
        PdfError: the PDF has no such page, or the stamp would lie outside of it.
    """
    from pyhanko.sign.fields import SigFieldSpec

    if place.page is None:
        return SigFieldSpec(name)
    node = _page_node(writer, place.page)
    page = _page(node)
    box = _box(page, place.position, stamp_size(place.stamp, page.shown), list(_taken(node)))
    return SigFieldSpec(name, on_page=place.page - 1, box=box)


def stamp_size(stamp: Stamp, shown: tuple[float, float]) -> tuple[float, float]:
    """Width and height of a stamp on a page that is shown in this size, in points."""
    wide, high = shown
    width = min(_WIDTH + (_stamp_height(stamp) if stamp.seal else 0), wide * _LARGEST_SHARE)
    return width, min(_stamp_height(stamp), high * _LARGEST_SHARE)


def shown_page(writer: IncrementalPdfFileWriter, number: int) -> tuple[float, float]:
    """Width and height of a page as it is shown, in points.

    Raises:
        PdfError: the PDF has no such page.
    """
    return _page(_page_node(writer, number)).shown


def _stamp_height(stamp: Stamp) -> float:
    return _PADDING + _LINE * stamp.line_count


def _page_node(writer: IncrementalPdfFileWriter, number: int) -> Any:
    from pyhanko.pdf_utils.misc import PdfError as LibraryError, PdfReadError

    try:
        found: Any = writer.find_page_for_modification(number - 1)[0]
    except PdfReadError:
        raise
    except LibraryError as exc:
        raise PdfError("no such page", fault=PdfFault.NO_SUCH_PAGE.value) from exc
    return found.get_object()


def _box(
    page: _Page, position: Corner | Offset, size: tuple[float, float], taken: list[tuple[float, float, float, float]]
) -> tuple[int, int, int, int]:
    """The stamp's box; in a corner above or below those that are there already, as far as there is room."""
    (wide, high), (width, height) = page.shown, size
    if isinstance(position, Offset):
        x, y = position.right * _MM, high - position.down * _MM - height
        if not (0 <= x <= wide - width and 0 <= y <= high - height):
            raise PdfError("the stamp would lie outside of the page", fault=PdfFault.NO_SUCH_PLACE.value)
        return page.box(x, y, width, height)
    x = _MARGIN if position.is_left else wide - _MARGIN - width
    x = min(max(x, 0.0), wide - width)
    step = height + _GAP
    for row in range(int((high - 2 * _MARGIN) // step)):
        y = high - _MARGIN - height - row * step if position.is_top else _MARGIN + row * step
        box = page.box(x, y, width, height)
        if not any(_overlap(box, other) for other in taken):
            return box
    return page.box(
        x, max(high - _MARGIN - height, 0) if position.is_top else min(_MARGIN, high - height), width, height
    )


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _taken(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """Boxes of the signatures and form fields on a page."""
    for note in page.get("/Annots", ()):
        widget = note.get_object()
        if widget.get("/Subtype") == "/Widget" and len(widget["/Rect"]) == _CORNERS:
            x1, y1, x2, y2 = (float(number) for number in widget["/Rect"])
            yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def turn_of_place(writer: IncrementalPdfFileWriter, place: SignaturePlace) -> int:
    """By how many degrees clockwise the page is shown turned that a signature is seen on; 0 where it is not seen."""
    from pyhanko.sign.fields import enumerate_sig_fields

    if place.page is not None:
        return _turn(_page_node(writer, place.page))
    for name, _, reference in enumerate_sig_fields(writer):
        widget: Any = reference.get_object()
        if name == place.field and "/P" in widget:
            return _turn(widget["/P"])
    return 0


def _page(node: Any) -> _Page:
    left, bottom, right, top = visible_area(node)
    return _Page(left, bottom, right - left, top - bottom, _turn(node))


def _turn(page: Any) -> int:
    turn = int(_inherited(page, "/Rotate") or 0) % 360
    return turn if turn in _QUARTERS else 0


def visible_area(page: Any) -> tuple[float, float, float, float]:
    """The crop box, else the media box, of a page or as inherited (ISO 32000-1, 7.7.3.4)."""
    for key in ("/CropBox", "/MediaBox"):
        corners = _inherited(page, key)
        if corners is not None and len(corners) == _CORNERS:
            x1, y1, x2, y2 = (float(number) for number in corners)
            return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    return _US_LETTER


def _inherited(page: Any, key: str) -> Any:
    """An entry of a page, or of what it stands in."""
    for _ in range(_MAX_DEPTH):
        if key in page:
            return page[key]
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    return None
