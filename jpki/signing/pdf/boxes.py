"""How much of a page a signature covers that was added to a signed file: a box may hide, or pretend to be, the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .appearance import visible_area
from .library import pdf_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from .signatures import SignatureField

#: A stamp or a scrawl is smaller; what is larger changes what the page says.
_LARGEST_SHARE: Final = 0.25
_CORNERS: Final = 4


def covers_a_page(reader: PdfFileReader, embedded: EmbeddedPdfSignature, others: Sequence[SignatureField]) -> bool:
    """Whether a signature that came later, in a field that was not there, lies over more than a quarter of a page.

    Args:
        reader: the file as it is now.
        embedded: the earlier signature.
        others: all filled signature fields.

    Raises:
        PdfError: boxes or pages cannot be read.
    """
    with pdf_errors():
        then = _field_names(reader.get_historical_resolver(embedded.signed_revision))
        later = [
            other.embedded.sig_field
            for other in others
            if other.embedded is not None
            and other.embedded.signed_revision > embedded.signed_revision
            and other.name not in then
        ]
        return any(_is_too_large(reader, widget) for field in later for widget in _widgets(field))


def _field_names(handler: Any) -> set[str]:
    from pyhanko.sign.fields import enumerate_sig_fields

    return {str(name) for name, _, _ in enumerate_sig_fields(handler)}


def _widgets(field: Any) -> Iterator[Any]:
    """The places on pages that a field has: itself, or its children (ISO 32000-1, 12.5.6.19)."""
    field = field.get_object()
    if "/Rect" in field:
        yield field
    for child in field.get("/Kids", ()):
        widget = child.get_object()
        if "/Rect" in widget:
            yield widget


def _is_too_large(reader: PdfFileReader, widget: Any) -> bool:
    corners = [float(number) for number in widget["/Rect"]]
    if len(corners) != _CORNERS:
        raise ValueError("a box has not four corners")
    area = abs(corners[2] - corners[0]) * abs(corners[3] - corners[1])
    if area == 0:
        return False
    left, bottom, right, top = visible_area(_page_of(reader, widget))
    return area > _LARGEST_SHARE * (right - left) * (top - bottom)


def _page_of(reader: PdfFileReader, widget: Any) -> Any:
    """The page that a widget names; where it names none, the smallest there is would be a guess, so the first one."""
    if "/P" in widget:
        return widget["/P"].get_object()
    return reader.find_page_for_modification(0)[0].get_object()
