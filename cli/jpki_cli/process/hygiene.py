"""Where a secret could leak beside its proper way: core dumps, tracebacks, and the command line itself.

:class:`SecretCommand` and :class:`SecretGroup` rebuild every usage error of Click's parser from the kind of error and
from names that the program knows. Click quotes what was typed ("Got unexpected extra argument (2846)"), and what was
typed may be a PIN, in the place of an argument, of a command, of a PIN's name or of an option's value.
"""

from __future__ import annotations

import enum
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click

from jpki.errors import JpkiError

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence
    from types import TracebackType

# Names of options that would carry a secret; compiled when it is needed.
_CARRIES_PIN: Final = "pin|pass|pwd|secret|^-p$"


def describe_unexpected(error: BaseException, *, debug: bool, line: str) -> str:
    """Describe an unexpected error: ``line`` with the error's class in place of ``{name}``.

    With ``debug`` the frames of the error and of its causes stand before it, without local variables and without the
    texts of foreign exceptions, since ``int("28a6")`` puts what was typed into its text.
    """
    text = line.format(name=type(error).__name__)
    return "".join(_frames(error)) + text if debug else text


def install_excepthook(*, debug: bool, line: str = "jpki: unexpected error: {name}") -> None:
    """Have uncaught errors, in any thread, described by :func:`describe_unexpected` on stderr.

    Errors of finalizers, which change no result, are described with ``debug`` only. A second call replaces the first.
    """
    import threading

    def show(error: BaseException | None) -> None:
        if error is not None and not isinstance(error, (KeyboardInterrupt, SystemExit)) and sys.stderr is not None:
            with suppress(OSError, ValueError):  # stderr is closed
                sys.stderr.write(describe_unexpected(error, debug=debug, line=line) + "\n")

    def on_main(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        show(error)

    def on_thread(caught: threading.ExceptHookArgs) -> None:
        show(caught.exc_value)

    def on_finalizer(caught: sys.UnraisableHookArgs) -> None:
        if debug:
            show(caught.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = on_main, on_thread, on_finalizer


def _frames(error: BaseException) -> Iterator[str]:
    """The chain of errors from the first cause on, as a traceback has it."""
    import traceback

    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and all(link is not seen for seen in chain):
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    for caught in reversed(chain):
        yield "Traceback (most recent call last):\n"
        yield from traceback.StackSummary.extract(traceback.walk_tb(caught.__traceback__)).format()
        yield f"{type(caught).__module__}.{type(caught).__qualname__}{_safe_text(caught)}\n\n"


def _safe_text(error: BaseException) -> str:
    if isinstance(error, JpkiError):  # by the rule of that tree they hold names, counters and status words
        return f": {error}"
    if isinstance(error, OSError) and error.strerror:
        return f": {error.strerror}"
    return ""


class CommandLineFault(enum.Enum):
    """What is wrong with a command line, as far as it may be said."""

    SECRET_OPTION = "secret_option"  # noqa: S105 - the name of a fault: an option that would carry a PIN or password
    SURPLUS_ARGUMENT = "surplus_argument"
    UNKNOWN_OPTION = "unknown_option"
    UNKNOWN_COMMAND = "unknown_command"
    BAD_VALUE = "bad_value"
    MISSING = "missing"
    NEEDS_VALUE = "needs_value"
    TAKES_NO_VALUE = "takes_no_value"
    EXCLUDED = "excluded"
    OTHER = "other"


_SENTENCES: Final = {
    CommandLineFault.SECRET_OPTION: "No option takes a PIN or password; it is asked for, or read with --pin-stdin.",
    CommandLineFault.SURPLUS_ARGUMENT: "Too many arguments.",
    CommandLineFault.UNKNOWN_OPTION: "No such option.",
    CommandLineFault.UNKNOWN_COMMAND: "No such command.",
    CommandLineFault.BAD_VALUE: "Invalid value.",
    CommandLineFault.MISSING: "A value is missing.",
    CommandLineFault.NEEDS_VALUE: "The option needs a value.",
    CommandLineFault.TAKES_NO_VALUE: "The option takes no value.",
    CommandLineFault.EXCLUDED: "Only one of them can be used.",
    CommandLineFault.OTHER: "The command line is not correct.",
}


class CommandLineError(click.UsageError):
    """A usage error that quotes nothing that was typed.

    ``name`` is the option or argument as the program calls it, ``choices`` are the values or names that would be right,
    ``similar`` those of the program's own names that what was typed comes close to.
    A command that has a usage error of its own to report may raise one with a ``message`` made for it.
    """

    def __init__(
        self,
        fault: CommandLineFault,
        *,
        ctx: click.Context | None = None,
        name: str | None = None,
        choices: Sequence[str] = (),
        similar: Sequence[str] = (),
        message: str | None = None,
    ) -> None:
        super().__init__(message or _sentence(fault, name, similar or choices), ctx)
        self.fault = fault
        self.name = name
        self.choices = tuple(choices)
        self.similar = tuple(similar)


def _sentence(fault: CommandLineFault, name: str | None, choices: Sequence[str]) -> str:
    place = f"{name}: " if name else ""
    hint = f" ({', '.join(choices)})" if choices else ""
    return f"{place}{_SENTENCES[fault]}{hint}"


class SecretCommand(click.Command):
    """A command whose usage errors quote nothing that was typed; for every command that takes a secret."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as Click does; report as :class:`CommandLineError`."""
        allows_extra, ctx.allow_extra_args = ctx.allow_extra_args, True
        try:
            rest = super().parse_args(ctx, args)
        except (CommandLineError, click.exceptions.NoArgsIsHelpError):
            raise
        except click.UsageError as error:
            rebuilt = self._rebuild(ctx, error)
        else:
            ctx.allow_extra_args = allows_extra
            if allows_extra or ctx.resilient_parsing or not rest:
                return rest
            rebuilt = CommandLineError(CommandLineFault.SURPLUS_ARGUMENT, ctx=ctx)
        # Raised here and not in the except clause, where it would carry Click's error, and with it what was typed.
        raise rebuilt

    def _rebuild(self, ctx: click.Context, error: click.UsageError) -> CommandLineError:
        if isinstance(error, click.NoSuchOption):
            if _is_secret_name(error.option_name):
                return CommandLineError(CommandLineFault.SECRET_OPTION, ctx=ctx)
            return CommandLineError(CommandLineFault.UNKNOWN_OPTION, ctx=ctx, similar=error.possibilities or ())
        if isinstance(error, click.BadOptionUsage):
            return self._rebuild_option_usage(ctx, error.option_name)
        if isinstance(error, click.BadParameter) and error.param is not None:
            is_missing = isinstance(error, click.MissingParameter)
            fault = CommandLineFault.MISSING if is_missing else CommandLineFault.BAD_VALUE
            name = error.param.get_error_hint(ctx)
            return CommandLineError(fault, ctx=ctx, name=name, choices=_choices(ctx, error.param))
        return CommandLineError(CommandLineFault.OTHER, ctx=ctx)

    def _rebuild_option_usage(self, ctx: click.Context, typed: str) -> CommandLineError:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        known = {name: option for option in options for name in (*option.opts, *option.secondary_opts)}
        option = known.get(typed)
        if option is None:
            return CommandLineError(CommandLineFault.OTHER, ctx=ctx)
        if not (option.is_flag or option.count):
            return CommandLineError(CommandLineFault.NEEDS_VALUE, ctx=ctx, name=typed)
        is_secret = _is_secret_name(typed)  # --pin-stdin=2846
        fault = CommandLineFault.SECRET_OPTION if is_secret else CommandLineFault.TAKES_NO_VALUE
        return CommandLineError(fault, ctx=ctx, name=typed)


class SecretGroup(SecretCommand, click.Group):
    """A group whose usage errors quote nothing that was typed; its commands are like it unless they name a class."""

    command_class = SecretCommand
    group_class = type

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command as Click does; report as :class:`CommandLineError`."""
        try:
            return super().resolve_command(ctx, args)
        except CommandLineError:
            raise
        except click.UsageError:
            pass  # reported below, so that the error does not carry Click's
        from difflib import get_close_matches

        visible = self._visible(ctx)
        similar = get_close_matches(args[0], visible, n=3) if args else []
        raise CommandLineError(CommandLineFault.UNKNOWN_COMMAND, ctx=ctx, choices=visible, similar=similar)

    def _visible(self, ctx: click.Context) -> list[str]:
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        return [name for name, command in commands.items() if command is not None and not command.hidden]


def _is_secret_name(option: str) -> bool:
    return re.search(_CARRIES_PIN, option, re.IGNORECASE) is not None


def _choices(ctx: click.Context, param: click.Parameter) -> tuple[str, ...]:
    """What the program accepts there: of Click's own type for choices, or of any type with ``choices`` of texts."""
    if isinstance(param.type, click.Choice):
        return tuple(param.type.normalize_choice(choice, ctx) for choice in param.type.choices)
    return tuple(getattr(param.type, "choices", ()))
