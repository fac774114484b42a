"""The certificates that a card gives without a PIN, copied and saved."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtWidgets import QApplication, QFileDialog
from windowpages import READER, press, texts

import jpki
from jpki_window.files import CertificatesPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]


def _opened(desk: PageDesk) -> CertificatesPage:
    page = CertificatesPage(desk.context)
    desk.show(page)
    desk.wait(lambda: desk.context.worker.is_idle)
    return page


def _choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def _pem(desk: PageDesk) -> str:
    with jpki.connect(READER, service=desk.readers) as card:
        return card.certificate().pem()


def test_they_are_copied_and_saved(sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As PEM, into a file that only this user reads; where nothing is chosen nothing is written."""
    desk = sit_down()
    page = _opened(desk)
    assert "User certificate" in texts(page)
    press(page, "Copy as PEM")
    assert QApplication.clipboard().text() == _pem(desk)
    assert "Copied." in texts(page)
    _choose(monkeypatch, "")
    press(page, "Save as PEM …")
    path = tmp_path / "a.pem"
    _choose(monkeypatch, path)
    press(page, "Save as PEM …")
    assert path.read_text() == _pem(desk)
    assert f"Written: {path}" in texts(page)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    _choose(monkeypatch, tmp_path / "nowhere" / "a.pem")
    press(page, "Save as PEM …")
    assert any("Code: cannot_write" in line for line in texts(page))


def test_the_end_goes_into_a_calendar(sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anything of the holder in it."""
    pytest.importorskip("icalendar", reason="icalendar is not installed (the extra `calendar`)")
    desk = sit_down(language="ja")
    page = _opened(desk)
    path = tmp_path / "a.ics"
    _choose(monkeypatch, path)
    press(page, "カレンダー用ファイル…")
    assert "BEGIN:VEVENT" in path.read_text(encoding="utf-8")


def test_they_go_away_with_the_card(sit_down: SitDown) -> None:
    """What was read of a card that was taken off is not shown any more."""
    desk = sit_down()
    page = _opened(desk)
    desk.readers.remove(READER)
    desk.wait(lambda: desk.context.glance.status is None)
    assert "User certificate" not in texts(page)
    assert "Code: no_card" in texts(page)


def test_a_phone_gives_none(sit_down: SitDown) -> None:
    """Its certificates need a PIN: that is no failure of the page."""
    desk = sit_down("phone")
    page = _opened(desk)
    assert not any("Code:" in line for line in texts(page))
