"""Everything on these pages that takes the keyboard has a name; nothing is cut at 200 % in a small window."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListWidget, QScrollArea, QWidget
from windowpages import empty_below

from jpki_window.app.pages import PAGES
from jpki_window.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]

NAMES = ["sign", "verify", "certificates", "doctor", "guide", "papers", "about"]
CASES = list(product(NAMES, ("en", "ja")))


def _made(desk: PageDesk, name: str, folder: Path, size: tuple[int, int] = (1000, 760)) -> QWidget:
    page = next(page for page in PAGES if page.name == name).factory(desk.context)
    desk.show(page, *size)
    if name in ("sign", "verify"):
        from pdfsamples import plain

        source = folder / "letter of some length, as names of files are.pdf"
        source.write_bytes(plain(pages=1))
        page.receive([source])  # type: ignore[attr-defined]  # both have it
        if name == "sign":
            page.stamp.is_wanted.setChecked(True)  # type: ignore[attr-defined]  # the page that signs
            page.more.toggle.click()  # type: ignore[attr-defined]
    desk.wait(lambda: desk.context.worker.is_idle)
    return page


@pytest.mark.parametrize(("name", "language"), CASES)
def test_what_takes_the_keyboard_has_a_name_and_a_role(
    sit_down: SitDown, tmp_path: Path, name: str, language: str
) -> None:
    """As a screen reader is told it."""
    page = _made(sit_down("locked-auth", language=language), name, tmp_path)
    focusable = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(page)
    ]
    inner = [widget for widget in focusable if not isinstance(widget.parent(), (QListWidget,))]
    for widget in inner:
        if widget.objectName() == "qt_spinbox_lineedit":
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        assert told is not None
        assert told.text(QAccessible.Text.Name), (widget, widget.objectName())
        assert told.role() is not QAccessible.Role.NoRole
    assert inner


@pytest.mark.parametrize(("name", "language"), CASES)
def test_nothing_is_cut_at_twice_the_size(sit_down: SitDown, tmp_path: Path, name: str, language: str) -> None:
    """At 200 % in the place that a page has in a window of 800 x 600: as wide as that, labels as high as their text."""
    desk = sit_down("locked-auth", language=language, text_size=200)
    page = _made(desk, name, tmp_path, (560, 540))
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    body = area.widget()
    assert body is not None
    assert body.width() <= area.viewport().width()
    parts: list[QLabel | QAbstractButton] = [*page.findChildren(QLabel), *page.findChildren(QAbstractButton)]
    for part in parts:
        if not part.isVisibleTo(page) or isinstance(part.parent(), QLineEdit):
            continue
        right = part.mapTo(body, QPoint(part.width(), 0)).x()
        assert right <= area.viewport().width(), part.text()
        if isinstance(part, QLabel) and part.wordWrap():
            assert part.height() >= part.heightForWidth(part.width()), part.text()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [(612, 540), (820, 700)])
def test_a_page_ends_where_its_text_ends(sit_down: SitDown, tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    """Nobody scrolls down into an empty half of a page and looks there for what is missing."""
    page = _made(sit_down("locked-auth", language="ja"), name, tmp_path, size)
    assert empty_below(page) < 8 * Look.em


@pytest.mark.parametrize("name", NAMES)
def test_tab_goes_through_everything_from_above(sit_down: SitDown, tmp_path: Path, name: str) -> None:
    """In the order in which it is read, and back to the first."""
    page = _made(sit_down("locked-auth"), name, tmp_path)
    page.activateWindow()
    first = next(w for w in page.findChildren(QAbstractButton) if w.isVisibleTo(page) and w.isEnabled())
    first.setFocus()
    seen: list[QWidget] = []
    while (focused := QApplication.focusWidget()) is not None and focused not in seen:
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    buttons = [w for w in page.findChildren(QAbstractButton) if w.isVisibleTo(page) and w.isEnabled()]
    reachable = [w for w in buttons if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert set(reachable) <= set(seen)
    tops = [w.mapTo(page, QPoint(0, 0)).y() for w in seen if w in reachable]
    start = tops.index(min(tops))
    assert tops[start:] + tops[:start] == sorted(tops)
