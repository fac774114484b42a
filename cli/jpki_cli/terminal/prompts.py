"""Questions to the person at the terminal; the only place where a PIN is typed.

Own code, because click.prompt and getpass show no marks and fall back to an echoing prompt, the small packages that
show marks write to stdout and leave the terminal unechoed after a signal, and prompt_toolkit is heavy for one line.

A prompt needs the controlling terminal and uses nothing else: the standard streams may be files, pipes or a log. Every
function raises :class:`NoTerminalError` where there is no terminal, ``EOFError`` when the input is ended (Ctrl-D,
Ctrl-Z on Windows) and ``KeyboardInterrupt`` on Ctrl-C. Texts come ready-made, with the blank that ends them.
"""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Final

from jpki.errors import JpkiError
from jpki.hygiene import shield_memory

from .device import NoTerminalError, TerminalFault
from .opening import open_terminal
from .secret_line import SecretLine
from .text import columns_of, width, wrap

if TYPE_CHECKING:
    from jpki.pin import Secret

__all__ = [
    "NoTerminalError",
    "RefusedKeyError",
    "TerminalFault",
    "confirm",
    "is_interactive",
    "prompt_line",
    "prompt_secret",
    "require_terminal",
]

_LINE_BYTES: Final = 4096  # a terminal's own limit for a line
_CHUNK_BYTES: Final = 64
_MARKS: Final = 16  # characters of the longest secret of the card
_YES: Final = frozenset({"y", "yes", "はい"})
_NO: Final = frozenset({"n", "no", "いいえ"})


class RefusedKeyError(JpkiError):
    """A key was pressed at a hidden prompt that neither types nor edits, so that what was typed may lack something.

    A function key, say, or the number pad while NumLock is off. The entry has been overwritten.
    """


def prompt_secret(prompt: str) -> Secret:
    """Ask for a PIN or password, showing a mark for each character.

    Raises:
        RefusedKeyError: The entry may lack what a key was meant to type; to be asked for again.
    """
    shield_memory()
    prompt = _beside_marks(prompt)
    line = SecretLine()
    chunk = bytearray(_CHUNK_BYTES)
    try:
        with closing(open_terminal()) as terminal, terminal.hidden(lambda: prompt + line.drawn):
            while not line.is_entered:
                length = terminal.read(chunk)
                if length == 0:  # Ctrl-D is a character here
                    raise NoTerminalError(TerminalFault.LOST)
                terminal.write(line.feed_all(memoryview(chunk)[:length]))
                if line.is_amid and not terminal.has_more():
                    terminal.write(line.settle())
        if line.is_refused:
            raise RefusedKeyError("a key was pressed that neither types nor edits")
        return line.take()
    finally:
        line.wipe()
        chunk[:] = bytes(_CHUNK_BYTES)


def _beside_marks(prompt: str) -> str:
    """Leave room for the marks: no terminal takes a mark back from the line above, so that more would be shown."""
    columns = columns_of(sys.stderr)
    if width(prompt) + _MARKS <= columns:
        return prompt
    return f"{wrap(prompt, columns=columns)}\n"


def prompt_line(prompt: str) -> str:
    """Ask for a line that is shown as it is typed; give it without its line end."""
    buffer = bytearray(_LINE_BYTES)
    with closing(open_terminal()) as terminal, terminal.visible(lambda: prompt):
        length = terminal.read(buffer)
        if length == 0:
            raise EOFError
    return buffer[:length].decode(errors="replace").rstrip("\r\n")


def confirm(prompt: str, *, default: bool = False) -> bool:
    """Ask until the answer is yes or no, in English or Japanese; Enter alone is ``default``."""
    import unicodedata

    while True:
        answer = unicodedata.normalize("NFKC", prompt_line(prompt)).strip().casefold()
        if not answer:
            return default
        if answer in _YES | _NO:
            return answer in _YES


def require_terminal() -> None:
    """Do nothing where there is a terminal to ask on."""
    open_terminal().close()


def is_interactive() -> bool:
    """Whether there is a terminal to ask on."""
    try:
        require_terminal()
    except NoTerminalError:
        return False
    return True
