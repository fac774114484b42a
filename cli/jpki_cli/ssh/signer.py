"""What ``jpki ssh agent`` does for a request: says what it is for, gets the PIN, and has the card sign, once."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from jpki.agent.ssh import Login
from jpki.card import Pin, PinState
from jpki.errors import AnotherCardError, JpkiError
from jpki.identifiers import CertificateKind
from jpki.words import pin_name
from jpki_cli.failures import EXIT_BLOCKED, EXIT_TRANSPORT, EXIT_USAGE, CliError, Failure, explain
from jpki_cli.words import M, Message

from .askpass import AskpassError, ask_program, askpass_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from jpki.agent.ssh import SignRequest
    from jpki.card import MyNumberCard, PinStatus
    from jpki.pin import Secret, Seen, TryPolicy
    from jpki_cli.app import AppContext

    #: Reaches the card for one request.
    OpenCard = Callable[[], AbstractContextManager[MyNumberCard]]


@contextmanager
def card_source(app: AppContext) -> Iterator[OpenCard]:
    """Give the way to the card: a real one is let go after each request, so that other programs can use it.

    A simulated card is kept, since its state lives as long as it is open.
    """
    if app.options.sim is None:
        yield app.open_card
    else:
        with app.open_card() as card:
            yield lambda: nullcontext(card)


def boot_clock() -> float:
    """Seconds that go on while the computer sleeps, where the system counts them."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    else:  # noqa: RET505 - mypy follows the platform through an else only
        return time.monotonic()


class PinCache:
    """Holds a right PIN for some seconds after it was typed, and overwrites it then."""

    def __init__(self, seconds: float, clock: Callable[[], float] = boot_clock) -> None:
        """Keep nothing yet; with 0 seconds nothing ever."""
        self._seconds = seconds
        self._clock = clock
        self._secret: Secret | None = None
        self._fingerprint: bytes | None = None
        self._until = 0.0

    def keep(self, secret: Secret, fingerprint: bytes | None) -> None:
        """Take over a PIN that the card with this fingerprint has found right; without a fingerprint it is not kept."""
        if secret is self._secret:
            return
        self.wipe()
        if self._seconds > 0 and fingerprint is not None:
            self._secret, self._until = secret, self._clock() + self._seconds
            self._fingerprint = fingerprint
        else:
            secret.wipe()

    def get(self, fingerprint: bytes | None) -> Secret | None:
        """Give the PIN for the card with this fingerprint while it is kept; it stays in here."""
        self.seconds_left()
        return self._secret if fingerprint is not None and fingerprint == self._fingerprint else None

    def seconds_left(self) -> float | None:
        """Tell how long it is kept still, and overwrite it when that is over; None where there is none."""
        if self._secret is None:
            return None
        left = self._until - self._clock()
        if left <= 0:
            self.wipe()
            return None
        return left

    def wipe(self) -> None:
        """Overwrite it."""
        if self._secret is not None:
            self._secret.wipe()
            self._secret = self._fingerprint = None


def purpose_sentence(request: SignRequest) -> Message:
    """Say what is to be signed, in the words of the data themselves."""
    purpose = request.purpose
    if not isinstance(purpose, Login):
        return M("A program wants a signature over data (SSHSIG) for “{namespace}”.", namespace=purpose.namespace)
    if purpose.host_key is None:
        return M(
            "A program wants to log in by SSH as “{user}”; the request does not name the server.", user=purpose.user
        )
    return M(
        "A program wants to log in by SSH as “{user}” at the server with the host key {host_key}.",
        user=purpose.user,
        host_key=purpose.host_key,
    )


class OfferedKey(NamedTuple):
    """The key that is offered: its certificate, and the fingerprint of its card, None where the card shows none."""

    certificate: bytes
    fingerprint: bytes | None


