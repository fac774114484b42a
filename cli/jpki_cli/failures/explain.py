"""One table from errors to what the user sees: exit code, machine word, sentence, and what to do next."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from jpki import errors
from jpki_cli.failures.kinds import (
    EXIT_BLOCKED,
    EXIT_CARD,
    EXIT_CHECK,
    EXIT_INTERRUPTED,
    EXIT_TERMINATED,
    EXIT_TRANSPORT,
    EXIT_UNEXPECTED,
    EXIT_UNKNOWN,
    EXIT_USAGE,
    EXIT_WRONG_PIN,
    CliError,
    CounterFilledError,
    Failure,
    usage_error,
)
from jpki_cli.failures.pin import PIN_BUILDERS
from jpki_cli.failures.service import DOCTOR, SERVICE_BUILDERS, SIMULATED
from jpki_cli.process.interrupts import Terminated
from jpki_cli.terminal.device import NoTerminalError, TerminalFault
from jpki_cli.words.i18n import M, Message

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "EXIT_BLOCKED",
    "EXIT_CARD",
    "EXIT_CHECK",
    "EXIT_INTERRUPTED",
    "EXIT_TERMINATED",
    "EXIT_TRANSPORT",
    "EXIT_UNEXPECTED",
    "EXIT_UNKNOWN",
    "EXIT_USAGE",
    "EXIT_WRONG_PIN",
    "WAIT_FOR_CARD",
    "CliError",
    "CounterFilledError",
    "Failure",
    "explain",
    "usage_error",
]

#: A full disk, a used-up quota, a file that may not grow.
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


#: Of no use to a command that waits anyway.
WAIT_FOR_CARD: Final = M("--wait SECONDS waits for the card.")
_HOLD_STILL = M("Put the card back and hold it still until the command is done.")

# The first class that matches decides, so a class stands before its base.
_FIXED: Final[dict[type[BaseException], tuple[int, str, Message, tuple[Message, ...]]]] = {
    errors.NoReaderError: (
        EXIT_TRANSPORT,
        "no_reader",
        M("No card reader is connected."),
        (
            M("Connect the reader. If it is connected, its driver may be missing."),
            DOCTOR,
            SIMULATED,
        ),
    ),
    errors.NoCardError: (
        EXIT_TRANSPORT,
        "no_card",
        M("There is no card on the reader."),
        (
            M("Put the card on the reader, one card only; in a slot, with the gold chip first and facing up."),
            WAIT_FOR_CARD,
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
        (_HOLD_STILL, DOCTOR),
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
    errors.DocumentDataError: (
        EXIT_USAGE,
        "document_data",
        M("These bytes are what a document signature signs; the login key does not sign them."),
        (M("Somebody may be trying to get a document signed in your name. jpki sign signs documents."),),
    ),
    EOFError: (EXIT_INTERRUPTED, "interrupted", M("Nothing was typed; stopped."), ()),
    KeyboardInterrupt: (EXIT_INTERRUPTED, "interrupted", M("Interrupted."), ()),
    Terminated: (EXIT_TERMINATED, "terminated", M("Terminated."), ()),
}


def _unexpected_status(exc: errors.UnexpectedStatusError) -> Failure:
    message = M("The card refused {command} with the status word {sw}.", command=exc.command, sw=f"{exc.sw:04X}")
    return Failure(EXIT_CARD, "card_refused", message)


def _key_not_supported(exc: errors.KeyNotSupportedError) -> Failure:
    message = M(
        "This card has another kind of key ({kind}); this version signs only with RSA keys of 2048 bits.", kind=exc.kind
    )
    return Failure(EXIT_CARD, "key_not_supported", message)


def _unknown_reader(exc: errors.UnknownReaderError) -> Failure:
    return Failure(EXIT_USAGE, "unknown_reader", M("There is no such reader."), _reader_list(exc.readers))


def _several_cards(exc: errors.SeveralCardsError) -> Failure:
    message = M("My Number Cards lie on several readers; choose one with --reader.")
    return Failure(EXIT_USAGE, "several_cards", message, _reader_list(exc.readers))


def _reader_list(readers: tuple[str, ...]) -> tuple[Message, ...]:
    return tuple(M("{index}: {reader}", index=i, reader=name) for i, name in enumerate(readers))


def _extra_missing(exc: errors.ExtraMissingError) -> Failure:
    message = M("This needs a library that is not installed.")
    remedy = M("In the folder of the project: pipx install --force '.[{extra}]'", extra=exc.extra)
    return Failure(EXIT_USAGE, "extra_missing", message, (remedy,))


def _no_terminal(exc: NoTerminalError) -> Failure:
    scripts = M("Scripts give the secret with --pin-stdin or --pin-fd.")
    if exc.fault is not TerminalFault.UNSEEN:
        return Failure(EXIT_USAGE, "no_terminal", M("There is no terminal to ask on."), (scripts,))
    message = M("This window does not show what a Windows program asks, so nothing was asked.")
    remedy = M(
        "In Git Bash and MSYS2, put winpty before the command (winpty jpki …), or use the Windows Terminal, PowerShell "
        "or the Command Prompt."
    )
    return Failure(EXIT_USAGE, "no_terminal", message, (remedy, scripts))


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
    errors.KeyNotSupportedError: _key_not_supported,
    errors.UnknownReaderError: _unknown_reader,
    errors.SeveralCardsError: _several_cards,
    errors.ExtraMissingError: _extra_missing,
    NoTerminalError: _no_terminal,
    **SERVICE_BUILDERS,
    **PIN_BUILDERS,
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
