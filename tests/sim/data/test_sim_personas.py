"""Personas: all rows of docs/certificates.md, section 7, on whatever day they are used."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from jpki_sim import dates
from jpki_sim.card import EcPrivateKey, KeyFile, RecordFile, TransparentFile
from jpki_sim.contents import build_image
from jpki_sim.dates import BirthdayRules
from jpki_sim.errors import PersonaNotAvailableError, UnknownPersonaError
from jpki_sim.faults import parse_faults
from jpki_sim.files import check
from jpki_sim.model import as_model, write_object
from jpki_sim.model.model import DEFECTS
from jpki_sim.personas import fault_presets, find_persona, new_card, persona_names, personas
from jpki_sim.personas.newcard import TEST_PINS
from jpki_sim.personas.shipped import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.model import CardFile
    from jpki_sim.personas import Persona

AVAILABLE = [persona for persona in personas() if not persona.unavailable]
#: Days of use: the 2019 generation's persona is good until September 2028.
DAYS_OF_USE = st.dates(date(2026, 1, 1), date(2099, 12, 31))
#: What a persona contradicts on purpose.
ON_PURPOSE = {"wrong-flags": {"flags-differ"}}


def days_left(card: CardFile, use: str, today: date) -> int:
    """Days from today to the last day of a certificate."""
    entry = card.certificates[use]
    assert entry is not None
    return (date.fromisoformat(entry.not_after) - today).days


def issued(card: CardFile, use: str) -> date:
    """Day of issue of a certificate in Japan."""
    entry = card.certificates[use]
    assert entry is not None
    return datetime.fromisoformat(entry.not_before).astimezone(dates.JST).date()


def birthdays_covered(card: CardFile, use: str, today: date) -> int:
    """Birthdays after issue up to the last day of a certificate."""
    birth = date.fromisoformat(card.holder.birth_date)
    last = today + timedelta(days=days_left(card, use, today))
    return next(n for n in range(1, 20) if dates.nth_birthday_after(birth, issued(card, use), n + 1) > last)


def issuer(card: CardFile, use: str = "auth") -> str:
    """Name of a certificate's issuer."""
    entry = card.certificates[use]
    assert entry is not None
    return entry.issuer


def expires_in(card: CardFile, today: date) -> int:
    """Days until the card itself ends."""
    return (date.fromisoformat(card.card.expires) - today).days


def age(card: CardFile, today: date) -> int:
    """Age of the holder today."""
    return dates.age_on(date.fromisoformat(card.holder.birth_date), today)


def counters(card: CardFile) -> str:
    """Tries left of the four PINs in the order J, S, U, X."""
    return "".join(str(card.pins[name].retries_remaining) for name in ("juki", "input", "auth", "sign"))


def is_near(found: int, days: int) -> bool:
    """Whether a day is the one wanted; a birthday on 29 February may be kept on the day before."""
    return days - 1 <= found <= days


