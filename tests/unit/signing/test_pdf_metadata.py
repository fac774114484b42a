"""What counts as the metadata of a PDF, which may be replaced after a signature."""

from __future__ import annotations

import pytest

from jpki.signing.pdf.metadata import is_metadata

_RDF = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'


@pytest.mark.parametrize(
    "data",
    [
        _RDF,
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + _RDF + b"</x:xmpmeta>",
        b'<?xpacket begin=""?><x:xapmeta xmlns:x="adobe:ns:meta/"/>\n   <?xpacket end="w"?>',
    ],
)
def test_metadata_with_and_without_an_element_around_them(data: bytes) -> None:
    """As programs of any age write them."""
    assert is_metadata(data)


@pytest.mark.parametrize("data", [b"", b"BT (I owe 999 yen) Tj ET", b"<x/>", _RDF[:-2], _LAUGHS + _RDF, _RDF + b"q"])
def test_anything_else_is_none(data: bytes) -> None:
    """A page's content, other XML, what is cut off, and what defines entities."""
    assert not is_metadata(data)
