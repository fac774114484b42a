"""PDF files for tests: made here, signed by simulated cards, and changed afterwards."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import givenday
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from jpki.card import MyNumberCard
from jpki.crypto import Digest
from jpki.identifiers import CertificateKind
from jpki.pin import Secret, TryPolicy
from jpki.signing import signing_key
from jpki.signing.pdf import SignaturePlace, prepare_pdf
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable

name = generic.pdf_name
TEXT = b"BT /F1 24 Tf 72 720 Td (I owe 100 yen.) Tj ET"


@cache
def plain(*, pages: int = 2, stream_xrefs: bool = False, text: bytes = TEXT) -> bytes:
    """A PDF with a text field, and the same text on each page."""
    made = writer.PdfFileWriter(stream_xrefs=stream_xrefs)
    font = generic.DictionaryObject(
        {name("/Type"): name("/Font"), name("/Subtype"): name("/Type1"), name("/BaseFont"): name("/Helvetica")}
    )
    resources = generic.DictionaryObject(
        {name("/Font"): generic.DictionaryObject({name("/F1"): made.add_object(font)})}
    )
    box = generic.ArrayObject(generic.NumberObject(number) for number in (0, 0, 595, 842))
    for _ in range(pages):
        content = made.add_object(generic.StreamObject(stream_data=text))
        made.insert_page(writer.PageObject(contents=content, media_box=box, resources=resources))
    field = generic.DictionaryObject(
        {
            name("/FT"): name("/Tx"),
            name("/T"): generic.pdf_string("amount"),
            name("/V"): generic.pdf_string("100"),
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/Widget"),
            name("/Rect"): generic.ArrayObject(generic.NumberObject(number) for number in (72, 500, 172, 520)),
        }
    )
    fields = generic.ArrayObject([made.add_object(field)])
    made.root["/AcroForm"] = made.add_object(generic.DictionaryObject({name("/Fields"): fields}))
    made.root["/Pages"]["/Kids"][0]["/Annots"] = generic.ArrayObject(fields)
    return written(made)


def numbers(*values: int) -> Any:
    """An array of numbers, as of a rectangle."""
    return generic.ArrayObject(generic.NumberObject(value) for value in values)


def dictionary(**entries: Any) -> Any:
    """A dictionary; its keys are without their slash."""
    return generic.DictionaryObject({name(f"/{key}"): value for key, value in entries.items()})


def written(made: Any) -> bytes:
    """What a writer of pyHanko writes."""
    output = io.BytesIO()
    made.write(output)
    return output.getvalue()


def signed(
    pdf: bytes,
    *,
    place: SignaturePlace | None = None,
    digest_name: Digest = Digest.SHA256,
    persona: str = "adult",
) -> bytes:
    """The PDF with one more signature of a simulated card."""
    output = io.BytesIO()
    prepared = prepare_pdf(io.BytesIO(pdf), output, digest_name, place or SignaturePlace(), at=givenday.now())
    with open_card(persona) as loaded:
        card = MyNumberCard(SimulatedConnection(loaded.card))
        with signing_key(card, CertificateKind.SIGN, Secret(b"SIMCARD1"), TryPolicy()) as key:
            signature = prepared.sign(key)
    prepared.fill(output, signature)
    return output.getvalue()


@cache
def once() -> bytes:
    """A PDF with one signature."""
    return signed(plain())


@cache
def twice() -> bytes:
    """A PDF with two signatures."""
    return signed(once())


@cache
def other() -> bytes:
    """Another PDF with one signature."""
    return signed(plain(text=b"BT /F1 24 Tf 72 720 Td (You owe 100 yen) Tj ET"))


def with_wrong_length(pdf: bytes, *, by: int = 7) -> bytes:
    """The PDF with another length stated of its first stream, as long a number as before."""
    found = re.search(rb"/Length (\d+)", pdf)
    assert found is not None
    stated = b"%0*d" % (len(found.group(1)), int(found.group(1)) + by)
    return pdf[: found.start(1)] + stated + pdf[found.end(1) :]


def with_too_few_objects(pdf: bytes) -> bytes:
    """The PDF with half as many objects stated as there are, as poppler's pdfunite does."""
    return re.sub(rb"/Size (\d+)", lambda found: b"/Size %0*d" % (len(found[1]), int(found[1]) // 2), pdf, count=1)


def with_two_tables(pdf: bytes) -> bytes:
    """The PDF with a second table, in a stream, which has an object that the first one has not, as Word saves it."""
    size = int(re.findall(rb"/Size (\d+)", pdf)[-1])
    root = re.findall(rb"/Root (\d+ 0 R)", pdf)[-1]
    previous = pdf[pdf.rindex(b"startxref\n") + 10 :].split()[0]
    hidden = b"%d 0 obj\n<</Type/StructElem/S/Document>>\nendobj\n" % size
    places = (len(pdf), len(pdf) + len(hidden))
    entries = b"".join(b"\1" + place.to_bytes(4, "big") + b"\0" for place in places)
    facts = b"/Type/XRef/Size %d/W[1 4 1]/Index[%d 2]/Root %s" % (size + 2, size, root)
    stream = b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (size + 1, facts, len(entries), entries)
    table = b"xref\n0 0\ntrailer\n<</Size %d/Root %s/Prev %s/XRefStm %d>>\n" % (size + 2, root, previous, places[1])
    return pdf + hidden + stream + table + b"startxref\n%d\n%%%%EOF\n" % (places[1] + len(stream))


def hidden_object_shown(*, stated_length: int | None = None) -> bytes:
    """A signed PDF whose pages hold another page's content as text, to which a later table of objects points.

    Nothing is added but the table: what is shown then is among the bytes that were signed.
    """
    number = int(re.findall(rb"/Contents (\d+) 0 R", plain())[0])
    content = b"BT /F1 24 Tf 72 720 Td (You owe 100 yen) Tj ET"
    length = len(content) if stated_length is None else stated_length
    hidden = b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj" % (number, length, content)
    once = signed(plain(text=hidden))
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, once.index(hidden))
    previous = once[once.rindex(b"startxref\n") + 10 :].split()[0]
    root = re.findall(rb"/Root (\d+ 0 R)", once)[0]
    trailer = b"trailer\n<</Root %s/Size 40/Prev %s>>\n" % (root, previous)
    return once + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(once)


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The PDF with an update appended."""
    update = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(update)
    return written(update)
