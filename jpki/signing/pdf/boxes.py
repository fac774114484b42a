"""How much of a page signatures cover that came after another one: a box may hide, or pretend to be, the text."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from .appearance import visible_area
from .entries import entry, written
from .library import pdf_errors
from .parts import pages_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from .signatures import SignatureField

#: A stamp or a scrawl is smaller; what is larger changes what the page says. So much may come at a time,
_LARGEST_SHARE: Final = 0.25
#: and so much in all, however many have signed.
_LARGEST_SUM: Final = 0.5
#: More pages than there are: a box on one that was not looked at would be missed.
_EVERY: Final = 1_000_000
_CORNERS: Final = 4
_ANNOTATIONS: Final = "/Annots"
_APPEARANCE: Final = "/AP"


def covers_a_page(reader: PdfFileReader, embedded: EmbeddedPdfSignature, others: Sequence[SignatureField]) -> bool:
    """Whether boxes of signatures that came later lie over more than a quarter of a page, or together over half.

    A field that is empty has a box, too, and so has one that was there and was filled later. What counts is on which
    page a box stands, not on which one it says.

    Args:
        reader: the file as it is now.
        embedded: the earlier signature.
        others: all filled signature fields.

    Raises:
        PdfError: boxes or pages cannot be read.
    """
    with pdf_errors():
        then = reader.get_historical_resolver(embedded.signed_revision)
        known = {key for page in pages_of(then.root, _EVERY) for key, _ in _boxes_on(page)}
        filled = _filled_later(embedded.signed_revision, others)
        return any(_is_covered(reader, page, known, filled) for page in pages_of(reader.root, _EVERY))


def _filled_later(signed_revision: int, others: Sequence[SignatureField]) -> dict[bytes, int]:
    """In which revision each box that shows something was signed in, of the signatures that came later."""
    later = [
        other.embedded
        for other in others
        if other.embedded is not None and other.embedded.signed_revision > signed_revision
    ]
    return {key: found.signed_revision for found in later for key in _keys_of(found.sig_field)}


def _keys_of(field: Any) -> Iterator[bytes]:
    """The places on pages that a field has and draws: itself, or its children (ISO 32000-1, 12.5.6.19)."""
    field = field.get_object()
    for widget in (field, *(kid.get_object() for kid in entry(field, "/Kids", ()))):
        if _APPEARANCE in widget and widget.container_ref is not None:
            yield b"%d %d R" % (widget.container_ref.idnum, widget.container_ref.generation)


def _is_covered(reader: PdfFileReader, page: Any, known: set[bytes], filled: dict[bytes, int]) -> bool:
    areas: dict[int, float] = defaultdict(float)
    for key, raw in _boxes_on(page):
        if key not in known:
            areas[_revision_of(reader, raw)] += _area(raw.get_object())
        elif key in filled:
            areas[filled[key]] += _area(raw.get_object())
    if not any(areas.values()):
        return False
    left, bottom, right, top = visible_area(page)
    whole = (right - left) * (top - bottom)
    return max(areas.values()) > _LARGEST_SHARE * whole or sum(areas.values()) > _LARGEST_SUM * whole


def _boxes_on(page: Any) -> Iterator[tuple[bytes, Any]]:
    """What lies over a page, by what it is called in the file; a field may call itself a note and be drawn as one."""
    notes = entry(page, _ANNOTATIONS, ())
    for number in range(len(notes)):
        raw = notes.raw_get(number)
        yield written(raw), raw


def _revision_of(reader: PdfFileReader, raw: Any) -> int:
    reference = getattr(raw, "reference", None)
    return -1 if reference is None else int(reader.xrefs.get_introducing_revision(reference))


def _area(widget: Any) -> float:
    if "/Rect" not in widget:  # it is drawn nowhere
        return 0
    corners = [float(number) for number in widget["/Rect"]]
    if len(corners) != _CORNERS:
        raise ValueError("a box has not four corners")
    return abs(corners[2] - corners[0]) * abs(corners[3] - corners[1])
