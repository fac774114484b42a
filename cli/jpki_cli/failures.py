"""One table from errors to what the user sees: exit code, machine word, sentence, and what to do next."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki import errors
from jpki_cli.batch_secrets import BatchFault, BatchSecretError
from jpki_cli.i18n import MN, M, Message
from jpki_cli.pin_words import BLOCKED_REMEDY, FORM_FAULTS, pin_name
from jpki_cli.terminal import NoTerminalError

if TYPE_CHECKING:
    from collections.abc import Callable

EXIT_UNEXPECTED: Final = 1
EXIT_USAGE: Final = 2
EXIT_TRANSPORT: Final = 3
EXIT_WRONG_PIN: Final = 4
EXIT_BLOCKED: Final = 5
EXIT_CARD: Final = 6
EXIT_CHECK: Final = 7
EXIT_UNKNOWN: Final = 8
EXIT_INTERRUPTED: Final = 130
EXIT_TERMINATED: Final = 143

#: A full disk, a used-up quota, a file that may not grow.
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


@dataclass(frozen=True, slots=True)
class Failure:
    """What is said about a failure; ``remedy`` is the next step, empty where there is none."""

    exit_code: int
    code: str
    message: Message
    remedy: tuple[Message, ...] = ()


class CliError(Exception):
    """A failure that the command line itself finds."""

    def __init__(self, failure: Failure) -> None:
        """Keep what is to be said."""
        super().__init__(failure.code)
        self.failure = failure


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived."""


class CounterFilledError(errors.OutcomeUnknownError):
    """The answer to VERIFY was lost, and the counter, which is full again, says that the PIN was right."""


def usage_error(message: Message, *, code: str = "usage", remedy: tuple[Message, ...] = ()) -> CliError:
    """Make an error with exit code 2: found before the card is touched."""
    return CliError(Failure(EXIT_USAGE, code, message, remedy))


_DOCTOR = M("jpki doctor finds out more, and names the commands for this computer.")
_HOLD_STILL = M("Put the card back and hold it still until the command is done.")

# The first class that matches decides, so a class stands before its base.
_FIXED: Final[dict[type[BaseException], tuple[int, str, Message, tuple[Message, ...]]]] = {
    errors.PcscLibraryMissingError: (
        EXIT_TRANSPORT,
        "pcsc_library_missing",
        M("The PC/SC library is not installed, so no reader can be used."),
        (
            M("Debian, Ubuntu: sudo apt install pcscd libpcsclite1. Fedora: sudo dnf install pcsc-lite."),
            _DOCTOR,
            M("Without a reader, a simulated card works: jpki --sim adult status"),
        ),
    ),
    errors.ServiceMissingError: (
        EXIT_TRANSPORT,
        "pcsc_service_missing",
        M("The smart card service (pcscd) is not installed."),
        (
            M(
                "Debian, Ubuntu: sudo apt install pcscd. Fedora: sudo dnf install pcsc-lite pcsc-lite-ccid. "
                "Arch: sudo pacman -S pcsclite ccid."
            ),
            _DOCTOR,
        ),
    ),
    errors.ServiceStoppedError: (
        EXIT_TRANSPORT,
        "pcsc_service_stopped",
        M("The smart card service is installed but is not running."),
        (
            M("Linux: sudo systemctl enable --now pcscd.socket"),
            M("Windows: connect the reader, then start the service “Smart Card” (services.msc)."),
            _DOCTOR,
        ),
    ),
    errors.PermissionDeniedError: (
        EXIT_TRANSPORT,
        "pcsc_permission_denied",
        M("The smart card service refuses this user."),
        (
            M("Run this on the computer's own screen, not through SSH or a scheduled job,"),
            M("or ask the administrator for a polkit rule for org.debian.pcsc-lite.access_pcsc and access_card."),
            _DOCTOR,
        ),
    ),
    errors.NoReaderError: (
        EXIT_TRANSPORT,
        "no_reader",
        M("No card reader is connected."),
        (
            M("Connect the reader. If it is connected, its driver may be missing."),
            _DOCTOR,
            M("Without a reader, a simulated card works: jpki --sim adult status"),
        ),
    ),
    errors.NoCardError: (
        EXIT_TRANSPORT,
        "no_card",
        M("There is no card on the reader."),
        (
            M("Put the card on the reader, one card only; in a slot, with the gold chip first and facing up."),
            M("--wait SECONDS waits for the card."),
        ),
    ),
    errors.CardMuteError: (
        EXIT_TRANSPORT,
        "card_mute",
        M("There is a card on the reader, but it does not answer."),
        (
            M("Turn the card over or clean its chip; take it out of its case, off metal and away from other cards."),
            M("If another card works on this reader, the chip may be damaged: ask your municipality for a new card."),
        ),
    ),
    errors.CardRemovedError: (
        EXIT_TRANSPORT,
        "card_removed",
        M("The card or the reader was removed while it was in use."),
        (_HOLD_STILL,),
    ),
    errors.CardResetError: (
        EXIT_TRANSPORT,
        "card_reset",
        M("Another program reset the card."),
        (M("Close other programs that use the card (browser, e-Tax, GnuPG) and try again."),),
    ),
    errors.ReaderBusyError: (
        EXIT_TRANSPORT,
        "reader_busy",
        M("Another program is using the card."),
        (M("Close other programs that use the card (browser, e-Tax, GnuPG) and try again."),),
    ),
    errors.CardTimeoutError: (
        EXIT_TRANSPORT,
        "timeout",
        M("The card did not answer in time."),
        (_HOLD_STILL, M("--timeout SECONDS waits longer.")),
    ),
    errors.TransportError: (
        EXIT_TRANSPORT,
        "transport",
        M("The connection to the card failed."),
        (_HOLD_STILL, _DOCTOR),
    ),
    errors.NotMyNumberCardError: (
        EXIT_CARD,
        "not_my_number_card",
        M("This is not a My Number Card, or its JPKI application does not answer."),
        (M("Lay a My Number Card on the reader: no residence card, driver's licence or bank card."),),
    ),
    errors.FileNotFoundOnCardError: (EXIT_CARD, "not_on_card", M("This card does not hold what was asked for."), ()),
    errors.SecurityStatusError: (EXIT_CARD, "pin_needed", M("The card gives this out only after its PIN."), ()),
    errors.DataError: (
        EXIT_CARD,
        "bad_data",
        M("The card answered with data that make no sense."),
        (_HOLD_STILL, M("If it happens again, the card or the reader may be damaged.")),
    ),
    NoTerminalError: (
        EXIT_USAGE,
        "no_terminal",
        M("There is no terminal to ask on."),
        (M("Scripts give the secret with --pin-stdin or --pin-fd."),),
    ),
    EOFError: (EXIT_INTERRUPTED, "interrupted", M("Nothing was typed; stopped."), ()),
    KeyboardInterrupt: (EXIT_INTERRUPTED, "interrupted", M("Interrupted."), ()),
    Terminated: (EXIT_TERMINATED, "terminated", M("Terminated."), ()),
}


