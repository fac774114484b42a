"""A My Number Card as its applications present it: what can be read without a PIN."""

from __future__ import annotations

import enum
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from jpki.errors import (
    CardError,
    CardResetError,
    DataError,
    FileNotFoundOnCardError,
    NotMyNumberCardError,
    TransportError,
    UnexpectedStatusError,
)
from jpki.identifiers import Application, CertificateKind, CommonEf, JpkiEf
from jpki.iso7816 import Iso7816Card, StatusWord, expect

from . import pin as pins
from .pin import VERIFICATION_NUMBERS, Pin, PinStatus, Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.transport import CardConnection


class CardKind(enum.Enum):
    """What carries the JPKI application; the values are those of the JSON output."""

    CARD = "card"
    ANDROID = "android"
    IPHONE = "iphone"
    OLD_JUKI_CARD = "juki_card"
    UNKNOWN = "unknown"

    @property
    def is_phone(self) -> bool:
        """A phone has the JPKI application only, and guards its auth certificate with the PIN."""
        return self in (CardKind.ANDROID, CardKind.IPHONE)


# Token labels (docs/card.md, 5.3). The label without the 2 is the old Basic Resident Register card (section 10, #24).
_KINDS: Final = {
    "JPKIAPICCTOKEN2": CardKind.CARD,
    "JPKIAPGPSETOKEN": CardKind.ANDROID,
    "JPKIAPIOSTOKEN": CardKind.IPHONE,
    "JPKIAPICCTOKEN": CardKind.OLD_JUKI_CARD,
}
_TOKEN_LABEL_BYTES: Final = 32
_FLAG_PRESENT: Final = 0x8F
_FLAG_ABSENT: Final = 0x00
_FLAGS: Final = 3
_CARD_RECORD: Final = 1
_CARD_RECORD_TAG: Final = 0x01
_CARD_RECORD_DIGITS: Final = 28
_COMPARED_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Token:
    """First 32 bytes of EF 0006: the label that distinguishes a card from a phone (docs/card.md, section 6)."""

    label: str
    kind: CardKind


@dataclass(frozen=True, slots=True)
class CertificatePresence:
    """Whether the card carries its two certificates; None if the card does not say (EF 0008)."""

    sign: bool | None
    auth: bool | None

    def of(self, kind: CertificateKind) -> bool | None:
        """Presence of one of the two; the CA certificates have no flag."""
        return {CertificateKind.SIGN: self.sign, CertificateKind.AUTH: self.auth}.get(kind)


