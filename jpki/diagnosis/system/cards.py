"""Readers and cards, through PC/SC or in this process, each asked once."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

from jpki.card import MyNumberCard
from jpki.diagnosis.facts import CaPeriod, OpenedCard
from jpki.errors import (
    CardError,
    DataError,
    FileNotFoundOnCardError,
    JpkiError,
    SecurityStatusError,
    TransportError,
)
from jpki.identifiers import Application, CertificateKind
from jpki.transport import ReaderState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager, ExitStack
    from datetime import datetime

    from jpki.card import CardStatus, ExtendedLength
    from jpki.transport import CardConnection, ReaderSystem

    T = TypeVar("T")

#: The protocol of contactless cards, and of connections that have none, as simulated ones.
_T1: Final = 1
#: A certificate is a DER SEQUENCE.
_CERTIFICATE_TAG: Final = b"\x30"
#: Seconds to wait for a program that has a card for itself: Windows has one that was just laid down, for about one.
_PATIENCE: Final = 3.0


@dataclass(frozen=True, slots=True)
class Look:
    """How to look at readers: which one the user named, and how many seconds to wait for a card.

    ``on_countdown`` is called about once a second with what is left; ``wrap`` may put something around each connection
    to a card, a trace for example. ``is_simulated``: the readers are not those of PC/SC, so there is no library and no
    service to look at.
    """

    reader: str | None = None
    wait: float = 0.0
    on_countdown: Callable[[float], None] = lambda _: None
    wrap: Callable[[CardConnection], AbstractContextManager[CardConnection]] = nullcontext
    is_simulated: bool = False


class _Once:
    """Asks a question once; the answer, or the error, is the same ever after."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, ...], object] = {}
        self._errors: dict[tuple[str, ...], JpkiError] = {}

    def ask(self, function: Callable[..., T], *arguments: str) -> T:
        key = (function.__name__, *arguments)
        if key in self._errors:
            raise self._errors[key]
        if key not in self._answers:
            try:
                self._answers[key] = function(*arguments)
            except JpkiError as exc:
                self._errors[key] = exc
                raise
        return self._answers[key]  # type: ignore[return-value] # kept under the function that returned it


class LiveCards:
    """Readers and cards of this computer; the cards are left as they were found."""

    def __init__(self, look: Look, system: ReaderSystem, stack: ExitStack, now: datetime) -> None:
        """``stack`` closes what is opened here."""
        self._look = look
        self._system = system
        self._stack = stack
        self._now = now
        self._once = _Once()

    @property
    def is_simulated(self) -> bool:
        """Whether the readers are not those of PC/SC."""
        return self._look.is_simulated

    @property
    def wanted(self) -> str | None:
        """The reader that the user named."""
        return self._look.reader

    def check_library(self) -> None:
        """Load the PC/SC library; raises PcscLibraryMissingError."""
        from jpki.transport import load_library

        load_library()

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers; raises TransportError, NoReaderError among them."""
        return self._once.ask(self._readers)

    def _readers(self) -> tuple[ReaderState, ...]:
        states = self._system.readers()
        deadline = monotonic() + self._look.wait
        while (left := deadline - monotonic()) > 0 and not any(s.is_card_present for s in states):
            self._look.on_countdown(left)
            states = self._system.wait_for_change(states, min(1.0, left)) or states
        return states

    def has_application(self, reader: str) -> bool:
        """Whether the card in a reader has the JPKI application."""
        return self._once.ask(self._has_application, reader)

    def _has_application(self, reader: str) -> bool:
        from jpki.card import is_my_number_card

        try:
            return is_my_number_card(self._connection(reader))
        except TransportError:
            return False

    def _connection(self, reader: str) -> CardConnection:
        return self._once.ask(self._connect, reader)

    def _connect(self, reader: str) -> CardConnection:
        connection = self._system.connect(reader, patience=_PATIENCE)
        self._stack.callback(connection.close)
        return self._stack.enter_context(self._look.wrap(connection))

    def open(self, reader: str) -> OpenedCard:
        """Open the card in a reader; raises TransportError."""
        return self._once.ask(self._open, reader)

    def _open(self, reader: str) -> OpenedCard:
        from jpki.transport import find_pin_pad

        connection = self._system.connect(reader, patience=_PATIENCE)
        try:
            return OpenedCard(
                connection.atr, getattr(connection, "protocol", _T1), find_pin_pad(connection) is not None
            )
        finally:
            connection.close()

    def status(self, reader: str) -> CardStatus:
        """Read the card without a PIN."""
        return self._once.ask(self._status, reader)

    def _status(self, reader: str) -> CardStatus:
        from jpki.card import read_status

        return read_status(MyNumberCard(self._connection(reader)), at=self._now)

    def ca_periods(self, reader: str) -> tuple[CaPeriod, ...]:
        """Read the periods of the two CA certificates."""
        return self._once.ask(self._ca_periods, reader)

    def _ca_periods(self, reader: str) -> tuple[CaPeriod, ...]:
        return read_ca_periods(MyNumberCard(self._connection(reader)))

    def certificate_files(self, reader: str) -> Mapping[CertificateKind, bool | None]:
        """Whether the card has a file of each certificate."""
        return self._once.ask(self._certificate_files, reader)

    def _certificate_files(self, reader: str) -> Mapping[CertificateKind, bool | None]:
        return read_certificate_files(MyNumberCard(self._connection(reader)))

    def try_extended_length(self, reader: str) -> ExtendedLength:
        """What becomes of a read of extended length."""
        return self._once.ask(self._try_extended_length, reader)

    def _try_extended_length(self, reader: str) -> ExtendedLength:
        from jpki.card import try_extended_length

        return try_extended_length(MyNumberCard(self._connection(reader)))


def read_ca_periods(card: MyNumberCard) -> tuple[CaPeriod, ...]:
    """Read both CA certificates in one transaction."""
    with card.transaction():
        return tuple(_ca_period(card, kind) for kind in (CertificateKind.AUTH_CA, CertificateKind.SIGN_CA))


def _ca_period(card: MyNumberCard, kind: CertificateKind) -> CaPeriod:
    from jpki.certificate import read_summary

    try:
        summary = read_summary(card.read_certificate(kind))
    except (CardError, DataError):
        return CaPeriod(kind, None, None)
    return CaPeriod(kind, summary.not_before, summary.not_after)


def read_certificate_files(card: MyNumberCard) -> Mapping[CertificateKind, bool | None]:
    """Ask for the start of both certificates' files in one transaction, without a PIN."""
    with card.transaction():
        card.select(Application.JPKI)
        return {kind: _has_file(card, kind) for kind in (CertificateKind.AUTH, CertificateKind.SIGN)}


