"""Versions, the date of the guidance, and the survey, which presents no PIN."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import givenday
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit
from windowpages import press, texts

import jpki
from jpki.advice import freshness
from jpki.survey import parse_result
from jpki_window.help import AboutPage, counter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]


def _opened(desk: PageDesk) -> AboutPage:
    page = AboutPage(desk.context)
    desk.show(page)
    return page


@pytest.mark.parametrize("language", ["en", "ja"])
def test_versions_and_the_date_of_the_guidance(sit_down: SitDown, language: str) -> None:
    """As this program is installed."""
    shown = texts(_opened(sit_down(language=language)))
    assert jpki.__version__ in shown
    assert freshness(givenday.now()).text(language) in shown


def test_a_survey_is_shown_and_saved(sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a yes; the saved result is one that can be merged."""
    desk = sit_down()
    page = _opened(desk)
    assert not page.survey.isEnabled()
    page.consent.setChecked(True)
    press(page, "Survey the card")
    desk.wait(lambda: page.result is not None)
    assert not page.survey.isEnabled()
    path = tmp_path / "survey.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    press(page, "Save the result …")
    assert parse_result(json.loads(path.read_text(encoding="utf-8"))).pins == ()
    shown = page.findChild(QPlainTextEdit)
    assert shown is not None
    assert shown.toPlainText() == path.read_text(encoding="utf-8").rstrip("\n")


def test_a_phone_is_left_alone(sit_down: SitDown) -> None:
    """As on the command line."""
    desk = sit_down("phone")
    page = _opened(desk)
    page.consent.setChecked(True)
    press(page, "Survey the card")
    desk.wait(lambda: desk.context.worker.is_idle)
    assert "Code: not_my_number_card" in texts(page)
    assert page.result is None


def test_the_counter_begins_in_a_process_of_its_own(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the language of the window; where it cannot begin the window stays."""
    started: list[tuple[str, list[str]]] = []

    def start(program: str, arguments: list[str]) -> bool:
        started.append((program, arguments))
        return False

    monkeypatch.setattr(QProcess, "startDetached", start)
    desk = sit_down(language="ja")
    page = _opened(desk)
    press(page, "窓口の表示を始める")
    assert started[0][1][-3:] == ["--counter", "--lang", "ja"]
    assert page.isVisible()


def test_a_packed_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no Python to give a module to."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert counter.command_of("--counter")[1] == ["--counter"]
