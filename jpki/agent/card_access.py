"""The cards of the readers of this computer, or simulated ones, as the agent uses them.

One thread does everything that reaches a card, one thing after another: a signature is never interrupted by a signal,
which Python delivers to the main thread, and no two requests mix their commands.
"""

from __future__ import annotations

from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from jpki.card import MyNumberCard, Pin, is_my_number_card
from jpki.certificate import split
from jpki.errors import (
    AnotherCardError,
    CardError,
    DataError,
    JpkiError,
    NoReaderError,
    PinBlockedError,
    SecurityStatusError,
    SeveralCardsError,
)
from jpki.identifiers import CertificateKind
from jpki.outside_text import OutsideText
from jpki.pin import SeenCard, presented, require_same, see
from jpki.signing import pin_for_key, require_key
from jpki.transport import has_changed, open_connection

from .card_work import counter, read_ca, read_counter, seen_as, sign, sign_with_phone
from .cards import CardView
from .errors import RequesterGoneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.card import PinStatus
    from jpki.pin import Secret, TryPolicy
    from jpki.transport import CardConnection, ReaderState, ReaderSystem

    from .cards import SignatureOrder

T = TypeVar("T")

#: The first bytes of the auth certificate, by which a card is known again.
_FINGERPRINT: Final = 32
#: A card that could not be read so often is left alone until it is put there again.
_MOST_READS: Final = 3
#: Answers of a card that has no such application or certificate: it has none the next time either.
_NOT_THERE: Final = frozenset({0x6A82, 0x6A83})
#: Seconds between two looks at the readers while a change is waited for.
_SLICE: Final = 0.5


