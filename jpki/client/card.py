"""A card: what it says without a PIN, and what it does with one."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Self

from jpki.card import MyNumberCard, Pin, is_my_number_card
from jpki.crypto import Digest
from jpki.errors import OutcomeUnknownError, PinChangeError
from jpki.identifiers import CertificateKind
from jpki.outside_text import OutsideText
from jpki.pin import PinOptions, PinRequest, Secret, attach, unshielded
from jpki.transport import open_connection

from .service import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from jpki.attributes import FourAttributes, MyNumber
    from jpki.card import CardKind, CardStatus, PinStatus
    from jpki.certificate import Certificate
    from jpki.pin import Person, PinReport, Reopen, Shield
    from jpki.transport import CardConnection, ReaderState

    from .service import CardService


class Attributes(NamedTuple):
    """What the application 券面事項入力補助 holds of its holder; ``my_number`` is None unless it was asked for."""

    four: FourAttributes
    my_number: MyNumber | None

    def __repr__(self) -> str:
        return "<Attributes>"


class Card:
    """A My Number Card (or a phone that holds one) on a reader; use it in one thread, and close it.

    Every method that sends commands is a method and no property. :meth:`close` leaves the card as it was found, for
    other programs.
    """

    def __init__(
        self,
        connection: CardConnection,
        *,
        extended: bool = False,
        opened_with: ExitStack | None = None,
        reopen: Reopen | None = None,
    ) -> None:
        """Wrap a connection; ``extended`` as in :func:`connect`. The card is asked for nothing yet.

        ``opened_with`` is closed after the connection: the service that was opened for this card. ``reopen`` reaches
        the card again when it was lost while a PIN was used; then this object is closed.
        """
        self._reopen = reopen
        self._to_close = opened_with or ExitStack()
        self._to_close.callback(connection.close)
        self.raw = MyNumberCard(connection, extended_le=extended)
        self.reader = OutsideText(connection.reader)

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
        from jpki.card import read_status

        return read_status(self.raw, at=at or datetime.now(UTC), with_issuer=issuer)

    def pins(self) -> Mapping[Pin, PinStatus]:
        """Read the tries left of the four PINs; uses no try."""
        from jpki.card import read_four_pins

        return dict(zip(Pin, read_four_pins(self.raw), strict=True))

    def fingerprint(self) -> bytes | None:
        """Read what the card is recognised by; None if it shows nothing without a PIN, as phones do.

        It is public and can be copied onto another card: it distinguishes two cards on one table, and proves nothing.
        """
        with self.raw.transaction():
            return self.raw.read_fingerprint()

    def certificate(
        self,
        kind: CertificateKind = CertificateKind.AUTH,
        entry: Secret | Person | None = None,
        *,
        use_last_try: bool = False,
        use_hidden_counter: bool = False,
    ) -> Certificate:
        """Read a certificate; the signature certificate, and those of a phone, are read after their PIN only.

        Raises:
            SecurityStatusError: it needs its PIN, and none was given.
            FileNotFoundOnCardError: the card has none.
            PinError, OutcomeUnknownError: as :meth:`verify_pin`.
        """
        from jpki.certificate import Certificate

        if entry is None:
            with self.raw.transaction():
                return Certificate(kind, self.raw.read_certificate(kind))
        pin = Pin.SIGN if kind is CertificateKind.SIGN else Pin.AUTH
        options = self.options(use_last_try=use_last_try, use_hidden_counter=use_hidden_counter)
        return Certificate(
            kind, PinRequest(self.raw, pin, entry, options).run(lambda card: card.read_certificate(kind))
        )

    def verify_pin(
        self, pin: Pin, entry: Secret | Person, *, use_last_try: bool = False, use_hidden_counter: bool = False
    ) -> PinReport:
        """Find out whether this is the PIN: one attempt, and never the last one unless that is allowed.

        A script gives a :class:`jpki.Secret`; a :class:`jpki.Person` is shown the tries left, asked for the PIN, and
        before a last try.

        Raises:
            PinFormatError: nothing was sent, the value cannot be this PIN.
            WrongPinError, PinBlockedError: the card refused it.
            LastTryError, HiddenCounterError: nothing was sent; ``use_last_try`` or ``use_hidden_counter`` allows it.
            AnotherCardError, DeclinedError: nothing was sent; another card than the person was shown, or the person
                does not want to.
            OutcomeUnknownError: the answer was lost; a try may have been used.
            TypeError: the PIN is plain text.
        """
        request = self.request(pin, entry, use_last_try=use_last_try, use_hidden_counter=use_hidden_counter)
        try:
            request.run(lambda _card: None)
        except OutcomeUnknownError as exc:
            if not exc.was_right:
                raise
        return request.report

    def change_pin(  # noqa: PLR0913 - each is a decision of its own for this one call
        self,
        pin: Pin,
        current: Secret | Person,
        new: Secret | None = None,
        *,
        use_last_try: bool = False,
        use_hidden_counter: bool = False,
        allow_weak: bool = False,
        confirm: bool = False,
    ) -> PinReport:
        """Change a PIN whose current value is known; ``confirm`` presents the new one once more.

        A script gives both as :class:`jpki.Secret`; a :class:`jpki.Person` is asked for both.

        Raises:
            WeakPinError: nothing was sent, a script's new one is easily guessed; ``allow_weak`` takes it anyway.
            PinChangeError: it is not known whether the PIN was changed.
            PinError, OutcomeUnknownError: the PIN is unchanged; as :meth:`verify_pin`.
        """
        from jpki.pin import ChangeOptions, PinChange, require_strong

        options = self.options(use_last_try=use_last_try, use_hidden_counter=use_hidden_counter)
        change = PinChange(pin, current, new, options, ChangeOptions(allow_weak=allow_weak, confirm=confirm))
        if isinstance(current, Secret) and new is not None and not allow_weak:
            require_strong(pin, new, current=current)
        try:
            change.settle(lambda: change.run(self.raw))
        except PinChangeError as exc:
            if exc.is_unknown:
                raise
            attach(exc.cause, change.report)
            raise exc.cause from exc.cause.__cause__
        return change.report

    def attributes(
        self,
        entry: Secret | Person,
        *,
        my_number: bool = False,
        use_last_try: bool = False,
        use_hidden_counter: bool = False,
    ) -> Attributes:
        """Read name, address, birth date and sex with the PIN of 券面事項入力補助, and the My Number if it is wanted.

        Raises:
            PinError, OutcomeUnknownError: as :meth:`verify_pin`.
            DataError: a file holds something else.
        """
        from jpki.attributes import read_four_attributes, read_my_number, read_text_files

        request = self.request(Pin.INPUT, entry, use_last_try=use_last_try, use_hidden_counter=use_hidden_counter)
        files = request.run(lambda card: read_text_files(card, with_my_number=my_number, with_integrity=False))
        number = None if files.my_number is None else read_my_number(files.my_number)
        return Attributes(read_four_attributes(files.attributes), number)

    def sign(
        self,
        key: CertificateKind,
        data: bytes,
        entry: Secret | Person,
        *,
        digest: Digest = Digest.SHA256,
        use_last_try: bool = False,
        use_hidden_counter: bool = False,
    ) -> bytes:
        """Sign bytes with the key of a certificate (AUTH or SIGN): RSASSA-PKCS1-v1_5, verified before it is returned.

        Raises:
            DocumentDataError: the user key was to sign what a document signature signs.
            KeyNotSupportedError: the key is of another kind.
            PinError, OutcomeUnknownError: as :meth:`verify_pin`.
        """
        from jpki.signing import open_key, pin_for_key

        request = self.request(
            pin_for_key(key), entry, use_last_try=use_last_try, use_hidden_counter=use_hidden_counter
        )
        return request.run(lambda card: open_key(card, key, with_ca=False).sign_data(digest, data))

    def request(
        self, pin: Pin, entry: Secret | Person, *, use_last_try: bool = False, use_hidden_counter: bool = False
    ) -> PinRequest:
        """Prepare one use of a PIN, for work of one's own: ``card.request(...).run(work)``; nothing is asked yet.

        Raises:
            TypeError: the PIN is plain text.
        """
        return PinRequest(
            self.raw, pin, entry, self.options(use_last_try=use_last_try, use_hidden_counter=use_hidden_counter)
        )

    def options(
        self, *, use_last_try: bool = False, use_hidden_counter: bool = False, shield: Shield = unshielded
    ) -> PinOptions:
        """What a request made by hand allows, with the way back to this card; ``shield`` as in :class:`PinOptions`."""
        return PinOptions(use_last_try, use_hidden_counter, reopen=self._reopen, shield=shield)

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
    """Open the chosen card: the one on ``reader`` (a name, a part of one, a number), else the only one there is.

    ``wait`` is for how many seconds a card is waited for, ``timeout`` how many one operation may take. ``extended``
    reads whole files in one command, which not every reader lets through.

    Raises:
        NoReaderError, NoCardError: no reader is connected, or no card is on it.
        SeveralCardsError, UnknownReaderError: it is not clear which one is meant.
        TransportError: the way to the card failed.
    """
    with ExitStack() as stack:
        system = stack.enter_context(opened(service, timeout))
        connection = open_connection(system, is_my_number_card, reader=reader, wait=wait)
        name = connection.reader

        @contextmanager
        def reopen(seconds: float) -> Iterator[MyNumberCard]:
            again = open_connection(system, is_my_number_card, reader=name, wait=seconds)
            try:
                yield MyNumberCard(again, extended_le=extended)
            finally:
                again.close()

        return Card(connection, extended=extended, opened_with=stack.pop_all(), reopen=reopen)
