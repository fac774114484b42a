"""The reader that the global options mean."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.transport import CardConnection, PcscSystem


class _Options(Protocol):
    @property
    def reader(self) -> str | None: ...
    @property
    def timeout(self) -> float: ...


class _App(Protocol):
    """What is needed of the command that asks: its global options, and how it tells that it waits."""

    @property
    def options(self) -> _Options: ...
    def waiting_announcer(self) -> Callable[[str], None]: ...
    def silence_announcer(self) -> Callable[[], None]: ...
    def countdown(self) -> Callable[[float], None]: ...


@contextmanager
def open_system(app: _App) -> Iterator[PcscSystem]:
    """Open the PC/SC service with the deadline of ``--timeout``."""
    from jpki.transport import PcscSystem

    on_wait, on_silence = app.waiting_announcer(), app.silence_announcer()
    with PcscSystem(timeout=app.options.timeout, on_wait=on_wait, on_silence=on_silence) as system:
        yield system


@contextmanager
def open_reader(app: _App, wait: float) -> Iterator[CardConnection]:
    """Connect to the chosen card, waiting for it so many seconds, and leave it as it is afterwards."""
    from jpki.card import is_my_number_card
    from jpki.transport import open_connection

    with open_system(app) as system:
        connection = open_connection(
            system,
            is_my_number_card,
            reader=app.options.reader,
            wait=wait,
            on_countdown=app.countdown(),
        )
        try:
            yield connection
        finally:
            connection.close()
