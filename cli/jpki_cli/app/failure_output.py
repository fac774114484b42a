"""Printing a failure: words on stderr, or the command's JSON object on stdout."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

import click

from jpki import errors
from jpki.advice import pin_in_trouble
from jpki_cli.failures import EXIT_UNEXPECTED, EXIT_USAGE, CliError, Failure, explain
from jpki_cli.process import CommandLineError, CommandLineFault, can_flush, discard
from jpki_cli.terminal import colour, columns_of, wrap
from jpki_cli.words import M, Message

if TYPE_CHECKING:
    from jpki.advice import Advice
    from jpki_cli.results.common import ErrorResult, Result

    from .context import AppContext


def report(app: AppContext, exc: BaseException) -> int:
    """Tell the user, and return the exit code."""
    if isinstance(exc, click.exceptions.NoArgsIsHelpError) and not app.options.json:
        exc.show()
        return EXIT_USAGE
    if isinstance(exc, click.ClickException):
        return _report_usage(app, exc)
    told = _of_most_weight(exc)
    if isinstance(told, BrokenPipeError):
        discard(sys.stdout)  # the reader of our output went away: there is no one to report to
        return EXIT_UNEXPECTED
    failure = explain(told)
    if pin_in_trouble(told) is not None and not app.advice:
        failure = replace(failure, remedy=(_WHERE, *failure.remedy))
    if app.advice:
        failure = replace(failure, remedy=(*_advised(app.advice), *failure.remedy))
    _print(app, failure)
    if app.options.debug:
        from jpki_cli.process import describe_unexpected

        click.echo(describe_unexpected(exc, debug=True, line=""), err=True)
    if not can_flush(sys.stdout):
        discard(sys.stdout)
    return failure.exit_code


#: What says that a PIN was sent, and so may have used a try.
_OF_A_TRY: Final = (
    errors.WrongPinError,
    errors.PinBlockedError,
    errors.OutcomeUnknownError,
    errors.VerifyRefusedError,
    errors.PinChangeError,
)


def _of_most_weight(exc: BaseException) -> BaseException:
    """What is to be told: whatever happens on the way out (a signal, a full disk) hides no try that was used before.

    An error of the library, or of a command, was raised in the place of the one before and says more.
    """
    link: BaseException | None = None if isinstance(exc, (CliError, errors.JpkiError)) else exc
    while link is not None and not isinstance(link, _OF_A_TRY):
        link = link.__context__
    return link or exc


_WHERE = M("Waiting does not unlock a PIN. Where it can be reset depends on the card:\n  jpki status")


def _advised(advice: tuple[Advice, ...]) -> tuple[Message, ...]:
    return tuple(M("{advice}\n  jpki guide {topic}", advice=a.message, topic=a.rule.topic) for a in advice)


def _report_usage(app: AppContext, exc: click.ClickException) -> int:
    failure = Failure(EXIT_USAGE, "usage", _usage_message(exc))
    if app.options.json:
        app.start_result({})
        _print(app, failure)
        return EXIT_USAGE
    if isinstance(exc, click.UsageError) and exc.ctx is not None:
        click.echo(exc.ctx.get_usage(), err=True)
        click.echo(str(M("Help: {command} --help", command=exc.ctx.command_path)), err=True)
    _print_text(failure)
    return EXIT_USAGE


def _usage_message(exc: click.ClickException) -> Message:
    """Say a usage error; what was typed is quoted only where it cannot be a PIN."""
    if not isinstance(exc, CommandLineError):
        return M("{text}", text=exc.format_message())
    message = _COMMAND_LINE[exc.fault]
    if exc.similar:
        message = M("{message} Similar: {names}.", message=message, names=", ".join(exc.similar))
    elif exc.choices:
        message = M("{message} Possible: {choices}.", message=message, choices=", ".join(exc.choices))
    return M("{name}: {message}", name=exc.name, message=message) if exc.name else message


_COMMAND_LINE = {
    CommandLineFault.SECRET_OPTION: M(
        "No option takes a PIN or password: it is asked for, or read with --pin-stdin or --pin-fd."
    ),
    CommandLineFault.SURPLUS_ARGUMENT: M("There are too many arguments. A PIN is never an argument: it is asked for."),
    CommandLineFault.UNKNOWN_OPTION: M("There is no such option."),
    CommandLineFault.UNKNOWN_COMMAND: M("There is no such command."),
    CommandLineFault.BAD_VALUE: M("This value is not allowed."),
    CommandLineFault.MISSING: M("A value is missing."),
    CommandLineFault.NEEDS_VALUE: M("This option needs a value."),
    CommandLineFault.TAKES_NO_VALUE: M("This option takes no value."),
    CommandLineFault.EXCLUDED: M("Only one of them can be used."),
    CommandLineFault.OTHER: M("The command line is not correct."),
}


def _print(app: AppContext, failure: Failure) -> None:
    """Print in the form that was asked for; where stdout takes nothing, in words, since the exit code stays true."""
    if app.options.json:
        try:
            _print_json(app, failure)
        except OSError:
            pass
        else:
            return
    with suppress(OSError):  # stderr takes nothing either: what is left to tell is the exit code
        _print_text(failure)


def _print_json(app: AppContext, failure: Failure) -> None:
    has_facts = app.result.keys() > {"schema"}
    if app.result and (has_facts or failure.exit_code != EXIT_USAGE):
        app.note_failure(failure)
    else:
        error: ErrorResult = {
            "schema": "jpki.error/1",
            "code": failure.code,
            "exit_code": failure.exit_code,
            "message": failure.message.both(),
        }
        app.start_result(cast("Result", error))  # which has no key that a failure does not have
    app.print_result()


def _print_text(failure: Failure) -> None:
    mark = colour(str(M("Error: ")), "red", stream=sys.stderr)
    columns = columns_of(sys.stderr)
    click.echo(wrap(f"{mark}{failure.message}", columns=columns), err=True)
    for line in failure.remedy:
        click.echo(wrap(str(line), columns=columns, indent="  "), err=True)