class _Held(NamedTuple):
    """A phone whose counter was shown: its connection stays open until the PIN goes there, or is not given."""

    view: CardView
    card: MyNumberCard
    seen: SeenCard
    stack: ExitStack


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
        self._failures = 0
        self._view: CardView | None = None
        self._several: SeveralCardsError | None = None
        self._in_use: CardView | None = None
        self._statuses: dict[CertificateKind, PinStatus] = {}
        self._phone_certificate = b""
        self._held: _Held | None = None

    def close(self) -> None:
        """Let what is being done end, and do nothing more."""
        self._thread.submit(self._let_go)
        self._thread.shutdown(cancel_futures=True)

    def ask(self, work: Callable[[MyNumberCard], T]) -> T:
        """Do something with the card that needs no PIN, in one transaction.

        Raises:
            JpkiError: an error of the card, or of the way to it.
        """

        def asked() -> T:
            with self._open() as card, card.transaction():
                return work(card)

        return self._run(asked)

    def _run(self, work: Callable[[], T]) -> T:
        """Do something in the one thread.

        Raises:
            RequesterGoneError: the agent is ending, which has hung up on whoever asked.
        """
        try:
            asked = self._thread.submit(work)
        except RuntimeError as exc:
            raise RequesterGoneError("the agent reaches no card any more") from exc
        try:
            return asked.result()
        except CancelledError as exc:
            raise RequesterGoneError("the agent reaches no card any more") from exc

    # What lies there

    def look(self) -> CardView | None:
        """Return the card that lies there now; while one is being used, it is that one."""
        return self._in_use or self._run(self._look)

    def _look(self) -> CardView | None:
        states = self._list()
        if self._states is not None and not has_changed(self._states, states):
            if self._several is not None:
                raise self._several.with_traceback(None)
            return self._view
        self._forget()
        if any(state.is_card_present for state in states):
            try:
                self._view = self._read()
            except SeveralCardsError as exc:
                self._several, self._states = exc, states  # looking again and again would disturb all of them
                raise
            except (CardError, DataError) as exc:
                self._failures += 1
                if self._failures < _MOST_READS and getattr(exc, "sw", None) not in _NOT_THERE:
                    return None  # one disturbed answer is no reason to take a card away and put it back
                self._view = None  # another card, or one without this certificate: looking again would not help
        self._states, self._failures = states, 0
        return self._view

    def _forget(self) -> None:
        self._view, self._states, self._several = None, None, None
        self._let_go()
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
            reader = OutsideText(card.card.connection.reader)
            try:
                auth = card.read_certificate(CertificateKind.AUTH)
            except SecurityStatusError:
                # A phone shows nothing without its PIN: each time it is put there it is another.
                return CardView(reader, None, self._phone_certificate, None)
            split(auth)
            view = CardView(reader, auth[:_FINGERPRINT], auth, read_ca(card))
            self._statuses[CertificateKind.AUTH] = card.read_pin_status(Pin.AUTH)
            return view

    @contextmanager
    def _open(self) -> Iterator[MyNumberCard]:
        connection = open_connection(self._system, is_my_number_card, reader=self._reader)
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
        pin = pin_for_key(key)
        if view.fingerprint is None:
            return self._hold(view, pin)
        with self._open() as card, card.transaction():
            self._require(card, view, pin)
            status = read_counter(card, pin)
        self._statuses[key] = status
        return status

    def _hold(self, view: CardView, pin: Pin) -> PinStatus:
        """Read a phone's counter, and keep its connection: that alone tells that it is still the same one."""
        self._let_go()
        with ExitStack() as stack:
            card = stack.enter_context(self._open())
            with card.transaction():
                seen = see(card)
                if seen.fingerprint is not None or view is not self._view:
                    raise AnotherCardError("another card lies on the reader", pin=pin.value)
                status = read_counter(card, pin)
            self._held = _Held(view, card, seen, stack.pop_all())
        return status

    def let_go(self, view: CardView) -> None:
        """Close the connection to a phone whose counter was read."""
        if view.fingerprint is None:
            self._run(self._let_go)

    def _let_go(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            held.stack.close()

    def _require(self, card: MyNumberCard, view: CardView, pin: Pin) -> None:
        try:
            require_same(card, seen_as(view), pin)
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
        work = sign if view.fingerprint is not None else sign_with_phone
        return self._run(lambda: self._present(view, order.key, secret, policy, lambda card: work(card, order)))

    def read_phone_certificate(self, view: CardView, secret: Secret, policy: TryPolicy) -> bytes:
        """Present a phone's PIN once and read its certificate, which is what it offers from now on."""
        kind = CertificateKind.AUTH

        def learn() -> bytes:
            found = self._present(view, kind, secret, policy, lambda card: card.read_certificate(kind))
            split(found)
            self._phone_certificate = found
            self._forget()
            return found

        return self._run(learn)

    def _present(
        self,
        view: CardView,
        key: CertificateKind,
        secret: Secret,
        policy: TryPolicy,
        work: Callable[[MyNumberCard], T],
    ) -> T:
        pin = pin_for_key(key)
        self._statuses.pop(key, None)
        self._in_use = view
        try:
            with self._reach(view, pin) as (card, seen), presented(card, pin, secret, replace(policy, seen=seen)):
                result = work(card)
        except AnotherCardError:
            self._forget()
            raise
        except JpkiError as exc:
            self._note(key, exc)
            raise
        finally:
            self._in_use = None
        self._statuses[key] = counter(pin, pin.retry_limit)
        return result

    @contextmanager
    def _reach(self, view: CardView, pin: Pin) -> Iterator[tuple[MyNumberCard, SeenCard]]:
        """Reach the card of a view, and what it has to be the same as."""
        if view.fingerprint is not None:
            with self._open() as card:
                yield card, seen_as(view)
            return
        held = self._held
        if held is None or held.view is not view:
            raise AnotherCardError("nothing tells that it is the same phone", pin=pin.value, is_certain=False)
        try:
            yield held.card, held.seen
        finally:
            self._let_go()

    def _note(self, key: CertificateKind, exc: JpkiError) -> None:
        """Keep the counter that an error names."""
        pin = pin_for_key(key)
        left = getattr(exc, "retries_remaining", None)
        if left is None and isinstance(exc, PinBlockedError):
            left = 0
        if isinstance(left, int):
            self._statuses[key] = counter(pin, left)

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
