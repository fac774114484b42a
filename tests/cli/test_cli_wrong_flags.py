"""A card whose flags (EF 0008) and files differ contradicts itself: ``doctor`` looks, ``status`` tells what it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

    Validate = Callable[[dict[str, Any]], None]

CAUSES = {"certificate_denied", "certificate_missing"}
CARDS = [p.name for p in personas() if not p.unavailable]


@pytest.fixture
def card(run_cli: RunCli, card_file: Path) -> Callable[[str, str], str]:
    """Make a card file of a persona with flags of its own."""

    def make(persona: str, flags: str) -> str:
        assert run_cli("sim", "new", str(card_file), "--shared-keys", "--force", "--persona", persona).code == 0
        assert run_cli("sim", "set", str(card_file), f"certificate_flags={flags}").code == 0
        return str(card_file)

    return make


def _check(value: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [check for check in value["checks"] if check["check"] == name]
    assert isinstance(found, dict)
    return found


def test_doctor_finds_a_certificate_that_the_card_denies(run_cli: RunCli, validate: Validate) -> None:
    """It fails, with what it means and the next step; the rest of the card can be used, so the exit code is 0."""
    result = run_cli("--sim", "wrong-flags", "doctor", "--json")
    check = _check(result.json, "certificates")

    assert result.code == 0
    validate(result.json)
    assert (check["verdict"], check["cause"], check["details"]) == ("fail", "certificate_denied", ["sign"])
    assert [remedy["remedy"] for remedy in check["remedies"]][-1] == "show_card_at_office"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Thecardgivesconflictinginformation", "signaturecertificate.", "EF0008", "municipaloffice"]),
        ("ja", ["カードの情報が食い違っています", "署名用電子証明書。", "EF0008", "市区町村の窓口"]),
    ],
)
def test_doctor_says_what_it_means_and_what_to_do(run_cli: RunCli, language: str, words: list[str]) -> None:
    """On the screen, in both languages: the contradiction, which certificate, why, and where to go."""
    screen = "".join(run_cli("--sim", "wrong-flags", "--lang", language, "doctor").stdout.split())

    assert [word for word in words if word not in screen] == []


@pytest.mark.parametrize(
    ("persona", "flags", "cause", "details", "exit_code"),
    [
        ("adult", "8F0000", "certificate_denied", ["auth"], 0),
        ("adult", "000000", "certificate_denied", ["auth", "sign"], 0),
        ("child", "8F8F00", "certificate_missing", ["sign"], 5),
        ("declined", "8F8F00", "certificate_missing", ["auth", "sign"], 5),
    ],
)
def test_doctor_compares_both_flags_with_both_files(
    run_cli: RunCli,
    card: Callable[[str, str], str],
    persona: str,
    flags: str,
    cause: str,
    details: list[str],
    exit_code: int,
) -> None:
    """A denied file leaves the card usable; where a file is missing, its PIN answers as locked and is told first."""
    result = run_cli("--sim", card(persona, flags), "doctor", "--json")
    check = _check(result.json, "certificates")

    assert (check["cause"], check["details"], result.code) == (cause, details, exit_code)


@pytest.mark.parametrize("persona", CARDS)
def test_no_other_card_is_said_to_contradict_itself(run_cli: RunCli, validate: Validate, persona: str) -> None:
    """Children, declined certificates, phones and damaged cards among them."""
    doctor = run_cli("--sim", persona, "doctor", "--json").json
    status = run_cli("--sim", persona, "status", "--json").json
    found = {check["cause"] for check in doctor["checks"]} & CAUSES
    told = {advice["code"] for advice in status.get("advice", [])} & CAUSES

    validate(doctor)
    assert found == ({"certificate_denied"} if persona == "wrong-flags" else set())
    assert told == found


def test_doctor_asks_for_one_byte_of_each_file(run_cli: RunCli, apdus: list[bytes]) -> None:
    """READ by short identifier: no PIN and no try."""
    run_cli("--sim", "wrong-flags", "doctor")

    assert [a.hex() for a in apdus if a[1] == 0xB0 and a[-1] == 1] == ["00b08a0001", "00b0810001"]
    assert all(len(a) <= 5 for a in apdus if a[1] == 0x20)


def test_status_tells_a_denied_certificate_by_its_pin(run_cli: RunCli, validate: Validate) -> None:
    """The flags say that there is none, the counter that there is: it says so, and that doctor looks closer."""
    value = run_cli("--sim", "wrong-flags", "status", "--json").json
    (advice,) = value["advice"]
    screen = "".join(run_cli("--sim", "wrong-flags", "status").stdout.split())

    validate(value)
    assert (advice["code"], advice["certificate"]) == ("certificate_denied", "sign")
    assert "conflicting information" in advice["text"]["en"]
    assert "jpki doctor" in advice["text"]["en"]
    assert "食い違っている" in advice["text"]["ja"]
    assert "".join(advice["text"]["en"].split()) in screen


def test_status_tells_a_missing_user_certificate(
    run_cli: RunCli, validate: Validate, card: Callable[[str, str], str]
) -> None:
    """Flagged as there, and 6A82: a reason of its own, and what to do."""
    path = card("declined", "8F8F00")
    value = run_cli("--sim", path, "status", "--json").json
    screen = " ".join(run_cli("--sim", path, "status").stdout.split())

    validate(value)
    assert (value["certificates"][0]["present"], value["certificates"][0]["reason"]) == (True, "missing")
    assert [a["certificate"] for a in value["advice"] if a["code"] == "certificate_missing"] == ["auth"]
    assert "the card says that it has it, but has no such file" in screen
    assert "gives conflicting information" in screen


def test_status_sends_nothing_more_for_it(run_cli: RunCli, apdus: list[bytes]) -> None:
    """A card that contradicts itself takes no more commands than one that does not."""
    counts = []
    for persona in ("adult", "wrong-flags"):
        apdus.clear()
        assert run_cli("--sim", persona, "status").code == 0
        counts.append(len(apdus))

    assert counts[0] == counts[1]


def test_a_report_says_that_a_certificate_is_missing(run_cli: RunCli, card_file: Path, validate: Validate) -> None:
    """Its reason is one of those that the schema has."""
    for change in ("certificates.auth=null", "certificate_flags=8F8F00", "layout.missing_certificate=absent"):
        assert run_cli("sim", "set", str(card_file), change).code == 0
    result = run_cli("--sim", str(card_file), "report", "--json")

    validate(result.json)
    (auth,) = [c for c in result.json["certificates"] if c["kind"] == "auth"]
    assert (auth["present"], auth["reason"]) == (True, "missing")