class CardSigner:
    """Signs requests with the auth key of one card."""

    def __init__(
        self,
        app: AppContext,
        open_card: OpenCard,
        key: OfferedKey,
        cache: PinCache,
        environment: Mapping[str, str],
    ) -> None:
        """Sign with the key that is offered and no other."""
        self._app = app
        self._open_card = open_card
        self._key = key
        self._cache = cache
        self._environment = environment

    def sign(self, request: SignRequest) -> bytes | None:
        """Sign, or say why not and return None; at most one PIN is sent to the card."""
        self._app.note(purpose_sentence(request))
        try:
            with self._open_card() as card:
                signature = self._sign(card, request)
        except (JpkiError, CliError, EOFError, KeyboardInterrupt) as exc:
            self._cache.wipe()
            self._tell(exc)
            return None
        self._app.note(M("Signed."))
        return signature

    def _sign(self, card: MyNumberCard, request: SignRequest) -> bytes:
        from jpki.pin import look

        seen = look(card, Pin.AUTH)
        if seen.card.fingerprint != self._key.fingerprint:
            raise AnotherCardError("not the card whose key is offered", pin=Pin.AUTH.value)
        secret, policy = self._entry(seen)
        try:
            signature = self._use(card, secret, policy, request)
        except BaseException:
            secret.wipe()
            raise
        self._cache.keep(secret, seen.card.fingerprint)
        return signature

    def _use(self, card: MyNumberCard, secret: Secret, policy: TryPolicy, request: SignRequest) -> bytes:
        from jpki.signing import signing_key
        from jpki_cli.process import shielded

        with shielded() as check:
            policy = replace(policy, check_interrupts=check)
            with signing_key(card, CertificateKind.AUTH, secret, policy, with_ca=False) as key:
                if key.certificate != self._key.certificate:
                    raise _another_key()
                signature = key.sign_data(request.digest, request.data)
            check()  # a signal that came meanwhile ends the request, or the agent
        return signature

    def _entry(self, seen: Seen) -> tuple[Secret, TryPolicy]:
        """Get the PIN: the one that is kept, or from a person who was shown the counter."""
        from jpki.pin import SecretQuestion, TryPolicy, check_tries, decide, enter
        from jpki_cli.pin import TerminalPerson
        from jpki_cli.terminal import is_interactive

        status = seen.status
        kept = self._cache.get(seen.card.fingerprint)
        has_terminal = is_interactive()
        program = askpass_program(self._environment, has_terminal=has_terminal)
        if program is None and has_terminal and kept is None:
            person = TerminalPerson(self._app)  # the last try takes typed words: an agent has no option that uses it
            policy = decide(person, Pin.AUTH, seen, TryPolicy())
            return enter(person, SecretQuestion(Pin.AUTH, status)), policy
        if status.state is PinState.LAST_TRY:
            raise _last_try()
        if status.is_hidden:
            raise _hidden_counter()
        policy = TryPolicy(shown=status.retries_remaining, seen=seen.card)
        check_tries(status, policy)
        if kept is not None:
            return kept, policy
        if program is None:
            raise _nobody()
        return self._ask_program(program, status), policy

    def _ask_program(self, program: str, status: PinStatus) -> Secret:
        from jpki.card import tries
        from jpki.pin import normalise, require_form

        question = M("{pin} ({tries}):", pin=pin_name(status.name), tries=tries(status))
        secret = normalise(Pin.AUTH, ask_program(program, str(question))).secret
        require_form(Pin.AUTH, secret, is_new=False)
        return secret

    def _tell(self, exc: BaseException) -> None:
        if isinstance(exc, (EOFError, KeyboardInterrupt, AskpassError)):
            self._app.note(M("Not signed: nobody gave the PIN."))
            return
        failure = explain(exc)
        self._app.note(M("Not signed. {reason}", reason=failure.message))
        for line in failure.remedy:
            self._app.note(line)


def _another_key() -> CliError:
    """A card that gives its certificate out only after the PIN turned out to be another one."""
    message = M("The card has another key than the one that the agent offers. Its PIN was right; nothing was signed.")
    return CliError(Failure(EXIT_TRANSPORT, "another_card", message))


def _last_try() -> CliError:
    message = M(
        "Only one try is left for the {pin}, so nothing was sent. The agent uses it only where it can ask on a "
        "terminal of its own.",
        pin=pin_name(Pin.AUTH.value),
    )
    return CliError(Failure(EXIT_BLOCKED, "last_try", message))


def _hidden_counter() -> CliError:
    message = M(
        "The card does not tell how many tries are left for the {pin}, so nothing was sent. The agent goes on only "
        "where it can ask on a terminal of its own.",
        pin=pin_name(Pin.AUTH.value),
    )
    return CliError(Failure(EXIT_BLOCKED, "hidden_counter", message))


def _nobody() -> CliError:
    message = M("The PIN cannot be asked for: the agent has no terminal of its own, and SSH_ASKPASS names no program.")
    return CliError(Failure(EXIT_USAGE, "no_terminal", message))
