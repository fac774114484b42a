"""What a viewer draws the fields of a form with."""

from __future__ import annotations

from itertools import islice

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, pdf_name, pdf_string
from pyhanko.pdf_utils.writer import PdfFileWriter

from jpki.signing.pdf import looks


def test_a_field_that_holds_itself_is_met_once() -> None:
    """Else a file that somebody made so would be looked at without end."""
    writer = PdfFileWriter()
    field = DictionaryObject({pdf_name("/FT"): pdf_name("/Tx")})
    reference = writer.add_object(field)
    field[pdf_name("/Kids")] = ArrayObject([reference])
    form = DictionaryObject({pdf_name("/Fields"): ArrayObject([reference])})
    assert [found.kind for _, found in islice(looks._fields(form), 3)] == ["/Tx"]


@pytest.mark.parametrize("is_held", [True, False])
def test_a_part_of_a_field_has_its_font_from_the_field(*, is_held: bool) -> None:
    """What a form says of fonts later, as OpenPDF does, is nothing to it, unless it says another one holds it."""
    writer = PdfFileWriter()
    field = DictionaryObject({pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/DA"): pdf_string("/Helv 9 Tf")})
    reference, other = writer.add_object(field), writer.add_object(DictionaryObject())
    part = DictionaryObject({pdf_name("/Parent"): reference if is_held else other})
    field[pdf_name("/Kids")] = ArrayObject([writer.add_object(part)])
    form = DictionaryObject({pdf_name("/Fields"): ArrayObject([reference])})
    assert [found.inherits("/DA") for _, found in looks._fields(form)] == [False, not is_held]
