"""Small PDF files that had whoever looks at them read for ever, or fill the memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import givenday
import pytest

from jpki.certificate import Issuers
from jpki.errors import PdfError
from jpki.signing.cms import Trust
from jpki.signing.pdf import find_parts, verify_pdf
from jpki_sim.pki import anchors

if TYPE_CHECKING:
    from collections.abc import Callable

_PAGES = b"<</Type/Pages/Kids[]/Count 0>>"
_FORM = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>"


def _file(*objects: bytes) -> bytes:
    data, places = b"%PDF-1.7\n", []
    for number, value in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<</Root 1 0 R/Size %d>>\n" % (len(objects) + 1)
    return data + head + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(data)


def _table_beyond_the_end() -> bytes:
    """The last 19 bytes, of which a line end is the first, were read again and again."""
    return b"%PDF-1.7\nxref\n0 99999\n0000000000 65535 f \n\nstartxref\n9\n%%EOF\n"


def _fields_that_double() -> bytes:
    """Sixty fields, of which each holds the next one twice."""
    fields = [b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (number, number) for number in range(4, 64)]
    return _file(_FORM, _PAGES, *fields, b"<</T(x)/FT/Sig>>")


def _comment_in_an_object_stream() -> bytes:
    """The catalogue is a comment without an end of its line."""
    content = b"1 0 %catalogue"
    head = b"%PDF-1.7\n"
    objects = b"2 0 obj\n<</Type/ObjStm/N 1/First 4/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        len(content),
        content,
    )
    place = len(head) + len(objects)
    places = ((0, 0, 0), (2, 2, 0), (1, len(head), 0), (1, place, 0))
    rows = b"".join(bytes((kind, *where.to_bytes(2, "big"), index)) for kind, where, index in places)
    entries = b"<</Type/XRef/Size 4/Root 1 0 R/W[1 2 1]/Length %d>>" % len(rows)
    table = b"3 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (entries, rows)
    return head + objects + table + b"startxref\n%d\n%%%%EOF\n" % place


@pytest.mark.parametrize("build", [_table_beyond_the_end, _fields_that_double, _comment_in_an_object_stream])
def test_what_has_no_end_is_called_broken(build: Callable[[], bytes]) -> None:
    """At once, and as any file that cannot be read."""
    trust = Trust(issuers=Issuers(test=anchors()))
    with pytest.raises(PdfError) as caught:
        verify_pdf(io.BytesIO(build()), trust, now=givenday.now())

    assert caught.value.fault == "broken"


def test_pages_that_share_their_notes_are_looked_at_so_far() -> None:
    """Ten thousand pages with the same ten thousand notes, and one that holds itself as often: a few bytes each."""
    many = b"3 0 R " * 10_000
    pages = b"<</Type/Pages/Kids[%s]/Count 1>>"
    shared = (pages % many, b"<</Type/Page/Annots 4 0 R>>", b"[%s]" % (b"5 0 R " * 10_000), b"<<>>")
    catalogue = b"<</Type/Catalog/Pages 2 0 R>>"

    assert find_parts(io.BytesIO(_file(catalogue, *shared))) == ()
    assert find_parts(io.BytesIO(_file(catalogue, pages % (b"2 0 R " * 10_000)))) == ()
