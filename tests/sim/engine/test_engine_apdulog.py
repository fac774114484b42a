"""The log of what reaches the card."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardRemovedError
from jpki.iso7816 import TraceWriter
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.serve import LoggedCard, TracedCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import SimulatedCard

    Talk = Callable[[Callable[[bytes], bytes], str], str]


def test_log_is_one_object_a_line(card: SimulatedCard, talk: Talk) -> None:
    """Each exchange is a line with its number, its times, the command and the response."""
    lines: list[str] = []
    ticks = iter([10.0, 10.5, 10.75, 11.0, 11.001])
    logged = LoggedCard(card, lines.append, clock=lambda: next(ticks))
    talk(logged.process, "JPKI; EF 0008")
    assert [json.loads(line) for line in lines] == [
        {
            "n": 1,
            "at": 0.5,
            "ms": 250.0,
            "command": "SELECT 00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01",
            "response": "9000",
        },
        {"n": 2, "at": 1.0, "ms": 1.0, "command": "SELECT 00 A4 02 0C 02 00 08", "response": "9000"},
    ]
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)


def test_secrets_are_not_in_the_log(card: SimulatedCard, talk: Talk) -> None:
    """Neither PINs nor their length nor what they protect are in the log, whatever the form of the command."""
    lines: list[str] = []
    logged = LoggedCard(card, lines.append)
    talk(logged.process, "JPKI; PIN 001B SIMCARD1; 00B0810000; 00240180 08 4E455750 41535331; EF 0018")
    talk(logged.process, "00200080 0000043238343600; 002000800532383436")
    text = "".join(lines)
    for secret in ("SIMCARD1", "53 49 4D", "4E 45 57", "32 38 34", "08 53", "30 82"):
        assert secret not in text
    assert "VERIFY 00 20 00 80 [hidden]" in text
    assert "[256 bytes] 9000" in text


def test_raw_log_on_request(card: SimulatedCard, talk: Talk) -> None:
    """A raw log has every byte."""
    lines: list[str] = []
    talk(LoggedCard(card, lines.append, is_raw=True).process, "JPKI; EF 0008; 00B0000000")
    entry = json.loads(lines[-1])
    assert (entry["command"], entry["response"]) == ("00 B0 00 00 00", "8F 8F 00 90 00")


def test_events_and_faults_are_logged(card: SimulatedCard, talk: Talk) -> None:
    """Power, resets and lost answers are in the log, in order."""
    lines: list[str] = []
    logged = LoggedCard(FaultyCard(card, parse_faults("empty:1,remove:2")), lines.append)
    logged.power_on()
    logged.reset()
    talk(logged.process, "JPKI")
    with pytest.raises(CardRemovedError):
        talk(logged.process, "FF")
    logged.power_off()
    entries = [json.loads(line) for line in lines]
    seen = [entry.get("event") or entry.get("error") or entry["response"] for entry in entries]
    assert seen == ["power on", "reset", "[no status word, 0 bytes]", "CardRemovedError", "power off"]
    assert entries[3]["command"] == "[no APDU] FF"


def test_lines_for_people(card: SimulatedCard, talk: Talk) -> None:
    """A card can be written down in the lines of a trace, with resets, and without its secrets."""
    lines: list[str] = []
    traced = TracedCard(card, TraceWriter(lines.append, clock=lambda: 0.0))
    talk(traced.process, "JPKI; PIN 0018 2846; 00B0810000")
    traced.reset()
    traced.power_off()
    traced.power_on()
    assert lines[0] == "> SELECT 00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01"
    assert "> VERIFY 00 20 00 80 [hidden]" in lines
    assert lines[-3:] == ["! reset", "! power off", "! power on"]
    assert not [line for line in lines if "32 38" in line or "2846" in line]


def test_a_staged_fault_is_a_line(card: SimulatedCard) -> None:
    """A fault that leaves no answer is named, and reaches whoever sent the command."""
    lines: list[str] = []
    traced = TracedCard(FaultyCard(card, parse_faults("remove:1")), TraceWriter(lines.append, clock=lambda: 0.0))
    with pytest.raises(CardRemovedError):
        traced.process(bytes.fromhex("00A4040C"))
    assert lines[-1] == "! CardRemovedError (0.0 ms)"
