"""The sentences of advice: there is one for everything that can follow from a card, in both languages."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Final

import pytest
from observations import observed

from jpki.advice import CARD_RULES, Action, Advice
from jpki.advice.rules import advise_on
from jpki.card import CardKind, Pin, PinState
from jpki.words import CERTIFICATES, pin_name

CERTIFICATE_STATES: Final = ("in_period", "renewable", "expired", "not_yet_valid", "absent", "missing", "unknown")
WAITING: Final = {"en": "aiting does not", "ja": "時間がたっても"}
STORE: Final = {"en": "convenience store", "ja": "コンビニエンスストア"}
OFFICE: Final = {"en": "municipal", "ja": "市区町村"}


@cache
def every_advice() -> tuple[Advice, ...]:
    """All advice that can follow, each once."""
    found: dict[tuple[object, ...], Advice] = {}
    for state, which, kind in product(PinState, (*Pin, None), CardKind):
        pins = {pin.value: state if which in (pin, None) else PinState.FULL for pin in Pin}
        for auth, sign, there in product(CERTIFICATE_STATES, CERTIFICATE_STATES, (True, None)):
            present = {"auth": there if auth != "absent" else False, "sign": there if sign != "absent" else False}
            card = auth if auth in ("expired", "renewable") else "in_period"
            new = frozenset({"auth", "sign"})
            seen = observed(pins, {"auth": auth, "sign": sign}, kind.value, present, card, new=new)
            for advice in advise_on(seen):
                found[id(advice.rule), *advice[1:]] = advice
    return tuple(found.values())


def test_every_rule_has_its_sentence() -> None:
    """Each rule of the table is told by some advice, and each advice has words in both languages."""
    assert {advice.code for advice in every_advice()} == {rule.code for rule in CARD_RULES}
    for advice in every_advice():
        both = advice.message.both()
        assert both["ja"] != both["en"]
        assert "{" not in both["ja"] + both["en"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_sentence_names_what_it_is_about(language: str) -> None:
    """Each PIN with its form, or the certificate, is in the sentence."""
    for advice in every_advice():
        text = advice.text(language)
        assert [pin for pin in advice.pins if pin_name(pin).text(language) not in text] == []
        if len(advice.certificates) == 1 and advice.code.startswith("certificate_"):
            assert CERTIFICATES[advice.certificates[0]].text(language) in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_lock_is_told_with_the_place_and_what_is_futile(language: str) -> None:
    """Where the rule has the office, the store or that waiting is futile, the sentence says so."""
    for advice in every_advice():
        if advice.rule.action is Action.RESET:
            text = advice.text(language)
            assert WAITING[language] in text
            assert OFFICE[language] in text
            names_store = advice.code not in ("pin_blocked_phone", "pins_blocked")
            assert (STORE[language] in text) == names_store


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_verdict_is_one_short_sentence(language: str) -> None:
    """It ends once, and is no longer than three lines of a terminal."""
    for advice in every_advice():
        if advice.verdict is not None:
            text = advice.verdict.text(language)
            assert text.rstrip()[-1] in ".。"
            assert len(text) < 240


@pytest.mark.parametrize(
    ("language", "unseen", "fewer"),
    [
        ("en", "which this card does not show", "fewer chains"),
        ("ja", "このカードからは分かりません", "チェーンは署名用のときより少なく"),
    ],
)
def test_an_offered_store_comes_with_what_the_card_does_not_show(language: str, unseen: str, fewer: str) -> None:
    """Revocation and a changed name are seen by the terminal only; the user PIN is reset at fewer chains."""
    rule = next(rule for rule in CARD_RULES if rule.code == "pin_blocked_kiosk_possible")
    for pin in ("auth", "sign"):
        text = Advice(rule, pins=(pin,)).text(language)
        assert unseen in text
        assert (fewer in text) == (pin == "auth")
