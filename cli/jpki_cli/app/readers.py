"""The reader that the global options mean."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.transport.base import CardConnection
    from jpki.transport.pcsc import PcscSystem
    from jpki_cli.app.context import AppContext


@contextmanager
def open_system(app: AppContext) -> Iterator[PcscSystem]:
    """Open the PC/SC service with the deadline of ``--timeout``."""
    from jpki.transport.pcsc import PcscSystem

    with PcscSystem(timeout=app.options.timeout, on_wait=app.waiting_announcer()) as system:
        yield system


@contextmanager
def open_reader(app: AppContext, wait: float) -> Iterator[CardConnection]:
    """Connect to the chosen card, waiting for it so many seconds, and leave it as it is afterwards."""
    from jpki.card.my_number_card import is_my_number_card
    from jpki.transport.choice import choose_reader

    with open_system(app) as system:
        connection = choose_reader(
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
