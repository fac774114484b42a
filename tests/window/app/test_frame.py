"""The frame: pages, menus, language, text size, colours, what is kept, and simulated cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QByteArray, QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from windowdesk import Desk, heard, wait_until

from jpki.words import M, current_language
from jpki_window.app import pages
from jpki_window.card import SimulatedDialog, use_simulated
from jpki_window.look import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jpki_window.reading import Context

    OpenDesk = Callable[..., Desk]


def actions(desk: Desk) -> dict[str, QAction]:
    """The entries of all menus, by their words without the mark of the key."""
    return {a.text().replace("&", ""): a for a in desk.window.menuBar().findChildren(QAction) if a.text()}


class NotedPage(QWidget):
    """A page that keeps what it was handed."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.words = QLabel(context.say(M("Pages")), self)
        self.received: list[object] = []

    def receive(self, argument: object) -> None:
        """Keep it."""
        self.received.append(argument)


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second page behind that of the card."""
    monkeypatch.setattr(
        "jpki_window.app.main_window.PAGES", [pages.PAGES[0], pages.Page("noted", M("Pages"), NotedPage)]
    )


def test_a_page_is_made_when_it_is_first_shown(open_desk: OpenDesk, noted: None) -> None:
    """It is handed what another page opens it with."""
    desk = open_desk({})
    assert desk.window.page("noted") is None
    desk.context.open_page("noted", "locked")
    page = desk.window.page("noted")
    assert isinstance(page, NotedPage)
    assert page.received == ["locked"]
    desk.context.open_page("noted")
    assert page.received == ["locked"]
    desk.context.open_page("no such page")
    assert page.isVisible()


def test_a_page_that_cannot_say_itself_anew_is_made_anew(open_desk: OpenDesk, noted: None) -> None:
    """After the language was changed the page that is shown speaks it."""
    desk = open_desk({})
    desk.context.open_page("noted")
    before = desk.window.page("noted")
    desk.context.set_language("ja")
    after = desk.window.page("noted")
    assert after is not before
    assert isinstance(after, NotedPage)
    assert after.words.text() == "ページ"


def test_both_languages_live(open_desk: OpenDesk) -> None:
    """Title, menus and page change at once, back and forth, and the choice is kept."""
    desk = open_desk({"A": "locked-auth"})
    desk.wait_for_card()
    page = desk.window.page("card")
    assert page is not None
    actions(desk)["日本語"].trigger()
    assert desk.window.windowTitle() == "マイナンバーカード"
    assert "ロックされています" in [one.name for one in heard(page)]
    assert current_language() == "ja"
    assert desk.context.settings.language == "ja"
    assert any("カードを読み直す" in name for name in actions(desk))
    actions(desk)["English"].trigger()
    assert desk.window.windowTitle() == "My Number Card"
    assert "locked" in [one.name for one in heard(page)]


def test_text_size_and_colours(open_desk: OpenDesk, application: QApplication) -> None:
    """Both are chosen in the menu, drawn at once, and kept."""
    desk = open_desk({"A": "adult"})
    desk.wait_for_card()
    before = application.font().pointSizeF()
    actions(desk)["200 %"].trigger()
    assert application.font().pointSizeF() == pytest.approx(2 * before)
    assert desk.context.settings.text_size == 200
    actions(desk)["High contrast"].trigger()
    assert application.palette().window().color().name() == "#000000"
    assert desk.context.settings.theme == "contrast"
    actions(desk)["100 %"].trigger()
    assert application.font().pointSizeF() == pytest.approx(before)


def test_settings_are_kept(tmp_path: Path) -> None:
    """Another start finds them; what it does not know counts as not set."""
    file = tmp_path / "kept.ini"
    first = Settings(file)
    assert (first.theme, first.text_size, first.geometry) == ("system", 100, None)
    assert first.language in ("ja", "en")
    first.language, first.theme, first.text_size = "ja", "dark", 150
    first.geometry = QByteArray(b"place")
    first.save()
    second = Settings(file)
    assert (second.language, second.theme, second.text_size) == ("ja", "dark", 150)
    assert second.geometry == QByteArray(b"place")
    file.write_text("[General]\nlanguage=fr\ntheme=plaid\ntext_size=7\n")
    third = Settings(file)
    assert (third.theme, third.text_size) == ("system", 100)
    assert third.language in ("ja", "en")


def test_the_window_stands_where_it_stood(open_desk: OpenDesk, tmp_path: Path) -> None:
    """Its place is kept when it is closed."""
    desk = open_desk({})
    desk.window.resize(700, 500)
    desk.window.close()
    again = Desk({}, tmp_path / "settings-0.ini")
    assert (again.window.width(), again.window.height()) == (700, 500)
    again.close()


def test_a_simulated_card_is_marked_plainly(open_desk: OpenDesk) -> None:
    """Above every page it says so, in either language, until there is the reader again."""
    desk = open_desk({"A": "adult"})
    desk.wait_for_card()
    marked = "Simulated card: this is not about a real card."
    assert marked not in [one.name for one in heard(desk.window)]
    use_simulated(desk.context, "locked-juki")
    wait_until(lambda: desk.glance.is_simulated and desk.glance.status is not None, desk.context.status_changed)
    assert marked in [one.name for one in heard(desk.window)]
    desk.context.set_language("ja")
    assert marked not in [one.name for one in heard(desk.window)]
    assert any("模擬カード" in one.name for one in heard(desk.window))
    desk.context.set_language("en")
    desk.context.use(desk.readers, is_simulated=False)
    wait_until(lambda: not desk.glance.is_simulated and desk.glance.status is not None, desk.context.status_changed)
    assert marked not in [one.name for one in heard(desk.window)]


def test_the_way_back_to_the_reader(open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The button in the mark, and the menu: PC/SC is asked again."""
    desk = open_desk({"A": "adult"})
    use_simulated(desk.context, "adult")
    wait_until(lambda: desk.glance.is_simulated and desk.glance.status is not None, desk.context.status_changed)
    used: list[object] = []
    monkeypatch.setattr(desk.context, "use", lambda service, **_: used.append(service))
    QCoreApplication.processEvents()
    back = [b for b in desk.window.findChildren(QPushButton) if b.text() == "Back to the reader" and b.isVisible()]
    back[0].click()
    actions(desk)["Back to the reader"].trigger()
    assert used == [None, None]


