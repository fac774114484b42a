"""Long words, as hashes and paths are, can go on in the next line; what is read out and copied of them is whole.

Qt breaks a line at blanks only, so that a mark without a width stands inside. It would be in the way of whoever
pastes a hash elsewhere, and a screen reader pauses at it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QClipboard

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication

#: ZERO WIDTH SPACE, at which a line may be broken (Unicode, UAX 14, class ZW).
_MARK: Final = "\u200b"
#: So much of a word without a blank.
_LONG: Final = re.compile(r"\S{10}(?=\S{3})")


def breakable(words: str) -> str:
    """Text whose long words can go on in the next line."""
    return _LONG.sub(lambda found: f"{found.group()}{_MARK}", words)


def is_breakable(words: str) -> bool:
    """Whether the text holds marks at which a line may be broken."""
    return _MARK in words


def whole(words: str) -> str:
    """The text as it was before it was made breakable."""
    return words.replace(_MARK, "")


class WholeCopies(QObject):
    """Takes the marks out of what is copied from this window, for as long as the application lives."""

    def __init__(self, application: QGuiApplication) -> None:
        """Begin."""
        super().__init__(application)
        self._clipboard = application.clipboard()
        self._clipboard.changed.connect(self._mend)

    def _mend(self, mode: QClipboard.Mode) -> None:
        clipboard = self._clipboard
        is_own = clipboard.ownsSelection() if mode is QClipboard.Mode.Selection else clipboard.ownsClipboard()
        if is_own and is_breakable(copied := clipboard.text(mode)):
            clipboard.setText(whole(copied), mode)
