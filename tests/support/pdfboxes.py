"""Signed PDF files to which fields were added, or in which fields are drawn otherwise, though no value changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pdfsamples import TEXT, dictionary, name, numbers, once, plain, signed, updated, written
from pyhanko.pdf_utils import generic, writer
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from jpki.signing.pdf import SignaturePlace

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    Box = tuple[int, int, int, int]

_WHOLE_PAGE = (0, 0, 595, 842)


def _form_field(update: IncrementalPdfFileWriter, title: str) -> Any:
    """A field, and how it is referred to."""
    fields = update.root["/AcroForm"]["/Fields"]
    return next(fields.raw_get(i) for i in range(len(fields)) if fields[i]["/T"] == title)


def _white(update: IncrementalPdfFileWriter) -> Any:
    """What covers whatever it lies over."""
    entries = dictionary(Type=name("/XObject"), Subtype=name("/Form"), BBox=numbers(0, 0, 10, 10))
    stream = generic.StreamObject(entries, stream_data=b"1 1 1 rg 0 0 10 10 re f")
    return dictionary(N=update.add_object(stream))


def _add_field(update: IncrementalPdfFileWriter, title: str, box: Box, page: int = 0) -> Any:
    append_signature_field(update, SigFieldSpec(title, on_page=page, box=box))
    field = _form_field(update, title).get_object()
    field[name("/AP")] = _white(update)
    update.update_container(field)
    return field


def _with_field(pdf: bytes, box: Box = _WHOLE_PAGE) -> bytes:
    return updated(pdf, lambda update: _add_field(update, "Box", box))


def _with_strips(update: IncrementalPdfFileWriter) -> None:
    for number in range(5):
        _add_field(update, f"Box{number}", (0, number * 168, 595, number * 168 + 168))


def _with_kids(update: IncrementalPdfFileWriter) -> None:
    """One field with two boxes on the page, each of which is smaller than a quarter."""
    append_signature_field(update, SigFieldSpec("Box"))
    reference = _form_field(update, "Box")
    field = reference.get_object()
    page = update.root["/Pages"]["/Kids"][0].get_object()
    del page["/Annots"][-1]  # the field itself is on no page then
    kids = generic.ArrayObject()
    for bottom in (0, 400):
        box = dictionary(Type=name("/Annot"), Subtype=name("/Widget"), Rect=numbers(0, bottom, 595, bottom + 200))
        box[name("/Parent")] = reference
        box[name("/AP")] = _white(update)
        kids.append(update.add_object(box))
        page["/Annots"].append(kids.raw_get(-1))
    field[name("/Kids")] = kids
    for key in ("/Rect", "/P", "/Type", "/Subtype", "/F"):
        field.pop(key, None)
    for changed in (field, page["/Annots"], page):
        update.update_container(changed)


def _one_large_page() -> bytes:
    """A PDF with an ordinary page and one that is ten times as wide and high."""
    made = writer.PdfFileWriter(stream_xrefs=False)
    for size in (1, 10):
        content = made.add_object(generic.StreamObject(stream_data=TEXT))
        made.insert_page(writer.PageObject(contents=content, media_box=numbers(0, 0, 595 * size, 842 * size)))
    return written(made)


def _said_to_be_on_the_large_page(update: IncrementalPdfFileWriter) -> None:
    field = _add_field(update, "Box", _WHOLE_PAGE)
    field[name("/P")] = update.root["/Pages"]["/Kids"].raw_get(1)
    update.update_container(field)


def _filled(pdf: bytes) -> bytes:
    """Signed in the field, which draws a stamp in all of it."""
    return signed(pdf, place=SignaturePlace(field="Box"))


def _with_empty_field() -> bytes:
    """A signed PDF with a field for somebody else, which nobody sees: an empty field is not drawn."""
    spec = SigFieldSpec("Box", on_page=0, box=_WHOLE_PAGE)
    return signed(updated(plain(), lambda update: append_signature_field(update, spec)))


def _with_font(update: IncrementalPdfFileWriter, *nines: Any) -> None:
    """The form's font; with ``nines`` its digits are drawn as others."""
    font = dictionary(Type=name("/Font"), Subtype=name("/Type1"), BaseFont=name("/Helvetica"))
    if nines:
        font[name("/Encoding")] = dictionary(Type=name("/Encoding"), Differences=generic.ArrayObject(nines))
    form = update.root["/AcroForm"]
    form[name("/DR")] = dictionary(Font=dictionary(Helv=update.add_object(font)))
    form[name("/DA")] = generic.pdf_string("/Helv 12 Tf 0 g")
    update.update_container(form)


