"""The reader of pyHanko, with an end to what it would do for ever with some files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef

if TYPE_CHECKING:
    from typing import BinaryIO

#: How often one object of a revision is come to, and all together. Objects of which each refers twice to the next one
#: double the ways to it, so that a hundred of them would take for ever; a font is come to once for each page.
_MOST_OF_ONE: Final = 50_000
_MOST_OF_ALL: Final = 1_000_000
#: How often less is read than was asked for: at the end of a file, again and again in a table that goes beyond it.
_MOST_AT_END: Final = 10_000


class TooManyWaysError(PdfReadError):
    """There are more ways from object to object than are looked at."""


#: What MuPDF and Pillow write for number 0, which is no object, and what belongs there (ISO 32000-1, 7.5.4).
_ODD_FIRST: Final = b"0000000000 65536 f"
_FIRST: Final = b"0000000000 65535 f"


class _Ending:
    """A file at whose end nobody goes on reading, for the time in which tables are read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = _MOST_AT_END
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or fewer at the end."""
        data = self._file.read(size)
        if len(data) < size:
            self._left -= 1
            if self._left < 0:
                raise PdfReadError("a table of objects goes beyond the end of the file")
        return _FIRST + data[len(_FIRST) :] if data.startswith(_ODD_FIRST) else data


class BoundedReader(PdfFileReader):
    """Reads a PDF; looks at its tables and revisions so long and no longer."""

    def __init__(self, file: BinaryIO, *, strict: bool) -> None:
        """Read the tables of objects."""
        self._looked_at = set[int]()
        super().__init__(_Ending(file), strict=strict)
        # What reads single objects comes to an end, and is faster without.
        self.stream = file

    def _read_object(self, ref: Any, marker: Any, *arguments: Any, **options: Any) -> Any:
        """Read an object; in a stream of them, pyHanko looks for ever for the end of a comment in an object's place."""
        if isinstance(marker, ObjStreamRef) and marker.obj_stream_id not in self._looked_at:
            stream = generic.Reference(marker.obj_stream_id, 0, self).get_object()
            if not isinstance(stream, generic.StreamObject) or _has_comment_for_object(stream):
                raise PdfReadError("a stream of objects holds something else")
            self._looked_at.add(marker.obj_stream_id)
        return super()._read_object(ref, marker, *arguments, **options)

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """A revision, one and the same each time."""
        found = self._historical_resolver_cache.get(revision)
        if found is None:
            found = self._historical_resolver_cache[revision] = _BoundedResolver(self, revision)
        return found


def _has_comment_for_object(stream: generic.StreamObject) -> bool:
    data, first = stream.read_data(DecodePurpose.OBJECT_STREAM), int(stream["/First"])
    starts = (first + int(start) for start in data[:first].split()[1::2])
    return any(data[start : start + 1] == b"%" for start in starts)


class _BoundedResolver(HistoricalResolver):
    def __init__(self, reader: PdfFileReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._come_to: Counter[tuple[int, int]] = Counter()
        self._left = _MOST_OF_ALL

    def __call__(self, ref: generic.Reference) -> Any:
        key = (ref.idnum, ref.generation)
        self._come_to[key] += 1
        self._left -= 1
        if self._left < 0 or self._come_to[key] > _MOST_OF_ONE:
            raise TooManyWaysError("more ways lead from object to object than are looked at")
        return super().__call__(ref)
