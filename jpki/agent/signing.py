"""Signatures for other programs: the PIN from a person, or one that is kept, and the card once.

Both doors come here. Everything about a PIN's counter happens while this request has the person's attention, so that a
request that waited behind another sees what that one left.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

from jpki.agent.dialogs import DialogQuestion, Grant, Purpose, Use
from jpki.card import Pin, PinState
from jpki.errors import (
    AnotherCardError,
    CounterChangedError,
    HiddenCounterError,
    JpkiError,
    LastTryError,
    WrongPinError,
)
from jpki.identifiers import CertificateKind
from jpki.pin import TryPolicy, check_tries, normalise, require_form
from jpki.signing import pin_for_key

from .errors import CounterNotFullError, RequesterGoneError
from .foreign_text import visible
from .kept import LOGIN_SECONDS, TWICE_SECONDS, boot_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager

    from jpki.agent.dialogs import Answer, Desk
    from jpki.card import PinStatus
    from jpki.pin import Secret

    from .cards import Cards, CardView, SignatureOrder
    from .kept import KeptPins
    from .peers import Peer

#: A program that signs again within so many seconds is offered to keep the PIN.
_AGAIN_SECONDS: Final = 60.0
_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: the program, whether it is still connected, and whom kept PINs belong to.

    After a no ``asker`` is not asked for again for a while: the owner, where it is not another.
    """

    peer: Peer
    is_connected: Callable[[], bool]
    owner: Hashable
    asker: Hashable = None

    def is_wanted(self) -> bool:
        """Whether an answer would still reach the program that asked."""
        return self.is_connected() and self.peer.is_same_process()


