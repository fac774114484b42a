"""How commands get the PIN that a card asks for: typed by a person who saw the counter, or given by a script.

A person sees the state before every prompt, and a wrong form costs nothing. A script's secret is read and checked
before the card is touched, and is used for one attempt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from jpki.card.pin import Pin, PinState
from jpki.errors import CounterChangedError, OutcomeUnknownError
from jpki.pin.commands import TryPolicy, check_tries
from jpki.pin.rules import Conversion, form_fault, normalise, require_form
from jpki.words.names import FORM_FAULTS, pin_name
from jpki_cli.app.click_classes import Option
from jpki_cli.pin.facts import record_of
from jpki_cli.pin.likeness import form_of_another
from jpki_cli.words.i18n import MN, M, Message
from jpki_cli.words.sentences import tries

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager

    import click

    from jpki.card.my_number_card import MyNumberCard
    from jpki.card.pin import PinStatus
    from jpki.pin.secret import Secret
    from jpki_cli.app.context import AppContext
    from jpki_cli.pin.recovery import Seen

E = TypeVar("E")

_LAST_TRY: Final = M("This is the last try. If it is wrong, the PIN is locked and has to be reset.")
_HIDDEN: Final = M(
    "The card does not tell how many tries are left, so this may be the last one. If it is wrong, the PIN may be "
    "locked and have to be reset."
)
_LAST_TRY_WORDS: Final = ("use the last try", "最後の1回を使う")
_CONVERSIONS: Final = {
    Conversion.FULL_WIDTH: M("Full-width characters were read as half-width ones."),
    Conversion.LOWER_CASE: M("Small letters were read as capitals: this password has capitals only."),
}
_REFUSED_KEY: Final = M(
    "A key was pressed that types nothing here: a function key, say, or the number pad while NumLock is off. "
    "Nothing was sent; type it again."
)


@dataclass(frozen=True, slots=True)
class SecretOptions:
    """Where secrets come from, whether the last try may be used, and whether a reader's own keys must not be."""

    pin_stdin: bool
    pin_fd: int | None
    use_last_try: bool
    no_pinpad: bool = True
    hidden_counter: bool = False

    @property
    def is_batch(self) -> bool:
        """Whether a script gives the secrets."""
        return self.pin_stdin or self.pin_fd is not None


def secret_options(*, on_keys: bool = False) -> list[click.Parameter]:
    """The options of every command that takes a secret; ``on_keys``: one that may be typed on a reader's own keys."""
    keys = Option(["--no-pinpad"], is_flag=True, help=M("Type the PIN on this computer, not on the reader's keys."))
    return [
        *([keys] if on_keys else []),
        Option(["--pin-stdin"], is_flag=True, help=M("Read secrets from standard input, one a line.")),
        Option(["--pin-fd"], type=int, metavar="N", help=M("Read secrets from this file descriptor, one a line.")),
        Option(["--use-last-try"], is_flag=True, help=M("Go on although only one try is left.")),
        Option(
            ["--hidden-counter"],
            is_flag=True,
            help=M("Go on although the card does not tell how many tries are left."),
        ),
    ]


def take_secret_options(values: dict[str, Any]) -> SecretOptions:
    """Take the values of :func:`secret_options` out of a command's parameters."""
    return SecretOptions(
        values.pop("pin_stdin"),
        values.pop("pin_fd"),
        values.pop("use_last_try"),
        values.pop("no_pinpad", True),
        values.pop("hidden_counter"),
    )


def read_batch(pins: list[tuple[Pin, bool]], options: SecretOptions) -> list[Secret]:
    """Read a script's secrets and check their form before the card is touched; the flag says that one is new."""
    import click

    from jpki_cli.app.context import app_of
    from jpki_cli.process.batch_secrets import read_secrets

    entered = read_secrets(pin_stdin=options.pin_stdin, pin_fd=options.pin_fd, count=len(pins))
    secrets = []
    conversions: set[Conversion] = set()
    for (pin, is_new), raw in zip(pins, entered, strict=True):
        normalised = normalise(pin, raw)
        require_form(pin, normalised.secret, is_new=is_new)
        conversions |= normalised.conversions
        secrets.append(normalised.secret)
    note_conversions(app_of(click.get_current_context()), conversions)
    return secrets


def note_conversions(app: AppContext, conversions: Collection[Conversion]) -> None:
    """Say what was done to an input so that it has the form of a PIN: of its shape, and nothing of its content."""
    for conversion in Conversion:
        if conversion in conversions:
            app.note(_CONVERSIONS[conversion])


def require_person() -> None:
    """Refuse, before the card is touched, when nobody can be asked.

    Raises:
        NoTerminalError: and why.
    """
    from jpki_cli.terminal.prompts import require_terminal

    require_terminal()


def show_state(app: AppContext, status: PinStatus) -> None:
    """Say the counter before a prompt."""
    app.note(M("{pin}: {tries}", pin=pin_name(status.name), tries=tries(status)))


def ask_policy(app: AppContext, seen: Seen, options: SecretOptions) -> TryPolicy:
    """Show the counter and find out whether a try may be used; refuse as the library would, before any typing."""
    status = seen.status
    show_state(app, status)
    policy = TryPolicy(
        status.retries_remaining,
        seen.card,
        use_last_try=options.use_last_try,
        use_hidden_counter=options.hidden_counter,
        record=record_of(app),
    )
    if status.state is PinState.LAST_TRY and not policy.use_last_try:
        policy = replace(policy, use_last_try=_confirm_last_try(app, _LAST_TRY, status.name))
    elif status.is_hidden and not policy.use_hidden_counter:
        policy = replace(policy, use_hidden_counter=_confirm_last_try(app, _HIDDEN, status.name))
    check_tries(status, policy)
    return policy


