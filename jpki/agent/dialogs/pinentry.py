"""Dialogs of GnuPG's pinentry: lines over pipes, by the Assuan protocol.

Everything that is sent is escaped, so that a newline in a name is no second command. The PIN comes as a line of data in
which some characters are escaped; it is decoded in place.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jpki.agent.errors import DialogDeclinedError
from jpki.pin import Secret

from .process import dialog_environment, dialog_process, find_program
from .questions import CannotOpenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .process import DialogProcess
    from .questions import ChoiceText, Conversation, SecretText, StillWanted

#: The graphical ones first; ``pinentry`` is whichever the system's owner chose.
PROGRAMS: Final = (
    *("pinentry", "pinentry-gnome3", "pinentry-qt", "pinentry-qt5", "pinentry-gtk-2", "pinentry-mac"),
    "pinentry-curses",
)
#: Error codes of libgpg-error, without the number of the program that they come from.
_CANCELED: Final = 99
_FULLY_CANCELED: Final = 198
_NOT_CONFIRMED: Final = 114
_CODE: Final = 0xFFFF
_ESCAPED: Final = ("%", "\r", "\n", "\0")
_PERCENT: Final = ord("%")
_HEX: Final = 16
_HEX_DIGITS: Final = frozenset(b"0123456789abcdefABCDEF")
#: No answer has so many lines; comments and status lines are passed over.
_MOST_LINES: Final = 1000


class PinentryDialog:
    """Asks with pinentry; ``terminal`` names the one that its curses form may use, as long as there is one."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        program: str | None = None,
        terminal: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Look for the program each time: it may be installed while the agent runs."""
        self._environment = environment
        self._programs = (program,) if program else PROGRAMS
        self._terminal = terminal

    @contextmanager
    def open(self, is_wanted: StillWanted) -> Iterator[Conversation]:
        """Start the program and say where it may show itself."""
        found = find_program(self._programs)
        if found is None:
            raise CannotOpenError("pinentry is not installed")
        with dialog_process([found], dialog_environment(self._environment), is_wanted, takes_lines=True) as process:
            talk = _Pinentry(process)
            talk.greet(self._environment, self._terminal())
            yield talk


class _Pinentry:
    def __init__(self, process: DialogProcess) -> None:
        self._process = process

    def greet(self, environment: Mapping[str, str], terminal: str | None) -> None:
        self._answer()
        self._ask("OPTION lc-ctype=" + _escape(environment.get("LC_ALL") or environment.get("LANG") or "C.UTF-8"))
        if terminal is not None:
            self._ask("OPTION ttyname=" + _escape(terminal))
            self._ask("OPTION ttytype=" + _escape(environment.get("TERM", "xterm")))

    def ask_secret(self, text: SecretText) -> Secret:
        self._describe(text.title, text.description, text.ok, text.cancel)
        self._ask("SETPROMPT " + _escape(text.prompt))
        found = self._ask("GETPIN", is_question=True)
        return Secret(b"" if found is None else found)

    def choose(self, text: ChoiceText) -> int:
        self._describe(text.title, text.description, text.choices[0], text.cancel)
        if len(text.choices) > 1:
            self._ask("SETNOTOK " + _escape(text.choices[1]))
        try:
            self._ask("CONFIRM", is_question=True)
        except _NotConfirmedError:
            if len(text.choices) > 1:
                return 1
            raise DialogDeclinedError("the person said no") from None
        return 0

    def _describe(self, title: str, description: str, ok: str, cancel: str) -> None:
        for command, value in (("TITLE", title), ("DESC", description), ("OK", ok), ("CANCEL", cancel)):
            self._ask(f"SET{command} {_escape(value)}")

    def _ask(self, line: str, *, is_question: bool = False) -> bytearray | None:
        self._process.send(line)
        return self._answer(is_question=is_question)

    def _answer(self, *, is_question: bool = False) -> bytearray | None:
        """Read up to OK or ERR; the data that came before it."""
        data: bytearray | None = None
        for _ in range(_MOST_LINES):
            line = self._process.read_line()
            if line.startswith(b"D "):
                data = _unescape(line)
            elif line == b"OK" or line.startswith(b"OK "):
                return data
            elif line.startswith(b"ERR "):
                if is_question:
                    raise _refusal(line)
                return None  # an option that this pinentry does not know
        raise CannotOpenError("pinentry answers without end")


class _NotConfirmedError(DialogDeclinedError):
    """The button that is neither OK nor cancel."""


def _refusal(line: bytearray) -> Exception:
    word = line.split()[1] if len(line.split()) > 1 else b""
    code = int(word) & _CODE if word.isdigit() else 0
    if code == _NOT_CONFIRMED:
        return _NotConfirmedError("the person said no")
    if code in (_CANCELED, _FULLY_CANCELED):
        return DialogDeclinedError("the person said no")
    return CannotOpenError("pinentry cannot show its dialog")


def _escape(text: str) -> str:
    return "".join(f"%{ord(character):02X}" if character in _ESCAPED else character for character in text)


def _unescape(line: bytearray) -> bytearray:
    """Decode the data of a line in place; the line is emptied of what was in it."""
    at = 2
    used = 0
    while at < len(line):
        # A percent sign that escapes nothing stands for itself, as in an answer of which not all was escaped.
        if line[at] == _PERCENT and at + 2 < len(line) and _HEX_DIGITS.issuperset(line[at + 1 : at + 3]):
            line[used] = int(line[at + 1 : at + 3], _HEX)
            at += 3
        else:
            line[used] = line[at]
            at += 1
        used += 1
    line[used:] = bytes(len(line) - used)
    found = line[:used]
    line[:] = bytes(len(line))
    return found