class Signer:
    """Gets a PIN and has the card sign; safe to use from several threads."""

    def __init__(
        self,
        cards: Cards,
        desk: Desk,
        kept: KeptPins,
        *,
        cache_seconds: float = 0.0,
        confirms: bool = False,
        clock: Callable[[], float] = boot_clock,
    ) -> None:
        """With ``cache_seconds`` every right login PIN is kept for so long, and the dialog says so.

        With ``confirms`` each use of a PIN that is kept takes a person's yes.
        """
        self._cards = cards
        self._desk = desk
        self._kept = kept
        self._cache_seconds = cache_seconds
        self._confirms = confirms
        self._clock = clock
        #: The card to which an entry was last sent that was wrong; None of a phone.
        self._wrong: dict[Pin, bytes | None] = {}
        self._signed: dict[tuple[Hashable, Pin], float] = {}

    def sign(self, client: Client, view: CardView, order: SignatureOrder, purpose: Purpose) -> bytes:
        """Sign, with a kept PIN or a person's; at most one PIN is sent.

        Raises:
            JpkiError: an error of the card, the PIN, or of :mod:`jpki.agent.errors`.
        """
        pin = pin_for_key(order.key)
        if not self._confirms and (signature := self._sign_with_kept(client, view, order)) is not None:
            return signature
        with self._turn(client):
            if self._confirms and self._kept.has(client.owner, pin, view.fingerprint):
                status = self._cards.known_status(view, order.key) or self._cards.read_status(view, order.key)
                self._desk.confirm(self._question(client, view, status, purpose), client.is_wanted)
            # Another request of the same program may have got it meanwhile.
            if (signature := self._sign_with_kept(client, view, order)) is not None:
                return signature
            return self._sign_with_person(client, view, order, purpose, pin)

    def _turn(self, client: Client) -> AbstractContextManager[None]:
        return self._desk.turn(client.owner if client.asker is None else client.asker, client.is_wanted)

    def _sign_with_kept(self, client: Client, view: CardView, order: SignatureOrder) -> bytes | None:
        """Sign with a PIN that is kept; None if no PIN is kept, or the counter is no longer full."""
        pin = pin_for_key(order.key)
        secret = self._kept.get(client.owner, pin, view.fingerprint)
        if secret is None:
            return None
        try:
            with secret:
                return self._cards.sign(view, order, secret, TryPolicy(shown=pin.retry_limit))
        except (CounterChangedError, LastTryError, HiddenCounterError):
            self._kept.wipe_pin(pin)
            return None
        except JpkiError:
            self._kept.wipe_pin(pin)
            raise

    def _sign_with_person(
        self, client: Client, view: CardView, order: SignatureOrder, purpose: Purpose, pin: Pin
    ) -> bytes:
        try:
            answer, policy = self._ask(client, view, order.key, purpose)
            try:
                signature = self._presenting(view, pin, lambda: self._cards.sign(view, order, answer.secret, policy))
            except BaseException:
                answer.secret.wipe()
                raise
        finally:
            self._cards.let_go(view)
        self._note_right(client, view, pin, answer.secret, answer.grant)
        return signature

    def learn_phone_certificate(self, client: Client, view: CardView) -> bytes:
        """Have a phone's PIN typed and its certificate read; raises as :meth:`sign`."""
        key = CertificateKind.AUTH
        with self._turn(client):
            try:
                answer, policy = self._ask(client, view, key, Purpose(Use.CERTIFICATE))
                with answer.secret as secret:
                    return self._presenting(
                        view, pin_for_key(key), lambda: self._cards.read_phone_certificate(view, secret, policy)
                    )
            finally:
                self._cards.let_go(view)

    def _ask(self, client: Client, view: CardView, key: CertificateKind, purpose: Purpose) -> tuple[Answer, TryPolicy]:
        """Read the counter, show it, and have the PIN typed."""
        status = self._cards.read_status(view, key)
        check_tries(status, TryPolicy(use_last_try=True, use_hidden_counter=True))
        if not client.is_wanted():
            raise RequesterGoneError("the program that asked is not there any more")
        answer = self._desk.ask(
            self._question(client, view, status, purpose),
            self._grants(client, view, key, is_hidden=status.is_hidden),
            client.is_wanted,
        )
        if not client.is_wanted():
            answer.secret.wipe()
            raise RequesterGoneError("the program that asked went away while the PIN was typed")
        # The person was asked for a yes of its own in both cases.
        use_last_try = status.state is PinState.LAST_TRY
        return answer, TryPolicy(
            shown=status.retries_remaining, use_last_try=use_last_try, use_hidden_counter=status.is_hidden
        )

    def _question(self, client: Client, view: CardView, status: PinStatus, purpose: Purpose) -> DialogQuestion:
        pin = Pin(status.name)
        minutes, rest = divmod(self._cache_seconds or LOGIN_SECONDS, _MINUTE)
        # A counter that is full again says that a right entry lies between, made by another program.
        is_wrong = self._wrong.get(pin, b"") == view.fingerprint and status.retries_remaining != pin.retry_limit
        return DialogQuestion(
            pin,
            status,
            purpose,
            visible(client.peer.program),
            client.peer.pid,
            minutes=0 if rest else int(minutes),
            seconds=ceil(minutes * _MINUTE + rest) if rest else 0,
            is_wrong_before=is_wrong,
        )

    def _grants(self, client: Client, view: CardView, key: CertificateKind, *, is_hidden: bool) -> tuple[Grant, ...]:
        if view.fingerprint is None or is_hidden:
            return (Grant.ONCE,)  # what is kept needs a card that is known again, and a counter that is full
        if key is CertificateKind.SIGN:
            return (Grant.ONCE, Grant.TWICE)
        if self._cache_seconds:
            return (Grant.MINUTES,)
        again = self._signed.get((client.owner, pin_for_key(key)), float("-inf")) + _AGAIN_SECONDS > self._clock()
        return (Grant.ONCE, Grant.MINUTES) if again else (Grant.ONCE,)

    def _presenting(self, view: CardView, pin: Pin, present: Callable[[], bytes]) -> bytes:
        """Do what presents a PIN, and remember what became of it."""
        try:
            return present()
        except WrongPinError:
            self._wrong[pin] = view.fingerprint
            self._kept.wipe_pin(pin)
            raise
        except JpkiError:
            self._kept.wipe_pin(pin)
            raise

    def _note_right(self, client: Client, view: CardView, pin: Pin, secret: Secret, grant: Grant) -> None:
        self._wrong.pop(pin, None)
        now = self._clock()
        self._signed = {key: when for key, when in self._signed.items() if when + _AGAIN_SECONDS > now}
        self._signed[client.owner, pin] = now
        if view.fingerprint is None or grant is Grant.ONCE:
            secret.wipe()
        elif grant is Grant.MINUTES:
            self._kept.keep(client.owner, pin, view.fingerprint, secret, self._cache_seconds or LOGIN_SECONDS)
        else:
            self._kept.keep(client.owner, pin, view.fingerprint, secret, TWICE_SECONDS, uses=1)

    def take_passed_pin(self, client: Client, view: CardView, key: CertificateKind, passed: Secret) -> None:
        """Take a PIN that the program itself passed, which is sent only while its counter is full.

        A login PIN is presented at once and kept for this program if it is right; the signature password waits for the
        next signature, which uses it up.

        Raises:
            PinFormatError: it cannot be this PIN; nothing was sent.
            CounterNotFullError: a try has been used; nothing was sent.
            JpkiError: as :meth:`sign`.
        """
        pin = pin_for_key(key)
        if view.fingerprint is None:
            raise AnotherCardError("nothing would tell that it is the same card", pin=pin.value, is_certain=False)
        secret = normalise(pin, passed).secret
        try:
            require_form(pin, secret, is_new=False)
            self._require_full_counter(view, key)
            if key is CertificateKind.AUTH:
                self._cards.check_pin(view, key, secret, TryPolicy(shown=pin.retry_limit))
        except BaseException:
            self._kept.wipe_pin(pin)
            secret.wipe()
            raise
        if key is CertificateKind.AUTH:
            self._kept.keep(client.owner, pin, view.fingerprint, secret, self._cache_seconds or LOGIN_SECONDS)
        else:  # it waits for its one signature, whatever was said of login PINs
            self._kept.keep(client.owner, pin, view.fingerprint, secret, LOGIN_SECONDS, uses=1)

    def _require_full_counter(self, view: CardView, key: CertificateKind) -> None:
        status = self._cards.read_status(view, key)
        check_tries(status, TryPolicy(use_last_try=True))
        if status.retries_remaining != pin_for_key(key).retry_limit:
            raise CounterNotFullError("a try of this PIN has been used")

    def forget_all(self) -> None:
        """Overwrite everything that is kept: somebody locked the agent."""
        self._kept.wipe_all()

    def forget(self, client: Client, key: CertificateKind | None = None) -> None:
        """Overwrite what is kept for a program: it logged out, or ended."""
        self._kept.wipe(client.owner, None if key is None else pin_for_key(key))
