"""What is true in the end of one use of a PIN, as the dialog says it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from jpki.card import CHANGE_WARNINGS, RIGHT_AFTER_ALL, changed, correct
from jpki.errors import JpkiError, OutcomeUnknownError
from jpki.words import M, failure_text
from jpki_window.look import without_commands
from jpki_window.showing import for_window

from .pages import Outcome
from .unseen import NotNotedError

if TYPE_CHECKING:
    from datetime import datetime

    from jpki import Card
    from jpki.advice import Advice
    from jpki.card import Pin
    from jpki.pin import ChangeReport
    from jpki_window.showing import Say

_NOT_NOTED: Final = M("A note of what is being done could not be written to the disk, so the PIN was not sent.")


def correct_outcome(pin: Pin, say: Say) -> Outcome:
    """The card found the PIN right."""
    return Outcome(say(correct(pin)))


def changed_outcome(report: ChangeReport, say: Say) -> Outcome:
    """The PIN was changed, whatever happened afterwards."""
    warnings = tuple(CHANGE_WARNINGS[warning.value] for warning in report.warnings)
    return Outcome(say(changed(report.pin)), for_window(warnings, say))


def advice_after(card: Card, exc: JpkiError, at: datetime) -> tuple[Advice, ...]:
    """What can be done about a PIN that is locked now or has one try left, asked while the card is still there."""
    from jpki.advice import advice_about, pin_in_trouble

    pin = pin_in_trouble(exc)
    if pin is None:
        return ()
    if not card.raw.has_ended:
        return advice_about(card.raw, pin, at)
    # Nothing else closes a phone after a PIN but cutting its power: it has one application.
    reopen = card.options().reopen
    if reopen is not None:
        with suppress(JpkiError), reopen(0) as again:
            return advice_about(again, pin, at)
    return ()


def failed_outcome(exc: BaseException, pin: Pin, say: Say, advice: tuple[Advice, ...] = ()) -> Outcome:
    """What an exception that ended a use of a PIN means for the PIN, and what can be done then."""
    if isinstance(exc, OutcomeUnknownError) and exc.was_right:
        return Outcome(say(correct(pin)), (say(RIGHT_AFTER_ALL),))
    if isinstance(exc, NotNotedError):
        return Outcome(say(_NOT_NOTED), (exc.strerror or "",), "write_failed")
    said = failure_text(exc)
    if said is None:
        words = M("Something happened that this program does not expect: {error}", error=type(exc).__name__)
        return Outcome(say(words), (), "unexpected")
    advised = tuple(without_commands(say(found.message)) for found in advice)
    return Outcome(say(said.message), (*advised, *for_window(said.remedy, say)), said.code)
