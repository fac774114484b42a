"""Keys on the screen, for a person who has no keyboard or whose assistive program presses buttons only.

Whoever looks at the screen sees which one is pressed, and a screen reader says the key that it stands on; so they are
hidden until they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_window.pin.sentences import Say

_DIGITS: Final = "1234567890"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COLUMNS: Final = 9
_DIGIT_COLUMNS: Final = 5
_SIDE: Final = 44  # pixels, as WCAG 2.2 asks of a target (2.5.8 and 2.5.5)
_BACK: Final = M("Delete the last one")


class Keypad(QWidget):
    """Digits, letters where the secret has some, and a key that deletes."""

    #: A key with a character was pressed.
    pressed = Signal(str)
    #: The key that deletes was pressed.
    backspace = Signal()

    def __init__(self, say: Say, *, has_letters: bool, parent: QWidget | None = None) -> None:
        """Lay out the keys."""
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        columns = _COLUMNS if has_letters else _DIGIT_COLUMNS
        characters = _DIGITS + (_LETTERS if has_letters else "")
        for place, character in enumerate(characters):
            key = self._key(character, self._presser(character))
            self._grid.addWidget(key, place // columns, place % columns)
        back = self._key("⌫", self.backspace.emit)
        back.setAccessibleName(say(_BACK))
        back.setToolTip(say(_BACK))
        row, column = divmod(len(characters), columns)
        self._grid.addWidget(back, row, column)
        self._grid.setColumnStretch(columns, 1)

    def _presser(self, character: str) -> Callable[[], None]:
        return lambda: self.pressed.emit(character)

    def _key(self, text: str, press: Callable[[], None]) -> QPushButton:
        key = QPushButton(text, self)
        key.setAutoDefault(False)
        key.setAccessibleName(text)
        key.setMinimumSize(QSize(_SIDE, _SIDE))
        key.setMaximumWidth(3 * _SIDE // 2)
        key.clicked.connect(lambda _checked=False: press())
        return key
