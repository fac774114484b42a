"""Keys on the screen, for a person who has no keyboard or whose assistive program presses buttons only.

Whoever looks at the screen sees which one is pressed, and a screen reader says the key that it stands on; so they are
hidden until they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_window.showing import Say

    from .secret_field import SecretField

_DIGITS: Final = "1234567890"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COLUMNS: Final = 9  # three rows of letters, and the key that deletes behind the Z
_SIDE: Final = 44  # pixels, as WCAG 2.2 asks of a target (2.5.8 and 2.5.5)
_ROOM: Final = 2.2  # of the widest letter, with the edge
_GAP: Final = 4
_BACK: Final = M("Delete the last one")
_TITLE: Final = M("Keys on the screen")


class KeysOnScreen(QWidget):
    """The keys for one field, hidden behind the button that shows them."""

    #: They were shown or hidden.
    grown = Signal()

    def __init__(self, say: Say, field: SecretField, *, has_letters: bool) -> None:
        """Lay out the button, and the keys below it."""
        super().__init__()
        self.toggle = QPushButton(say(_TITLE))
        self.toggle.setCheckable(True)
        self.toggle.setAutoDefault(False)
        self.toggle.setAccessibleName(self.toggle.text())
        keypad = Keypad(say, has_letters=has_letters)
        keypad.hide()
        keypad.pressed.connect(field.press)
        keypad.backspace.connect(field.press_backspace)
        self.toggle.toggled.connect(keypad.setVisible)
        self.toggle.toggled.connect(self.grown)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.toggle, alignment=Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(keypad)


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
        self._grid.setSpacing(_GAP)
        self._side = max(_SIDE, round(self.fontMetrics().horizontalAdvance("W") * _ROOM))
        self.setStyleSheet("QPushButton#key { padding: 0; }")
        places = [*((character, 0, column) for column, character in enumerate(_DIGITS))]
        if has_letters:
            places += [(letter, 1 + at // _COLUMNS, at % _COLUMNS) for at, letter in enumerate(_LETTERS)]
        for character, row, column in places:
            self._grid.addWidget(self._key(character, self._presser(character)), row, column)
        back = self._key("⌫", self.backspace.emit)
        back.setAccessibleName(say(_BACK))
        back.setToolTip(say(_BACK))
        self._grid.addWidget(back, places[-1][1], places[-1][2] + 1)
        self._grid.setColumnStretch(len(_DIGITS), 1)

    def _presser(self, character: str) -> Callable[[], None]:
        return lambda: self.pressed.emit(character)

    def _key(self, text: str, press: Callable[[], None]) -> QPushButton:
        key = QPushButton(text, self)
        key.setAutoDefault(False)
        key.setAccessibleName(text)
        key.setObjectName("key")
        key.setFixedSize(QSize(self._side, self._side))
        key.clicked.connect(lambda _checked=False: press())
        return key