def _unexpected_status(exc: errors.UnexpectedStatusError) -> Failure:
    message = M("The card refused {command} with the status word {sw}.", command=exc.command, sw=f"{exc.sw:04X}")
    return Failure(EXIT_CARD, "card_refused", message)


def _unknown_reader(exc: errors.UnknownReaderError) -> Failure:
    return Failure(EXIT_USAGE, "unknown_reader", M("There is no such reader."), _reader_list(exc.readers))


def _several_cards(exc: errors.SeveralCardsError) -> Failure:
    message = M("My Number Cards lie on several readers; choose one with --reader.")
    return Failure(EXIT_USAGE, "several_cards", message, _reader_list(exc.readers))


def _reader_list(readers: tuple[str, ...]) -> tuple[Message, ...]:
    return tuple(M("{index}: {reader}", index=i, reader=name) for i, name in enumerate(readers))


def _pin_format(exc: errors.PinFormatError) -> Failure:
    return Failure(EXIT_USAGE, "pin_format", FORM_FAULTS[exc.reason], (M("Nothing was sent to the card."),))


def _wrong_pin(exc: errors.WrongPinError) -> Failure:
    left = exc.retries_remaining
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
    remedy = (explain(cause).message, M("See the tries left: jpki pin status")) if cause else ()
    return Failure(EXIT_UNKNOWN, "outcome_unknown", message, remedy)


def _counter_filled(exc: CounterFilledError) -> Failure:
    message = M(
        "The answer of the card was lost. Its counter is full again, so the {pin} was right; nothing else was done.",
        pin=pin_name(exc.pin),
    )
    return Failure(EXIT_UNKNOWN, "outcome_unknown", message, (explain(exc.__cause__).message,) if exc.__cause__ else ())


def _pin_change(exc: errors.PinChangeError) -> Failure:
    cause = explain(exc.cause)
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


def _extra_missing(exc: errors.ExtraMissingError) -> Failure:
    message = M("This needs a library that is not installed.")
    return Failure(EXIT_USAGE, "extra_missing", message, (M("pip install 'jpki[{extra}]'", extra=exc.extra),))


def _system(exc: OSError) -> Failure:
    """Say of an error of the system what can be said: the data that a full disk does not take."""
    if exc.errno in _NO_ROOM:
        message = M("The output could not be written: {reason}", reason=exc.strerror)
        return Failure(EXIT_UNEXPECTED, "write_failed", message)
    return _unexpected(exc)


def _unexpected(exc: BaseException) -> Failure:
    message = M("Unexpected error: {name}. --debug shows where.", name=type(exc).__name__)
    return Failure(EXIT_UNEXPECTED, "unexpected", message)


_BUILDERS: Final[dict[type[BaseException], Callable[..., Failure]]] = {
    errors.UnexpectedStatusError: _unexpected_status,
    errors.UnknownReaderError: _unknown_reader,
    errors.SeveralCardsError: _several_cards,
    errors.PinFormatError: _pin_format,
    errors.WrongPinError: _wrong_pin,
    errors.PinBlockedError: _blocked,
    errors.LastTryError: _last_try,
    errors.CounterChangedError: _counter_changed,
    CounterFilledError: _counter_filled,
    errors.OutcomeUnknownError: _outcome_unknown,
    errors.PinChangeError: _pin_change,
    errors.PinPadError: _pin_pad,
    errors.ExtraMissingError: _extra_missing,
    BatchSecretError: _batch,
    OSError: _system,
}


def explain(exc: BaseException) -> Failure:
    """Say what an exception means to the user; the most specific class wins."""
    if isinstance(exc, CliError):
        return exc.failure
    for cls in type(exc).__mro__:
        if cls in _BUILDERS:
            return _BUILDERS[cls](exc)
        if cls in _FIXED:
            exit_code, code, message, remedy = _FIXED[cls]
            return Failure(exit_code, code, message, remedy)
    return _unexpected(exc)
