"""Sentences one below the other, wrapped; and what of the library's sentences is meant for a terminal only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from jpki.words import M, Message
from jpki_window.look import clear

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Says a sentence in the language of the window.
Say = Callable[[Message], str]
#: A warning is told from a hint by its sign and its weight, not by colour alone.
WARNING_SIGN: Final = "⚠"
GOOD_SIGN: Final = "✓"
_COMMAND: Final = "\n  jpki "
_OPTIONS: Final = (": --", "--wait", "--timeout", "--no-pinpad", "--debug")
#: What the window says where the library speaks of a command.
_INSTEAD: Final = {
    "Put the card back and hold it still until the command is done.": M(
        "Put the card back and do not move it until the program is done."
    ),
    "To see the tries left:": M("Put the card on the reader again to see the tries left."),
    "Try the new PIN once:": M("Check the new PIN once, with “Check PIN”."),
}


def for_window(messages: Iterable[Message], say: Say) -> tuple[str, ...]:
    """Say sentences without those that name an option of the command line, and with the window's way for a command."""
    said = []
    for message in messages:
        english = message.text("en")
        if any(option in english for option in _OPTIONS):
            continue
        instead = [own for start, own in _INSTEAD.items() if english.startswith(start)]
        if instead or _COMMAND in english:
            said += [say(own) for own in instead]
        else:
            said.append(say(message))
    return tuple(said)


def paragraph(text: str = "", *, is_large: bool = False, is_strong: bool = False) -> QLabel:
    """Make a label of plain text that wraps; text from outside is never taken for markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    font = label.font()
    if is_large:
        font.setPointSizeF(font.pointSizeF() * 1.5)
    font.setBold(is_strong or is_large)
    label.setFont(font)
    return label


class Sentences(QWidget):
    """What was said, the newest last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with nothing."""
        super().__init__(parent)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._texts: list[str] = []
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands there."""
        return tuple(self._texts)

    def add(self, text: str, *, is_warning: bool = False) -> None:
        """Say one more; the same one is not said twice."""
        said = f"{WARNING_SIGN} {text}" if is_warning else text
        if said in self._texts:
            return
        self._texts.append(said)
        self._lines.addWidget(paragraph(said, is_strong=is_warning))
        self.show()

    def clear(self) -> None:
        """Say nothing."""
        self._texts.clear()
        clear(self._lines)
        self.hide()
