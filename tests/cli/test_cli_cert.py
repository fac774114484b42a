"""``jpki cert show`` on simulated cards."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509

from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli


def _card_bytes(ef_id: int) -> bytes:
    """The DER in an EF of the adult's JPKI application."""
    with open_card("adult") as loaded:
        card = loaded.card
        card.power_on()
        for command in (
            "00A4040C0AD392F000260100000001",
            "002000980453494D",
            "00A4020C02001B",
            "002000800853494D4341524431",
        ):
            card.process(bytes.fromhex(command))
        card.process(bytes.fromhex(f"00A4020C02{ef_id:04X}"))
        data = card.process(bytes.fromhex("00B00000000000"))[:-2]
    return data[: int.from_bytes(data[2:4]) + 4]


@pytest.mark.parametrize(("kind", "ef_id"), [("auth", 0x0A), ("auth-ca", 0x0B), ("sign-ca", 0x02), ("sign", 0x01)])
def test_der_and_pem_are_the_bytes_of_the_card(run_cli: RunCli, tmp_path: Path, kind: str, ef_id: int) -> None:
    """Both formats hold what the EF holds, and other software reads them."""
    secret: dict[str, Any] = {"stdin": "SIMCARD1\n"} if kind == "sign" else {}
    more = ("--pin-stdin",) if kind == "sign" else ()
    out = tmp_path / "out"
    assert run_cli("--sim", "adult", "cert", "show", kind, "--format", "der", "-o", str(out), *more, **secret).code == 0
    pem = run_cli("--sim", "adult", "cert", "show", kind, "--format", "pem", *more, **secret)

    assert out.read_bytes() == _card_bytes(ef_id)
    assert x509.load_pem_x509_certificate(pem.stdout.encode()) == x509.load_der_x509_certificate(out.read_bytes())
    assert sys.platform == "win32" or stat.S_IMODE(out.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["auth", "sign", "auth-ca", "sign-ca"])
def test_json_follows_its_schema(run_cli: RunCli, validate: Callable[[dict[str, Any]], None], kind: str) -> None:
    """Personal attributes are in the signature certificate alone."""
    secret: dict[str, Any] = {"stdin": "SIMCARD1\n"} if kind == "sign" else {}
    more = ("--pin-stdin",) if kind == "sign" else ()
    result = run_cli("--sim", "adult", "cert", "show", kind, "--json", *more, **secret)

    assert result.code == 0
    validate(result.json)
    assert (result.json["personal"] is not None) == (kind == "sign")


@pytest.mark.parametrize(("output_format", "more"), [("pem", 0), ("text", 2), ("ics", 2)])
def test_the_user_certificate_takes_one_select_and_its_reads(
    run_cli: RunCli, apdus: list[bytes], output_format: str, more: int
) -> None:
    """R256(N) reads: the first one tells the length; what speaks of renewal reads the end of the card before."""
    assert run_cli("--sim", "adult", "cert", "show", "auth", "--format", output_format).code == 0

    assert len(apdus) == more + 1 + -(-len(_card_bytes(0x0A)) // 256)


def test_the_signature_certificate_stays_within_its_budget(run_cli: RunCli, apdus: list[bytes]) -> None:
    """At most 13 commands and R256(N) reads, one of them a VERIFY with data."""
    assert run_cli("--sim", "adult", "cert", "show", "sign", "--pin-stdin", stdin="SIMCARD1\n").code == 0

    assert len(apdus) <= 13 + -(-len(_card_bytes(0x01)) // 256)
    assert len([a for a in apdus if a[1] == 0x20 and len(a) > 5]) == 1


def test_a_phone_gives_out_its_user_certificate_with_the_pin(run_cli: RunCli) -> None:
    """The PIN is used only where the card wants it."""
    result = run_cli("--sim", "phone", "cert", "show", "auth", "--pin-stdin", "--format", "pem", stdin="2846\n")

    assert result.code == 0
    assert result.stdout.startswith("-----BEGIN CERTIFICATE-----")


def test_a_certificate_that_is_not_there_is_not_locked(run_cli: RunCli, apdus: list[bytes]) -> None:
    """Exit 6 with the usual reasons, and no password is sent."""
    result = run_cli("--sim", "child", "cert", "show", "sign", "--pin-stdin", stdin="SIMCARD1\n")

    assert result.code == 6
    assert "not on this card" in result.stderr
    assert not [a for a in apdus if a[1] == 0x20 and len(a) > 5]


def test_an_existing_file_is_found_before_the_card_is_touched(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes]
) -> None:
    """Exit 2; --force replaces it."""
    out = tmp_path / "out.pem"
    out.write_text("keep", encoding="utf-8")
    refused = run_cli("--sim", "adult", "cert", "show", "auth", "--format", "pem", "-o", str(out))
    touched, kept = len(apdus), out.read_text(encoding="utf-8")
    forced = run_cli("--sim", "adult", "cert", "show", "auth", "--format", "pem", "-o", str(out), "--force")

    assert (refused.code, touched, kept, forced.code) == (2, 0, "keep", 0)
    assert "BEGIN CERTIFICATE" in out.read_text(encoding="utf-8")
    assert os.listdir(tmp_path) == ["out.pem"]


@pytest.mark.parametrize("place", ["missing/out.pem", "."])
def test_an_output_that_cannot_be_written_is_found_first(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], place: str
) -> None:
    """Exit 2 before the card is touched."""
    result = run_cli("--sim", "adult", "cert", "show", "auth", "-o", str(tmp_path / place))

    assert result.code == 2
    assert apdus == []


