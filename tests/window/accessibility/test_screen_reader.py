"""Every use of a PIN by the keyboard alone and by a screen reader's actions alone, in a session of its own.

A part of the cards and languages runs here, all of them where JPKI_LONG is set.
"""

from __future__ import annotations

import json
import os
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import screenreader
from screenreader import Session, session

from jpki.card import Pin, changed, correct
from jpki.words import M, pin_short

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Type = Callable[[str], None]

LACKS: Final = screenreader.missing()
pytestmark = pytest.mark.skipif(LACKS is not None, reason=LACKS or "")

LANGUAGES: Final = ("en", "ja")
ALL: Final = ("adult", "child", "foreign-resident", "last-try", "partly-used", "all-locked", "sign-locked-auth-known")
CASES: Final = list(product(ALL, LANGUAGES)) if os.environ.get("JPKI_LONG") else [("adult", "ja"), ("last-try", "en")]
RIGHT: Final = {"auth": "2846", "input": "3957"}
NEW: Final = "8517"
#: Roles that something which takes the keyboard may have; "filler" and "panel" tell nobody what it is.
ROLES: Final = {"push button", "toggle button", "check box", "password text", "list item", "list", "menu item", "text"}


class Hand:
    """How the person works: through the tree, or with the keyboard."""

    def __init__(self, at: Session, language: str, *, has_keyboard: bool) -> None:
        """Sit down before a window."""
        self.at = at
        self.language = language
        self.has_keyboard = has_keyboard

    def say(self, english: str) -> str:
        """A sentence of the window in its language."""
        return M(english).text(self.language)

    def name(self, action: str, pin: str) -> str:
        """What a screen reader calls a button beside a PIN."""
        title, what = M(action), pin_short(pin)
        return M("{action}: {what}", action=title, what=what).text(self.language)

    def press(self, name: str) -> None:
        """Press a button."""
        if not self.has_keyboard:
            self.at.press(name)
            return
        self.at.wait(lambda node: node["name"] == name and "enabled" in node["states"])
        for _ in range(60):
            if self.at.focused()["name"] == name:
                self.at.keys("space")
                return
            self.at.keys("Tab")
        raise AssertionError(f"the keyboard does not come to {name}")

    def type(self, secret: str) -> None:
        """Enter a secret and go on."""
        self.at.wait(lambda node: node["role"] == "password text")
        if self.has_keyboard:
            self.at.keys(*secret, "Return")
            return
        self.press(self.say("Keys on the screen"))
        for character in secret:
            self.press(character)
        self.press(self.say("OK"))

    def read(self, expected: str, secret: str, *, close: str = "Close") -> None:
        """Read what is true in the end, and close; nothing that was told or shown holds the secret."""
        self.at.wait_for(expected)
        nodes = self.at.tree()
        everything = json.dumps([*nodes, *self.at.do("titles")])
        assert secret not in everything
        check_names(nodes)
        self.press(self.say(close))


def check_names(nodes: list[dict[str, object]]) -> None:
    """Whatever takes the keyboard has a name, a role that says what it is, and says whether it can be used."""
    focusable = [node for node in nodes if "focusable" in node["states"]]  # type: ignore[operator] # a list
    assert focusable
    assert [node for node in focusable if not node["name"] and node["role"] != "list"] == []
    assert {str(node["role"]) for node in focusable} <= ROLES


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
        hand.read(hand.say("What the card holds of you"), RIGHT["input"], close="Hide")


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
