"""Every use of a PIN by the keyboard alone and by a screen reader's actions alone, in a session of its own.

A part of the cards and languages runs here, all of them where JPKI_LONG is set.
"""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import screenreader
from screenreader import session
from windowhand import Hand

from jpki.card import Pin, changed, correct
from jpki.words import M

if TYPE_CHECKING:
    from pathlib import Path

LACKS: Final = screenreader.missing()
pytestmark = pytest.mark.skipif(LACKS is not None, reason=LACKS or "")

LANGUAGES: Final = ("en", "ja")
ALL: Final = ("adult", "child", "foreign-resident", "last-try", "partly-used", "all-locked", "sign-locked-auth-known")
CASES: Final = list(product(ALL, LANGUAGES)) if os.environ.get("JPKI_LONG") else [("adult", "ja"), ("last-try", "en")]
RIGHT: Final = {"auth": "2846", "input": "3957"}
NEW: Final = "8517"


@pytest.mark.parametrize("has_keyboard", [True, False])
@pytest.mark.parametrize(("card", "language"), CASES)
def test_pins_are_used(tmp_path: Path, card: str, language: str, *, has_keyboard: bool) -> None:
    """Checked with a wrong and a right entry, changed, and seen what they open: by one way of working alone."""
    with session(tmp_path, "--sim", card, "--lang", language) as at:
        hand = Hand(at, language, has_keyboard=has_keyboard)
        if card == "all-locked":
            at.wait_for(M("locked").text(language))
            assert [node for node in at.tree() if hand.say("Check PIN") in node["name"]] == []
            return
        hand.press(hand.name("Check PIN", "auth"))
        if card == "last-try":
            last_try(hand)
            return
        hand.type("7391")
        hand.read(hand.say("Entering the PIN correctly once restores all tries. Waiting does not."), "7391")
        hand.press(hand.name("Change PIN", "auth"))
        if card == "partly-used":  # the wrong entry left one try
            allow_last_try(hand)
        for secret in (RIGHT["auth"], NEW, NEW):
            hand.type(secret)
        hand.read(changed(Pin.AUTH).text(language), NEW)
        hand.press(hand.say("Show name and address"))
        hand.type(RIGHT["input"])
        hand.read(hand.say("What the card holds about you"), RIGHT["input"], close="Hide")


def last_try(hand: Hand) -> None:
    """The last try is used after a second yes, and makes the counter full again."""
    allow_last_try(hand)
    hand.type(RIGHT["auth"])
    hand.read(correct(Pin.AUTH).text(hand.language), RIGHT["auth"])


def allow_last_try(hand: Hand) -> None:
    """The second yes is asked for before anything is typed."""
    hand.at.wait_for(hand.say("One try is left"))
    assert [node for node in hand.at.tree() if node["role"] == "password text"] == []
    hand.press(hand.say("I am sure of this PIN"))
    hand.press(hand.say("Use the last try"))
