"""Every setting of the card has an effect, and its default is the advice of docs/card.md, section 10."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jpki_sim.card import CONTACT_ATR, CONTACTLESS_ATR, Settings, SimulatedCard
from jpki_sim.card.atr import KNOWN_ATRS, interface_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import CardImage

    Talk = Callable[[Callable[[bytes], bytes], str], str]

BLOCK = "PIN 0018 0000; PIN 0018 0000; PIN 0018 0000"
# Setting: APDUs, and the last answer with each of its values; the default comes first.
EFFECTS: dict[str, tuple[str, dict[object, str]]] = {
    "verify_blocked": (f"JPKI; {BLOCK}; PIN 0018 2846", {"6984": "6984", "6983": "6983", "63C0": "63C0"}),
    "status_blocked": (f"JPKI; {BLOCK}; 00200080", {"63C0": "63C0", "6983": "6983", "6984": "6984"}),
    "status_verified": ("JPKI; PIN 001B SIMCARD1; 00200080", {"63Cx": "63C5", "9000": "9000"}),
    "status_with_le": ("JPKI; EF 0018; 0020008000", {"6700": "6700", "63Cx": "63C3"}),
    "reselect_keeps_status": ("JPKI; PIN 001B SIMCARD1; JPKI; 00B0810001", {True: "309000", False: "6982"}),
    "text_0003_with_b": ("TEXT; PIN 0015 55021720352285; 00B0830001", {True: "699000", False: "6982"}),
    "auth_certificate_needs_pin": ("JPKI; 00B08A0001", {False: "009000", True: "6982"}),
    "sign_certificate_needs_pin": ("JPKI; 00B0810001", {True: "6982", False: "309000"}),
    "sign_minimum_length": (
        "JPKI; PIN 001B SIMCARD1; 0024018004 41424331",
        {"6": "6A80", "4": "9000"},
    ),
    "short_ef_identifiers": ("JPKI; 00B0880001", {True: "8F9000", False: "6A86"}),
    "extended_length": ("JPKI; EF 0008; 00B00000000001", {True: "8F9000", False: "6700"}),
    "sign_pin_each_signature": (
        "JPKI; PIN 001B SIMCARD1; 802A009A017800; 00B0810001",
        {False: "309000", True: "6982"},
    ),
    "wrong_length_costs_try": ("JPKI; PIN 0018 284; 00200080", {True: "63C2", False: "63C3"}),
    "bad_new_pin": ("JPKI; PIN 0018 2846; 0024018003313335", {"6A80": "6A80", "6700": "6700"}),
    "reset_retry_counter": ("JPKI; EF 0018; 002C0080", {"6D00": "6D00", "6982": "6982"}),
    "first_command_6f00": ("JPKI", {False: "9000", True: "6F00"}),
    "end_of_file": ("JPKI; EF 0008; 00B0000104", {"9000": "8F009000", "6282": "8F006282"}),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_, answers) in EFFECTS.items() for value in answers]
)
def test_setting_has_its_effect(image: CardImage, talk: Talk, name: str, value: object) -> None:
    """The answer follows the setting."""
    apdus, answers = EFFECTS[name]
    settings = replace(Settings(), **{name: value})  # type: ignore[arg-type] # the table holds values of that setting
    assert talk(SimulatedCard(image, settings=settings).process, apdus) == answers[value]


@pytest.mark.parametrize("name", EFFECTS)
def test_first_value_of_the_table_is_the_default(name: str) -> None:
    """What the table lists first is the default."""
    assert getattr(Settings(), name) == next(iter(EFFECTS[name][1]))


def test_every_setting_is_in_the_table() -> None:
    """No setting is without a test of its effect; the one about resets has its own."""
    assert {*EFFECTS, "reset_clears_status"} == set(Settings.names())


@pytest.mark.parametrize(
    ("value", "atr", "answer"),
    [
        (None, CONTACTLESS_ATR, "309000"),
        (None, CONTACT_ATR, "6982"),
        (True, CONTACTLESS_ATR, "6982"),
        (False, CONTACT_ATR, "309000"),
    ],
)
def test_reset_clears_status(
    image: CardImage,
    talk: Talk,
    value: bool | None,  # noqa: FBT001 # a setting
    atr: bytes,
    answer: str,
) -> None:
    """By default a reset clears the status over contacts and not over the air; the setting decides for both."""
    card = SimulatedCard(image, settings=Settings(reset_clears_status=value), atr=atr)
    assert talk(card.process, "JPKI; PIN 001B SIMCARD1") == "9000"
    card.reset()
    assert talk(card.process, "00B0000000") == "6986"
    assert talk(card.process, "JPKI; 00B0810001") == answer


def test_other_keys_keep_their_pin(image: CardImage, talk: Talk) -> None:
    """A card that wants the sign password each time still signs often with the auth key."""
    card = SimulatedCard(image, settings=Settings(sign_pin_each_signature=True))
    assert talk(card.process, "JPKI; PIN 0018 2846; 802A0097017800; 802A0097017800").endswith("9000")
    assert talk(card.process, "PIN 001B SIMCARD1; 802A009A017800").endswith("9000")
    assert talk(card.process, "802A009A017800") == "6982"
    assert talk(card.process, "802A0097017800").endswith("9000")


def test_wrong_length_is_told_after_blocking(image: CardImage, talk: Talk) -> None:
    """A blocked PIN is blocked for values of any length."""
    card = SimulatedCard(image, settings=Settings(wrong_length_costs_try=False))
    assert talk(card.process, f"JPKI; PIN 0018 284; {BLOCK}; PIN 0018 284") == "6984"


@pytest.mark.parametrize("atr", KNOWN_ATRS)
def test_interface_is_told_by_the_atr(atr: bytes) -> None:
    """Every known ATR tells its interface, and has a right check byte."""
    assert interface_of(atr) == KNOWN_ATRS[atr]
    check = 0
    for byte in atr[1:]:
        check ^= byte
    assert check == 0
