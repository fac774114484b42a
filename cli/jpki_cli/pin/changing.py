"""Changing a PIN: by a script with what it gave, or with a person, who is shown the counter and asked."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from jpki.card.pin import Pin
from jpki.errors import CounterChangedError, JpkiError, PinChangeError
from jpki.pin.pad import PinPad
from jpki.words.names import pin_name
from jpki_cli.failures.explain import usage_error
from jpki_cli.pin.entry import (
    ask_policy,
    ask_secret,
    note_changed,
    note_tries,
    read_batch,
    script_policy,
    was_interrupted,
)
from jpki_cli.pin.pads import find_pad
from jpki_cli.process.interrupts import Terminated
from jpki_cli.terminal.device import NoTerminalError
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card.my_number_card import MyNumberCard
    from jpki.pin.commands import ChangeReport, TryPolicy
    from jpki.pin.secret import Secret
    from jpki_cli.app.context import AppContext
    from jpki_cli.pin.entry import SecretOptions
    from jpki_cli.pin.recovery import Seen

    Entry = Secret | PinPad


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """What was asked for on the command line."""

    secrets: SecretOptions
    allow_weak: bool
    read_back: bool
    yes: bool


_JUKI = (
    M("The official software does not offer a change of this PIN; the office of your municipality does."),
    M(
        "The card holds this PIN twice. Only the one of the Basic Resident Register application is changed here; "
        "the other copy keeps its value, so an office's terminal may ask for either."
    ),
)


#: What may end a change before anything was sent that could change the PIN.
_ENDINGS: Final = (JpkiError, KeyboardInterrupt, EOFError, Terminated)


class PinChanging:
    """One call of ``pin change``, from the first look at the card to what is told in the end.

    The outcome of the change itself is kept as soon as it is known, so that nothing on the way out can hide it: not
    even Ctrl-C while the card is being closed.
    """

    def __init__(self, app: AppContext, pin: Pin, options: ChangeOptions) -> None:
        """Prepare; nothing is asked or read yet."""
        self._app = app
        self._pin = pin
        self._options = options
        self._outcome: ChangeReport | PinChangeError | None = None
        self._seen: Seen | None = None

    def by_script(self) -> ChangeReport:
        """Change in one transaction, with secrets that are read and judged before the card is touched.

        Raises:
            PinChangeError: the PIN is unchanged, or nobody knows.
            CliError, PinFormatError, BatchSecretError: what was given cannot be used; the card was not touched.
        """
        from jpki_cli.pin.new_pin import check_batch

        pin, options = self._pin, self._options
        if pin is Pin.JUKI and not options.yes:
            raise usage_error(_JUKI[0], code="needs_yes", remedy=(_JUKI[1], M("--yes goes on all the same.")))
        current, new = read_batch([(pin, False), (pin, True)], options.secrets)
        with current, new:
            check_batch(pin, current, new, allow_weak=options.allow_weak)
            return self._tell(lambda: self._on_card_by_script(current, new))

    def in_person(self) -> ChangeReport:
        """Change with what a person types, here or on the reader's keys.

        Raises:
            PinChangeError: the PIN is unchanged, or nobody knows.
            CliError, NoTerminalError: the person does not want to, or cannot be asked any more.
        """
        return self._tell(self._on_card_in_person)

    def _tell(self, change: Callable[[], None]) -> ChangeReport:
        """Run the change; whatever ends it, what became of the PIN is told."""
        try:
            change()
        except BaseException as exc:
            if self._outcome is None:
                if isinstance(exc, NoTerminalError) or not isinstance(exc, _ENDINGS):
                    raise
                self._outcome = self._unchanged(exc)
            elif not isinstance(self._outcome, PinChangeError):
                self._outcome = _with_warning(self._outcome, exc)
        if isinstance(self._outcome, PinChangeError):
            raise self._outcome from self._outcome.cause
        if self._outcome is None:
            raise RuntimeError("a change without an outcome")
        return self._outcome

    def _unchanged(self, cause: BaseException) -> PinChangeError:
        tries = self._app.facts["retries_remaining"]
        return PinChangeError(pin=self._pin.value, is_unknown=False, retries_remaining=tries, cause=cause)

    def _on_card_by_script(self, current: Secret, new: Secret) -> None:

        with self._app.open_card() as card:
            self._attempt(card, (current, new), script_policy(self._app, self._options.secrets))

    def _on_card_in_person(self) -> None:
        with self._app.open_card() as card:
            policy = self._show(card)
            if self._pin is Pin.JUKI:
                self._confirm_juki()
            pad = find_pad(self._app, card, self._pin, is_refused=self._options.secrets.no_pinpad, for_change=True)
            with ExitStack() as stack:
                entries = self._ask(stack) if pad is None else self._announce(pad)
                while self._attempt(card, entries, policy):
                    changed = self._outcome
                    policy = self._show(card)
                    if not self._is_to_go_on(is_typed=pad is None):
                        self._outcome = changed
                        return

    def _show(self, card: MyNumberCard) -> TryPolicy:
        """Show the counter, and note which card it is: the same one as before where something was typed for it."""
        from jpki.pin.seen_card import require_same
        from jpki_cli.pin.recovery import look

        self._outcome = None
        with card.transaction():
            if self._seen is not None:
                require_same(card, self._seen.card, self._pin)
            self._seen = look(card, self._pin, all_copies=True)
        note_tries(self._app, self._seen.status)
        return ask_policy(self._app, self._seen, self._options.secrets)

    def _ask(self, stack: ExitStack) -> tuple[Entry, Entry]:
        """Have both PINs typed at the terminal; they are wiped with the stack."""
        from jpki_cli.pin.new_pin import ask_new

        app, pin = self._app, self._pin
        current = stack.enter_context(ask_secret(app, pin, M("Current {pin}: ", pin=pin_name(pin.value))))
        new = stack.enter_context(ask_new(app, pin, current, allow_weak=self._options.allow_weak))
        return current, new

    def _announce(self, pad: PinPad) -> tuple[Entry, Entry]:
        """Say what nobody looks at on the reader's keys."""
        from jpki_cli.pin.new_pin import hints

        self._app.note(M("The reader looks at the number of digits only, not at how easily they are guessed."))
        for hint in hints(self._pin):
            self._app.note(hint)
        return pad, pad

    def _attempt(self, card: MyNumberCard, entries: tuple[Entry, Entry], policy: TryPolicy) -> bool:
        """Change once and keep the outcome; whether a person is to be asked again, as the counter had changed."""
        from jpki.pin.commands import change_pin
        from jpki_cli.process.interrupts import shielded

        with shielded() as check:
            try:
                shielded_policy = replace(policy, check_interrupts=check)
                self._outcome = change_pin(card, self._pin, *entries, shielded_policy, confirm=self._options.read_back)
            except PinChangeError as exc:
                self._outcome = exc
            is_stopped = was_interrupted(check)
        if isinstance(self._outcome, PinChangeError):
            self._app.find_advice(card, self._outcome)
        if not isinstance(self._outcome, PinChangeError) or self._options.secrets.is_batch or is_stopped:
            return False
        if isinstance(self._outcome.cause, CounterChangedError):
            note_changed(self._app, self._outcome.cause)
            return True
        self._recover(card, entries[1], self._outcome)
        return False

    def _recover(self, card: MyNumberCard, new: Entry, lost: PinChangeError) -> None:
        from jpki_cli.pin.recovery import Recovery

        if self._seen is None:
            raise RuntimeError("a person was shown no card")
        self._outcome = Recovery(self._app, card, self._pin, self._seen).change(
            lost, lambda card: self._again(new, card)
        )

    def _again(self, new: Entry, card: MyNumberCard) -> Entry | None:
        """The new PIN for a card that is back: what was typed here, or the keys of the reader on which it lies now."""
        if not isinstance(new, PinPad):
            return new
        return find_pad(self._app, card, self._pin, is_refused=self._options.secrets.no_pinpad)

    def _is_to_go_on(self, *, is_typed: bool) -> bool:
        from jpki_cli.terminal.prompts import confirm

        return confirm(str(M("Go on with what you typed? [y/N] ") if is_typed else M("Go on? [y/N] ")))

    def _confirm_juki(self) -> None:
        from jpki_cli.terminal.prompts import confirm

        for line in _JUKI:
            self._app.note(line)
        if not self._options.yes and not confirm(str(M("Go on? [y/N] "))):
            raise usage_error(M("Nothing was changed."), code="declined")


def _with_warning(report: ChangeReport, exc: BaseException) -> ChangeReport:
    """Name what happened after the change, on the way out."""
    from jpki.pin.commands import ChangeWarning

    warning = ChangeWarning.CONNECTION_LOST if isinstance(exc, JpkiError) else ChangeWarning.INTERRUPTED
    return replace(report, warnings=tuple(dict.fromkeys((*report.warnings, warning))))
