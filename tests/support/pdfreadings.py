"""Signed PDF files to which was added what pyHanko reads in one way and other programs in another one."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from pdfsamples import dictionary, name, numbers, once, plain, signed, updated
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field

from jpki.signing.pdf.entries import written as as_written

if TYPE_CHECKING:
    from collections.abc import Callable

_OTHER: Final = b"BT /F1 24 Tf 72 720 Td (You owe 999 yen) Tj ET"
_STREAM: Final = b"<</Length %d>>\nstream\n%s\nendstream" % (len(_OTHER), _OTHER)


class _Addition:
    """A revision behind a signed PDF that adds an empty DSS, and what else it is told to."""

    def __init__(self) -> None:
        self._pdf = once()
        reader = PdfFileReader(io.BytesIO(self._pdf))
        self._size = int(reader.trailer["/Size"])
        self.root = reader.root_ref.idnum
        self.content = int(re.findall(rb"/Contents (\d+) 0 R", self._pdf)[0])
        self._body = b""
        self._listed: list[tuple[int, int]] = []
        catalogue = as_written(reader.root)[:-2]
        self.catalogue = catalogue + b"/DSS %d 0 R>>" % self.add(b"<</Type/DSS/Certs[]>>")
        page = re.sub(
            rb"/Contents \d+", b"/Contents %d" % self.add(_STREAM), as_written(reader.root["/Pages"]["/Kids"][0])
        )
        self.pages = self.add(b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % self.add(page))
        self.other_catalogue = re.sub(rb"/Pages \d+", b"/Pages %d" % self.pages, self.catalogue)

    def add(self, value: bytes, number: int | None = None, *, is_listed: bool = True) -> int:
        """Add an object, a new one where no number is given."""
        number = self._size if number is None else number
        if is_listed:
            self._listed.append((number, len(self._pdf) + len(self._body)))
            self._size = max(self._size, number + 1)
        self.add_bytes(b"%d 0 obj\n%s\nendobj\n" % (number, value))
        return number

    def add_bytes(self, data: bytes) -> None:
        """Add what is no object."""
        self._body += data

    def build(self, change: Callable[[bytes], bytes] = lambda table: table) -> bytes:
        """The file; ``change`` is of its last table and what follows that."""
        place = len(self._pdf) + len(self._body)
        previous = self._pdf[self._pdf.rindex(b"startxref\n") + 10 :].split()[0]
        table = b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % entry for entry in self._listed)
        trailer = b"trailer\n<</Root %d 0 R/Size %d/Prev %s>>\n" % (self.root, self._size, previous)
        return self._pdf + self._body + change(table + trailer + b"startxref\n%d\n%%%%EOF\n" % place)


def _catalogue_twice() -> bytes:
    """Poppler takes the first of two entries for one object, pyHanko the last."""
    addition = _Addition()
    addition.add(addition.other_catalogue, addition.root)
    addition.add(addition.catalogue, addition.root)
    return addition.build()


def _in_no_table() -> bytes:
    """Found by a program that searches the file for objects, as it does where it cannot read a table."""
    addition = _Addition()
    addition.add(addition.catalogue, addition.root)
    addition.add(_STREAM, addition.content, is_listed=False)
    return addition.build()


def _with_table(change: Callable[[bytes], bytes]) -> bytes:
    addition = _Addition()
    addition.add(addition.catalogue, addition.root)
    return addition.build(change)


def _one_bracket() -> bytes:
    """PyHanko ends a dictionary at ``>`` and any letter; poppler goes on, and finds other pages behind the object."""
    addition = _Addition()
    addition.add(addition.catalogue[:-1] + b"x\nendobj\n/Pages %d 0 R>>" % addition.pages, addition.root)
    return addition.build()


def _trailer_in_a_comment() -> bytes:
    addition = _Addition()
    addition.add(addition.catalogue, addition.root)
    addition.add_bytes(b"%%\ntrailer\n<</Root %d 0 R>>\n" % addition.pages)
    return addition.build()


def _second_catalogue() -> bytes:
    addition = _Addition()
    addition.add(addition.catalogue, addition.root)
    addition.add(addition.other_catalogue)
    return addition.build()


def _freed(number: int, generation: int) -> bytes:
    entry = b"%d 1\n0000000000 %05d f \ntrailer" % (number, generation)
    return _with_table(lambda table: re.sub(rb"/Size \d+", b"/Size 100", table.replace(b"trailer", entry, 1)))


def _content() -> int:
    return int(re.findall(rb"/Contents (\d+) 0 R", once())[0])


def with_free_number() -> bytes:
    """A signed PDF and an addition with an entry for a number that nothing ever had, as iText writes it."""
    return _freed(99, 1)


def with_empty_line() -> bytes:
    """A signed PDF and an addition with an empty line before the word ``trailer``, as MuPDF writes it."""
    return _with_table(lambda table: table.replace(b"trailer", b"\ntrailer", 1))


#: Each shows other pages in some program, or may, and each was called unchanged. Most need no key at all.
TWO_READINGS: Final[dict[str, Callable[[], bytes]]] = {
    "the catalogue twice in a table": _catalogue_twice,
    "a content in no table": _in_no_table,
    "an underscore in the place of the table": lambda: _with_table(
        lambda table: re.sub(rb"(startxref\n\d)", rb"\1_", table)
    ),
    "an underscore in a table": lambda: _with_table(
        lambda table: re.sub(rb"0000(0\d+ 00000 n)", rb"000_\1", table, count=1)
    ),
    "another word before a table": lambda: _with_table(lambda table: table.replace(b"xref\n", b"xrefx\n", 1)),
    "more objects than programs read": lambda: _with_table(
        lambda table: re.sub(rb"/Size \d+", b"/Size 1000000000", table)
    ),
    "a dictionary that ends in one bracket": _one_bracket,
    "a trailer in no table": _trailer_in_a_comment,
    "a second catalogue": _second_catalogue,
}
#: The content of a page taken away; what programs make of it depends on the generation.
FREED: Final[dict[str, Callable[[], bytes]]] = {
    f"a content called free, generation {generation}": lambda generation=generation: _freed(_content(), generation)  # type: ignore[misc] # a default binds the loop's value
    for generation in (0, 1, 7, 65535)
}


def plain_addition() -> bytes:
    """A signed PDF with data for later verification, as an honest program might write them."""
    return _with_table(lambda table: table)


def _field(update: IncrementalPdfFileWriter, title: str) -> Any:
    fields = update.root["/AcroForm"]["/Fields"]
    return next(field.get_object() for field in fields if field.get_object()["/T"] == title)


def _draw_field(update: IncrementalPdfFileWriter) -> None:
    drawing = dictionary(Type=name("/XObject"), Subtype=name("/Form"), BBox=numbers(0, 0, 100, 20))
    field = _field(update, "amount")
    stream = generic.StreamObject(drawing, stream_data=b"0 0 0 rg 0 0 50 10 re f")
    field[name("/AP")] = dictionary(N=update.add_object(stream))
    update.update_container(field)


def with_drawn_field() -> bytes:
    """A signed PDF whose field has a drawing, as any that was filled in a viewer."""
    return signed(updated(plain(), _draw_field))


def _no_widget(update: IncrementalPdfFileWriter) -> None:
    field = _field(update, "amount")
    field[name("/Subtype")] = generic.pdf_string("/Widget")
    update.update_container(field)


def with_field_not_drawn() -> bytes:
    """The same, where a name became a string of the same letters, so that no viewer draws the field any longer."""
    return signed(updated(with_drawn_field(), _no_widget))


def locked_for_all_but(
    title: str, sign: Callable[..., bytes], change: Callable[[IncrementalPdfFileWriter], None]
) -> bytes:
    """A certified PDF with a form of two fields, of which one may be filled, and is, after ``change`` was made."""

    def prepare(update: IncrementalPdfFileWriter) -> None:
        field = dictionary(FT=name("/Tx"), T=generic.pdf_string(title))
        form = update.root["/AcroForm"]
        form["/Fields"].append(update.add_object(field))
        form[name("/DA")] = generic.pdf_string("/Helv 12 Tf 0 g")
        update.update_container(form)
        lock = FieldMDPSpec(FieldMDPAction.EXCLUDE, [title])
        append_signature_field(update, SigFieldSpec("Lock", field_mdp_spec=lock))

    def fill(update: IncrementalPdfFileWriter) -> None:
        field = _field(update, title)
        field[name("/V")] = generic.pdf_string("filled")
        update.update_container(field)
        change(update)

    certified = sign(updated(plain(), prepare), field_name="Lock", certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    return updated(certified, fill)


def smaller_letters(update: IncrementalPdfFileWriter) -> None:
    """Have all fields drawn with letters that nobody can read."""
    form = update.root["/AcroForm"]
    form[name("/DA")] = generic.pdf_string("/Helv 1 Tf 0 g")
    update.update_container(form)


def doubling(steps: int) -> bytes:
    """A signed PDF with objects of which each refers twice to the next one, and data for later verification."""

    def add(update: IncrementalPdfFileWriter) -> None:
        last = update.add_object(dictionary(Type=name("/Last")))
        for _ in range(steps):
            last = update.add_object(dictionary(A=last, B=last))
        update.root[name("/Chain")] = last
        update.update_root()

    def add_dss(update: IncrementalPdfFileWriter) -> None:
        update.root["/DSS"] = update.add_object(dictionary(Certs=generic.ArrayObject()))
        update.update_root()

    return updated(signed(updated(plain(), add)), add_dss)


def in_object_stream() -> bytes:
    """A signed PDF with data for later verification in a stream of objects."""

    def change(update: IncrementalPdfFileWriter) -> None:
        dss = dictionary(Certs=generic.ArrayObject())
        update.root["/DSS"] = update.add_object(dss, obj_stream=update.prepare_object_stream())
        update.update_root()

    return updated(signed(plain(stream_xrefs=True)), change)


_RDF: Final = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""/></rdf:RDF>'
)


def _with_stream_table(change: Callable[[Any, int, int], tuple[bytes, list[int], int]]) -> bytes:
    """The PDF of :func:`in_object_stream` with other rows in its last table, which are of these numbers.

    ``change`` is told the table, its number and the file's count, and gives the rows, numbers and the table's number.
    """
    pdf = in_object_stream()
    reader = PdfFileReader(io.BytesIO(pdf))
    last = reader.xrefs.get_xref_container_info(reader.total_revisions - 1)
    reference: Any = last.stream_ref
    table: Any = reference.get_object()
    rows, index, number = change(table, reference.idnum, last.size)
    entries = generic.DictionaryObject({key: table.raw_get(key) for key in ("/Type", "/W", "/Root", "/Prev")})
    entries[name("/Index")] = numbers(*index)
    entries[name("/Size")] = generic.NumberObject(last.size + 1)
    entries[name("/Length")] = generic.NumberObject(len(rows))
    stream = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, as_written(entries), rows)
    return pdf[: last.start_location] + stream + b"startxref\n%d\n%%%%EOF\n" % last.start_location


def _unknown_kind(table: Any, number: int, size: int) -> tuple[bytes, list[int], int]:
    """A table in a stream with an entry of a kind that is none: pyHanko passes over it, poppler over the table."""
    return table.data + bytes((9, *bytes(sum(table["/W"]) - 1))), [*table["/Index"], size, 1], number


def _not_in_itself(table: Any, number: int, size: int) -> tuple[bytes, list[int], int]:
    """A table in a stream without an entry for itself."""
    width, index = sum(table["/W"]), [int(number) for number in table["/Index"]]
    listed = [first + place for first, count in zip(index[::2], index[1::2], strict=True) for place in range(count)]
    rows = [table.data[place * width : (place + 1) * width] for place in range(len(listed))]
    kept = [(key, row) for key, row in zip(listed, rows, strict=True) if key != number]
    assert len(kept) == len(listed) - 1
    return b"".join(row for _, row in kept), [value for key, _ in kept for value in (key, 1)], number


def table_not_in_itself() -> bytes:
    """A signed PDF with an addition of which the table leaves itself out, as PDFBox, pypdf and endesive write it."""
    return _with_stream_table(_not_in_itself)


def _table_for_content() -> bytes:
    """A table that leaves itself out, and has the number of a page's content."""
    content = int(re.findall(rb"/Contents (\d+) 0 R", in_object_stream())[0])
    return _with_stream_table(lambda table, number, size: (*_not_in_itself(table, number, size)[:2], content))


