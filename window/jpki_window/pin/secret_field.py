"""The field in which a secret is typed: the toolkit's line edit with nothing but marks in it.

Each key goes straight into a buffer of bytes (:class:`TypedSecret`). The line edit shows, selects, and tells screen
readers marks; it never sees a character. So its undo, its clipboard, what may be dragged and what assistive programs
read hold marks too. What the toolkit and the X server keep of single keys: docs/security.md.

Nothing is pasted: a PIN on the clipboard is read by every program and kept by clipboard managers.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from .typed_secret import TypedSecret, narrow

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QInputMethodEvent, QKeyEvent, QMouseEvent

    from jpki.pin import Secret

_MARK: Final = "●"
_Standard = QKeySequence.StandardKey
#: They move the cursor or select, and leave the text alone: the line edit's own.
_MOVES: Final = (
    *(_Standard.MoveToNextChar, _Standard.MoveToPreviousChar, _Standard.MoveToNextWord, _Standard.MoveToPreviousWord),
    *(_Standard.MoveToStartOfLine, _Standard.MoveToEndOfLine, _Standard.MoveToStartOfBlock, _Standard.MoveToEndOfBlock),
    *(_Standard.SelectNextChar, _Standard.SelectPreviousChar, _Standard.SelectNextWord, _Standard.SelectPreviousWord),
    *(_Standard.SelectStartOfLine, _Standard.SelectEndOfLine, _Standard.SelectStartOfBlock),
    *(_Standard.SelectEndOfBlock, _Standard.SelectAll, _Standard.Deselect),
)
#: They would bring text in or out, or bring back what was overwritten.
_CLIPBOARD: Final = (_Standard.Copy, _Standard.Cut, _Standard.Undo, _Standard.Redo)
#: As in the hidden prompt of a terminal.
_CLEAR: Final = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_U)
_NO_TEXT: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class Refusal(enum.Enum):
    """Why something that was typed or done is missing in the field."""

    PASTE = "paste"
    CHARACTER = "character"
    FULL = "full"
    OUTSIDE = "outside"  # an assistive program set the text as a whole


class SecretField(QLineEdit):
    """A line of marks, one for each character of a secret."""

    #: Something was typed or deleted.
    edited = Signal()
    #: Something was not taken: a :class:`Refusal`.
    refused = Signal(Refusal)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty field; its label and accessible name are the caller's."""
        super().__init__(parent)
        self._typed = TypedSecret()
        self._is_drawing = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAcceptDrops(False)
        self.setDragEnabled(False)
        self.textChanged.connect(self._restore)

    @property
    def count(self) -> int:
        """Characters typed."""
        return len(self._typed)

    def peek(self) -> Secret:
        """Give what was typed so far, to be judged while more is typed; the caller wipes it."""
        return self._typed.copy()

    def take(self) -> Secret:
        """Give what was typed, and empty the field; the caller wipes it."""
        secret = self._typed.take()
        self._draw(0)
        return secret

    def wipe(self) -> None:
        """Overwrite what was typed."""
        self._typed.wipe()
        self._draw(0)

    def press(self, character: str) -> None:
        """Type one character where the cursor is, in place of what is selected."""
        byte = narrow(character)
        if byte is None:
            self.refused.emit(Refusal.CHARACTER)
            return
        at = self._delete_selected()
        if not self._typed.insert(at, byte):
            self.refused.emit(Refusal.FULL)
            return
        self._draw(at + 1)
        self.edited.emit()

    def press_backspace(self) -> None:
        """Delete what is selected, or the character before the cursor."""
        self._delete_to(max(0, self.cursorPosition() - 1))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:  # noqa: N802 - Qt's name
        """Take a key: text goes into the buffer, and only what moves the cursor to the line edit."""
        if any(event.matches(key) for key in _MOVES):
            super().keyPressEvent(event)
        elif event.matches(_Standard.Paste):
            self.refused.emit(Refusal.PASTE)
        elif (target := self._deletion(event)) is not None:
            self._delete_to(target)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returnPressed.emit()
        elif self._is_text(event):
            self.press(event.text())
        elif not any(event.matches(key) for key in _CLIPBOARD):
            event.ignore()

    @staticmethod
    def _is_text(event: QKeyEvent) -> bool:
        text = event.text()
        alt_gr = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        modifiers = event.modifiers() & _NO_TEXT
        return len(text) == 1 and text.isprintable() and modifiers in (Qt.KeyboardModifier.NoModifier, alt_gr)

    def _deletion(self, event: QKeyEvent) -> int | None:
        """Up to where a key deletes from the cursor; marks are one word."""
        at, end = self.cursorPosition(), len(self._typed)
        if event.matches(_Standard.DeleteCompleteLine) or event.keyCombination() == _CLEAR:
            self.setCursorPosition(0)
            return end
        targets = (
            (_Standard.Backspace, max(0, at - 1)),
            (_Standard.Delete, min(end, at + 1)),
            (_Standard.DeleteStartOfWord, 0),
            (_Standard.DeleteEndOfWord, end),
            (_Standard.DeleteEndOfLine, end),
        )
        found = [target for key, target in targets if event.matches(key)]
        if not found and event.key() == Qt.Key.Key_Backspace:  # with Shift, say
            return max(0, at - 1)
        return found[0] if found else None

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:  # noqa: N802 - Qt's name
        """Take nothing from an input method: it would hold the text as a whole, and learn it."""
        event.ignore()

    def event(self, event: QEvent, /) -> bool:
        """Refuse what brings text in beside the keys."""
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            event.ignore()
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:  # noqa: N802 - Qt's name
        """Refuse what the middle button pastes under X."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self.refused.emit(Refusal.PASTE)
            return
        super().mouseReleaseEvent(event)

    def hideEvent(self, event: QHideEvent, /) -> None:  # noqa: N802 - Qt's name
        """Overwrite what was typed when the field goes away, and not when its window is made small."""
        if not event.spontaneous():
            self.wipe()
        super().hideEvent(event)

    def _delete_selected(self) -> int:
        """Delete what is selected; where the cursor is afterwards."""
        first, length = self.selectionStart(), self.selectionLength()
        if length == 0:
            return self.cursorPosition()
        self._typed.delete(first, first + length)
        return first

    def _delete_to(self, target: int) -> None:
        """Delete what is selected, or else from the cursor to ``target``."""
        if self.hasSelectedText():
            at = self._delete_selected()
        else:
            at, last = sorted((self.cursorPosition(), target))
            self._typed.delete(at, last)
        self._draw(at)
        self.edited.emit()

    def _draw(self, cursor: int) -> None:
        """Show as many marks as there are characters."""
        self._is_drawing = True
        self.setText(_MARK * len(self._typed))
        self._is_drawing = False
        self.setCursorPosition(cursor)

    def _restore(self, _text: str) -> None:
        """Put the marks back when somebody else set the text: an assistive program, which held it as a whole."""
        if not self._is_drawing:
            self._draw(len(self._typed))
            self.refused.emit(Refusal.OUTSIDE)
