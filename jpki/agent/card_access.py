"""The cards of the readers of this computer, or simulated ones, as the agent uses them.

One thread does everything that reaches a card, one thing after another: a signature is never interrupted by a signal,
which Python delivers to the main thread, and no two requests mix their commands.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, TypeVar

from jpki.card import MyNumberCard, Pin, interpret, is_my_number_card
from jpki.certificate import split
from jpki.crypto import check_pss_signature, check_signature
from jpki.errors import (
    AnotherCardError,
    CardError,
    DataError,
    JpkiError,
    NoReaderError,
    PinBlockedError,
    SignatureInvalidError,
)
from jpki.identifiers import CertificateKind, JpkiEf
from jpki.iso7816 import PKCS1_V15, PSS_SHA256, RetryState, RetryStatus, StatusWord
from jpki.pin import SeenCard, presented, require_same
from jpki.signing import pin_of, require_key
from jpki.transport import choose_reader, has_changed

from .cards import CardView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.card import PinStatus
    from jpki.pin import Secret, TryPolicy
    from jpki.transport import CardConnection, ReaderState, ReaderSystem

    from .cards import SignatureOrder

T = TypeVar("T")

_KEY_FILES: Final = {CertificateKind.AUTH: JpkiEf.AUTH_KEY, CertificateKind.SIGN: JpkiEf.SIGN_KEY}
#: The first bytes of the auth certificate, by which a card is known again.
_FINGERPRINT: Final = 32
#: Seconds between two looks at the readers while a change is waited for.
_SLICE: Final = 0.5


class CardAccess:
    """The one card that ``reader`` means, or that lies there alone; see :class:`jpki.agent.cards.Cards`.

    ``wrap`` may put something around each connection (a trace).
    """

    def __init__(
        self,
        system: ReaderSystem,
        *,
        reader: str | None = None,
        extended_le: bool = False,
        wrap: Callable[[CardConnection], CardConnection] = lambda connection: connection,
    ) -> None:
        """Reach nothing yet."""
        self._system = system
        self._reader = reader
        self._extended_le = extended_le
        self._wrap = wrap
        self._thread = ThreadPoolExecutor(1, "card")
        self._states: tuple[ReaderState, ...] | None = None
        self._view: CardView | None = None
        self._in_use: CardView | None = None
        self._statuses: dict[CertificateKind, PinStatus] = {}

    def close(self) -> None:
        """Let what is being done end, and do nothing more."""
        self._thread.shutdown(cancel_futures=True)

    def _run(self, work: Callable[[], T]) -> T:
        return self._thread.submit(work).result()

    # What lies there

    def look(self) -> CardView | None:
        """Return the card that lies there now; while one is being used, it is that one."""
        return self._in_use or self._run(self._look)

    def _look(self) -> CardView | None:
        states = self._list()
        if self._states is not None and not has_changed(self._states, states):
            return self._view
        self._forget()
        if any(state.is_card_present for state in states):
            try:
                self._view = self._read()
            except (CardError, DataError):
                self._view = None  # another card, or one without this certificate: looking again would not help
        self._states = states
        return self._view

    def _forget(self) -> None:
        self._view, self._states = None, None
        self._statuses.clear()

    def _list(self) -> tuple[ReaderState, ...]:
        """All readers, without the use that this program itself makes of them."""
        try:
            states = self._system.readers()
        except NoReaderError:
            return ()
        return tuple(replace(state, is_in_use=False, is_exclusive=False) for state in states)

    def _read(self) -> CardView:
        with self._open() as card, card.transaction():
            auth = card.read_certificate(CertificateKind.AUTH)
            split(auth)
            view = CardView(card.card.connection.reader, auth[:_FINGERPRINT], auth, _read_ca(card))
            self._statuses[CertificateKind.AUTH] = card.read_pin_status(Pin.AUTH)
            return view

    @contextmanager
    def _open(self) -> Iterator[MyNumberCard]:
        connection = choose_reader(self._system, is_my_number_card, reader=self._reader)
        try:
            yield MyNumberCard(self._wrap(connection), extended_le=self._extended_le)
        finally:
            connection.close()

    # Counters

    def known_status(self, view: CardView, key: CertificateKind) -> PinStatus | None:
        """Return what the counter said last."""
        return self._statuses.get(key) if view is self._view else None

    def read_status(self, view: CardView, key: CertificateKind) -> PinStatus:
        """Ask the card for the counter."""
        return self._run(lambda: self._read_status(view, key))

    def _read_status(self, view: CardView, key: CertificateKind) -> PinStatus:
        pin = pin_of(key)
        with self._open() as card, card.transaction():
            self._require(card, view, pin)
            status = card.read_pin_status(pin)
        self._statuses[key] = status
        return status

    def _require(self, card: MyNumberCard, view: CardView, pin: Pin) -> None:
        try:
            require_same(card, _seen(view), pin)
        except AnotherCardError:
            self._forget()
            raise

    # The PIN

    def check_pin(self, view: CardView, key: CertificateKind, secret: Secret, policy: TryPolicy) -> None:
        """Present the PIN once."""

        def check(_card: MyNumberCard) -> None:
            return

        self._run(lambda: self._present(view, key, secret, policy, check))

    def sign(self, view: CardView, order: SignatureOrder, secret: Secret, policy: TryPolicy) -> bytes:
        """Present the PIN once and sign."""
        require_key(order.certificate)
        return self._run(lambda: self._present(view, order.key, secret, policy, lambda card: _sign(card, order)))

    def _present(
        self,
        view: CardView,
        key: CertificateKind,
        secret: Secret,
        policy: TryPolicy,
        work: Callable[[MyNumberCard], T],
    ) -> T:
        pin = pin_of(key)
        self._statuses.pop(key, None)
        self._in_use = view
        try:
            with self._open() as card, presented(card, pin, secret, replace(policy, seen=_seen(view))):
                result = work(card)
        except AnotherCardError:
            self._forget()
            raise
        except JpkiError as exc:
            self._note(key, exc)
            raise
        finally:
            self._in_use = None
        self._statuses[key] = _status(pin, pin.retry_limit)
        return result

    def _note(self, key: CertificateKind, exc: JpkiError) -> None:
        """Keep the counter that an error names."""
        pin = pin_of(key)
        left = getattr(exc, "retries_remaining", None)
        if left is None and isinstance(exc, PinBlockedError):
            left = 0
        if isinstance(left, int):
            self._statuses[key] = _status(pin, left)

    # Waiting

    def await_change(self, view: CardView | None, seconds: float) -> bool:
        """Wait until another card lies there, or none."""
        deadline = monotonic() + seconds
        while self.look() is view:
            left = deadline - monotonic()
            if left <= 0:
                return False
            sleep(min(_SLICE, left))  # not in the service: the one thread for the card must be free meanwhile
        return True


def _seen(view: CardView) -> SeenCard:
    """The card of a view; another connection reaches it each time, so only its fingerprint tells."""
    return SeenCard(view.fingerprint, None)


def _read_ca(card: MyNumberCard) -> bytes | None:
    """The issuer's certificate, without which everything works but for chains."""
    try:
        found = card.read_certificate(CertificateKind.AUTH_CA)
        split(found)
    except (CardError, DataError):
        return None
    return found


def _status(pin: Pin, left: int) -> PinStatus:
    if left == 0:
        return interpret(pin.value, pin.retry_limit, RetryStatus(RetryState.BLOCKED, 0, StatusWord(0x63C0)))
    return interpret(pin.value, pin.retry_limit, RetryStatus(RetryState.REMAINING, left, StatusWord(0x63C0 | left)))


def _sign(card: MyNumberCard, order: SignatureOrder) -> bytes:
    """Sign with the key whose PIN has been verified, and check what the card answers.

    Raises:
        DataError: it is not the signature of this hash by this certificate's key.
    """
    card.card.select_ef(_KEY_FILES[order.key])
    public_key = split(order.certificate).public_key
    try:
        if order.is_pss:
            signature = card.card.compute_digital_signature(order.digest, scheme=PSS_SHA256)
            check_pss_signature(public_key, signature, order.digest)
        else:
            info = order.digest_name.info(order.digest)
            signature = card.card.compute_digital_signature(info, scheme=PKCS1_V15)
            check_signature(public_key, signature, order.digest_name, order.digest)
    except SignatureInvalidError as exc:
        raise DataError("the card's signature does not match its certificate") from exc
    return signature