def _confirm_last_try(app: AppContext, warning: Message, pin: str) -> bool:
    import unicodedata

    from jpki_cli.terminal.prompts import prompt_line

    app.note(warning)
    app.note_advice(pin)
    question = M("To go on, type “{words}”, or press Enter to stop: ", words=M("use the last try"))
    answer = unicodedata.normalize("NFKC", prompt_line(str(question))).strip().casefold()
    return answer in _LAST_TRY_WORDS


def ask_secret(app: AppContext, pin: Pin, question: Message, *, is_new: bool = False) -> Secret:
    """Ask until the form is right; nothing is sent meanwhile, and what has the wrong form is overwritten."""
    while True:
        normalised = normalise(pin, ask_entry(app, question))
        fault = form_fault(pin, normalised.secret, is_new=is_new)
        if fault is None:
            note_conversions(app, normalised.conversions)
            return normalised.secret
        with normalised.secret:
            likeness = form_of_another(pin, normalised.secret)
        app.note(M("{reason} Nothing was sent; type it again.", reason=FORM_FAULTS[fault.value]))
        if likeness is not None:
            app.note(likeness)


def ask_entry(app: AppContext, question: Message) -> Secret:
    """Ask until no key was refused, whatever the form."""
    from jpki_cli.terminal.prompts import RefusedKeyError, prompt_secret

    while True:
        try:
            return prompt_secret(str(question))
        except RefusedKeyError:
            app.note(_REFUSED_KEY)


def with_pin(
    app: AppContext, card: MyNumberCard, pin: Pin, options: SecretOptions, use: Callable[[Secret, TryPolicy], None]
) -> None:
    """Ask a person for a PIN and use it once; asked again only when the counter changed before anything was sent.

    Raises:
        CounterFilledError: the answer was lost, and the counter tells that the PIN was right.
    """
    question = M("{pin}: ", pin=pin_name(pin.value))
    present(app, card, pin, options, Presentation(lambda: ask_secret(app, pin, question), use))


@dataclass(frozen=True, slots=True)
class Presentation(Generic[E]):
    """How a PIN is entered after its counter was shown, and what it is used for, once."""

    ask: Callable[[], AbstractContextManager[E]]
    use: Callable[[E, TryPolicy], None]


def present(app: AppContext, card: MyNumberCard, pin: Pin, options: SecretOptions, how: Presentation[E]) -> None:
    """Show the counter, have the PIN entered, and use it; as :func:`with_pin`."""
    from jpki_cli.pin.recovery import Recovery, look

    while True:
        seen = look(card, pin)
        note_tries(app, seen.status)
        policy = ask_policy(app, seen, options)
        try:
            _use_once(how, policy)
        except CounterChangedError as exc:
            note_changed(app, exc)
        except _LostError as exc:
            raise Recovery(app, card, pin, seen).verify(exc.lost) from exc.lost.__cause__
        else:
            return


class _LostError(Exception):
    """An answer was lost, and nobody asked to stop meanwhile."""

    def __init__(self, lost: OutcomeUnknownError) -> None:
        super().__init__()
        self.lost = lost


def _use_once(how: Presentation[E], policy: TryPolicy) -> None:
    from jpki_cli.process.interrupts import shielded

    with how.ask() as entry, shielded() as check:
        try:
            how.use(entry, replace(policy, check_interrupts=check))
        except OutcomeUnknownError as exc:
            if was_interrupted(check):
                raise
            raise _LostError(exc) from exc


def was_interrupted(check: Callable[[], None]) -> bool:
    """Whether a signal was remembered by :func:`jpki_cli.process.interrupts.shielded`, whose function this is."""
    try:
        check()
    except BaseException:  # noqa: BLE001 - what it raises stands for the signal
        return True
    return False


def note_tries(app: AppContext, status: PinStatus) -> None:
    """Put the tries left where the JSON object of the command takes them from."""
    record_of(app).count(status.retries_remaining)
    if "retries_remaining" in app.facts:
        app.facts["retries_remaining"] = status.retries_remaining


def note_changed(app: AppContext, exc: CounterChangedError) -> None:
    """Tell that another program used the PIN meanwhile, before asking again."""
    found = exc.found or 0
    app.note(
        MN(
            "Nothing was sent: another program used this PIN meanwhile. {n} try is left now.",
            "Nothing was sent: another program used this PIN meanwhile. {n} tries are left now.",
            found,
        )
    )


def script_policy(app: AppContext, options: SecretOptions) -> TryPolicy:
    """What a script decided with its options; it is shown nothing."""
    return TryPolicy(
        use_last_try=options.use_last_try, use_hidden_counter=options.hidden_counter, record=record_of(app)
    )


def use_batch(
    app: AppContext, secret: Secret, options: SecretOptions, use: Callable[[Secret, TryPolicy], None]
) -> None:
    """Use a script's secret for its one attempt."""
    from jpki_cli.process.interrupts import shielded

    with secret, shielded() as check:
        use(secret, replace(script_policy(app, options), check_interrupts=check))