#: What makes each persona what it is: card file and day of use to whether it is so.
TRUE_OF: dict[str, Callable[[CardFile, date], bool]] = {
    "adult": lambda c, d: issuer(c) == "auth-2023" and days_left(c, "auth", d) > 365 and counters(c) == "3335",
    "root-2019": lambda c, d: (
        issuer(c) == "auth-2019" and issuer(c, "sign") == "sign-2019" and days_left(c, "auth", d) > 0
    ),
    "root-2015": lambda c, d: issuer(c) == "auth-2015" and days_left(c, "auth", d) < 0,
    "foreign-root": lambda c, _: issuer(c) == issuer(c, "sign") == "foreign",
    "test-root": lambda c, _: issuer(c) == "test-root",
    "child": lambda c, d: age(c, d) < 15 and c.certificates["sign"] is None and c.flags().hex() == "008f00",
    "adult-ward": lambda c, d: age(c, d) > 18 and c.certificates["sign"] is None and c.flags().hex() == "008f00",
    "youth": lambda c, d: (
        15 <= age(c, d) <= 17 and days_left(c, "sign", d) == expires_in(c, d) and age(c, issued(c, "sign")) >= 15
    ),
    "foreign-resident": lambda c, d: 0 < days_left(c, "auth", d) == expires_in(c, d) < 365,
    "foreign-resident-extended": lambda c, d: days_left(c, "auth", d) < 0 < expires_in(c, d),
    "permanent-resident": lambda c, _: len(c.holder.name) > 40,
    "moved": lambda c, d: days_left(c, "sign", d) > 0,
    "moved-reissued": lambda c, d: issued(c, "sign") == d and issued(c, "auth") < d,
    "expired": lambda c, d: is_near(days_left(c, "auth", d), -1) and expires_in(c, d) > 0,
    "sign-expired": lambda c, d: days_left(c, "sign", d) < 0 < days_left(c, "auth", d),
    "both-expired": lambda c, d: days_left(c, "sign", d) < 0 and days_left(c, "auth", d) < 0,
    "renewal-window": lambda c, d: is_near(days_left(c, "auth", d), 80),
    "before-window": lambda c, d: is_near(days_left(c, "auth", d), 95),
    "renewed-early": lambda c, d: birthdays_covered(c, "auth", d) == 6 and (d - issued(c, "auth")).days == 30,
    "card-ends-first": lambda c, d: days_left(c, "auth", d) == expires_in(c, d) and birthdays_covered(c, "auth", d) < 5,
    "issued-today": lambda c, d: issued(c, "auth") == issued(c, "sign") == d,
    "not-yet-valid": lambda c, d: issued(c, "auth") == d + timedelta(days=1),
    "locked-juki": lambda c, _: counters(c) == "0335" and c.pins["common-juki"].retries_remaining == 0,
    "locked-input": lambda c, _: counters(c) == "3035",
    "locked-auth": lambda c, _: counters(c) == "3305",
    "locked-sign": lambda c, _: counters(c) == "3330",
    "locked-auth-and-sign": lambda c, _: counters(c) == "3300",
    "all-locked": lambda c, _: counters(c) == "0000",
    "sign-locked-auth-known": lambda c, _: counters(c) == "3330",
    "auth-locked-sign-known": lambda c, _: counters(c) == "3305",
    "last-try": lambda c, _: {entry.retries_remaining for entry in c.pins.values()} == {1},
    "last-try-juki": lambda c, _: counters(c) == "1335",
    "last-try-input": lambda c, _: counters(c) == "3135",
    "last-try-auth": lambda c, _: counters(c) == "3315",
    "last-try-sign": lambda c, _: counters(c) == "3331",
    "partly-used": lambda c, _: counters(c) == "3323",
    "locked-at-hospital": lambda c, _: counters(c) == "3305",
    "locked-in-vaccination-app": lambda c, _: counters(c) == "3035",
    "locked-at-kiosk": lambda c, _: counters(c) == "3305",
    "pinless": lambda c, _: (
        c.certificates["sign"] is None and c.certificates["auth"] is not None and counters(c)[2] == "0"
    ),
    "declined": lambda c, _: c.flags() == b"\0\0\0" and counters(c)[:2] == "33",
    "next-generation": lambda c, d: (
        issuer(c) == "auth-next" and set(c.pins) == {"auth", "sign"} and days_left(c, "auth", d) > 9 * 365
    ),
    "suspended": lambda c, d: days_left(c, "sign", d) > 0,
    "revoked": lambda c, d: days_left(c, "sign", d) > 0,
    "replaced-characters": lambda c, _: "1" in c.holder.name_flags and "1" in c.holder.address_flags,
    "former-surname": lambda c, _: "旧姓" in c.holder.name,
    "unknown-birth-date": lambda c, _: (c.holder.birth_date_attribute or "").startswith("0"),
    "other-sex": lambda c, _: c.holder.sex not in "12",
    "furigana": lambda c, _: len(c.holder.other_names) == 1,
    "overseas": lambda c, _: not c.holder.address.startswith("東京都"),
    "phone": lambda c, _: c.kind == "android" and list(c.pins) == ["auth", "sign"],
    "iphone": lambda c, _: c.kind == "iphone" and list(c.pins) == ["auth", "sign"],
    "old-juki-card": lambda c, _: c.kind == "juki-card",
    "other-card": lambda c, _: c.kind == "other",
    "filler-after-certificate": lambda c, _: c.layout.certificate_filler > 0,
    "card-expired": lambda c, d: days_left(c, "auth", d) == expires_in(c, d) == -10 and counters(c) == "3335",
    "card-expired-locked": lambda c, d: expires_in(c, d) == -10 and counters(c) == "0330",
    "card-ends-soon": lambda c, d: days_left(c, "auth", d) == days_left(c, "sign", d) == expires_in(c, d) == 40,
    "card-ends-today": lambda c, d: days_left(c, "auth", d) == expires_in(c, d) == 0,
    "child-renewal": lambda c, d: age(c, d) < 15 and is_near(expires_in(c, d), 40) and c.certificates["sign"] is None,
    "child-locked": lambda c, d: age(c, d) < 15 and counters(c)[2] == "0" and c.certificates["sign"] is None,
    "stay-ends-soon": lambda c, d: days_left(c, "auth", d) == expires_in(c, d) == 30,
    "certificate-ends-today": lambda c, d: days_left(c, "auth", d) == 0 and expires_in(c, d) == 1500,
    "phone-locked": lambda c, _: c.kind == "android" and c.pins["auth"].retries_remaining == 0,
    "phone-last-try": lambda c, _: c.kind == "iphone" and c.pins["auth"].retries_remaining == 1,
    "wrong-flags": lambda c, _: c.certificates["sign"] is not None and c.flags().hex() == "008f00",
}


