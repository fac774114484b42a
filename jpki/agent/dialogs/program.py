"""Dialogs of this project's own programs: the question as a JSON object on stdin, the answer as a line on stdout.

::

    {"kind": "secret", "title": …, "description": …, "prompt": …, "ok": …, "cancel": …}     -> the PIN
    {"kind": "choice", "title": …, "description": …, "choices": […], "cancel": …}           -> the number of the choice

Exit code 0: answered; 1: the person said no; any other: the dialog cannot be shown here.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jpki.agent.errors import DialogDeclinedError
from jpki.pin import Secret

from .process import dialog_environment, dialog_process
from .questions import CannotOpenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .questions import ChoiceText, Conversation, SecretText, StillWanted

_DECLINED: Final = 1


class ProgramDialog:
    """Asks with a program that is started for each question; ``on_terminal``: it shares the agent's terminal."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], *, on_terminal: bool = False) -> None:
        """Start nothing yet."""
        self._argv = argv
        self._environment = environment
        self._on_terminal = on_terminal

    @contextmanager
    def open(self, is_wanted: StillWanted) -> Iterator[Conversation]:
        """Begin a conversation; whether it can be shown is seen at the first question."""
        environment = dialog_environment(self._environment)
        if self._on_terminal and self._environment.get("TERM"):
            environment["TERM"] = self._environment["TERM"]
        yield _Program(self._argv, environment, is_wanted, is_own_session=not self._on_terminal)


class _Program:
    def __init__(
        self, argv: Sequence[str], environment: dict[str, str], is_wanted: StillWanted, *, is_own_session: bool
    ) -> None:
        self._argv = argv
        self._environment = environment
        self._is_wanted = is_wanted
        self._is_own_session = is_own_session

    def ask_secret(self, text: SecretText) -> Secret:
        found = self._run({"kind": "secret", **text._asdict()})
        try:
            end = found.find(b"\n")
            return Secret(found[: len(found) if end < 0 else end])
        finally:
            found[:] = bytes(len(found))

    def choose(self, text: ChoiceText) -> int:
        found = self._run({"kind": "choice", **text._asdict()}).strip()
        choice = int(found) if found.isdigit() else len(text.choices)
        if choice >= len(text.choices):
            raise CannotOpenError("the dialog gave no choice")
        return choice

    def _run(self, question: Mapping[str, object]) -> bytearray:
        with dialog_process(
            self._argv,
            self._environment,
            self._is_wanted,
            takes_lines=True,
            is_own_session=self._is_own_session,
        ) as process:
            process.send(json.dumps(question))
            process.end_input()
            found = process.read_to_end()
            code = process.exit_code()
        if code == 0:
            return found
        found[:] = bytes(len(found))
        if code == _DECLINED:
            raise DialogDeclinedError("the person said no")
        raise CannotOpenError("the dialog cannot be shown")