@pytest.mark.parametrize(
    "arguments", [("auth", "--json", "--format", "pem"), ("sign", "--format", "ssh"), ("auth-ca", "--format", "ics")]
)
def test_formats_that_make_no_sense_are_usage_errors(
    run_cli: RunCli, apdus: list[bytes], arguments: tuple[str, ...]
) -> None:
    """Exit 2 before the card is touched."""
    result = run_cli("--sim", "adult", "cert", "show", *arguments)

    assert result.code == 2
    assert apdus == []


@pytest.mark.parametrize("persona", ["truncated-der", "wrong-length"])
@pytest.mark.parametrize("output_format", ["text", "json", "der"])
def test_a_damaged_certificate_is_a_sentence(run_cli: RunCli, persona: str, output_format: str, tmp_path: Path) -> None:
    """Exit 6, no traceback, and no file is left behind."""
    out = tmp_path / "out"
    result = run_cli("--sim", persona, "cert", "show", "auth", "--format", output_format, "-o", str(out))

    assert result.code == 6
    assert "Traceback" not in result.stderr
    assert not out.exists() or output_format == "der"


def test_the_calendar_holds_no_personal_data(run_cli: RunCli) -> None:
    """Days of renewal only: no name, no serial number, no town."""
    text = run_cli("--sim", "adult", "cert", "show", "auth", "--format", "ics").stdout
    facts = run_cli("--sim", "adult", "cert", "show", "auth", "--json").json

    assert text.startswith("BEGIN:VCALENDAR")
    assert facts["serial"] not in text
    assert not any(part["value"] in text for part in facts["subject"] if len(part["value"]) > 2)


def test_characters_that_act_on_a_terminal_are_shown_as_numbers(run_cli: RunCli, card_file: Path) -> None:
    """A name with a bidirectional override cannot reorder the screen, nor the one on which a script prints the JSON."""
    name = "テスト\u3000\u202e太郎"
    changes = (f"holder.name={name}", "holder.name_flags=0000000")
    assert run_cli("sim", "set", str(card_file), *changes).code == 0
    arguments = ("--sim", str(card_file), "cert", "show", "sign", "--pin-stdin")
    text = run_cli(*arguments, stdin="SIMCARD1\n").stdout
    facts = run_cli(*arguments, "--json", stdin="SIMCARD1\n").json

    assert "\u202e" not in text
    assert "\\u202e" in text
    assert facts["personal"]["name"]["value"] == "テスト\u3000\\u202e太郎"


@pytest.mark.parametrize(
    ("persona", "said"),
    [
        ("expired", "It has expired. A new certificate is issued at your municipal office"),
        ("card-expired", "It has expired with the card. New certificates come with a new card."),
        ("card-ends-soon", "It expires with the card and cannot be renewed beyond it."),
        ("renewal-window", "Renewal starts three months before the last day"),
    ],
)
def test_what_comes_after_the_last_day_is_told_of_this_certificate(run_cli: RunCli, persona: str, said: str) -> None:
    """No word of renewal where there is nothing left to renew."""
    shown = " ".join(run_cli("--sim", persona, "cert", "show", "auth").stdout.split())
    assert said in shown
    assert ("enewal starts" in shown) == (persona == "renewal-window")
