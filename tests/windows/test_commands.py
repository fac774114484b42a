"""Commands on Windows, through Windows' own pyscard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jpki_sim.files import open_card
from terminal import ConsoleSession

if TYPE_CHECKING:
    from pathlib import Path

    from winreader import VirtualReader

    from jpki_sim.card import SimulatedCard
    from windows.conftest import Windows


def test_status(windows: Windows, card: SimulatedCard) -> None:
    """The counters and dates of the card, without a PIN and in one transaction."""
    result = windows.jpki("status", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert told["reader"] == "ACME Contactless 0"
    assert [pin["retries_remaining"] for pin in told["pins"]] == [3, 5, 3, 3]
    assert windows.service.calls.count("begin") == windows.service.calls.count("end") == 1


def test_readers(windows: Windows, card: SimulatedCard) -> None:
    """Readers by name, and what lies on each."""
    windows.service.plug("ACME Slot 1")
    told = json.loads(windows.jpki("readers", "--json").stdout)
    assert [(reader["name"], reader["card"]) for reader in told["readers"]] == [
        ("ACME Contactless 0", "card"),
        ("ACME Slot 1", "none"),
    ]


def test_a_pin_is_changed_and_verified(windows: Windows, card: SimulatedCard) -> None:
    """One VERIFY and one CHANGE, lines with CRLF and a byte order mark; the card holds the new PIN."""
    result = windows.jpki("pin", "change", "auth", "--pin-stdin", "--json", stdin="\ufeff2846\r\n8517\r\n")
    assert (result.returncode, json.loads(result.stdout)["outcome"]) == (0, "changed")
    assert card.image.reference_data()["auth"].value == b"8517"
    result = windows.jpki("pin", "verify", "auth", "--pin-stdin", stdin="2846\n")
    assert result.returncode == 4
    assert card.image.reference_data()["auth"].retries_remaining == 2


def test_a_certificate(windows: Windows, card: SimulatedCard) -> None:
    """The user certificate, read without a PIN, is what the card holds."""
    result = windows.jpki("cert", "show", "auth", "--format", "pem")
    assert result.returncode == 0
    assert result.stdout.startswith("-----BEGIN CERTIFICATE-----")


def test_signing(windows: Windows, card: SimulatedCard, tmp_path: Path) -> None:
    """A file is signed, and the signature verifies on Windows too."""
    (tmp_path / "letter.txt").write_bytes(b"TEST\r\n")
    result = windows.jpki("sign", "letter.txt", "--pin-stdin", "--yes", stdin="SIMCARD1\n")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "letter.txt.p7s").stat().st_size > 1000
    result = windows.jpki("verify", "letter.txt.p7s", "--json")
    found = {row["item"]: row["verdict"] for row in json.loads(result.stdout)["signatures"][0]["results"]}
    assert (found["content"], found["signature"]) == ("pass", "pass")


def test_doctor(windows: Windows, card: SimulatedCard) -> None:
    """With a card on the reader nothing is wrong."""
    result = windows.jpki("doctor")
    assert (result.returncode, "The card can be used." in result.stdout) == (0, True), result.stdout


def test_watching(windows: Windows, reader: VirtualReader) -> None:
    """Cards that come and go are told, one object a line."""
    program = windows.popen(["-u", "-m", "jpki_cli", "status", "--watch", "--json"])
    assert program.stdout is not None
    seen = [json.loads(program.stdout.readline())]
    slot = windows.lay(reader, open_card("adult").card)
    seen.append(json.loads(program.stdout.readline()))
    slot.remove()
    seen.append(json.loads(program.stdout.readline()))
    slot.insert()
    seen.append(json.loads(program.stdout.readline()))
    assert ["pins" in told for told in seen] == [False, True, False, True]
    assert [told.get("code") for told in seen[::2]] == ["no_card", "no_card"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_output_in_a_pipe_of_windows(windows: Windows, card: SimulatedCard, language: str) -> None:
    """In the code page of Japan, what it has no place for does not end the program."""
    result = windows.popen(
        ["-m", "jpki_cli", "status"],
        environment=windows.environment(PYTHONUTF8="0", PYTHONIOENCODING="cp932", JPKI_LANG=language),
    )
    assert result.stdout is not None
    out = result.stdout.buffer.read()  # type: ignore[attr-defined]  # the bytes below the text
    assert result.wait(ConsoleSession.seconds) == 0
    assert ("暗証番号" if language == "ja" else "PINs") in out.decode("cp932")
