"""The check of card files tells what does not fit together, and nothing else."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from jpki_sim.contents.certificates import make_certificate
from jpki_sim.files import check
from jpki_sim.model import put

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from jpki_sim.model import CardFile

CONTRADICTIONS: dict[str, tuple[dict[str, object], str, str]] = {
    "note": ({"note": "my card"}, "note-without-test", "note"),
    "counter": ({"pins.auth.retries_remaining": 4}, "counter-above-limit", "pins.auth.retries_remaining"),
    "PIN of letters": ({"pins.auth.value": "abcd"}, "pin-form", "pins.auth.value"),
    "short password": ({"pins.sign.value": "AB12"}, "pin-form", "pins.sign.value"),
    "small letters": ({"pins.sign.value": "simcard1"}, "pin-form", "pins.sign.value"),
    "juki": ({"pins.juki.value": "1111"}, "juki-pins-differ", "pins.common-juki.value"),
    "flags": ({"holder.name_flags": "0"}, "flags-length", "holder.name_flags"),
    "address flags": ({"holder.address": "テスト"}, "flags-length", "holder.address_flags"),
    "A": ({"pins.visual-a.value": "000000000000"}, "not-as-printed", "pins.visual-a.value"),
    "B": ({"pins.text-b.value": "02042120347316"}, "not-as-printed", "pins.text-b.value"),
    "birth PIN": ({"pins.visual-birth.value": "900421"}, "not-as-printed", "pins.visual-birth.value"),
    "EF 0008": ({"certificate_flags": "8F0000"}, "flags-differ", "certificate_flags"),
    "issuer's use": ({"certificates.auth.issuer": "sign-2023"}, "issuer-use", "certificates.auth.issuer"),
    "issuer's time": (
        {"certificates.auth.not_before": "2023-07-01T00:00:00+09:00"},
        "issuer-period",
        "certificates.auth.not_before",
    ),
    "dates": ({"certificates.sign.not_after": "2024-09-12"}, "certificate-dates", "certificates.sign.not_after"),
    "longer than auth": (
        {"certificates.auth.not_after": "2028-04-21"},
        "outlives-auth",
        "certificates.sign.not_after",
    ),
}


@pytest.mark.parametrize(("changes", "code", "key"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_contradiction_is_found(
    card_of: Callable[[str], CardFile], today: date, changes: dict[str, object], code: str, key: str
) -> None:
    """One thing that does not fit gives one finding with its code and key."""
    card = card_of("adult")
    for name, value in changes.items():
        put(card, name, value)
    assert [(finding.code, finding.key) for finding in check(card, today)] == [(code, key)]


SEVERAL: dict[str, tuple[dict[str, object], str]] = {
    "wrong check digit": ({"holder.my_number": "000000000010"}, "check-digit"),
    "card ends before issue": ({"card.expires": "2024-01-01"}, "card-dates"),
    "born later": ({"holder.birth_date": "2025-04-21"}, "born-after-issue"),
    "beyond the card": ({"card.expires": "2028-04-21"}, "outlives-card"),
    "too long": ({"certificates.auth.not_after": "2030-04-22"}, "too-long"),
}


@pytest.mark.parametrize(("changes", "code"), SEVERAL.values(), ids=SEVERAL.keys())
def test_a_contradiction_with_consequences_is_among_them(
    card_of: Callable[[str], CardFile], today: date, changes: dict[str, object], code: str
) -> None:
    """What several things hang on is found among the others."""
    card = card_of("adult")
    for name, value in changes.items():
        put(card, name, value)
    assert code in {finding.code for finding in check(card, today)}


def test_missing_and_needless_pins_are_found(card_of: Callable[[str], CardFile], today: date) -> None:
    """A PIN that a kind of card has and the file has not is found, and the other way round."""
    card, phone = card_of("adult"), card_of("phone")
    phone.pins["input"] = card.pins.pop("input")
    assert [(f.code, f.key) for f in check(card, today)] == [("pin-missing", "pins.input")]
    assert [(f.code, f.key) for f in check(phone, today)] == [("pin-unused", "pins.input")]


def test_a_given_certificate_must_be_for_the_cards_key(card_of: Callable[[str], CardFile], today: date) -> None:
    """Bytes given for a certificate are compared with the card's key, and their dates are left alone."""
    card = card_of("adult")
    entry = card.certificates["auth"]
    assert entry is not None
    entry.der = base64.b64encode(make_certificate(card, "auth", entry, today)).decode()
    assert check(card, today) == []
    card.keys["auth"] = "test:foreign-ca"
    assert [(f.code, f.key) for f in check(card, today)] == [("key-differs", "certificates.auth.der")]


def test_no_finding_holds_a_pin(card_of: Callable[[str], CardFile], today: date) -> None:
    """Sentences about PINs do not repeat them."""
    card = card_of("adult")
    put(card, "pins.auth.value", "98765")
    put(card, "pins.juki.value", "1112")
    for finding in check(card, today):
        assert "98765" not in finding.message
        assert "1112" not in finding.message
