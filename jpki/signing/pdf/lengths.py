"""PDF files in which the length of a stream is wrong, as some programs write them and every viewer repairs them.

The length is taken from where the stream's end is found. Where that was done in what a signature covers, it is the same
before and after anything was added, whatever a viewer makes of it; in what was added later it is not done.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError

from .readers import BoundedReader

if TYPE_CHECKING:
    from typing import BinaryIO

#: Of larger streams nothing is repaired.
_MOST: Final = 64 * 1024 * 1024
_LENGTH: Final = re.compile(rb"/Length\s+\d+(\s+\d+\s+R)?(?=[\s/>]|$)")
_START: Final = re.compile(rb">>\s*stream(\r\n|\n)")
_END: Final = re.compile(rb"(\r\n|\n|\r)?endstream\s*endobj")
#: Other objects hang on what is inside of these.
_NOT_REPAIRED: Final = re.compile(rb"/Type\s*/(ObjStm|XRef)\b|#")


class RepairingReader(BoundedReader):
    """Reads streams of the first revisions also where their length is wrong; ``last`` is the last such revision."""

    def __init__(self, file: BinaryIO, last: int) -> None:
        """Read the structure by the letter of the standard."""
        self._last = last
        super().__init__(file, strict=True)

    def _read_object(self, ref: Any, marker: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return super()._read_object(ref, marker, *arguments, **options)
        except PdfReadError:
            found = self._repaired(ref, marker) if self._is_old(ref, marker) else None
            if found is None:
                raise
            return found

    def _is_old(self, ref: Any, marker: Any) -> bool:
        """Whether this is how an object stood in the last revision that is repaired, and not one that replaced it."""
        if not isinstance(marker, int) or marker >= self._end_of_repair():
            return False
        return any(self.xrefs.get_historical_ref(ref, number) == marker for number in range(self._last + 1))

    def _end_of_repair(self) -> int:
        """Where the last revision ends that is repaired: nothing behind it is."""
        return int(self.xrefs.get_startxref_for_revision(self._last))

    def _repaired(self, ref: Any, start: int) -> Any:
        """The object with the right length; None where it is another one, no stream, or one that others hang on."""
        self.stream.seek(start)
        data = self.stream.read(min(_MOST, self._end_of_repair() - start))
        begin = _START.search(data)
        end = None if begin is None else _END.search(data, begin.end())
        if begin is None or end is None or not data.startswith(b"%d %d obj" % (ref.idnum, ref.generation)):
            return None
        head = data[: begin.start()]
        if b"endobj" in head or _NOT_REPAIRED.search(head) or len(_LENGTH.findall(head)) != 1:
            return None
        content = data[begin.end() : end.start()]
        mended = _LENGTH.sub(b"/Length %d" % len(content), head) + b">>\nstream\n" + content + b"\nendstream\nendobj"
        # The header of the object stands before its dictionary.
        body = io.BytesIO(mended[mended.index(b"<<") :])
        return generic.read_object(body, generic.Reference(ref.idnum, ref.generation, self))
