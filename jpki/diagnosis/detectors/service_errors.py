"""What the PC/SC service answered when it was asked for its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.errors import NoReaderError, PcscLibraryMissingError, TransportError

if TYPE_CHECKING:
    from jpki.diagnosis.facts import Facts
    from jpki.transport import ReaderState


def readers_of(facts: Facts) -> tuple[ReaderState, ...]:
    """All readers; empty if they cannot be listed."""
    try:
        return facts.pcsc.readers()
    except TransportError:
        return ()


def pcsc_error_of(facts: Facts, *, with_readers: bool = False) -> TransportError | None:
    """Return the error that keeps the service from being used, or None; ``with_readers``: also that it has no reader.

    A missing library has a check of its own.
    """
    try:
        facts.pcsc.readers()
    except PcscLibraryMissingError:
        return None
    except NoReaderError as exc:
        return exc if with_readers else None
    except TransportError as exc:
        return exc
    return None
