"""The dialogs can be used with any eyes and hands: names, order of the focus, sizes, contrast."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pindesk import press_keys
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from jpki.card import Pin, PinState, PinStatus
from jpki.pin import SecretQuestion
from jpki_window.look import Look
from jpki_window.pin import Outcome, OutcomePage
from jpki_window.pin.dialog import PinDialog
from jpki_window.pin.pages import Choice, ChoicePage, Page, SecretPage
from jpki_window.pin.revealed import RevealedPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.words import Message

LONG: Final = (
    "Do not use your birth date or your address (house number, post code); this program cannot check for them. " * 3
)
PAGES: Final = ("secret", "password", "choice", "outcome", "revealed")
THEMES: Final = ("light", "dark", "contrast")


def english(message: Message) -> str:
    """Say it in English."""
    return message.text("en")


def page(kind: str) -> Page:
    """One of each kind, with much text."""
    pin = Pin.SIGN if kind == "password" else Pin.AUTH
    status = PinStatus(pin.value, PinState.FULL, 3, 3, None)
    makers: dict[str, Callable[[], Page]] = {
        "secret": lambda: SecretPage(english, SecretQuestion(pin, status, is_new=True), "New user certificate PIN"),
        "password": lambda: SecretPage(english, SecretQuestion(pin, status), "Current signature password"),
        "choice": lambda: ChoicePage(Choice("One try is left", (LONG,), "Use the last try", "Cancel", "I am sure")),
        "outcome": lambda: OutcomePage(english, Outcome("Wrong PIN. You have 2 tries left.", (LONG,), "wrong_pin")),
        "revealed": lambda: RevealedPage(english, "What the card holds", [("Name", "TEST"), ("Address", LONG)]),
    }
    return makers[kind]()


@pytest.fixture
def show(application: QApplication) -> Iterator[Callable[..., PinDialog]]:
    """Show a page in a dialog."""
    made: list[PinDialog] = []

    def show_one(kind: str, theme: str = "light", size: int = 100) -> PinDialog:
        Look.apply(application, theme, size)
        dialog = PinDialog(english, "Change a PIN")
        dialog.hints.add(LONG)
        dialog.tell("This PIN has exactly four digits.", is_warning=True)
        made.append(dialog)
        dialog.show()
        shown = page(kind)
        dialog.show_page(shown)
        if isinstance(shown, SecretPage):
            shown.findChildren(QAbstractButton)[0].setVisible(True)
            shown.keys.toggle.setChecked(True)
            press_keys(shown.field, "12")
        dialog.activateWindow()
        for _ in range(5):
            QApplication.processEvents()
        return dialog

    yield show_one
    for dialog in made:
        dialog.finish()
        dialog.close()
        dialog.deleteLater()
    Look.apply(application, "light", 100)


def focusable(dialog: PinDialog) -> list[QWidget]:
    """Everything that the Tab key may come to."""
    tab = Qt.FocusPolicy.TabFocus.value
    return [w for w in dialog.findChildren(QWidget) if w.isVisible() and w.isEnabled() and w.focusPolicy().value & tab]


@pytest.mark.parametrize("kind", PAGES)
def test_everything_has_a_name_and_a_role(show: Callable[..., PinDialog], kind: str) -> None:
    """Nothing that takes the keyboard is nameless, and labels belong to their fields."""
    dialog = show(kind)
    assert focusable(dialog)
    for widget in focusable(dialog):
        told = QAccessible.queryAccessibleInterface(widget)
        assert told.text(QAccessible.Text.Name), widget
        assert told.role() not in (QAccessible.Role.NoRole, QAccessible.Role.Client), widget
    for field in dialog.findChildren(QLineEdit):
        assert [label for label in dialog.findChildren(QLabel) if label.buddy() is field]
    told = QAccessible.queryAccessibleInterface(dialog)
    assert told.text(QAccessible.Text.Name) == "Change a PIN"


@pytest.mark.parametrize("kind", PAGES)
def test_tab_goes_as_one_reads(show: Callable[..., PinDialog], kind: str) -> None:
    """From above and from the left, through everything, and back to where it began."""
    dialog = show(kind)
    expected = focusable(dialog)
    first = dialog.focusWidget()
    assert first is not None
    seen = [first]
    for _ in range(len(expected) + 3):
        QTest.keyClick(QApplication.focusWidget() or first, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now is first:
            break
        seen.append(now)
    assert set(seen) == set(expected)

    def place(widget: QWidget) -> tuple[int, int]:
        corner = widget.mapTo(dialog, QPoint(0, 0))
        return corner.y() // 10, corner.x()

    start = seen.index(min(seen, key=place))
    inside = [*seen[start:], *seen[:start]]
    rows = [place(widget)[0] for widget in inside if widget not in dialog.page.buttons]
    assert rows == sorted(rows)
    assert [widget for widget in seen if widget in dialog.page.buttons] in (
        [b for b in dialog.page.buttons if b.isEnabled()],
        [b for b in dialog.page.buttons if b.isEnabled()][::-1],
    )


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("size", [100, 200])
def test_nothing_is_cut(show: Callable[..., PinDialog], kind: str, size: int) -> None:
    """At 800 x 600 and at 200 %: buttons stay in sight, text wraps, and the rest is reached by scrolling."""
    dialog = show(kind, size=size)
    dialog.resize(800, 600)
    for _ in range(5):
        QApplication.processEvents()
    assert dialog.minimumSizeHint().width() <= 800
    assert dialog.minimumSizeHint().height() <= 600
    assert dialog._scroll.horizontalScrollBar().maximum() == 0
    for button in dialog.page.buttons:
        assert dialog.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()
    for label in dialog.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.height() >= label.heightForWidth(label.width())


def linear(part: float) -> float:
    """A part of a colour in sRGB, as light."""
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(widget: QWidget, picture: QImage) -> float:
    """Between what most of a widget is drawn in and what differs most from that, on a picture of its window."""
    rect = QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size()).adjusted(4, 4, -4, -4)
    image = picture.copy(rect).convertToFormat(QImage.Format.Format_RGB32)
    drawn = bytes(image.constBits())
    colours = Counter(int.from_bytes(drawn[at : at + 4], "little") for at in range(0, len(drawn), 4))
    back = luminance(QColor(colours.most_common(1)[0][0]))
    ratios = [(max(back, other) + 0.05) / (min(back, other) + 0.05) for other in map(luminance, map(QColor, colours))]
    return max(ratios)


@pytest.mark.parametrize("kind", ["secret", "choice", "outcome"])
@pytest.mark.parametrize("theme", THEMES)
def test_what_is_drawn_contrasts(show: Callable[..., PinDialog], kind: str, theme: str) -> None:
    """Measured on the picture: 4.5:1 for text, buttons and marks, 7:1 in high contrast."""
    dialog = show(kind, theme)
    dialog.resize(700, 900)
    QApplication.processEvents()
    drawn = [*dialog.findChildren(QLabel), *dialog.page.buttons, *dialog.findChildren(QLineEdit)]
    picture = dialog.grab().toImage()
    measured = {w: contrast(w, picture) for w in drawn if w.isVisible() and w.isEnabled() and w.height() > 8}
    measured = {w: ratio for w, ratio in measured.items() if not isinstance(w, QLabel) or w.text()}
    least = 7.0 if theme == "contrast" else 4.5
    assert {type(w).__name__: round(ratio, 2) for w, ratio in measured.items() if ratio < least} == {}
    assert len(measured) > 3


def test_enter_is_the_no_of_a_decision(show: Callable[..., PinDialog]) -> None:
    """Whoever holds Enter down uses no last try."""
    dialog = show("choice")
    decided: list[bool] = []
    shown = dialog.page
    assert isinstance(shown, ChoicePage)
    shown.decided.connect(decided.append)
    for box in shown.findChildren(QAbstractButton):
        box.setChecked(True)
    assert shown.buttons[1].isEnabled()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert decided == [False]