def has_defect(card: CardFile, defect: str) -> bool:
    """Whether some certificate of a card is broken in this way."""
    return any(entry is not None and entry.defect == defect for entry in card.certificates.values())


@pytest.mark.parametrize("persona", AVAILABLE, ids=lambda persona: persona.name)
@settings(max_examples=20)
@given(day=DAYS_OF_USE)
def test_a_persona_is_what_it_says_on_any_day(persona: Persona, day: date) -> None:
    """On whatever day it is used, a persona has the state that its row asks for."""
    card = new_card(persona, today=day, generate_keys=False)
    if persona.name in DEFECTS:
        assert has_defect(card, persona.name)
    else:
        assert TRUE_OF[persona.name](card, day)


@pytest.mark.parametrize("persona", AVAILABLE, ids=lambda persona: persona.name)
@settings(max_examples=20)
@given(day=DAYS_OF_USE)
def test_a_persona_contradicts_itself_only_on_purpose(persona: Persona, day: date) -> None:
    """The check of card files finds nothing in a persona, but for what it is there to show."""
    found = {finding.code for finding in check(new_card(persona, today=day, generate_keys=False), day)}
    assert found == ON_PURPOSE.get(persona.name, set())


@pytest.mark.parametrize("persona", AVAILABLE, ids=lambda persona: persona.name)
def test_a_personas_card_file_is_a_valid_one(persona: Persona, today: date) -> None:
    """A persona made by the program passes the same checks as a file written by a person."""
    card = new_card(persona, today=today, generate_keys=False)
    assert as_model(write_object(card)) == card


@pytest.mark.parametrize("persona", AVAILABLE, ids=lambda persona: persona.name)
def test_every_file_of_every_card_has_bytes(persona: Persona, today: date) -> None:
    """Each transparent EF gives bytes and the same when read again, each record EF records, each key EF a key."""
    image = build_image(new_card(persona, today=today, generate_keys=False), today)
    for application in image.applications:
        for file in application.files.values():
            if isinstance(file, TransparentFile):
                assert file.data()
                assert file.data() is file.data()
            elif isinstance(file, RecordFile):
                assert all(file.records)
            elif isinstance(file, KeyFile):
                key = file.key()
                assert isinstance(key, EcPrivateKey) == (persona.recipe.kind == "next-generation")
                assert isinstance(key, EcPrivateKey) or key.size == 256


@pytest.mark.parametrize(
    ("rules", "last_day"),
    [
        (BirthdayRules(), "2029-02-28"),
        (BirthdayRules(leap_day="03-01"), "2029-03-01"),
        (BirthdayRules(issue_day_counts=True), "2028-02-29"),
    ],
)
def test_a_card_follows_the_rules_of_birthdays(rules: BirthdayRules, last_day: str) -> None:
    """What sources leave open, a leap-day birth and an issue on a birthday, is settled by whoever makes a card."""
    born = Recipe(age=40, birthday="+0", issued=0, card_issued=0)
    persona = find_persona("adult")._replace(recipe=born)
    card = new_card(persona, today=date(2024, 2, 29), generate_keys=False, rules=rules)
    assert card.holder.birth_date == "1984-02-29"
    entry = card.certificates["auth"]
    assert entry is not None
    assert entry.not_after == last_day


def test_every_row_has_a_persona() -> None:
    """All numbers that are cards, services beside a card, or faults are there; 40 is a matter of input."""
    numbers = {number for persona in personas() for number in persona.numbers}
    numbers |= {preset.number for preset in fault_presets()}
    assert numbers == set(range(1, 50)) - {40}


