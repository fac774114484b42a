"""Dialogs of ssh-askpass: a program that shows its one argument and prints what was typed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jpki.agent.errors import DialogDeclinedError
from jpki.pin import Secret

from .process import MAX_LINE, dialog_environment, dialog_process, find_program
from .questions import CannotOpenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .questions import ChoiceText, Conversation, SecretText, StillWanted

PROGRAMS: Final = ("ssh-askpass", "ksshaskpass", "lxqt-openssh-askpass", "gnome-ssh-askpass", "x11-ssh-askpass")
#: What a program that cannot be found by the loader, or has no display, ends with.
_CANNOT: Final = frozenset({126, 127, 255})


class AskpassDialog:
    """Asks with ssh-askpass, where there is a display or a program was named."""

    def __init__(self, environment: Mapping[str, str], *, program: str | None = None) -> None:
        """Look for the program each time."""
        self._environment = environment
        self._program = program

    @contextmanager
    def open(self, is_wanted: StillWanted) -> Iterator[Conversation]:
        """Find the program; it is started for each question."""
        has_display = any(self._environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
        found = find_program((self._program,) if self._program else PROGRAMS)
        if found is None or not (has_display or self._program):
            raise CannotOpenError("there is no ssh-askpass, or nothing to show it on")
        yield _Askpass(found, dialog_environment(self._environment), is_wanted)


class _Askpass:
    def __init__(self, program: str, environment: dict[str, str], is_wanted: StillWanted) -> None:
        self._program = program
        self._environment = environment
        self._is_wanted = is_wanted

    def ask_secret(self, text: SecretText) -> Secret:
        found = self._run(f"{text.description}\n\n{text.prompt}", {})
        try:
            ends = [at for at in (found.find(end) for end in (b"\r", b"\n")) if at >= 0]
            return Secret(found[: min([len(found), *ends])])
        finally:
            found[:] = bytes(len(found))

    def choose(self, text: ChoiceText) -> int:
        """Take the first choice or none: there are two buttons only, and the question that follows has them too."""
        first, *others = text.choices
        if others:
            return 0
        choices = f"{text.description}\n\n{first}?"
        self._run(choices, {"SSH_ASKPASS_PROMPT": "confirm"})
        return 0

    def _run(self, question: str, more: dict[str, str]) -> bytearray:
        argv = [self._program, question]
        with dialog_process(argv, self._environment | more, self._is_wanted, takes_lines=False) as process:
            found = process.read_to_end()
            if len(found) == MAX_LINE:
                found[:] = bytes(len(found))
                raise CannotOpenError("ssh-askpass answers without end")
            code = process.exit_code()
        if code == 0:
            return found
        found[:] = bytes(len(found))
        if code is None or code < 0 or code in _CANNOT:  # Qt aborts where it cannot open the display
            raise CannotOpenError("ssh-askpass cannot show its dialog")
        raise DialogDeclinedError("the person said no")
