"""Where readers come from: PC/SC, or what a test puts in its place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from jpki.transport import ReaderSystem

if TYPE_CHECKING:
    from collections.abc import Iterator


class CardService(ReaderSystem, Protocol):
    """What the library needs of a service: :class:`jpki.PcscSystem` is one, and the simulator has another."""

    def close(self) -> None:
        """Let go of the service; a second call does nothing."""
        ...


#: Services that are used instead of PC/SC, the innermost last; of the whole process, so that threads see them too.
_IN_PLACE: list[CardService] = []


@contextmanager
def use_service(service: CardService) -> Iterator[None]:
    """Let every function of the library that is given no service use this one, for tests of one's own program.

    It holds for the whole process, threads included, until the end of the block; the caller closes the service.
    """
    _IN_PLACE.append(service)
    try:
        yield
    finally:
        _IN_PLACE.remove(service)


def open_service(service: CardService | None, timeout: float = 30.0) -> tuple[CardService, bool]:
    """Find the service to use; the flag says that it was made here and that the caller closes it."""
    given = service or (_IN_PLACE[-1] if _IN_PLACE else None)
    if given is not None:
        return given, False
    from jpki.transport import PcscSystem

    return PcscSystem(timeout=timeout), True


@contextmanager
def opened(service: CardService | None, timeout: float = 30.0) -> Iterator[CardService]:
    """Use the service that is meant, and close it afterwards if it was made for this."""
    found, is_own = open_service(service, timeout)
    try:
        yield found
    finally:
        if is_own:
            found.close()
