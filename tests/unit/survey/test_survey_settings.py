"""A survey tells cards apart: each setting of the simulated card changes its own answer and no other."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from surveying import make_card, survey_of

from jpki.survey import Agreement, compare
from jpki.survey.facts import FACTS
from jpki_sim.card import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

_CARD_MD = Path(__file__).parents[3] / "docs" / "card.md"

#: Setting, the value that is not the default, the answer that tells it, and those that cannot be asked then.
TOLD_APART: list[tuple[str, Any, str, set[str]]] = [
    ("status_blocked", "6983", "locked.status", set()),
    ("status_blocked", "6984", "locked.status", set()),
    ("status_verified", "9000", "verified.status", set()),
    ("status_with_le", "63Cx", "locked.status_with_le", set()),
    ("reselect_keeps_status", False, "auth.selected_again", {"auth.reset", "auth.power_cut"}),
    ("reset_clears_status", True, "auth.reset", {"auth.power_cut"}),
    ("sign_certificate_needs_pin", False, "file.jpki.0001", set()),
    ("auth_certificate_needs_pin", True, "file.jpki.000A", set()),
    ("short_ef_identifiers", False, "read.short_identifier", set()),
    ("extended_length", False, "read.extended", set()),
    ("sign_pin_each_signature", True, "sign.signatures", set()),
    ("first_command_6f00", True, "first_command", set()),
    ("end_of_file", "6282", "read.more_than_is_left", set()),
]
#: Settings that nothing harmless tells apart; docs/card.md, 10.2 says why.
NOT_TOLD_APART = {
    "verify_blocked",
    "text_0003_with_b",
    "sign_minimum_length",
    "wrong_length_costs_try",
    "bad_new_pin",
    "reset_retry_counter",
}
#: Answers that come with a file that is free only where a setting says so.
_BESIDE = {"file.jpki.0001": {"behind.jpki.0001"}, "file.jpki.000A": {"behind.jpki.000A"}}


@cache
def _usual() -> Mapping[str, str]:
    """What the ordinary card answers."""
    return survey_of(make_card()).answers


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {key for key in before.keys() & after.keys() if before[key] != after[key]}


@pytest.mark.parametrize(("setting", "value", "answer", "unasked"), TOLD_APART)
def test_a_setting_changes_its_own_answer_only(setting: str, value: object, answer: str, unasked: set[str]) -> None:
    """The survey of a card with the setting differs in exactly that answer."""
    usual = _usual()
    other = survey_of(make_card(**{f"settings__{setting}": value})).answers

    assert _differing(usual, other) == {answer}
    assert (usual.keys() ^ other.keys()) - _BESIDE.get(answer, set()) == unasked


def test_no_setting_is_forgotten() -> None:
    """Each is told apart, or is in the list of those that cannot be."""
    assert {row[0] for row in TOLD_APART} | NOT_TOLD_APART == set(Settings.names())
    assert not {row[0] for row in TOLD_APART} & NOT_TOLD_APART


@pytest.mark.parametrize("setting", sorted(NOT_TOLD_APART))
def test_what_is_not_told_apart_changes_nothing(setting: str) -> None:
    """A survey does not touch what it cannot ask without harm."""
    values = {
        "verify_blocked": "6983",
        "text_0003_with_b": False,
        "sign_minimum_length": "4",
        "wrong_length_costs_try": False,
        "bad_new_pin": "6700",
        "reset_retry_counter": "6982",
    }
    assert survey_of(make_card(**{f"settings__{setting}": values[setting]})).answers == _usual()


@pytest.mark.parametrize(
    ("key", "value", "answers"),
    [
        ("interface", "contact", {"atr", "auth.reset"}),
        ("layout__attributes_length", "long", {"input.attributes_length"}),
        ("layout__certificate_filler", 300, {"behind.jpki.000A"}),
        ("pins__text-a__retry_limit", 3, {"counter.text.0014"}),
        ("pins__text-b__retry_limit", 3, {"counter.text.0015"}),
        ("pins__visual-a__retry_limit", 3, {"counter.visual.0013"}),
        ("pins__visual-b__retry_limit", 3, {"counter.visual.0012"}),
    ],
)
def test_other_differences_between_cards_are_told(key: str, value: object, answers: set[str]) -> None:
    """Contradictions of docs/card.md, section 10, which a key of the card file stands for (#6, #7, #11, #13)."""
    changes = {key: value}
    if key.endswith("retry_limit"):
        changes[key.replace("retry_limit", "retries_remaining")] = value
    other = survey_of(make_card(**changes)).answers

    assert _differing(_usual(), other) == answers


def test_the_adult_s_card_is_as_described() -> None:
    """The simulated card follows docs/card.md, so nothing of it is contradicted, and every question is asked."""
    found = compare(_usual())

    assert [item.fact.key for item in found if item.verdict is Agreement.CONTRADICTED] == []
    assert [item.fact.key for item in found if item.answer is None] == ["behind.jpki.0001"]


def test_facts_name_real_settings_and_sections() -> None:
    """Each setting of a fact is one of the simulated card, and each section is one of docs/card.md."""
    text = _CARD_MD.read_text(encoding="utf-8")
    sections = set(re.findall(r"^#+ (\d+(?:\.\d+)?)\.? ", text, re.MULTILINE))

    assert {fact.setting for fact in FACTS if fact.setting} == {row[0] for row in TOLD_APART}
    assert {fact.section for fact in FACTS} <= sections
    assert len({fact.key for fact in FACTS}) == len(FACTS)


def test_the_document_has_the_same_table() -> None:
    """docs/card.md, 10.2 names for each contradiction the answer that tells it, as the facts do."""
    section = _CARD_MD.read_text(encoding="utf-8").partition("### 10.2")[2]
    rows = dict(re.findall(r"^\| (\d+) \|([^|]+)\|", section, re.MULTILINE))

    assert set(rows) == {str(number) for number in range(1, 28)}
    for fact in FACTS:
        if fact.contradiction is not None:
            assert f"`{fact.key}`" in rows[str(fact.contradiction)], fact.key
    for setting, _, answer, _ in TOLD_APART:
        assert re.search(rf"\| [^|]*`{answer}`[^|]* \| [^|]*`{setting}`", section), setting
    for setting in NOT_TOLD_APART:
        assert f"`{setting}`" in section
