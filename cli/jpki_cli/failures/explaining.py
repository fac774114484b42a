"""One table from errors to what the user sees: exit code, machine word, sentence, and what to do next."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Final

from jpki import errors
from jpki.words import FailureText, failure_text
from jpki_cli.process import BatchFault, ScriptSecretError, Terminated
from jpki_cli.terminal import NoTerminalError, TerminalFault
from jpki_cli.words import M, Message

from .kinds import (
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
    Failure,
    usage_error,
)

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
    "CliError",
    "Failure",
    "explain",
    "usage_error",
]

#: A full disk, a used-up quota, a file that may not grow.
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
#: What a system, or a limit that somebody set (ulimit), does not give: open files, processes and threads, memory.
_NO_MEANS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM})
#: What Python raises where the system gives no thread: a RuntimeError, with nothing else to know it by.
_NO_THREAD: Final = "can't start new thread"


# Of the command line itself; the first class that matches decides, so a class stands before its base.
_OWN: Final[dict[type[BaseException], tuple[int, str, Message, tuple[Message, ...]]]] = {
    EOFError: (EXIT_INTERRUPTED, "interrupted", M("Nothing was typed; stopped."), ()),
    Terminated: (EXIT_TERMINATED, "terminated", M("Terminated."), ()),
}
#: How the process ends for an error of the library; the most specific class decides.
_EXIT_CODES: Final[dict[type[BaseException], int]] = {
    KeyboardInterrupt: EXIT_INTERRUPTED,
    errors.TransportError: EXIT_TRANSPORT,
    errors.ReaderChoiceError: EXIT_USAGE,
    errors.CardError: EXIT_CARD,
    errors.DataError: EXIT_CARD,
    errors.PinFormatError: EXIT_USAGE,
    errors.WrongPinError: EXIT_WRONG_PIN,
    errors.PinBlockedError: EXIT_BLOCKED,
    errors.LastTryError: EXIT_BLOCKED,
    errors.CounterChangedError: EXIT_CARD,
    errors.PinPadError: EXIT_TRANSPORT,
    errors.OutcomeUnknownError: EXIT_UNKNOWN,
    errors.ExtraMissingError: EXIT_USAGE,
    errors.KeyNotSupportedError: EXIT_CARD,
    errors.HiddenCounterError: EXIT_BLOCKED,
    errors.AnotherCardError: EXIT_TRANSPORT,
    errors.DocumentDataError: EXIT_USAGE,
    errors.DeclinedError: EXIT_USAGE,
    errors.NobodyToAskError: EXIT_USAGE,
    errors.CertificateAbsentError: EXIT_CARD,
    errors.TimeStampError: EXIT_TRANSPORT,
}

#: Machine words of files whose exit code is not that of a wrong call.
_FILE_EXITS: Final = {
    "file_changed": EXIT_UNEXPECTED,
    "write_failed": EXIT_UNEXPECTED,
    "pdf_not_intact": EXIT_UNEXPECTED,
    "bad_data": EXIT_CARD,
    "unsupported": EXIT_CARD,
}
_FORCE: Final = M("Use --force to replace it.")
_OTHER_NAME: Final = M("Give another name; no file is replaced.")
_CMS: Final = M("To sign it as it is, with a separate signature file, use --cms.")
#: Which options of this program help, by the fault of a file.
_FILE_REMEDIES: Final = {
    "output_exists": _FORCE,
    "another_result": _FORCE,
    "pdf_not_intact": _CMS,
    "pdf_broken": M(
        "Open it in another program and save it as a new PDF, or use --cms to sign it as it is, with a "
        "separate signature file."
    ),
    "pdf_encrypted": M("Save it without a password, or use --cms to sign it as it is, with a separate signature file."),
    "pdf_xfa": M("Print it to a new PDF, or use --cms to sign it as it is, with a separate signature file."),
    "pdf_changes_forbidden": _CMS,
    "pdf_no_font": M("--font FILE names one; --lang en makes the stamp in English."),
}

_BATCH_FAULTS: Final = {
    BatchFault.TWO_SOURCES: M("Use --pin-stdin or --pin-fd, not both."),
    BatchFault.NOT_OPEN: M("The source of the secrets is not open."),
    BatchFault.OUTPUT_STREAM: M("--pin-fd was given a descriptor for output."),
    BatchFault.IS_TERMINAL: M("--pin-stdin is for scripts; at a terminal leave it out, and you are asked."),
    BatchFault.UNREADABLE: M("The secrets could not be read."),
    BatchFault.MISSING_LINE: M("The input has too few lines."),
    BatchFault.EXTRA_LINE: M("The input has too many lines."),
    BatchFault.TOO_LONG: M("The input is too long."),
    BatchFault.UTF16: M(
        "The input is UTF-16, as PowerShell 5.1 writes files with “>”. Save it as UTF-8; Set-Content -Encoding utf8 "
        "does so."
    ),
    BatchFault.NOT_UTF8: M("The input is not UTF-8."),
    BatchFault.CONTROL_CHARACTER: M("The input contains a control character."),
    BatchFault.BLANK_AT_END: M(
        "A line of the input ends with a blank. In the Command Prompt of Windows, echo also sends the blank before “|”."
    ),
}


def _script_secret(exc: ScriptSecretError) -> Failure:
    remedy = (M("Give one secret per line: the current one, then the new one. Nothing was sent to the card."),)
    return Failure(EXIT_USAGE, "secret_input", _BATCH_FAULTS[exc.fault], remedy)


def _no_terminal(exc: NoTerminalError) -> Failure:
    scripts = M("Scripts pass the secret with --pin-stdin or --pin-fd.")
    if exc.fault is not TerminalFault.UNSEEN:
        return Failure(EXIT_USAGE, "no_terminal", M("There is no terminal to ask for the PIN on."), (scripts,))
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
    if exc.errno in _NO_MEANS:
        return _no_means(exc.strerror or "")
    return _unexpected(exc)


def _runtime(exc: RuntimeError) -> Failure:
    return _no_means(os.strerror(errno.EAGAIN)) if str(exc) == _NO_THREAD else _unexpected(exc)


def _memory(exc: MemoryError) -> Failure:
    del exc
    return _no_means(os.strerror(errno.ENOMEM))


def _no_means(reason: str) -> Failure:
    message = M("This computer does not give this program what it needs: {reason}", reason=reason)
    remedy = (M("Close other programs and try again. If a limit is set (ulimit), raise it."),)
    return Failure(EXIT_UNEXPECTED, "system_limit", message, remedy)


def _unexpected(exc: BaseException) -> Failure:
    message = M("Unexpected error: {name}. --debug shows where.", name=type(exc).__name__)
    return Failure(EXIT_UNEXPECTED, "unexpected", message)


def _file(exc: errors.FileError) -> Failure:
    found = failure_text(exc)
    if found is None:
        return _unexpected(exc)
    code, message, said = found
    own = _FILE_REMEDIES.get(exc.fault)
    if own is _FORCE and exc.values.get("is_never_replaced"):
        own = _OTHER_NAME
    if exc.fault == "unreadable_signature" and exc.values.get("is_compared"):
        own = M("Give the file first, then its signature.")
    is_said = own is not None and (exc.for_signing or not exc.fault.startswith("pdf_"))
    return Failure(_FILE_EXITS.get(code, EXIT_USAGE), code, message, (own, *said) if own and is_said else said)


_BUILDERS: Final[dict[type[BaseException], Callable[..., Failure]]] = {
    NoTerminalError: _no_terminal,
    ScriptSecretError: _script_secret,
    OSError: _system,
    RuntimeError: _runtime,
    MemoryError: _memory,
    errors.FileError: _file,
}


def explain(exc: BaseException) -> Failure:
    """Say what an exception means to the user; the most specific class wins."""
    if isinstance(exc, CliError):
        return exc.failure
    for cls in type(exc).__mro__:
        if cls in _BUILDERS:
            return _BUILDERS[cls](exc)
        if cls in _OWN:
            return Failure(*_OWN[cls])
    said = failure_text(exc, of_others=_own_text)
    return _unexpected(exc) if said is None else Failure(_exit_code(exc), said.code, said.message, said.remedy)


def _own_text(exc: BaseException) -> FailureText:
    failure = explain(exc)
    return FailureText(failure.code, failure.message, failure.remedy)


def _exit_code(exc: BaseException) -> int:
    if isinstance(exc, errors.PinChangeError):
        return EXIT_UNKNOWN if exc.is_unknown else explain(exc.cause).exit_code
    if isinstance(exc, errors.PinPadError) and exc.reason is errors.PadFault.CANCELLED:
        return EXIT_INTERRUPTED
    return next((_EXIT_CODES[cls] for cls in type(exc).__mro__ if cls in _EXIT_CODES), EXIT_UNEXPECTED)
