"""Metadata of a PDF (XMP, ISO 16684-1): which program made it, and when. Nobody sees them on a page."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

#: The element around the metadata, its older name, and the metadata themselves where it is left out.
_ROOTS: Final = (
    "adobe:ns:meta/ xmpmeta",
    "adobe:ns:meta/ xapmeta",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns# RDF",
)


def is_metadata(data: bytes) -> bool:
    """Whether data are XML of such metadata, and nothing that a viewer could show as a page."""
    elements: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: elements.append(name) if not elements else None
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - it is the end of the data
    except (expat.ExpatError, ValueError):
        return False
    return elements[:1] != [] and elements[0] in _ROOTS


def _refuse(*_: object) -> None:
    """A document type can define entities, which may become larger than any memory."""
    raise ValueError("metadata with a document type")
