"""Everything focusable has a name and comes in reading order; colours contrast; nothing is cut at 200 %."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget
from windowdesk import Desk, heard, settle

from jpki_window.card import SimulatedDialog
from jpki_window.look import Look
from jpki_window.look.theme import CONTRAST, DARK, LIGHT, Colours
from jpki_window.pin.ask import AskDialog
from jpki_window.pin.dialog import PinDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    OpenDesk = Callable[..., Desk]

THEMES = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}
#: Cards with much text, each in both languages.
CROWDED = list(product(("all-locked", "last-try", "card-expired-locked", "phone-locked"), ("en", "ja")))


def linear(part: float) -> float:
    """A part of a colour in sRGB, as light."""
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shown = QColor(colour)
    red, green, blue = map(linear, (shown.redF(), shown.greenF(), shown.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_contrasts(theme: str) -> None:
    """4.5:1 for text on everything that it may stand on; 7:1 in high contrast."""
    c: Colours = THEMES[theme]
    least = 7.0 if theme == "contrast" else 4.5
    pairs = [(front, back) for front in (c.text, c.muted) for back in (c.window, c.surface)]
    pairs += [(mood.text, mood.back) for mood in (c.calm, c.good, c.warn, c.bad)]
    pairs += [(mood.text, back) for mood in (c.warn, c.bad) for back in (c.surface, c.window)]
    pairs += [(c.on_accent, c.accent), (c.text, c.hover)]
    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < least} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_drawn_contrasts(theme: str) -> None:
    """3:1 for edges of buttons, the mark of the focus, and the filled part of a bar."""
    c: Colours = THEMES[theme]
    pairs = [(c.border, c.surface), (c.border, c.window), (c.accent, c.surface), (c.accent, c.track)]
    pairs += [(mood.text, c.track) for mood in (c.warn, c.bad)]
    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 3.0} == {}


@pytest.mark.parametrize(("card", "language"), CROWDED)
def test_nothing_focusable_without_a_name(open_desk: OpenDesk, card: str, language: str) -> None:
    """Each has a role other than that of any part, and a name that no other button beside it has."""
    desk = open_desk({"A": card}, language=language)
    desk.wait_for_card()
    focusable = [one for one in heard(desk.window) if one.is_focusable and one.role is not one.role.MenuItem]
    assert focusable
    assert [one for one in focusable if not one.name and one.role is not one.role.ListItem] == []


@pytest.mark.parametrize(("card", "language"), [("last-try", "en"), ("card-expired-locked", "ja")])
def test_the_focus_follows_the_reading_order(open_desk: OpenDesk, card: str, language: str) -> None:
    """Tab goes through the menu and then through every button of the page, from above, and comes back."""
    desk = open_desk({"A": card}, language=language)
    desk.window.resize(800, 900)
    desk.wait_for_card()
    settle()
    desk.window.activateWindow()
    page = desk.window.page("card")
    assert page is not None
    buttons = [b for b in page.findChildren(QPushButton) if b.isVisible()]
    buttons[0].setFocus()
    seen: list[QWidget] = []
    while (focused := QApplication.focusWidget()) not in seen and focused is not None:
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    visited = [widget for widget in seen if widget in buttons]
    assert len(visited) == len(buttons)
    heights = [widget.mapTo(page, QPoint(0, 0)).y() for widget in visited]
    assert heights == sorted(heights)


@pytest.mark.parametrize(("card", "language"), CROWDED)
def test_nothing_is_cut_at_twice_the_size_in_a_small_window(open_desk: OpenDesk, card: str, language: str) -> None:
    """At 200 % and 800 x 600 the page is as wide as its place, and every label as high as its text."""
    desk = open_desk({"A": card}, language=language, text_size=200)
    desk.window.resize(800, 600)
    desk.wait_for_card()
    settle()
    assert (desk.window.width(), desk.window.height()) == (800, 600)
    page = desk.window.page("card")
    assert page is not None
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    body = area.widget()
    assert body is not None
    assert body.width() <= area.viewport().width()
    for label in page.findChildren(QLabel):
        right = label.mapTo(body, QPoint(label.width(), 0)).x()
        assert right <= area.viewport().width(), label.text()
        assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_no_window_is_larger_than_the_screen(open_desk: OpenDesk) -> None:
    """At 200 % on a screen of 800 pixels: the buttons of a dialog stand at its right edge."""
    desk = open_desk({"A": "adult"}, text_size=200)
    room = desk.window.screen().availableGeometry()
    assert room.width() <= 1024  # or nothing is tested here
    say = desk.context.say
    question = {"kind": "secret", "title": "T", "description": "D", "prompt": "P", "ok": "OK", "cancel": "Cancel"}
    opened: list[QWidget] = [PinDialog(say, "T"), AskDialog(question), SimulatedDialog(desk.context, desk.window)]
    for window in (desk.window, *opened):
        window.show()
        settle()
        assert window.width() <= room.width(), window
        assert window.height() <= room.height(), window
    for window in opened:
        window.hide()
        window.deleteLater()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_lines_are_short_enough_to_read(open_desk: OpenDesk, language: str) -> None:
    """However wide the window is, no text is wider than 40 full-width characters of its own size."""
    desk = open_desk({"A": "all-locked"}, language=language)
    desk.window.resize(2400, 1200)
    desk.wait_for_card()
    settle()
    page = desk.window.page("card")
    assert page is not None
    for label in page.findChildren(QLabel):
        assert label.width() <= 40 * label.fontMetrics().horizontalAdvance("国") + 4, label.text()
    assert Look.em > 0


@pytest.mark.parametrize("width", [700, 900, 1080, 1400])
@pytest.mark.parametrize("card", ["card-expired", "renewal-window", "last-try"])
def test_no_button_is_cut_or_covered(open_desk: OpenDesk, card: str, width: int) -> None:
    """At any width each button of the page is as large as its words, inside of its tile."""
    desk = open_desk({"A": card})
    desk.window.resize(width, 860)
    desk.wait_for_card()
    settle()
    page = desk.window.page("card")
    assert page is not None
    for each in page.findChildren(QPushButton):
        assert each.height() >= each.sizeHint().height(), each.accessibleName()
        assert each.width() >= each.sizeHint().width(), each.accessibleName()
        around = each.parentWidget()
        assert around is not None
        assert around.rect().contains(each.geometry()), each.accessibleName()
