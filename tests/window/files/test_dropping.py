"""Files from a drag or from the system's dialog; nothing else is taken."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QFileDialog

from jpki.words import M
from jpki_window.files.dropping import DropArea

if TYPE_CHECKING:
    from collections.abc import Callable

    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]

_WORDS = M("Choose a file")


def _area(desk: PageDesk, *, many: bool = True) -> tuple[DropArea, list[list[Path]]]:
    area = DropArea(desk.context, _WORDS, many=many)
    desk.show(area, 500, 200)
    chosen: list[list[Path]] = []
    area.chosen.connect(chosen.append)
    return area, chosen


def test_files_are_chosen_in_the_dialog(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many, or one; leaving the dialog chooses nothing."""
    desk = sit_down()
    area, chosen = _area(desk)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["/a", "/b"], ""))
    area.button.click()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    area.choose()
    one, chosen_one = _area(desk, many=False)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/a", ""))
    one.choose()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    one.choose()
    assert (chosen, chosen_one) == ([[Path("/a"), Path("/b")]], [[Path("/a")]])


def test_only_files_are_taken(sit_down: SitDown) -> None:
    """A drag of files lights the place up, and it goes out when the drag goes on; an address is refused."""
    area, _ = _area(sit_down())
    plain = area.styleSheet()
    for url, is_taken in ((QUrl.fromLocalFile("/a"), True), (QUrl("https://example.invalid/a"), False)):
        data = QMimeData()
        data.setUrls([url])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QDragEnterEvent(QPoint(1, 1), Qt.DropAction.CopyAction, data, buttons, keys)
        event.ignore()
        area.dragEnterEvent(event)
        assert event.isAccepted() is is_taken
        assert (area.styleSheet() != plain) is is_taken
        area.dragLeaveEvent(QDragLeaveEvent())
        assert area.styleSheet() == plain
