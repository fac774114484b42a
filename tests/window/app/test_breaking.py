"""Long words go on in the next line; what is read out, copied and dragged of them is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QClipboard
from PySide6.QtTest import QTest

from jpki_window.look import WholeCopies, breakable, text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

WORDS = (
    "0123456789abcdef" * 4,
    "/srv/documents/of/test/a-long-name-of-a-file.pdf",
    "sudo cp /usr/lib/systemd/system/pcscd.socket .",
)


@pytest.mark.parametrize("words", WORDS)
def test_a_long_word_is_told_as_it_is(application: QApplication, words: str) -> None:
    """And again when the text changes; a text without long words is told by what it shows."""
    label = text(breakable(words))
    assert label.text() != words
    told = QAccessible.queryAccessibleInterface(label)
    assert told.text(QAccessible.Text.Name) == words
    label.setText("short")
    assert told.text(QAccessible.Text.Name) == "short"


@pytest.mark.parametrize("words", WORDS)
def test_what_is_copied_is_whole(application: QApplication, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """As somebody selects all of it and takes Copy; what another program copied is left alone."""
    is_own = True
    # Without a screen the toolkit says that it owns no clipboard.
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _clipboard: is_own)
    clipboard = application.clipboard()
    clipboard.clear()
    keeper = WholeCopies(application)
    label = text(breakable(words))
    label.show()
    label.setSelection(0, len(label.text()))
    label.setFocus()
    label.activateWindow()
    QTest.keySequence(label, "Ctrl+C")
    assert clipboard.text(QClipboard.Mode.Clipboard) == words
    is_own = False
    clipboard.setText(breakable(words))
    assert clipboard.text() == breakable(words)
    keeper.deleteLater()


def test_a_selection_is_not_dragged_away(application: QApplication) -> None:
    """Pressed on what is selected, the left button begins anew; the right one, for the menu, leaves it."""
    label = text(breakable(WORDS[0]))
    label.show()
    label.setSelection(0, len(label.text()))
    QTest.mousePress(label, Qt.MouseButton.RightButton, pos=QPoint(3, 8))
    assert label.hasSelectedText()
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(3, 8))
    assert not label.hasSelectedText()
