"""Click subclasses: translated help, global options on every command, commands loaded when used."""

from __future__ import annotations

from importlib import import_module
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from jpki_cli.process import CommandLineError, CommandLineFault, SecretCommand, SecretGroup

from .context import app_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem

    from jpki_cli.words import Message


class Option(click.Option):
    """An option whose help is a :class:`Message`, turned into words when it is shown."""

    def __init__(self, *args: Any, help: Message | None = None, **kwargs: Any) -> None:  # noqa: A002 - Click's name
        """Take Click's arguments."""
        super().__init__(*args, **kwargs)
        self.message = help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's line of the help page in the chosen language."""
        if self.message is not None:
            self.help = str(self.message)
        return super().get_help_record(ctx)


class Seconds(click.FloatRange):
    """A time in seconds. "nan" and "inf" are none: a wait for them would never end, and no question could name them."""

    def __init__(self) -> None:
        super().__init__(min=0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take a number that is not negative."""
        found = super().convert(value, param, ctx)
        if not isfinite(found):
            self.fail("not a number", param, ctx)
        return found


_RIVALS: Final = {"reader": "sim", "sim": "reader"}
_TYPED: Final = f"{__name__}.typed"


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Store a global option; the one nearest to the end of the command line counts.

    A reader and a simulated card exclude each other: one that was typed replaces one from the environment.
    """
    name = param.name
    if name is None or (source := ctx.get_parameter_source(name)) is ParameterSource.DEFAULT:
        return
    typed: set[str] = ctx.meta.setdefault(_TYPED, set())
    if name in _RIVALS:
        if source is not ParameterSource.COMMANDLINE and _RIVALS[name] in typed:
            return
        if source is ParameterSource.COMMANDLINE:
            typed.add(name)
            if _RIVALS[name] in typed and not ctx.resilient_parsing:
                raise CommandLineError(CommandLineFault.EXCLUDED, ctx=ctx, name="--reader, --sim")
            setattr(app_of(ctx).options, _RIVALS[name], None)
    setattr(app_of(ctx).options, name, value)


def _global(*names: str, text: Message, **kwargs: Any) -> Option:
    return Option(names, help=text, expose_value=False, is_eager=True, callback=_keep, **kwargs)


def _version(ctx: click.Context, param: click.Parameter, value: object) -> None:
    del param
    if value and not ctx.resilient_parsing:
        import jpki

        click.echo(f"jpki {jpki.__version__}")
        ctx.exit()


def global_options(*, at_root: bool) -> list[click.Parameter]:
    """Make the global options; the environment is looked at once, at the root."""
    from .global_texts import TEXTS

    def env(name: str) -> dict[str, Any]:
        return {"envvar": f"JPKI_{name.upper()}", "show_envvar": False} if at_root else {}

    seconds = Seconds()
    options: list[click.Parameter] = [
        _global("--reader", text=TEXTS["reader"], metavar="NAME_OR_INDEX", **env("reader")),
        _global("--sim", text=TEXTS["sim"], metavar="CARD", **env("sim")),
        _global("--wait", text=TEXTS["wait"], type=seconds, metavar="SECONDS", **env("wait")),
        _global("--json", text=TEXTS["json"], is_flag=True, **env("json")),
        _global("--timeout", text=TEXTS["timeout"], type=seconds, metavar="SECONDS", **env("timeout")),
        _global("--extended", text=TEXTS["extended"], is_flag=True, **env("extended")),
        _global("--lang", text=TEXTS["lang"], type=click.Choice(["ja", "en"]), **env("lang")),
        _global("--trace", text=TEXTS["trace"], metavar="FILE", **env("trace")),
        _global("--trace-data", text=TEXTS["trace_data"], is_flag=True, **env("trace_data")),
        _global("-v", "--verbose", text=TEXTS["verbose"], is_flag=True, **env("verbose")),
        _global("--debug", text=TEXTS["debug"], is_flag=True, **env("debug")),
    ]
    if at_root:
        version = Option(
            ["--version"], help=TEXTS["version"], is_flag=True, is_eager=True, expose_value=False, callback=_version
        )
        options.append(version)
    return options


_CONTEXT_SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _prepare(ctx: click.Context) -> None:
    if ctx.resilient_parsing:
        from .completion import add_completion_types

        for param in ctx.command.params:
            if isinstance(param, Option) and param.message is not None:
                param.help = str(param.message)
        add_completion_types(ctx.command.params)


class _HelpFormatter(click.HelpFormatter):
    """Click's, with the colon of the language: Japanese writes a wide one, and no blank behind it."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        from jpki_cli.words import M

        super().write_usage(prog, args, str(M("Usage: ")) if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        from jpki_cli.words import M

        line = M("{heading}:", heading=heading)
        self.write(f"{'':{self.current_indent}}{line}\n")


class _Context(click.Context):
    formatter_class = _HelpFormatter


class Command(SecretCommand):
    """A command with the global options and a translated help text; its usage errors quote nothing that was typed."""

    context_class = _Context

    def __init__(self, *args: Any, text: Message, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        """Take Click's arguments; ``examples`` are command lines shown below the options."""
        kwargs.setdefault("context_settings", _CONTEXT_SETTINGS)
        super().__init__(*args, **kwargs)
        self.message = text
        self.examples = examples
        self.params += global_options(at_root=False)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; where the shell only asks how the line could go on, learn what completes it first."""
        _prepare(ctx)
        return super().parse_args(ctx, args)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the line of the list of commands."""
        del limit
        return str(self.message).split("\n", 1)[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description in the chosen language."""
        self.help = str(self.message)
        super().format_help_text(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        del ctx
        if self.examples:
            from .global_texts import EXAMPLES

            with formatter.section(str(EXAMPLES)):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{example}\n")


class Group(SecretGroup):
    """A group that imports a command's module only when that command is run or its own help is asked for.

    ``table`` maps a command's name to the module that defines it as ``command``, and its line in the list.
    """

    context_class = _Context

    def __init__(self, name: str, table: Mapping[str, tuple[str, Message]], text: Message, *, is_root: bool = False):
        """Make a group from its table."""
        super().__init__(
            name, params=global_options(at_root=is_root), context_settings=_CONTEXT_SETTINGS, no_args_is_help=True
        )
        self.table = table
        self.message = text

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; where the shell only asks how the line could go on, learn what completes it first."""
        _prepare(ctx)
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a command or an option, without importing the commands."""
        from .completion import commands_of

        return commands_of(self.table, incomplete) + click.Command.shell_complete(self, ctx, incomplete)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command, and return the command."""
        del ctx
        if cmd_name not in self.table:
            return None
        command: click.Command = import_module(self.table[cmd_name][0]).command
        return command

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the line of the list of commands."""
        del limit
        return str(self.message)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description in the chosen language."""
        self.help = str(self.message)
        super().format_help_text(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without importing them."""
        del ctx
        from .global_texts import COMMANDS

        with formatter.section(str(COMMANDS)):
            formatter.write_dl([(name, str(text)) for name, (_, text) in self.table.items()])
