"""A card, from the connection to what is asked of it without a PIN."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from jpki.card.my_number_card import MyNumberCard, is_my_number_card
from jpki.card.pin import Pin
from jpki.client.service import opened
from jpki.errors import UnknownReaderError
from jpki.identifiers import CertificateKind
from jpki.transport.choice import choose_reader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from jpki.card.my_number_card import CardKind
    from jpki.card.pin import PinStatus
    from jpki.card.status import CardStatus
    from jpki.certificate.certificate import Certificate
    from jpki.client.service import CardService
    from jpki.transport.base import CardConnection
    from jpki.transport.reader_state import ReaderState


class Card:
    """A My Number Card (or a phone that holds one) on a reader; use it in one thread, and close it.

    Every method that sends commands is a method and no property. :meth:`close` leaves the card as it was found, for
    other programs.
    """

    def __init__(
        self, connection: CardConnection, *, extended: bool = False, opened_with: ExitStack | None = None
    ) -> None:
        """Wrap a connection; ``extended`` as in :func:`connect`. The card is asked for nothing yet.

        ``opened_with`` is closed after the connection: the service that was opened for this card.
        """
        self._to_close = opened_with or ExitStack()
        self._to_close.callback(connection.close)
        self.raw = MyNumberCard(connection, extended_le=extended)
        self.reader = connection.reader

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Card on {self.reader!r}>"

    def kind(self) -> CardKind:
        """Tell a card from a phone by the token label.

        Raises:
            NotMyNumberCardError: it has no JPKI application.
            TransportError: the way to the card failed.
        """
        with self.raw.transaction():
            return self.raw.read_token().kind

    def status(self, *, at: datetime | None = None, issuer: bool = False) -> CardStatus:
        """Read what ``jpki status`` shows, as of an instant (now): kind, tries left, certificates, the card's end.

        No PIN is needed and no try is used. With ``issuer`` the whole user certificate is read, to name its issuer.

        Raises:
            NotMyNumberCardError, DataError, TransportError: as :func:`jpki.card.status.read_status`.
        """
        from jpki.card.status import read_status

        return read_status(self.raw, at=at or datetime.now(UTC), with_issuer=issuer)

    def pins(self) -> Mapping[Pin, PinStatus]:
        """Read the tries left of the four PINs; uses no try."""
        from jpki.card.status import read_four_pins

        return dict(zip(Pin, read_four_pins(self.raw), strict=True))

    def fingerprint(self) -> bytes | None:
        """Read what the card is known again by; None where it shows nothing without a PIN, as phones do.

        It is public and can be copied onto another card: it tells two cards on one table apart, and proves nothing.
        """
        with self.raw.transaction():
            return self.raw.read_fingerprint()

    def certificate(self, kind: CertificateKind = CertificateKind.AUTH) -> Certificate:
        """Read a certificate.

        Raises:
            SecurityStatusError: it is read after its PIN only: the signature certificate, and those of a phone.
            FileNotFoundOnCardError: the card has none.
        """
        from jpki.certificate.certificate import Certificate

        with self.raw.transaction():
            return Certificate(kind, self.raw.read_certificate(kind))

    def transaction(self) -> AbstractContextManager[None]:
        """Keep other programs from the card inside the block; short, and without asking a person in it."""
        return self.raw.transaction()

    def close(self) -> None:
        """Let go of the card; a second call does nothing."""
        self._to_close.close()


def connect(
    reader: ReaderState | str | int | None = None,
    *,
    wait: float = 0.0,
    timeout: float = 30.0,
    extended: bool = False,
    service: CardService | None = None,
) -> Card:
    """Open the card that is meant: the one on ``reader`` (a name, a part of one, a number), else the only one there is.

    ``wait`` is for how many seconds a card is waited for, ``timeout`` how many one operation may take. ``extended``
    reads whole files in one command, which not every reader lets through.

    Raises:
        NoReaderError, NoCardError: there is none.
        SeveralCardsError, UnknownReaderError: it is not clear which one is meant.
        TransportError: the way to the card failed.
    """
    with ExitStack() as stack:
        system = stack.enter_context(opened(service, timeout))
        connection = choose_reader(system, is_my_number_card, reader=_name(system, reader), wait=wait)
        return Card(connection, extended=extended, opened_with=stack.pop_all())


def _name(system: CardService, reader: ReaderState | str | int | None) -> str | None:
    """The exact name of the reader that is meant; an index is never taken for a part of a name."""
    if reader is None or isinstance(reader, str):
        return reader
    if not isinstance(reader, int):
        return reader.name
    states = system.readers()
    for state in states:
        if state.index == reader:
            return state.name
    raise UnknownReaderError("no reader has this number", readers=tuple(state.name for state in states))