class MyNumberCard:
    """The card's applications over one connection.

    Reading methods select the application that they need unless it is selected already, so several of them inside one
    :meth:`transaction` cost no more commands than they must. Outside a transaction nothing is taken for granted:
    another program may have selected something else.
    """

    def __init__(self, connection: CardConnection, *, short_ef_ids: bool = True, extended_le: bool = False) -> None:
        """Wrap a connection; ``short_ef_ids`` and ``extended_le`` as in :class:`jpki.iso7816.card.Iso7816Card`."""
        self.card = Iso7816Card(connection, short_ef_ids=short_ef_ids, extended_le=extended_le)
        self._selected: Application | None = None
        self._is_alone = False
        #: Whether the card's power was cut, which ends the connection.
        self.has_ended = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep other programs from the card; what was selected before it, and in it, is not relied on outside.

        That another program has reset the card since the last transaction is therefore no error here: PC/SC tells it
        once, when a transaction begins, and the next one begins. Whether it is the same card is asked where a PIN is
        presented (:mod:`jpki.pin.seen_card`).
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self.card.transaction())
            except CardResetError:
                if self._is_alone:
                    raise
                stack.enter_context(self.card.transaction())
            was_alone, self._is_alone = self._is_alone, True
            self._selected = None
            try:
                yield
            finally:
                self._is_alone = was_alone
                self._selected = None

    def select(self, application: Application, *, again: bool = False) -> None:
        """Make an application current; ``again`` sends the SELECT even if this transaction has done it already.

        Raises:
            NotMyNumberCardError: the JPKI application is not there.
            FileNotFoundOnCardError: another application is not there (on phones none of the others is).
        """
        if self._is_alone and self._selected is application and not again:
            return
        self._selected = None
        try:
            self.card.select_df(application.df_name)
        except (FileNotFoundOnCardError, UnexpectedStatusError) as exc:
            if application is Application.JPKI:
                raise NotMyNumberCardError(exc.command, exc.sw) from exc
            raise
        self._selected = application

    # The JPKI application

    def read_token(self) -> Token:
        """Read the token label, which tells a card from a phone.

        Raises:
            DataError: the label is not ASCII.
        """
        self.select(Application.JPKI)
        raw = self.card.read_start(JpkiEf.TOKEN, _TOKEN_LABEL_BYTES)
        try:
            label = raw.decode("ascii").rstrip(" \0")
        except UnicodeDecodeError as exc:
            raise DataError("the token label is not ASCII") from exc
        if not label.isprintable():
            raise DataError("the token label is not text")
        return Token(label, _KINDS.get(label, CardKind.UNKNOWN))

    def read_presence(self) -> CertificatePresence:
        """Read EF 0008, which tells a certificate that is not there from one that is locked (docs/card.md, 1.2)."""
        self.select(Application.JPKI)
        try:
            raw = self.card.read_start(JpkiEf.CERTIFICATE_FLAGS, _FLAGS)
        except CardError:
            return CertificatePresence(None, None)
        known = {_FLAG_PRESENT: True, _FLAG_ABSENT: False}
        flags = [known.get(byte) for byte in raw[:2]] + [None, None]
        return CertificatePresence(flags[0], flags[1])

    def read_certificate(self, kind: CertificateKind, *, is_enough: Callable[[bytes], bool] | None = None) -> bytes:
        """Read a certificate's DER; the sign certificate (and a phone's auth certificate) needs its PIN first.

        ``is_enough`` ends the reading early (:meth:`jpki.iso7816.card.Iso7816Card.read_ef`).

        Raises:
            SecurityStatusError: the PIN has not been verified.
            FileNotFoundOnCardError: the card has no such file.
            DataError: the file holds something else.
        """
        self.select(Application.JPKI)
        return self.card.read_ef(kind.ef_id, is_enough=is_enough)

    def read_fingerprint(self) -> bytes | None:
        """Read the first 32 bytes of the auth certificate, by which a card is recognised.

        Its serial number is among them. None if the card does not give them: a phone before its PIN, a card without
        this certificate.
        """
        self.select(Application.JPKI)
        try:
            raw = self.card.read_start(JpkiEf.AUTH_CERTIFICATE, _COMPARED_BYTES)
        except (CardError, DataError):
            return None
        return raw if len(raw) == _COMPARED_BYTES else None

    # PINs

    def read_pin_status(self, pin: Pin, *, all_copies: bool = False) -> PinStatus:
        """Ask for the tries left of a PIN; uses no try.

        With ``all_copies`` the Basic Resident Register PIN is asked for in both applications that hold it, and the
        lower counter decides.
        """
        if not all_copies:
            return self.read_status_at(pin, pin.reference)
        return pins.lowest([self.read_status_at(pin, place) for place in pin.copies])

    def read_status_at(self, pin: Pin, place: Reference) -> PinStatus:
        """Ask for the tries left in one place of a PIN; uses no try."""
        return self._status(pin.value, pin.retry_limit, place)

    def read_verification_numbers(self) -> tuple[PinStatus, ...]:
        """Ask for the tries left of 照合番号 A and B in both applications that hold them; uses no try."""
        return tuple(self._status(name, None, reference) for name, reference in VERIFICATION_NUMBERS.items())

    def _status(self, name: str, retry_limit: int | None, reference: Reference) -> PinStatus:
        try:
            self.select(reference.application)
            status = self.card.retry_status(reference.ef_id)
        except NotMyNumberCardError:
            raise
        except FileNotFoundOnCardError as exc:
            return pins.absent(name, retry_limit, StatusWord(exc.sw))
        except CardError as exc:
            return pins.unknown(name, retry_limit, StatusWord(exc.sw))
        return pins.interpret(name, retry_limit, status)

    # The common application

    def read_card_expiry(self) -> date | None:
        """Read until when the card itself runs, from record 1 of the common application; None if it is not there.

        The record is ``01 1C`` and 28 digits: serial number 15, municipality 5, expiry YYYYMMDD 8 (docs/card.md, 1.5).

        Raises:
            DataError: the record has another form.
        """
        try:
            self.select(Application.COMMON)
            record = self.card.read_record(CommonEf.CARD_RECORDS, _CARD_RECORD)
        except CardError:
            return None
        digits, _ = expect(record, _CARD_RECORD_TAG)
        if len(digits) != _CARD_RECORD_DIGITS or not digits.isdigit():
            raise DataError("the card's record of its expiry has another form than 28 digits")
        try:
            return date(int(digits[20:24]), int(digits[24:26]), int(digits[26:28]))
        except ValueError as exc:
            raise DataError("the card's expiry is no date") from exc

    # Leaving

    def leave(self, application: Application) -> None:
        """Select another application, which takes back what a PIN has opened in this one; phones have no other."""
        other = Application.COMMON if application is Application.JPKI else Application.JPKI
        with suppress(CardError):
            self.select(other, again=True)
        self._selected = None

    def drop_security_status(self) -> bool:
        """Leave nothing open on the card after a VERIFY (docs/architecture.md, invariant 5).

        Selecting the same application again keeps its security status (docs/card.md, section 7), so another one is
        selected; where that fails the card is unpowered, which ends the connection. Where even that fails the card is
        gone, and its status with it. False: the card did not answer any more.
        """
        leave_for = {Application.JPKI: [Application.COMMON], None: [Application.COMMON, Application.JPKI]}
        try:
            for other in leave_for.get(self._selected, [Application.JPKI]):
                self.select(other, again=True)
        except CardError:
            self._unpower()
        except (TransportError, DataError):
            self._unpower()
            return False
        except BaseException:
            # An interruption must not leave the card open.
            self._unpower()
            raise
        return True

    def _unpower(self) -> None:
        self._selected = None
        self.has_ended = True
        try:
            self.card.connection.unpower()
        except TransportError:
            return

    def close(self) -> None:
        """End the connection; the card stays as it is."""
        self.card.connection.close()


def is_my_number_card(connection: CardConnection) -> bool:
    """Whether the card has a JPKI application: one SELECT, never the ATR (docs/card.md, 5.1)."""
    try:
        MyNumberCard(connection).select(Application.JPKI)
    except (CardError, DataError):
        return False
    return True
