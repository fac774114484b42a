"""The reader of pyHanko, with an end to how long it looks for all ways to an object."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

if TYPE_CHECKING:
    from pyhanko.pdf_utils.generic import Reference

#: How often one object of a revision is come to, and all together. Objects of which each refers twice to the next one
#: double the ways to it, so that a hundred of them would take for ever; a font is come to once for each page.
_MOST_OF_ONE: Final = 50_000
_MOST_OF_ALL: Final = 1_000_000


class TooManyWaysError(PdfReadError):
    """There are more ways from object to object than are looked at."""


class BoundedReader(PdfFileReader):
    """Reads a PDF; looks at its revisions so long and no longer."""

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """A revision, one and the same each time."""
        found = self._historical_resolver_cache.get(revision)
        if found is None:
            found = self._historical_resolver_cache[revision] = _BoundedResolver(self, revision)
        return found


class _BoundedResolver(HistoricalResolver):
    def __init__(self, reader: PdfFileReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._come_to: Counter[tuple[int, int]] = Counter()
        self._left = _MOST_OF_ALL

    def __call__(self, ref: Reference) -> Any:
        key = (ref.idnum, ref.generation)
        self._come_to[key] += 1
        self._left -= 1
        if self._left < 0 or self._come_to[key] > _MOST_OF_ONE:
            raise TooManyWaysError("more ways lead from object to object than are looked at")
        return super().__call__(ref)