TWO_READINGS["an entry of no known kind in a table"] = lambda: _with_stream_table(_unknown_kind)
TWO_READINGS["a table with the number of a content"] = _table_for_content


def with_bare_metadata(sign: Callable[[bytes], bytes]) -> bytes:
    """A PDF signed by a program that leaves the metadata alone, which have no element around them."""

    def add(update: IncrementalPdfFileWriter) -> None:
        entries = dictionary(Type=name("/Metadata"), Subtype=name("/XML"))
        update.root[name("/Metadata")] = update.add_object(generic.StreamObject(entries, stream_data=_RDF))
        update.update_root()

    with patch.object(IncrementalPdfFileWriter, "_update_meta", lambda _: None):
        return sign(updated(plain(), add))


def with_other_metadata(pdf: bytes) -> bytes:
    """The PDF with other metadata written over those that it has."""

    def change(update: IncrementalPdfFileWriter) -> None:
        reference = update.root.raw_get("/Metadata").reference
        entries = dictionary(Type=name("/Metadata"), Subtype=name("/XML"))
        update.objects[(reference.generation, reference.idnum)] = generic.StreamObject(
            entries, stream_data=b" " * 100 + _RDF
        )

    with patch.object(IncrementalPdfFileWriter, "_update_meta", lambda _: None):
        return updated(pdf, change)


def all_locked(sign: Callable[..., bytes]) -> bytes:
    """A PDF whose signature locks every field, also one that is added for another signature."""

    def add(update: IncrementalPdfFileWriter) -> None:
        append_signature_field(update, SigFieldSpec("Lock", field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL)))

    return sign(updated(plain(), add), field_name="Lock")
