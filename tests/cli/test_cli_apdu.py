"""``jpki apdu``: what is sent, what is refused, and that nothing is left open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from jpki.iso7816 import StatusWord
from jpki.iso7816.status import PATTERNS
from jpki_cli.screens import status_words
from jpki_cli.words import set_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

SELECT_JPKI = "00A4040C0AD392F000260100000001"
READ_TOKEN = "00B0860020"
VERIFY_AUTH = "002000980432383436"


def hexes(apdus: list[bytes]) -> list[str]:
    """What reached the card."""
    return [command.hex().upper() for command in apdus]


def test_commands_are_sent_as_they_are_in_one_transaction(run_cli: RunCli, apdus: list[bytes]) -> None:
    """Bytes may be apart with blanks and colons; each command is sent once, and nothing else is."""
    result = run_cli("--sim", "adult", "apdu", "00 a4 04 0c 0a d3 92 f0 00 26 01 00 00 00 01", "00:B0:86:00:20")
    assert (result.code, result.stderr) == (0, "")
    assert hexes(apdus) == [SELECT_JPKI, READ_TOKEN]
    lines = result.stdout.splitlines()
    assert lines[:2] == ["SELECT: 9000 no error", "READ BINARY: 9000 no error"]
    assert lines[2].endswith("  JPKIAPICCTOKEN2")
    assert "4A 50 4B 49" in lines[2]


def test_answers_as_json(run_cli: RunCli, validate: Callable[[dict[str, Any]], None]) -> None:
    """Each answer has its data in hex and its status word in words of both languages; an error status is no failure."""
    result = run_cli("--sim", "adult", "apdu", "--json", SELECT_JPKI, "00B0860010", "00A4020C029999")
    validate(result.json)
    assert result.code == 0
    assert [(e["command"], e["status_word"]) for e in result.json["exchanges"]] == [
        ("SELECT", "9000"),
        ("READ BINARY", "9000"),
        ("SELECT", "6A82"),
    ]
    assert bytes.fromhex(result.json["exchanges"][1]["data"]) == b"JPKIAPICCTOKEN2 "
    assert result.json["exchanges"][2]["text"] == {
        "en": "file or application not found",
        "ja": "ファイルまたはアプリケーションがありません",
    }


def test_no_answer_is_fetched_or_asked_for_again(run_cli: RunCli, apdus: list[bytes]) -> None:
    """A wrong Le or an unknown command is answered with its status word; the sender decides what comes next."""
    result = run_cli("--sim", "adult", "apdu", "--i-know", SELECT_JPKI, "00FE0000")
    assert result.code == 0
    assert hexes(apdus)[:2] == [SELECT_JPKI, "00FE0000"]
    assert [command[1] for command in apdus[2:]] == [0xA4, 0xA4]  # the card is closed behind what is not known
    assert "6D00" in result.stdout


@pytest.mark.parametrize(
    "command",
    [
        VERIFY_AUTH,
        "0020008004323834",
        "10200098023238",
        "0C2000980432383436",
        "012000980432383436",
        "802000980432383436",
        "0021008004323834",
        "0024018004393735",
        "8432008004393735",
        "80320080",
        "80540080",
        "002C0080",
        "102C00980432",
        "00C2000009002000980432383436",
        "00C3000009002000980432383436",
        "0020009800",
        "10200098",
        "01200098",
        "00FE0000",
        "0088000008323834",
        "802A0080",
        "00D60000023238",
        "00440000",
        "00700000",
        "10A4040C",
        "04B0860020",
        "01B0860020",
        "90B0860020",
        "FFCA000000",
    ],
)
def test_what_can_cost_a_try_is_refused(run_cli: RunCli, apdus: list[bytes], command: str) -> None:
    """Whatever is not known only to look, unknown commands and classes too: nothing is sent, nothing echoed."""
    result = run_cli("--sim", "adult", "apdu", SELECT_JPKI, command, "--json")
    assert result.code == 2
    assert result.json["code"] == "needs_i_know"
    assert apdus == []
    assert "323834" not in result.stdout + result.stderr
    assert "393735" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    "command",
    [
        "00200098",
        "80200098",
        SELECT_JPKI,
        READ_TOKEN,
        "00B1000000",
        "00B2010400",
        "00B3010400",
        "00CA000000",
        "80CA000000",
        "00CB000000",
        "0084000008",
        "00C0000000",
    ],
)
def test_what_only_looks_needs_no_leave(run_cli: RunCli, apdus: list[bytes], command: str) -> None:
    """It is sent alone, and no SELECT follows it."""
    result = run_cli("--sim", "adult", "apdu", SELECT_JPKI, command)
    assert result.code == 0
    assert hexes(apdus) == [SELECT_JPKI, command]


@pytest.mark.parametrize("bad", ["zz20009804", "0020009804323", "00 20 0", "VERIFY", "", "0x00A4"])
def test_bad_hex_is_refused_without_being_repeated(run_cli: RunCli, apdus: list[bytes], bad: str) -> None:
    """What is not hex, or too short for a command, is told by its number: it may hold a PIN."""
    result = run_cli("--sim", "adult", "apdu", SELECT_JPKI, bad)
    assert result.code == 2
    assert apdus == []
    assert "Command 2" in result.stderr
    assert not bad or bad not in result.stdout + result.stderr


def test_a_verify_leaves_nothing_open(run_cli: RunCli, card_file: Path, apdus: list[bytes]) -> None:
    """After a VERIFY that was allowed the security status is dropped, and the arguments' visibility is told."""
    result = run_cli("--sim", str(card_file), "apdu", "--i-know", SELECT_JPKI, VERIFY_AUTH)
    assert result.code == 0
    assert "VERIFY: 9000 no error" in result.stdout
    assert "standard input" in result.stderr
    assert VERIFY_AUTH not in result.stdout + result.stderr
    assert len([command for command in apdus if command[1] == 0x20]) == 1
    # another application is selected after the VERIFY: the same one again would keep the status
    assert [c[:4] for c in apdus[2:]] == [b"\x00\xa4\x04\x0c"] * 2
    assert apdus[2] != apdus[0]


