"""Everything that one does with a card and without, by the keyboard alone and by a screen reader's actions alone.

What is done with a PIN's value is in test_screen_reader.py. One language runs here, both where JPKI_LONG is set.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import screenreader
from pdfsamples import plain
from screenreader import session
from windowhand import Hand, check_names

from jpki.words import CERTIFICATES, M
from jpki_window.look import capital

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    OpenHand = Callable[..., Hand]

LACKS: Final = screenreader.missing()
pytestmark = [
    pytest.mark.skipif(LACKS is not None, reason=LACKS or ""),
    pytest.mark.parametrize("has_keyboard", [True, False], ids=["keyboard", "actions"]),
    pytest.mark.parametrize("language", ["en", "ja"] if os.environ.get("JPKI_LONG") else ["ja"]),
]
LOSING: Final = str(Path(__file__).with_name("losing_card.py"))


@pytest.fixture
def sit(tmp_path: Path, language: str, *, has_keyboard: bool) -> Iterator[OpenHand]:
    """Sit down before a window with this card."""
    opened = []

    def open_one(card: str = "adult", *more: str, program: tuple[str, ...] = ("-m", "jpki_window")) -> Hand:
        opened.append(session(tmp_path, "--sim", card, "--lang", language, *more, program=program))
        hand = Hand(opened[-1].__enter__(), language, has_keyboard=has_keyboard)
        if not more:
            hand.at.wait_for(M("PINs").text(language))
        return hand

    yield open_one
    for each in opened:
        each.__exit__(None, None, None)


def test_juki_is_changed_after_its_warning(sit: OpenHand) -> None:
    """The warning comes before anything is typed."""
    hand = sit()
    hand.press(hand.name("Change PIN", "juki"))
    hand.at.wait_for(hand.say("Before you change this PIN"))
    assert [node for node in hand.at.tree() if node["role"] == "password text"] == []
    hand.press(hand.say("Change it here"))
    for secret in ("4068", "8537", "8537"):
        hand.type(secret)
    hand.read(hand.say("Close"), "8537")


def test_a_lost_card_is_put_back(sit: OpenHand) -> None:
    """The answer to the change is lost: the same card is looked at again, and what is true is told."""
    hand = sit(program=(LOSING, "remove-after:change"))
    hand.press(hand.name("Change PIN", "auth"))
    for secret in ("2846", "8517", "8517"):
        hand.type(secret)
    hand.at.wait_for(hand.say("The connection to the card was lost"))
    hand.press(hand.say("Look at the card"))
    hand.at.wait_for(hand.say("Find out whether it was changed"))
    hand.press(hand.say("Present the new PIN once"))
    hand.read({"en": "was changed.", "ja": "変更しました"}[hand.language], "8517")


def test_the_signature_certificate_is_shown_and_hidden(sit: OpenHand) -> None:
    """After its password; hidden, nothing of it is in the tree."""
    hand = sit()
    hand.press(hand.say("Show the signature certificate"))
    hand.type("SIMCARD1")
    hand.read(hand.say("Serial number"), "SIMCARD1", close="Hide")
    hand.at.wait(lambda node: node["name"] == hand.say("Show the signature certificate"))
    assert [node for node in hand.at.tree() if hand.say("Serial number") in node["name"]] == []


def test_certificates_are_copied_and_saved(sit: OpenHand, tmp_path: Path) -> None:
    """As PEM into the clipboard and into a file, and the end as a calendar file."""
    hand = sit()
    hand.open("Certificates")
    name = capital(CERTIFICATES["auth"].text(hand.language))
    hand.press(f"{hand.say('Copy as PEM')}: {name}")
    hand.at.wait_for(hand.say("Copied."))
    for title, file, begin in (
        ("Save as PEM …", "a.pem", "-----BEGIN CERTIFICATE-----"),
        ("Calendar file …", "a.ics", "BEGIN:VCALENDAR"),
    ):
        hand.press(f"{hand.say(title)}: {name}")
        hand.choose_file(tmp_path / file, is_new=True)
        hand.at.wait_for(str(tmp_path / file))
        assert (tmp_path / file).read_text().startswith(begin)
    check_names(hand.at.tree())


def test_a_file_is_signed_and_checked(sit: OpenHand, tmp_path: Path) -> None:
    """Chosen in the dialog, agreed to, signed with the password, and judged on the next page."""
    hand = sit()
    source = tmp_path / "letter.txt"
    source.write_text("TEST")
    sign(hand, source)
    hand.press(hand.say("Check the signature"))
    hand.at.wait_for(hand.say("No check failed."))
    assert source.with_name("letter.txt.p7s").exists()
    check_names(hand.at.tree())


def test_a_pdf_is_signed_with_a_stamp(sit: OpenHand, tmp_path: Path) -> None:
    """The page is chosen, and the stamp is moved with the arrow keys, or by the numbers of its place."""
    hand = sit()
    source = tmp_path / "letter.pdf"
    source.write_bytes(plain(pages=2))
    hand.open("Sign files")
    hand.press(hand.say("Choose files …"))
    hand.choose_file(source)
    hand.press(hand.say("Show the signature on a page"))
    place = hand.at.wait(lambda node: node["name"] == hand.say("Place of the stamp on the page"))
    hand.at.wait(lambda node: node["name"] == place["name"] and not node["description"].startswith(("0 mm", "左から0")))
    if hand.has_keyboard:
        before = hand.at.wait(lambda node: node["name"] == place["name"])["description"]
        hand.go_to(place["name"])
        hand.at.keys("Left", "Up")
        hand.at.wait(lambda node: node["name"] == place["name"] and node["description"] != before)
    else:
        for title, number in (("Page", 2), ("From the left (mm)", 20.5), ("From the top (mm)", 31)):
            assert hand.at.do("set_value", name=hand.say(title), value=number) is True
        told = M("{right} mm from the left, {down} mm from the top", right="20", down="31").text(hand.language)
        hand.at.wait(lambda node: node["name"] == place["name"] and node["description"] == told)
    finish_signing(hand)
    assert b"/Sig" in source.with_name("letter-signed.pdf").read_bytes()


def sign(hand: Hand, source: Path) -> None:
    """Sign a file that is chosen in the dialog."""
    hand.open("Sign files")
    hand.press(hand.say("Choose files …"))
    hand.choose_file(source)
    finish_signing(hand)


def finish_signing(hand: Hand) -> None:
    """Agree, and enter the password."""
    hand.press(hand.say("I agree, and want to sign"))
    hand.press(hand.say("Sign"))
    hand.type("SIMCARD1")
    hand.at.wait(lambda node: node["name"] == hand.say("Close"))
    hand.press(hand.say("Close"))
    hand.at.wait_for(M("Check the signature").text(hand.language))


def test_a_file_is_checked(sit: OpenHand, tmp_path: Path) -> None:
    """One without a signature says so."""
    hand = sit()
    source = tmp_path / "letter.pdf"
    source.write_bytes(plain(pages=1))
    hand.open("Check a signed file")
    hand.press(hand.say("Choose files …"))
    hand.choose_file(source)
    hand.at.wait(lambda node: "letter.pdf" in node["name"])
    check_names(hand.at.tree())


def test_the_doctor_looks_again(sit: OpenHand) -> None:
    """What was found is told, and looked for once more."""
    hand = sit()
    hand.open("What is in the way")
    again = hand.say("Look again")
    hand.at.wait(lambda node: node["name"] == again and "enabled" in node["states"])
    hand.press(again)
    hand.at.wait(lambda node: node["name"] == hand.say("The card can be used."))
    check_names(hand.at.tree())


def test_the_guide_is_searched(sit: OpenHand) -> None:
    """A word narrows the list, a topic is chosen, and towns are shown."""
    hand = sit()
    hand.open("Guide")
    hand.fill(hand.say("Search in the guide: a word, or the code of a failure"), "move")
    hand.at.wait(lambda node: node["role"] == "list item" and node["name"] == hand.say("A move"))
    hand.choose(hand.say("A move"), hand.say("What was found"))
    hand.press(hand.say("Two towns as examples"))
    hand.at.wait(lambda node: "checked" in node["states"] and node["name"] == hand.say("Two towns as examples"))
    hand.at.wait(lambda node: node["role"] == "panel" and node["name"] == hand.say("A move"))
    check_names(hand.at.tree())


def test_papers_are_saved(sit: OpenHand, tmp_path: Path) -> None:
    """The sheet and the report, each into a file; the dialog for printing opens and can be left."""
    hand = sit("all-locked")
    hand.open("Papers to take along")
    for title, file in (("Save the sheet …", "sheet.html"), ("Save the report …", "report.html")):
        hand.press(hand.say(title))
        hand.choose_file(tmp_path / file, is_new=True)
        hand.at.wait_for(str(tmp_path / file))
        assert "<html" in (tmp_path / file).read_text()
    check_names(hand.at.tree())


def test_settings_are_chosen_in_the_menus(sit: OpenHand) -> None:
    """Text size, colours and language, and they are kept."""
    hand = sit()
    view = M("&View").text(hand.language)
    hand.open_menu(view, M("&Colours").text(hand.language), M("High contrast").text(hand.language))
    hand.open_menu(view, M("&Text size").text(hand.language), M("{n} %", n=150).text(hand.language))
    other = {"en": "日本語", "ja": "English"}[hand.language]
    language = M("&Language").text(hand.language) + {"en": " / 言語", "ja": " / Language"}[hand.language]
    hand.open_menu(view, language, other)
    hand.at.wait_for(M("Check PIN").text({"en": "ja", "ja": "en"}[hand.language]))


def test_about_and_the_survey(sit: OpenHand) -> None:
    """What it is, and a survey of the card after a yes."""
    hand = sit()
    hand.open("About this program")
    hand.press(hand.say("I have read this, and agree"))
    hand.press(hand.say("Survey the card"))
    hand.at.wait(lambda node: node["name"] == hand.say("Result of the survey"))
    check_names(hand.at.tree())


def test_the_counter_ends(sit: OpenHand) -> None:
    """It says what to do, and is left with its button."""
    hand = sit("adult", "--counter")
    hand.at.wait(lambda node: node["name"] == hand.say("End"))
    check_names(hand.at.tree())
