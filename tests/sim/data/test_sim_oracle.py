"""Service files: what an online service would say, beside a card that does not know it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from jpki_sim.errors import CardFileError
from jpki_sim.personas import find_persona, oracle, personas
from jpki_sim.personas.oracle import Oracle
from jpki_sim.personas.oracle_codes import CODES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jpki_sim.model import CardFile

NOON = datetime.fromisoformat("2026-11-22T12:00:00+09:00")


@pytest.mark.parametrize(
    ("name", "auth", "sign"),
    [
        ("adult", 200, 200),
        ("moved", 200, 607),
        ("suspended", 613, 607),
        ("revoked", 607, 607),
        ("child", 200, None),
        ("declined", None, None),
        ("sign-expired", 200, 602),
        ("both-expired", 602, 602),
        ("not-yet-valid", 709, 709),
    ],
)
def test_what_the_service_says(
    card_of: Callable[[str], CardFile], name: str, auth: int | None, sign: int | None
) -> None:
    """A good, revoked, suspended, expired or missing certificate has its official code."""
    assert oracle.persona_oracle(find_persona(name), card_of(name), NOON) == Oracle(auth, sign)


def test_a_suspension_ends_the_signature_certificate(card_of: Callable[[str], CardFile]) -> None:
    """A suspended card's user certificate is on hold, its signature certificate revoked for good."""
    said = oracle.persona_oracle(find_persona("suspended"), card_of("suspended"), NOON)
    auth, sign = said.code("auth"), said.code("sign")
    assert auth is not None
    assert sign is not None
    assert (auth.name, sign.name) == ("SERVER_HOLD_ERROR", "SERVER_REVOKED_ERROR")


def test_codes_of_personas_exist() -> None:
    """Each code that a persona has is one of the official ones."""
    assert {code for p in personas() for code in (p.oracle or {}).values()} <= set(CODES)


def test_a_service_file_is_read_back(tmp_path: Path) -> None:
    """A service file lies beside its card, says TEST, fits its schema and is read back."""
    path = oracle.oracle_path(tmp_path / "card.json")
    assert path == tmp_path / "card.oracle.json"
    oracle.save_oracle(Oracle(613, None), path)
    document = json.loads(path.read_bytes())
    assert "TEST" in document["note"]
    assert oracle.load_oracle(path) == Oracle(613, None)


BROKEN = {
    "other schema": ({"schema": "jpki.card/1", "auth": 200}, "schema"),
    "unknown code": ({"schema": "jpki.oracle/1", "auth": 201}, "auth"),
    "text": ({"schema": "jpki.oracle/1", "sign": "200"}, "sign"),
    "truth": ({"schema": "jpki.oracle/1", "sign": True}, "sign"),
    "unknown key": ({"schema": "jpki.oracle/1", "input": 200}, "input"),
}


@pytest.mark.parametrize(("document", "key"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_service_file_is_refused(tmp_path: Path, document: dict[str, object], key: str) -> None:
    """A service file with a wrong key is refused with the name of the key."""
    path = tmp_path / "card.oracle.json"
    path.write_text(json.dumps(document))
    with pytest.raises(CardFileError) as caught:
        oracle.load_oracle(path)
    assert caught.value.key == key


def test_nothing_but_time_happens_to_an_innocent_card(card_of: Callable[[str], CardFile]) -> None:
    """Without any event a certificate is good in its period: from its first second to its last."""
    card = card_of("adult")
    for instant, code in (
        ("2024-09-13T01:30:06+09:00", 709),
        ("2024-09-13T01:30:07+09:00", 200),
        ("2029-04-21T14:59:59+00:00", 200),
        ("2029-04-22T00:00:00+09:00", 602),
    ):
        assert oracle.innocent(card, datetime.fromisoformat(instant)).auth == code