def test_commands_come_from_standard_input(run_cli: RunCli, apdus: list[bytes]) -> None:
    """``-`` takes one command a line, passes over empty lines and comments, and has no warning to give."""
    lines = f"# select\n{SELECT_JPKI}\n\n{VERIFY_AUTH}\n"
    result = run_cli("--sim", "adult", "apdu", "--i-know", "-", stdin=lines)
    assert (result.code, result.stderr) == (0, "")
    assert hexes(apdus)[:2] == [SELECT_JPKI, VERIFY_AUTH]


def test_no_command_at_all_is_a_usage_error(run_cli: RunCli) -> None:
    """Empty standard input is not success."""
    assert run_cli("--sim", "adult", "apdu", "-", stdin="\n").code == 2


def test_answers_before_a_fault_are_kept(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the card goes away, the object has what was answered before it, and the exit code is 3."""
    from jpki.errors import CardRemovedError
    from jpki_sim.card import SimulatedConnection

    original = SimulatedConnection.transmit

    def transmit(self: SimulatedConnection, command: bytes | bytearray) -> bytes:
        if command[1] == 0xB0:
            raise CardRemovedError("gone")
        return original(self, command)

    monkeypatch.setattr(SimulatedConnection, "transmit", transmit)
    result = run_cli("--sim", "adult", "apdu", "--json", SELECT_JPKI, READ_TOKEN)
    assert result.code == 3
    assert result.json["code"] == "card_removed"
    assert [e["command"] for e in result.json["exchanges"]] == ["SELECT"]


def test_every_status_word_has_words_in_both_languages() -> None:
    """What the library says of a status word is marked for the catalogues, and is Japanese in Japanese."""
    assert set(status_words.PATTERNS) == set(PATTERNS)
    try:
        for value in range(0x10000):
            sw = StatusWord(value)
            text = status_words.status_word_text(sw).both()
            assert text["en"] == (sw.meaning or "a status word without a known meaning")
            assert re.search("[ぁ-ん一-龯]", text["ja"])
    finally:
        set_language("en")
