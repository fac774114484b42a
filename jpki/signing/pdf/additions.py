"""Whether what was added to a PDF is written so that every program finds the same in it.

The comparison of revisions sees what pyHanko finds. A viewer that stumbles over a table of objects searches the whole
file for objects and shows whatever it comes upon, also what no table names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.xref import XRefSectionType, read_object_header

from .entries import entry
from .library import pdf_errors
from .tables import last_table, table_end
from .tokens import end_of_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

#: More objects than programs read (ISO 32000-1, annex C).
_MOST_OBJECTS: Final = 8_388_607
_BLANK: Final = rb"[\0\t\n\f\r ]"
_OBJECT: Final = re.compile(rb"[0-9]" + _BLANK + rb"+[0-9]+" + _BLANK + rb"*obj")
_TRAILER: Final = re.compile(rb"trailer" + _BLANK + rb"*<<")
_COMMENT: Final = re.compile(rb"%[^\r\n]*")
_HEADER: Final = re.compile(rb"([0-9]+) ([0-9]+) obj")
_END_OF_STREAM: Final = re.compile(rb"(?:\r\n|\n|\r)?endstream" + _BLANK + rb"+endobj")
_OBJECT_STREAM: Final = "/ObjStm"


def is_plain(reader: PdfFileReader, embedded: EmbeddedPdfSignature) -> bool:
    """Whether the tables behind a signature have one meaning, and name everything that looks like an object.

    Args:
        reader: the file as it is now.
        embedded: the signature.

    Raises:
        PdfError: what was added cannot be read.
    """
    with pdf_errors():
        return _Added(reader, embedded).is_plain()


class _Added:
    """What stands behind a signature; places are counted from the beginning of the file."""

    def __init__(self, reader: PdfFileReader, embedded: EmbeddedPdfSignature) -> None:
        self._reader = reader
        numbers: Any = embedded.byte_range
        self._end = int(numbers[2]) + int(numbers[3])
        reader.stream.seek(self._end)
        self._data = reader.stream.read()
        self._revisions = range(embedded.signed_revision + 1, reader.xrefs.total_revisions)
        self._words = set[int]()
        self._trailers = set[int]()

    def is_plain(self) -> bool:
        if not self._data:
            return True
        places = [self._reader.xrefs.get_startxref_for_revision(revision) for revision in self._revisions]
        if places != sorted(set(places)) or last_table(self._data) not in places[-1:]:
            return False
        return all(self._is_revision_plain(revision) for revision in self._revisions) and self._names_all()

    def _is_revision_plain(self, revision: int) -> bool:
        then = self._reader.get_historical_resolver(revision)
        return (
            self._is_table_plain(then)
            and all(self._is_object_plain(then, ref) for ref in then.explicit_refs_in_revision())
            and all(self._is_object_stream_plain(then, ref) for ref in then.object_streams_used())
        )

    def _is_table_plain(self, then: HistoricalResolver) -> bool:
        info = self._reader.xrefs.get_xref_container_info(then.revision)
        start = info.declared_startxref - self._end
        if start < 0 or info.size > _MOST_OBJECTS:
            return False
        if info.xref_section_type is XRefSectionType.STREAM:
            return self._is_stream_plain(then, info.stream_ref, info.declared_startxref)
        # Of two tables (a hybrid file) an old program reads one; only what was signed may have them.
        trailer = table_end(self._data, start) if info.xref_section_type is XRefSectionType.STANDARD else None
        if trailer is None:
            return False
        self._trailers.add(trailer)
        return self._is_trailer_plain(trailer)

    def _is_stream_plain(self, then: HistoricalResolver, ref: Any, start: int) -> bool:
        """Whether a table in a stream is no other object, too; not each program lists the table in itself."""
        if self._reader.xrefs.get_historical_ref(ref, then.revision) not in (None, start):
            return False
        self._reader.stream.seek(start)
        read_object_header(self._reader.stream, strict=True)
        table = generic.StreamObject.read_from_stream(self._reader.stream, ref)
        return self._is_written(lambda _: table, ref, start) and self._has_known_kinds(then, table)

    def _has_known_kinds(self, then: HistoricalResolver, table: Any) -> bool:
        """Whether a table in a stream has no entry of another kind than are known, at which some programs give up."""
        numbers = [int(number) for number in entry(table, "/Index", (0, table["/Size"]))]
        known = self._reader.xrefs.get_xref_data(then.revision)
        entries = known.standard_xrefs.keys() | known.xrefs_in_objstm.keys() | known.freed.keys()
        sections = [range(first, first + count) for first, count in zip(numbers[::2], numbers[1::2], strict=True)]
        # Number 0 is no object.
        return sum(map(len, sections)) == len(entries) + any(0 in section for section in sections)

    def _is_trailer_plain(self, start: int) -> bool:
        """Whether nothing but the dictionary stands between a table and the word that follows."""
        end = self._data.find(b"startxref", start)
        return end >= 0 and end_of_object(self._data[start:end], 0) is not None

    def _is_object_plain(self, then: HistoricalResolver, ref: generic.Reference) -> bool:
        place = self._reader.xrefs.get_historical_ref(ref, then.revision)
        if isinstance(place, int) and not self._is_written(then, ref, place):
            # A table may name again what was there before.
            return place < self._end and place == self._reader.xrefs.get_historical_ref(ref, then.revision - 1)
        return place is None or self._has_right_kind(then, ref)

    def _is_written(self, then: Callable[[Any], Any], ref: Any, place: int) -> bool:
        """Whether an object stands at a place behind the signature, plainly written."""
        start = place - self._end
        header = _HEADER.match(self._data, start) if start >= 0 else None
        if header is None or (int(header[1]), int(header[2])) != (ref.idnum, ref.generation):
            return False
        self._words.add(header.end())
        end = end_of_object(self._data, header.end())
        if end is None or end[0] != b"stream":
            return end is not None and end[0] == b"endobj"
        stream: Any = then(ref)
        length = int(entry(stream, "/Length"))
        return _END_OF_STREAM.match(self._data, end[1] + length) is not None

    def _has_right_kind(self, then: HistoricalResolver, ref: generic.Reference) -> bool:
        """Whether an object does not pass for a part of the file's structure, which it is not."""
        found: Any = then(ref)
        kind = entry(found, "/Type") if isinstance(found, generic.DictionaryObject) else None
        if kind == "/Catalog":
            return ref == then.root_ref
        if kind == "/XRef":
            return ref == self._reader.xrefs.get_xref_container_info(then.revision).stream_ref
        return kind != _OBJECT_STREAM or ref in then.object_streams_used()

    def _is_object_stream_plain(self, then: HistoricalResolver, ref: generic.Reference) -> bool:
        """Whether a stream of objects, if it is a new one, holds those only that the table says."""
        place = self._reader.xrefs.get_historical_ref(ref, then.revision)
        if isinstance(place, int) and place < self._end:
            return True
        stream: Any = then(ref)
        data, first = stream.data, int(stream["/First"])
        numbers = [int(number) for number in data[:first].split()]
        objects = then.reader.xrefs.get_xref_data(then.revision).xrefs_in_objstm
        named = {number for number, place in objects.items() if place.obj_stream_id == ref.idnum}
        return (
            numbers[::2] == list(dict.fromkeys(numbers[::2]))
            and named == set(numbers[::2])
            and all(
                _is_value(data, first + start, first + end) for start, end in _between(numbers[1::2], len(data) - first)
            )
        )

    def _names_all(self) -> bool:
        """Whether each object and trailer that a search would find is one of those that tables name."""
        without_comments = _COMMENT.sub(lambda found: b" " * len(found[0]), self._data)
        return all(
            self._words.issuperset(found.end() for found in _OBJECT.finditer(text))
            and self._trailers.issuperset(found.end() - len(b"<<") for found in _TRAILER.finditer(text))
            for text in (self._data, without_comments)
        )


def _between(starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    return zip(starts, [*starts[1:], end], strict=True)


def _is_value(data: bytes, start: int, end: int) -> bool:
    """Whether an object in a stream is plainly written."""
    return end_of_object(data[start:end], 0) == (b"", end - start)
