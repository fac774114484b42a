"""The guide: found by words, by what people call things, and by the code of a failure; for whoever acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from windowpages import press, settle, texts

from jpki.advice import TITLES, Applicant, lines
from jpki.diagnosis import search
from jpki.diagnosis.causes import ALL_CAUSES
from jpki_window.help import GuidePage
from jpki_window.showing.guidance import rule_words, ways_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]


def _opened(desk: PageDesk) -> GuidePage:
    page = GuidePage(desk.context)
    desk.show(page)
    return page


@pytest.mark.parametrize(("typed", "topic"), [("引っ越し", "moved"), ("locked", "locked"), ("スマホ", "phone")])
def test_a_word_finds_its_topic(sit_down: SitDown, typed: str, topic: str) -> None:
    """In Japanese as in English, whatever the language of the window is; its rules are shown."""
    desk = sit_down(language="ja")
    page = _opened(desk)
    page.receive(typed)
    shown = texts(page)
    assert TITLES[topic].text("ja") in shown
    assert any(lines(topic)[0].text.text("ja") in line for line in shown)


@pytest.mark.parametrize("code", ["wrong_pin", "pin_blocked", "card_mute", "no_card", "not_my_number_card"])
def test_a_code_finds_something(sit_down: SitDown, code: str) -> None:
    """The code that a failure shows leads somewhere."""
    desk = sit_down(None)
    page = _opened(desk)
    page.receive(code)
    assert page.list.count() > 0


def test_every_cause_is_found_by_its_code() -> None:
    """First, and alone of its kind."""
    for cause in ALL_CAUSES:
        for language in ("en", "ja"):
            assert cause in {found.cause for found in search(cause.value, language)}


def test_a_code_of_another_program_finds_causes() -> None:
    """As somebody reads it from a screen."""
    assert any(found.cause is not None for found in search("SCARD_W_UNRESPONSIVE_CARD", "en"))
    assert search("xyzzyx", "en") == ()


def test_who_acts_decides_what_is_shown(sit_down: SitDown) -> None:
    """As the command line's --applicant."""
    page = _opened(sit_down())
    page.receive("locked")
    by_holder = [rule.text.text("en") for rule in lines("locked", Applicant.SELF)]
    by_proxy = [rule.text.text("en") for rule in lines("locked", Applicant.PROXY)]
    only = next(words for words in by_proxy if words not in by_holder)
    assert not any(only in line for line in texts(page))
    page.applicant.setCurrentIndex(3)
    assert any(only in line for line in texts(page))


def test_examples_are_shown_on_demand(sit_down: SitDown) -> None:
    """Marked as one town's."""
    page = _opened(sit_down())
    page.receive("locked")
    assert not any("this town only" in line for line in texts(page))
    page.examples.setChecked(True)
    assert any("this town only" in line for line in texts(page))
    page.retranslate()
    assert page.examples.isChecked()


def test_the_list_shows_what_is_chosen(sit_down: SitDown) -> None:
    """With the arrow keys; nothing found says so."""
    page = _opened(sit_down())
    page.list.setCurrentRow(3)
    settle()
    chosen = page.list.item(3).text()
    assert page.panel.accessibleName() == chosen
    assert chosen in texts(page)
    page.search.setText("xyzzyx")
    assert page.list.count() == 0
    assert any("Nothing was found" in line for line in texts(page))
    page.search.setText("pcsc_service_stopped")
    assert "Code: pcsc_service_stopped" in texts(page)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_line_tells_to_type_a_command(sit_down: SitDown, language: str) -> None:
    """Nor speaks of one or of its options: whoever reads the guide here has buttons."""
    desk = sit_down(None, language=language)
    rules = {rule for topic in TITLES for acting in Applicant for rule in lines(topic, acting, with_examples=True)}
    said = {rule.rule_id: rule_words(desk.context, rule) for rule in rules}
    words = ("jpki", "--", "command", "コマンド", "\n")
    assert {rule_id: line for rule_id, line in said.items() if any(word in line for word in words)} == {}


def test_each_command_has_a_button_in_its_place() -> None:
    """Or a sentence of the window's own; a line that ends with a colon is followed by one."""
    rules = {rule for topic in TITLES for acting in Applicant for rule in lines(topic, acting, with_examples=True)}
    without = {rule.rule_id for rule in rules if "  jpki " in rule.text.text("en") and not ways_of(rule.text)}
    assert without == set()


def test_the_buttons_of_a_line_lead_there(sit_down: SitDown) -> None:
    """To the card, to the cause of a fault, and to another topic."""
    desk = sit_down(None)
    page = _opened(desk)
    opened: list[tuple[str, object]] = []
    desk.context.page_wanted.connect(lambda name, argument: opened.append((name, argument)))
    for topic, words in (("pins", "Show the card"), ("reader", "Look for the cause"), ("change", None)):
        page.receive(topic)
        settle()
        press(page, words or f"Guide: {TITLES['forgot'].text('en')}")
    assert opened == [("card", None), ("doctor", "look"), ("guide", "forgot")]
