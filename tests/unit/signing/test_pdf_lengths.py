"""Streams whose length is wrong: repaired in what was signed, and nowhere else."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from pdfsamples import hidden_object_shown, plain, signed, twice, updated, with_wrong_length
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError

from jpki.signing.pdf.lengths import RepairingReader

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

PAGE = b"BT /F1 24 Tf 72 720 Td (I owe 100 yen.) Tj ET"


def _contents(pdf: bytes, last: int) -> bytes:
    """The content of the first page, as it is read with the first revisions repaired."""
    reader = RepairingReader(io.BytesIO(pdf), last)
    return bytes(reader.root["/Pages"]["/Kids"][0]["/Contents"].data).rstrip(b"\n")


@pytest.mark.parametrize("by", [-30, -7, -1, 0, 1, 3, 30])
def test_the_length_is_where_the_stream_ends(by: int) -> None:
    """Whatever is stated."""
    assert _contents(signed(with_wrong_length(plain(), by=by)), 0) == PAGE


def test_a_length_that_stands_elsewhere_is_repaired_too() -> None:
    """A reference to a number (ISO 32000-1, 7.3.8.2)."""
    reader = RepairingReader(io.BytesIO(plain()), 0)
    reader.stream = io.BytesIO(b"7 0 obj\n<</Length 99 0 R>>\nstream\nabc\nendstream\nendobj")
    assert reader._repaired(generic.Reference(7, 0, reader), 0).data == b"abc"


def _replaced(pdf: bytes) -> bytes:
    """The PDF with another content of the first page, whose length is wrong."""

    def change(update: IncrementalPdfFileWriter) -> None:
        content = generic.StreamObject(stream_data=b"BT /F1 24 Tf 72 720 Td (You owe 100 yen) Tj ET")
        page = update.root["/Pages"]["/Kids"][0]
        page["/Contents"] = update.add_object(content)
        update.update_container(page)

    return pdf + with_wrong_length(updated(pdf, change)[len(pdf) :])


def test_what_was_added_later_is_not_repaired() -> None:
    """Programs would differ about what it is."""
    pdf = _replaced(signed(plain()))
    with pytest.raises(PdfReadError):
        _contents(pdf, 1)
    assert b"You owe" in _contents(pdf, 2)


def test_an_object_that_was_replaced_by_one_inside_what_was_signed_is_not_repaired() -> None:
    """A later table of objects points into the signed bytes: it was added later all the same."""
    later = hidden_object_shown(stated_length=9)

    with pytest.raises(PdfReadError):
        _contents(later, 1)
    assert b"You owe" in _contents(later, 2)


def _number_of(pdf: bytes, key: bytes) -> int:
    found = re.search(re.escape(key) + rb" (\d+) 0 R", pdf)
    assert found is not None
    return int(found.group(1))


@pytest.mark.parametrize("head", [b"/Type /ObjStm ", b"/Type/XRef ", b"/Ty#70e /ObjStm ", b"/Length 3 ", b"/A endobj "])
def test_a_stream_that_others_hang_on_is_not_repaired(head: bytes) -> None:
    """Streams of objects and of references, also in other spelling; nor one with two lengths, or none of its own."""
    pdf = with_wrong_length(plain())
    place = pdf.index(b"/Length")
    number = _number_of(pdf, b"/Contents")
    reader = RepairingReader(io.BytesIO(pdf), 0)
    start = reader.xrefs[generic.Reference(number, 0, reader)]
    assert isinstance(start, int)
    assert reader._repaired(generic.Reference(number, 0, reader), start) is not None
    reader.stream = io.BytesIO(pdf[:place] + head + pdf[place:])  # read before, so the table need not fit
    reader._end_of_repair = lambda: len(pdf)  # type: ignore[method-assign]
    assert reader._repaired(generic.Reference(number, 0, reader), start) is None


def test_what_is_no_stream_is_not_repaired() -> None:
    """The end of the file comes first, or another object."""
    pdf = twice()
    reader = RepairingReader(io.BytesIO(pdf), 1)
    reader.stream = io.BytesIO(b"7 0 obj\n<</A 1>>\nendobj\n" * 3)
    assert reader._repaired(generic.Reference(7, 0, reader), 0) is None
    reader.stream = io.BytesIO(b"7 0 obj\n<</Length 9>>\nstream\nabc\nendstream\nendobj")
    assert reader._repaired(generic.Reference(8, 0, reader), 0) is None
