"""The field for a secret holds marks only; what is typed stands in one buffer, and is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from hypothesis import given, strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QDropEvent, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from jpki.pin import Secret
from jpki_window.pin.secret_field import Refusal, SecretField
from jpki_window.pin.typed_secret import MAX_CHARACTERS, TypedSecret, narrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def field(application: QApplication) -> Iterator[SecretField]:
    """An empty field on a screen."""
    made = SecretField()
    made.setAccessibleName("PIN")
    made.show()
    made.setFocus()
    yield made
    made.deleteLater()


def type_in(field: SecretField, text: str) -> None:
    """Press the keys of a text one by one."""
    for character in text:
        QTest.keyClicks(field, character)


def held(field: SecretField) -> str:
    """What the buffer holds."""
    with field.peek() as secret:
        return secret.reveal().decode()


def press(field: SecretField, *keys: Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    """Press keys that are no text."""
    for key in keys:
        if isinstance(key, tuple):
            QTest.keyClick(field, *key)
        else:
            QTest.keyClick(field, key)


def test_keys_go_into_the_buffer_and_marks_onto_the_screen(field: SecretField) -> None:
    """The toolkit's text is marks, as many as there are characters."""
    type_in(field, "2846")
    assert held(field) == "2846"
    assert field.text() == "●●●●"
    assert field.count == 4


def test_taking_leaves_nothing(field: SecretField) -> None:
    """The secret moves out of the field."""
    type_in(field, "2846")
    with field.take() as secret:
        assert secret == Secret("2846")
    assert field.text() == ""
    assert held(field) == ""


K = Qt.Key


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([K.Key_Backspace], "ABCD"),
        ([(K.Key_Backspace, _SHIFT)], "ABCD"),
        ([K.Key_Home, K.Key_Delete], "BCDE"),
        ([K.Key_Left, K.Key_Left, K.Key_Backspace], "ABDE"),
        ([K.Key_Left, K.Key_Delete, K.Key_Delete], "ABCD"),
        ([K.Key_Home, K.Key_Backspace], "ABCDE"),
        ([K.Key_Home, K.Key_Right, K.Key_X], "AxBCDE"),
        ([K.Key_Home, K.Key_End, K.Key_X], "ABCDEx"),
        ([(K.Key_A, _CONTROL), K.Key_X], "x"),
        ([(K.Key_A, _CONTROL), K.Key_Delete], ""),
        ([(K.Key_Left, _SHIFT), (K.Key_Left, _SHIFT), K.Key_X], "ABCx"),
        ([(K.Key_Left, _SHIFT), (K.Key_Left, _SHIFT), K.Key_Backspace], "ABC"),
        ([K.Key_Left, K.Key_Left, (K.Key_Backspace, _CONTROL)], "DE"),
        ([K.Key_Left, K.Key_Left, (K.Key_Delete, _CONTROL)], "ABC"),
        ([K.Key_Left, (K.Key_U, _CONTROL)], ""),
        ([(K.Key_Z, _CONTROL)], "ABCDE"),
        ([K.Key_Backspace, (K.Key_Z, _CONTROL)], "ABCD"),
        ([(K.Key_A, _CONTROL), (K.Key_X, _CONTROL)], "ABCDE"),
        ([(K.Key_Y, _CONTROL), (K.Key_B, _CONTROL), K.Key_F1, K.Key_Tab], "ABCDE"),
    ],
)
def test_editing(field: SecretField, keys: list[Qt.Key], expected: str) -> None:
    """The keys of a line do in the buffer what they do on the screen; nothing comes back that was deleted."""
    type_in(field, "ABCDE")
    press(field, *keys)
    assert held(field) == expected
    assert field.text() == "●" * len(expected)


@given(st.lists(st.tuples(st.sampled_from("idh"), st.integers(0, 20), st.integers(0, 20)), max_size=40))
def test_the_buffer_is_a_line(steps: list[tuple[str, int, int]]) -> None:
    """Insertions and deletions anywhere leave what they leave in a list, and zeros behind it."""
    typed = TypedSecret()
    model: list[int] = []
    for kind, first, second in steps:
        if kind == "i":
            at = min(first, len(model))
            typed.insert(at, 0x41 + second)
            model.insert(at, 0x41 + second)
        else:
            low, high = sorted((min(first, len(model)), min(second, len(model))))
            typed.delete(low, high)
            del model[low:high]
    with typed.copy() as secret:
        assert bytes(secret.reveal()) == bytes(model)
    assert set(typed._buffer[len(model) :]) <= {0}
    typed.wipe()
    assert set(typed._buffer) == {0}


