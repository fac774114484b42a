"""The page that judges signed files: whose signature it is comes first, failures come before the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from windowpages import press, sign_on_given_day, texts

import jpki
from jpki.files import VerifyReport
from jpki.signing import opening_lines, ordered
from jpki_sim.serve import SimulatedReaders
from jpki_window.files import VerifyPage
from jpki_window.files.dropping import DropArea

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file with a signature beside it."""
    path = tmp_path / "letter.txt"
    path.write_text("TEST")
    with jpki.use_service(SimulatedReaders({"R": "adult"})), jpki.connect() as card:
        sign_on_given_day(card, path)
    return path


def _judged(desk: PageDesk, page: VerifyPage) -> VerifyReport:
    desk.wait(lambda: page.found is not None)
    assert isinstance(page.found, VerifyReport)
    return page.found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_whose_signature_it_is_stands_first(sit_down: SitDown, letter: Path, language: str) -> None:
    """In large type before any item; then every item, in the order of the command line, with verdict and reason."""
    desk = sit_down(language=language)
    page = VerifyPage(desk.context)
    desk.show(page)
    page.receive([letter])
    signature = _judged(desk, page).signatures[0]
    shown = texts(page)
    whose = opening_lines(signature)[0].text(language)
    items = [item.text(language) for _, item, _ in ordered(signature)]
    places = [shown.index(whose), *(shown.index(item) for item in items)]
    assert places == sorted(places)
    assert "テスト" in whose


def test_a_changed_file_fails_first(sit_down: SitDown, letter: Path) -> None:
    """The verdict says so, and the first item is the one that failed."""
    letter.write_text("another")
    desk = sit_down()
    page = VerifyPage(desk.context)
    desk.show(page)
    page.receive([letter])
    assert not _judged(desk, page).passed
    shown = texts(page)
    assert "At least one check failed." in shown
    assert "No check failed." not in shown
    assert shown.index("FAILED") < shown.index("passed")


def test_without_a_simulated_card_a_test_issuer_does_not_count(sit_down: SitDown, letter: Path) -> None:
    """What a TEST card signed is not taken for a person's signature where no simulated card is shown."""
    desk = sit_down()
    desk.context.glance = type(desk.context.glance)()
    page = VerifyPage(desk.context)
    desk.show(page)
    page.receive([letter])
    assert not _judged(desk, page).passed
    assert any("not confirmed" in line for line in texts(page))


def test_no_signature_shows_its_code(sit_down: SitDown, tmp_path: Path) -> None:
    """And what is the matter, where a file is alone; and a file that is not there."""
    (tmp_path / "alone.txt").write_text("TEST")
    desk = sit_down()
    page = VerifyPage(desk.context)
    desk.show(page)
    page.receive([tmp_path / "alone.txt"])
    desk.wait(lambda: page.found is not None)
    assert any("There is no signature beside" in line for line in texts(page))
    assert "Code: no_signature" in texts(page)
    page.receive([tmp_path / "nowhere"])
    desk.wait(lambda: page.found is not None)
    assert any("cannot be read" in line for line in texts(page))


def test_two_files_dropped_are_file_and_signature(sit_down: SitDown, letter: Path) -> None:
    """Drag and drop takes files only, and the second is the signature of the first."""
    other = letter.with_name("signature.bin")
    letter.with_name("letter.txt.p7s").rename(other)
    desk = sit_down()
    page = VerifyPage(desk.context)
    desk.show(page)
    area = page.findChild(DropArea)
    assert area is not None
    area.dropEvent(_drop([QUrl("https://example.invalid/a")]))
    assert page.found is None
    area.dropEvent(_drop([QUrl.fromLocalFile(str(letter)), QUrl.fromLocalFile(str(other))]))
    report = _judged(desk, page)
    assert (report.passed, report.sources.signature, report.sources.content) == (True, other, letter)


def test_it_is_judged_again(sit_down: SitDown, letter: Path) -> None:
    """A file that changed meanwhile fails when it is checked once more."""
    desk = sit_down()
    page = VerifyPage(desk.context)
    desk.show(page)
    page.receive([letter])
    assert _judged(desk, page).passed
    letter.write_text("another")
    press(page, "Check it again")
    assert not _judged(desk, page).passed
    page.retranslate()
    assert "FAILED" in texts(page)


_kept: list[QMimeData] = []


def _drop(urls: list[QUrl]) -> QDropEvent:
    data = QMimeData()
    data.setUrls(urls)
    _kept.append(data)  # the event does not keep it
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDropEvent(QPoint(1, 1).toPointF(), Qt.DropAction.CopyAction, data, buttons, keys)