def _has_file(card: MyNumberCard, kind: CertificateKind) -> bool | None:
    try:
        start = card.card.read_start(kind.ef_id, 1)
    except FileNotFoundOnCardError:
        return False
    except SecurityStatusError:
        return True
    except (CardError, DataError):
        return None
    return start == _CERTIFICATE_TAG


class SimulatedCards:
    """The card of ``--sim``: there is no library, no service and no reader to look at."""

    is_simulated = True
    wanted = None

    def __init__(self, connection: CardConnection, now: datetime) -> None:
        """Look at the card of one connection."""
        self._connection = connection
        self._now = now
        self._once = _Once()

    def check_library(self) -> None:
        """No library is needed."""

    def readers(self) -> tuple[ReaderState, ...]:
        """One, with the card."""
        return (ReaderState(self._connection.reader, 0, is_card_present=True),)

    def has_application(self, reader: str) -> bool:
        """Not asked: there is one card only."""
        return reader == self._connection.reader

    def open(self, reader: str) -> OpenedCard:
        """The card is open."""
        del reader
        return OpenedCard(self._connection.atr, 1, has_pin_pad=None)

    def status(self, reader: str) -> CardStatus:
        """Read the card without a PIN."""
        return self._once.ask(self._status, reader)

    def _status(self, reader: str) -> CardStatus:
        from jpki.card import read_status

        del reader
        return read_status(MyNumberCard(self._connection), at=self._now)

    def ca_periods(self, reader: str) -> tuple[CaPeriod, ...]:
        """Read the periods of the two CA certificates."""
        del reader
        return read_ca_periods(MyNumberCard(self._connection))

    def certificate_files(self, reader: str) -> Mapping[CertificateKind, bool | None]:
        """Whether the card has a file of each certificate."""
        return self._once.ask(self._certificate_files, reader)

    def _certificate_files(self, reader: str) -> Mapping[CertificateKind, bool | None]:
        del reader
        return read_certificate_files(MyNumberCard(self._connection))

    def try_extended_length(self, reader: str) -> ExtendedLength:
        """A simulated card in this process has no reader that could be in the way."""
        from jpki.card import ExtendedLength

        return ExtendedLength.TAKEN if self.has_application(reader) else ExtendedLength.LOST
