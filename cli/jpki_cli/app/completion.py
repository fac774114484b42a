"""Completion in the shell: what can be typed. Click asks, while a line is being typed; nothing here touches a card.

What is completed follows from the word that the help page shows for a value (``FILE``, ``CARD``). Names of readers are
not completed: finding them means asking the PC/SC service. Nothing that was typed is given back but what it completes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jpki_cli.words import Message

    Completer = Callable[[str], list[CompletionItem]]


def complete(root: click.Group) -> None:
    """Answer the shell as the variable ``_JPKI_COMPLETE`` asks, and end the process."""
    root.main(args=[], prog_name="jpki", complete_var="_JPKI_COMPLETE")


def add_completion_types(params: Iterable[click.Parameter]) -> None:
    """Give parameters the types that complete them, for one call that only completes."""
    for param in params:
        completer = _completer_of(param)
        if completer is not None:
            param.type = _Completed(completer)


def commands_of(table: Mapping[str, tuple[str, Message]], incomplete: str) -> list[CompletionItem]:
    """Names of a group's commands with their lines in the list, without importing them."""
    found = [(name, str(line)) for name, (_, line) in table.items() if name.startswith(incomplete)]
    return [CompletionItem(name, help=line) for name, line in found]


def names(choices: Iterable[str], incomplete: str) -> list[CompletionItem]:
    """The names that begin with what was typed."""
    return [CompletionItem(name) for name in choices if name.startswith(incomplete)]


class _Completed(click.types.StringParamType):
    """A text that ``completer`` completes."""

    def __init__(self, completer: Completer) -> None:
        self._completer = completer

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Propose values for what has been typed."""
        del ctx, param
        return self._completer(incomplete)


def _completer_of(param: click.Parameter) -> Completer | None:
    if param.name == "persona":
        return _personas
    word = param.metavar if param.metavar is not None else (param.name or "").upper().rstrip("S")
    return _BY_WORD.get(word.removesuffix("..."))


def _personas(incomplete: str) -> list[CompletionItem]:
    from jpki_sim.personas import persona_names

    return names(persona_names(), incomplete)


def _files(incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def _cards(incomplete: str) -> list[CompletionItem]:
    """A persona's name, or the name of a card file where no persona is called like that."""
    return _personas(incomplete) or _files(incomplete)


#: By the word that the help page shows; arguments without one are named after what they are.
_BY_WORD: Mapping[str, Completer] = {
    "CARD": _cards,
    "FILE": _files,
    "PATH": _files,
    "SIGNATURE": _files,
}