def test_a_full_field_takes_no_more(field: SecretField) -> None:
    """What goes beyond is refused, and said so."""
    refused: list[Refusal] = []
    field.refused.connect(refused.append)
    type_in(field, "1" * (MAX_CHARACTERS + 1))
    assert field.count == MAX_CHARACTERS
    assert refused == [Refusal.FULL]


def test_characters_that_no_secret_holds_are_refused(field: SecretField) -> None:
    """Kana is refused; full-width letters and digits are narrowed one by one."""
    refused: list[Refusal] = []
    field.refused.connect(refused.append)
    for character in "あＡ２é":
        event = QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character)
        QGuiApplication.sendEvent(field, event)
    assert held(field) == "A2"
    assert refused == [Refusal.CHARACTER, Refusal.CHARACTER]
    assert narrow("～") == ord("~")


def test_nothing_is_pasted_or_copied(field: SecretField) -> None:
    """Neither by keys nor by the middle button; what is selected does not come to the clipboard."""
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("7391")
    refused: list[Refusal] = []
    field.refused.connect(refused.append)
    press(field, (K.Key_V, _CONTROL), (K.Key_Insert, _SHIFT))
    QTest.mouseClick(field, Qt.MouseButton.MiddleButton)
    assert held(field) == ""
    assert refused == [Refusal.PASTE] * 3
    type_in(field, "2846")
    press(field, (K.Key_A, _CONTROL), (K.Key_C, _CONTROL), (K.Key_X, _CONTROL))
    assert clipboard.text() == "7391"
    assert held(field) == "2846"


def test_nothing_is_dropped(field: SecretField) -> None:
    """Text that is dragged onto the field is not taken."""
    data = QMimeData()
    data.setText("7391")
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    drop = QDropEvent(QPointF(QPoint(5, 5)), action, data, button, Qt.KeyboardModifier.NoModifier)
    QGuiApplication.sendEvent(field, drop)
    assert held(field) == ""
    assert not field.acceptDrops()
    assert not field.dragEnabled()


def test_input_methods_are_off(field: SecretField) -> None:
    """None is asked to convert, and what one sends all the same is not taken."""
    assert not field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    event = QInputMethodEvent()
    event.setCommitString("7391")
    QGuiApplication.sendEvent(field, event)
    assert held(field) == ""
    assert field.text() == ""


def test_a_screen_reader_is_told_the_name_and_marks(field: SecretField) -> None:
    """Role and state are those of a password, the text is marks, and setting it from there is undone."""
    refused: list[Refusal] = []
    field.refused.connect(refused.append)
    type_in(field, "2846")
    told = QAccessible.queryAccessibleInterface(field)
    assert told.role() == QAccessible.Role.EditableText
    assert told.state().passwordEdit
    assert told.text(QAccessible.Text.Name) == "PIN"
    assert "2846" not in (told.text(QAccessible.Text.Value), told.text(QAccessible.Text.Description))
    told.setText(QAccessible.Text.Value, "7391")
    assert held(field) == "2846"
    assert field.text() == "●●●●"
    assert refused == [Refusal.OUTSIDE]


def test_a_field_that_goes_away_is_empty(field: SecretField) -> None:
    """Hiding it overwrites what was typed."""
    type_in(field, "2846")
    field.hide()
    assert held(field) == ""


def test_a_window_made_small_keeps_what_was_typed(application: QApplication) -> None:
    """Somebody looks something up in another window; closing this one overwrites it."""
    window = QWidget()
    field = SecretField(window)
    window.show()
    type_in(field, "28")
    window.showMinimized()
    application.processEvents()
    assert held(field) == "28"
    window.close()
    assert held(field) == ""


def test_it_has_no_menu(field: SecretField) -> None:
    """A context menu would offer to paste."""
    assert field.contextMenuPolicy() is Qt.ContextMenuPolicy.PreventContextMenu
    assert isinstance(QAccessible.queryAccessibleInterface(field), QAccessibleInterface)


def test_the_buffer_shows_nothing() -> None:
    """Neither its text form nor its truth value tells the characters."""
    typed = TypedSecret()
    assert not typed
    typed.insert(0, ord("7"))
    assert typed
    assert repr(typed) == "<TypedSecret>"
