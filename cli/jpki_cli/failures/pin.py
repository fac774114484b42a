"""What the user sees of failures around a PIN: whether it was right, what became of it, and the tries left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki import errors
from jpki_cli.failures.kinds import (
    EXIT_BLOCKED,
    EXIT_CARD,
    EXIT_INTERRUPTED,
    EXIT_TRANSPORT,
    EXIT_UNKNOWN,
    EXIT_USAGE,
    EXIT_WRONG_PIN,
    CounterFilledError,
    Failure,
)
from jpki_cli.process.batch_secrets import BatchFault, BatchSecretError
from jpki_cli.words.i18n import MN, M
from jpki_cli.words.pin_words import BLOCKED_REMEDY, FORM_FAULTS, pin_name
from jpki_cli.words.sentences import NOT_LOCKED

if TYPE_CHECKING:
    from collections.abc import Callable


def _explain(cause: BaseException) -> Failure:
    from jpki_cli.failures.explain import explain  # which imports this module

    return explain(cause)


def _pin_format(exc: errors.PinFormatError) -> Failure:
    return Failure(EXIT_USAGE, "pin_format", FORM_FAULTS[exc.reason], (M("Nothing was sent to the card."),))


def _wrong_pin(exc: errors.WrongPinError) -> Failure:
    left = exc.retries_remaining
    if left is None:
        unsaid = M("That is not the {pin}. The card does not say how many tries are left.", pin=pin_name(exc.pin))
        return Failure(EXIT_WRONG_PIN, "wrong_pin", unsaid)
    message = MN(
        "That is not the {pin}. {n} try is left.",
        "That is not the {pin}. {n} tries are left.",
        left,
        pin=pin_name(exc.pin),
    )
    remedy = [M("The counter goes back to full only with a right entry; waiting does not help.")]
    if left == 1:
        remedy.append(M("If you are not sure, stop here: the next wrong entry locks the PIN."))
    return Failure(EXIT_WRONG_PIN, "wrong_pin", message, tuple(remedy))


def _blocked(exc: errors.PinBlockedError) -> Failure:
    if exc.lacks_certificate:
        unused = M("The {pin} is not in use on this card; nothing was sent to the card.", pin=pin_name(exc.pin))
        return Failure(EXIT_BLOCKED, "pin_not_in_use", unused, (NOT_LOCKED,))
    if exc.by_this_call:
        message = M("That was wrong, and it was the last try: the {pin} is now locked.", pin=pin_name(exc.pin))
    else:
        message = M("The {pin} is locked; nothing was sent to the card.", pin=pin_name(exc.pin))
    remedy = (BLOCKED_REMEDY[exc.pin], M("Waiting does not unlock it."))
    return Failure(EXIT_BLOCKED, "pin_blocked", message, remedy)


def _last_try(exc: errors.LastTryError) -> Failure:
    message = M("Only one try is left for the {pin}, so nothing was sent.", pin=pin_name(exc.pin))
    remedy = (
        M("A wrong entry now would lock it, and it would have to be reset at your municipality."),
        M("If you are sure of the PIN: --use-last-try"),
    )
    return Failure(EXIT_BLOCKED, "last_try", message, remedy)


def _hidden_counter(exc: errors.HiddenCounterError) -> Failure:
    message = M(
        "The card does not tell how many tries are left for the {pin}: this may be the last one, so nothing was sent.",
        pin=pin_name(exc.pin),
    )
    remedy = (
        M("A wrong entry now may lock it, and it would have to be reset at your municipality."),
        M("If you are sure of the PIN: --hidden-counter"),
    )
    return Failure(EXIT_BLOCKED, "hidden_counter", message, remedy)


def _another_card(exc: errors.AnotherCardError) -> Failure:
    if exc.is_certain:
        message = M("Another card lies on the reader now. Nothing was sent to it.")
    else:
        message = M(
            "The card was taken away or reset since its state was shown, and it shows nothing that it could be known "
            "again by: another card may lie on the reader. Nothing was sent to it."
        )
    remedy = (M("Leave the card that you mean on the reader and begin again."),)
    return Failure(EXIT_TRANSPORT, "another_card", message, remedy)


def _counter_changed(exc: errors.CounterChangedError) -> Failure:
    message = M(
        "Another program used the {pin} meanwhile: {expected} tries were left, now {found}. Nothing was sent.",
        pin=pin_name(exc.pin),
        expected=exc.expected,
        found=exc.found,
    )
    return Failure(EXIT_CARD, "counter_changed", message)


def _outcome_unknown(exc: errors.OutcomeUnknownError) -> Failure:
    cause = exc.__cause__
    message = M(
        "The answer of the card was lost, so nobody knows whether the {pin} was right. A try may have been used.",
        pin=pin_name(exc.pin),
    )
    remedy = [_explain(cause).message] if cause else []
    if exc.retries_remaining is None:
        remedy.append(M("See the tries left: jpki pin status"))
    else:
        remedy.append(MN("{n} try is left.", "{n} tries are left.", exc.retries_remaining))
    return Failure(EXIT_UNKNOWN, "outcome_unknown", message, tuple(remedy))


def _counter_filled(exc: CounterFilledError) -> Failure:
    message = M(
        "The answer of the card was lost. Its counter is full again, so the {pin} was right; nothing else was done.",
        pin=pin_name(exc.pin),
    )
    return Failure(
        EXIT_UNKNOWN, "outcome_unknown", message, (_explain(exc.__cause__).message,) if exc.__cause__ else ()
    )


def _pin_change(exc: errors.PinChangeError) -> Failure:
    cause = _explain(exc.cause)
    if exc.is_unknown:
        message = M(
            "Nobody knows whether the {pin} was changed: the card's answer to the change was lost.",
            pin=pin_name(exc.pin),
        )
        remedy = (
            cause.message,
            M("Try the new PIN once with: jpki pin verify {name}", name=exc.pin),
            M("If it is refused, the old one still holds."),
        )
        return Failure(EXIT_UNKNOWN, "outcome_unknown", message, remedy)
    unchanged = M("The {pin} is unchanged.", pin=pin_name(exc.pin))
    return Failure(cause.exit_code, cause.code, cause.message, (unchanged, *cause.remedy))


_BATCH_FAULTS: Final = {
    BatchFault.TWO_SOURCES: M("Use --pin-stdin or --pin-fd, not both."),
    BatchFault.NOT_OPEN: M("The source of the secrets is not open."),
    BatchFault.OUTPUT_STREAM: M("--pin-fd names an output."),
    BatchFault.IS_TERMINAL: M("--pin-stdin reads from a script; at a terminal leave it out and you are asked."),
    BatchFault.UNREADABLE: M("The secrets could not be read."),
    BatchFault.MISSING_LINE: M("There are fewer lines than secrets are needed."),
    BatchFault.EXTRA_LINE: M("There are more lines than secrets are needed."),
    BatchFault.TOO_LONG: M("The input is too long for secrets."),
    BatchFault.NOT_UTF8: M("The input is not UTF-8."),
    BatchFault.CONTROL_CHARACTER: M("The input has a control character."),
    BatchFault.BLANK_AT_END: M(
        "A line of the input ends with a blank. In the Command Prompt of Windows, echo sends the blank before “|” "
        "along."
    ),
}


def _batch(exc: BatchSecretError) -> Failure:
    remedy = (M("One secret a line: the current one, then the new one. Nothing was sent to the card."),)
    return Failure(EXIT_USAGE, "secret_input", _BATCH_FAULTS[exc.fault], remedy)


_PAD_NOT_SENT: Final = M("Nothing of it was sent to the card.")
_PAD_FAULTS: Final = {
    "timeout": Failure(
        EXIT_TRANSPORT,
        "pinpad_timeout",
        M("Nothing was typed on the keys of the reader in time."),
        (_PAD_NOT_SENT,),
    ),
    "cancelled": Failure(
        EXIT_INTERRUPTED, "pinpad_cancelled", M("The entry was cancelled on the reader."), (_PAD_NOT_SENT,)
    ),
    "mismatch": Failure(
        EXIT_TRANSPORT,
        "pinpad_mismatch",
        M("The two entries of the new PIN on the reader differ."),
        (_PAD_NOT_SENT,),
    ),
    "length": Failure(EXIT_TRANSPORT, "pinpad_length", M("This PIN has exactly four digits."), (_PAD_NOT_SENT,)),
    "refused": Failure(
        EXIT_TRANSPORT,
        "pinpad_refused",
        M("This reader cannot take this PIN on its keys."),
        (_PAD_NOT_SENT, M("--no-pinpad has the PIN typed on this computer.")),
    ),
}


def _pin_pad(exc: errors.PinPadError) -> Failure:
    return _PAD_FAULTS[exc.reason]


def _verify_refused(exc: errors.VerifyRefusedError) -> Failure:
    message = M("The card refused {command} with the status word {sw}.", command=exc.command, sw=f"{exc.sw:04X}")
    remedy = [M("That tells nothing of whether the {pin} was right; nothing is sent again.", pin=pin_name(exc.pin))]
    if exc.retries_remaining is not None:
        remedy.append(MN("{n} try is left.", "{n} tries are left.", exc.retries_remaining))
    return Failure(EXIT_CARD, "card_refused", message, tuple(remedy))


PIN_BUILDERS: Final[dict[type[BaseException], Callable[..., Failure]]] = {
    errors.VerifyRefusedError: _verify_refused,
    errors.PinFormatError: _pin_format,
    errors.WrongPinError: _wrong_pin,
    errors.PinBlockedError: _blocked,
    errors.LastTryError: _last_try,
    errors.AnotherCardError: _another_card,
    errors.HiddenCounterError: _hidden_counter,
    errors.CounterChangedError: _counter_changed,
    CounterFilledError: _counter_filled,
    errors.OutcomeUnknownError: _outcome_unknown,
    errors.PinChangeError: _pin_change,
    errors.PinPadError: _pin_pad,
    BatchSecretError: _batch,
}
