"""What a viewer draws the fields of a form with."""

from __future__ import annotations

from itertools import islice

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, pdf_name
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
