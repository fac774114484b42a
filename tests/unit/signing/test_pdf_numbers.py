"""Signing a PDF that states fewer objects than it has, as poppler's pdfunite makes them."""

from __future__ import annotations

import io
from typing import Any

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")

from pdfsamples import plain, signed, with_too_few_objects

from jpki.signing.pdf.library import open_reader
from jpki.signing.pdf.parts import pages_of


def _contents(pdf: bytes) -> list[bytes]:
    root: Any = open_reader(io.BytesIO(pdf)).root
    return [page["/Contents"].data for page in pages_of(root)]


def test_no_page_is_written_over() -> None:
    """New objects take numbers that no object has, whatever the file says of how many there are."""
    pdf = plain(pages=5)

    assert _contents(signed(signed(with_too_few_objects(pdf)))) == _contents(pdf)