def _other_font(update: IncrementalPdfFileWriter) -> None:
    _with_font(update, generic.NumberObject(48), name("/nine"), name("/nine"))


def _set_in_form(key: str, value: Any, update: IncrementalPdfFileWriter) -> None:
    update.root["/AcroForm"][name(key)] = value
    update.update_container(update.root["/AcroForm"])


def _password_flag(update: IncrementalPdfFileWriter) -> None:
    field = _form_field(update, "amount").get_object()
    field[name("/Ff")] = generic.NumberObject(1 << 13)
    update.update_container(field)


def _with_script(update: IncrementalPdfFileWriter) -> None:
    """It runs when the page is shown."""
    script = generic.pdf_string("this.getField('amount').value = '999'")
    field = _add_field(update, "Box", (0, 0, 10, 10))
    field[name("/AA")] = dictionary(PO=dictionary(S=name("/JavaScript"), JS=script))
    update.update_container(field)


def _called_a_note(update: IncrementalPdfFileWriter) -> None:
    field = _add_field(update, "Box", (72, 700, 300, 760))
    field[name("/Subtype")] = name("/FreeText")
    update.update_container(field)


def _with_form() -> bytes:
    return signed(updated(plain(), _with_font))


#: What was added after a signature covers a page, or too much of it; the last signature covers all of the file.
COVERING: Final[dict[str, Callable[[], bytes]]] = {
    "an empty field over the page, and a signature elsewhere": lambda: signed(_with_field(once())),
    "fields over the page, each small": lambda: signed(updated(once(), _with_strips)),
    "one field in two places on a page": lambda: signed(updated(once(), _with_kids)),
    "a field over the page that says it is on a larger one": lambda: _filled(
        updated(signed(_one_large_page()), _said_to_be_on_the_large_page)
    ),
    "a field over the page that was empty": lambda: _filled(_with_empty_field()),
}
#: What the other fields are drawn with changed after a signature.
REDRAWN: Final[dict[str, Callable[[IncrementalPdfFileWriter], None]]] = {
    "another font of the form": _other_font,
    "another size of the fields": partial(_set_in_form, "/DA", generic.pdf_string("/Helv 1 Tf 0 g")),
    "fields to be drawn anew": partial(_set_in_form, "/NeedAppearances", generic.BooleanObject(value=True)),
    "a field called a password": _password_flag,
    "a script in a new field": _with_script,
    "a new field that is drawn as a note": _called_a_note,
}


def redrawn(what: str) -> bytes:
    """A signed PDF after such a change."""
    return updated(_with_form(), REDRAWN[what])


def _read_only_flag(update: IncrementalPdfFileWriter) -> None:
    field = _form_field(update, "amount").get_object()
    field[name("/Ff")] = generic.NumberObject(1)
    update.update_container(field)


def locked() -> bytes:
    """A signed PDF, signed again by somebody whose program locks the fields."""
    return signed(updated(_with_form(), _read_only_flag))


def _own_font(update: IncrementalPdfFileWriter) -> None:
    field = _form_field(update, "amount").get_object()
    field[name("/DA")] = generic.pdf_string("/F1 12 Tf 0 g")
    update.update_container(field)


def with_font_for_new_fields() -> bytes:
    """A signed PDF, signed again by a program that gives the form a font, which no field uses."""
    return signed(updated(signed(updated(plain(), _own_font)), _with_font))


def with_an_empty_field() -> bytes:
    """A signed PDF to which a field was added, small and without a signature."""
    return _with_field(once(), (0, 0, 50, 50))
