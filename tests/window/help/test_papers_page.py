"""The sheet for the holder and the report for support: the library's, saved and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import givenday
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog
from windowpages import READER, press, texts

import jpki
from jpki.report import render_html, sheet
from jpki_window.help import PapersPage, papers_page
from jpki_window.showing.printing import document_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from windowdesk import Desk
    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]


def _opened(desk: PageDesk) -> PapersPage:
    page = PapersPage(desk.context)
    desk.show(page)
    return page


def _sheet(desk: PageDesk) -> str:
    with jpki.connect(READER, service=desk.readers) as card:
        advice = jpki.advise(card.status(at=givenday.now()), at=givenday.now())
    return render_html(sheet(advice, givenday.now(), is_simulated=True))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_sheet_is_that_of_the_command_line(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Byte for byte, in the language of the window; shown before it is saved."""
    desk = sit_down("locked-auth", language=language)
    page = _opened(desk)
    made = page.page()
    assert made is not None
    assert made.verdict in texts(page)
    path = tmp_path / "sheet.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    press(page, {"en": "Save the sheet …", "ja": "用紙を保存…"}[language])
    assert path.read_text(encoding="utf-8") == _sheet(desk)


def test_the_report_holds_no_personal_data(sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the day on which a certificate ends; what is saved is a page of HTML."""
    desk = sit_down()
    page = _opened(desk)
    path = tmp_path / "report.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    press(page, "Save the report …")
    desk.wait(path.exists)
    desk.wait(lambda: desk.context.worker.is_idle)
    written = path.read_text(encoding="utf-8")
    status = desk.context.glance.status
    assert status is not None
    ends = [found.period.last_day.isoformat() for found in status.certificates if found.period is not None]
    assert ends
    assert not [day for day in ends if day in written]
    assert "<!DOCTYPE html>" in written
    assert f"Written: {path}" in texts(page)


def test_papers_are_printed(sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheet on one page, without a picture or a page that would be loaded."""
    desk = sit_down("all-locked", language="ja")
    page = _opened(desk)
    asked: list[str] = []
    monkeypatch.setattr(papers_page, "print_html", lambda _parent, title, *_: asked.append(title))
    press(page, "用紙を印刷…")
    press(page, "報告を印刷…")
    desk.wait(lambda: len(asked) == 2)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "sheet.pdf"))
    document = document_of(_sheet(desk))
    document.print_(printer)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "sheet.pdf").read_bytes().count(b"/Type /Page\n") == 1


def test_without_a_card_there_is_no_sheet(sit_down: SitDown) -> None:
    """It goes with the card; the report is made all the same."""
    desk = sit_down()
    page = _opened(desk)
    desk.readers.remove(READER)
    desk.wait(lambda: desk.context.glance.status is None)
    shown = texts(page)
    assert "To make the sheet, put the card on the reader." in shown
    assert page.page() is None


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        ({}, "No card reader is connected."),
        ({"A": "other-card"}, "This is not a My Number Card, or its JPKI application does not respond."),
        ({"A": "adult", "B": "child"}, "There are My Number Cards on several readers. Choose one on the page “Card”."),
    ],
)
def test_without_a_sheet_it_is_said_what_is_in_the_way(
    open_desk: Callable[..., Desk], cards: dict[str, str], words: str
) -> None:
    """And not that a card is to be put where one lies, or two."""
    desk = open_desk(cards)
    desk.wait(lambda: desk.glance.failure is not None)
    desk.window.show_page("papers")
    page = desk.window.page("papers")
    assert page is not None
    assert words in texts(page)


def test_a_report_that_fails_says_why(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its code."""
    from jpki.errors import ServiceStoppedError

    def fail(*_: object, **__: object) -> dict[str, object]:
        raise ServiceStoppedError("stopped")

    monkeypatch.setattr(papers_page, "support_report", fail)
    desk = sit_down()
    page = _opened(desk)
    press(page, "Print the report …")
    desk.wait(lambda: "Code: pcsc_service_stopped" in texts(page))