def test_names_are_words_and_told_apart() -> None:
    """Names are kebab-case, each once; those that documents promise are there."""
    names = persona_names()
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
    assert {"adult", "child", "locked-auth", "locked-sign", "last-try", "expired", "phone", "iphone"} <= set(names)
    assert set(DEFECTS) <= set(names)


@pytest.mark.parametrize("persona", personas(), ids=lambda persona: persona.name)
def test_both_languages_are_written(persona: Persona) -> None:
    """Title and duty of a persona stand in Japanese and in English."""
    for texts in (persona.title, persona.says):
        assert set(texts) == {"ja", "en"}
        assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", texts["ja"])
        assert texts["en"].isascii()


@pytest.mark.parametrize("name", ["moved", "suspended", "revoked"])
def test_what_only_a_service_knows_is_not_on_the_card(name: str, today: date) -> None:
    """Revoked and suspended cards have the same card file as one where nothing happened."""
    persona = find_persona(name)
    assert persona.oracle is not None
    card = new_card(persona, today=today, generate_keys=False)
    assert check(card, today) == []
    assert not any(entry and entry.defect for entry in card.certificates.values())


def test_pins_are_the_published_test_secrets(card_of: Callable[[str], CardFile]) -> None:
    """Every card begins with the TEST secrets that the documents give."""
    card = card_of("adult")
    assert {name: card.pins[name].value for name in TEST_PINS} == {
        "auth": "2846",
        "sign": "SIMCARD1",
        "input": "3957",
        "juki": "4068",
        "common-juki": "4068",
    }
    assert [card.pins[name].retry_limit for name in ("auth", "sign", "input", "juki")] == [3, 5, 3, 3]


def test_verification_numbers_are_what_is_printed(card_of: Callable[[str], CardFile]) -> None:
    """A is the My Number; B is the birth date with its era's year, the year of expiry and the security code."""
    card = card_of("adult")
    assert card.holder.birth_date == "1990-04-21"
    assert {name: card.pins[name].value for name in ("text-a", "visual-a")} == {
        "text-a": "000000000019",
        "visual-a": "000000000019",
    }
    assert card.pins["text-b"].value == card.pins["visual-b"].value == "02042120347315"
    assert card.pins["visual-birth"].value == "020421"


@pytest.mark.parametrize("name", ["child", "adult-ward", "pinless", "declined"])
def test_without_signature_certificate_the_password_is_blocked(card_of: Callable[[str], CardFile], name: str) -> None:
    """A card without signature certificate has no try of its password left, which apps take for a lock."""
    assert card_of(name).pins["sign"].retries_remaining == 0


@pytest.mark.parametrize("use", ["auth", "sign"])
def test_no_two_personas_share_a_certificate(card_of: Callable[[str], CardFile], use: str) -> None:
    """Serial number and common name are each persona's own, so that programs that remember a card tell them apart."""
    cards = [card_of(persona.name) for persona in personas() if not persona.unavailable]
    entries = [entry for card in cards if (entry := card.certificate(use)) is not None]
    assert len(entries) > 50
    assert len({entry.serial for entry in entries}) == len(entries)
    assert len({entry.common_name for entry in entries}) == len(entries)


def test_an_unknown_name_gets_names_like_it() -> None:
    """A mistyped name is answered with the ones that may be meant."""
    with pytest.raises(UnknownPersonaError, match=r"adlut.*adult") as caught:
        find_persona("adlut")
    assert caught.value.name == "adlut"
    assert "adult" in caught.value.close
    with pytest.raises(UnknownPersonaError) as other:
        find_persona("zzzzzzzz")
    assert other.value.close == ()


def test_a_persona_may_be_listed_only(today: date) -> None:
    """A card of which too little is known cannot be made, and the error says why."""
    listed = find_persona("adult")._replace(name="unknown", unavailable="nothing is published")
    with pytest.raises(PersonaNotAvailableError, match="nothing is published") as caught:
        new_card(listed, today=today)
    assert caught.value.name == "unknown"


def test_fault_presets_are_fault_plans() -> None:
    """Each preset is a plan that the fault wrapper reads; mid-VERIFY removal, timeouts and 61/6C answers are there."""
    plans = {preset.name: parse_faults(preset.fault) for preset in fault_presets()}
    assert all(plans.values())
    kinds = {fault.kind for plan in plans.values() for fault in plan}
    assert {"remove", "remove-after", "mute", "split", "wrong-le"} <= kinds
    assert all(set(preset.title) == {"ja", "en"} for preset in fault_presets())