def test_a_simulated_card_is_chosen_from_a_list(open_desk: OpenDesk) -> None:
    """The list is narrowed by what is typed, and Enter shows the card that is chosen; by the keyboard alone."""
    desk = open_desk({})
    desk.wait_for_failure("no_reader")
    desk.window.show_page("doctor")
    actions(desk)["Simulated card …"].trigger()
    dialog = desk.window.findChild(SimulatedDialog)
    assert isinstance(dialog, SimulatedDialog)
    QTest.keyClicks(dialog.search, "convenience-store")
    shown = [dialog.list.item(n).text() for n in range(dialog.list.count()) if not dialog.list.item(n).isHidden()]
    assert shown == ["locked at a convenience-store kiosk"]
    assert dialog.list.currentItem().text() == shown[0]
    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    wait_until(lambda: desk.glance.status is not None, desk.context.status_changed)
    assert desk.glance.is_simulated
    card = desk.window.page("card")
    assert card is not None
    assert card.isVisible()


def test_nothing_is_used_where_nothing_is_found(open_desk: OpenDesk) -> None:
    """A word that no card has leaves the list empty, and no card is used."""
    desk = open_desk({})
    dialog = SimulatedDialog(desk.context, desk.window)
    dialog.search.setText("no such card")
    dialog.accept()
    assert not desk.glance.is_simulated
    dialog.reject()
