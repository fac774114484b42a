"""Two jpki and OpenSC at the same card at the same time: nobody gets in between, and no try is lost."""

from __future__ import annotations

import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from jpki_sim.dates import japan_today
from jpki_sim.files import load, save
from jpki_sim.personas import find_persona, new_card
from terminal import TerminalSession

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]
PORT = 35963
#: How often each program uses the card, at most: bounded in count, and by PC/SC's and our own deadlines in time.
ROUNDS = 6
LIMITS = {"auth": 3, "sign": 5, "input": 3, "juki": 3}


@pytest.fixture
def card_file(tmp_path: Path) -> Path:
    """An adult's card that keeps its state."""
    path = tmp_path / "card.json"
    save(new_card(find_persona("adult"), today=japan_today(), generate_keys=False), path)
    return path


def change_together(pcscd: Pcscd) -> list[subprocess.CompletedProcess[str]]:
    """Have two programs change a PIN each to and fro; of each round both begin before either has ended."""
    values = {"sign": ("SIMCARD1", "NEWCARD7"), "juki": ("4068", "9164")}

    def change(pin: str, number: int) -> subprocess.CompletedProcess[str]:
        old, new = values[pin][number % 2], values[pin][(number + 1) % 2]
        command = [*JPKI, "pin", "change", pin, "--pin-stdin", "--json", "--yes"]
        return pcscd.run(command, f"{old}\n{new}\n", timeout=120)

    with ThreadPoolExecutor(len(values)) as pool:
        rounds = [list(pool.map(change, values, [number] * len(values))) for number in range(ROUNDS)]
    return [result for both in rounds for result in both]


def keep_using_opensc(pcscd: Pcscd) -> list[subprocess.CompletedProcess[str]]:
    """Let OpenSC list counters, read a certificate and verify a PIN, again and again."""
    commands = [
        ["pkcs15-tool", "--list-pins"],
        ["pkcs15-tool", "--verify-pin", "--auth-id", "1", "--pin", "2846"],
        ["pkcs15-tool", "--read-certificate", "1"],
    ]
    return [pcscd.run(commands[number % 3], timeout=120) for number in range(2 * ROUNDS)]


def exchanges(log: Path) -> list[dict[str, Any]]:
    """Commands that reached the card, in order."""
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    return [entry for entry in entries if "command" in entry]


def test_nobody_gets_into_a_change(pcscd: Pcscd, card_file: Path, tmp_path: Path) -> None:
    """Every change goes through in one piece, every program gets what it wants, and every counter is full."""
    if shutil.which("pkcs15-tool") is None:
        pytest.skip("pkcs15-tool is not installed")
    log = tmp_path / "log"
    served = pcscd.start_card(card_file, PORT, "--log", str(log))
    with ThreadPoolExecutor() as pool:
        by_opensc = pool.submit(keep_using_opensc, pcscd)
        ours, theirs = change_together(pcscd), by_opensc.result()
    served.stop()
    seen = exchanges(log)

    assert [result.returncode for result in ours] == [0] * (2 * ROUNDS), [result.stderr for result in ours]
    assert {json.loads(result.stdout)["outcome"] for result in ours} == {"changed"}
    assert [result.returncode for result in theirs] == [0] * (2 * ROUNDS), [result.stderr for result in theirs]
    changes = [number for number, entry in enumerate(seen) if entry["command"].startswith("CHANGE")]
    assert len(changes) == 2 * ROUNDS
    for number in changes:
        words = [entry["command"].split(" ")[0] for entry in seen[number - 4 : number + 2]]
        assert words == ["SELECT", "SELECT", "VERIFY", "VERIFY", "CHANGE", "SELECT"]
    assert {entry["response"] for entry in seen if "VERIFY" in entry["command"] and "hidden" in entry["command"]} == {
        "9000"
    }
    held = load(card_file).pins
    assert {pin: held[pin].retries_remaining for pin in LIMITS} == LIMITS
    assert (held["sign"].value, held["juki"].value) == ("SIMCARD1", "4068")


def test_others_go_on_while_somebody_types(pcscd: Pcscd, card_file: Path) -> None:
    """While one jpki stands at its prompt, another and OpenSC use the card as if it were not there."""
    pcscd.start_card(card_file)
    waiting = [*JPKI, "pin", "change", "auth"]
    with TerminalSession(lambda fd: pcscd.popen(waiting, terminal=fd, stdout=fd, stderr=fd)) as session:
        session.expect("Current user certificate PIN")
        other = pcscd.run([*JPKI, "--timeout", "5", "pin", "change", "input", "--pin-stdin"], "3957\n8053\n")
        assert (other.returncode, other.stderr) == (0, "")
        if shutil.which("pkcs15-tool"):
            assert pcscd.run(["pkcs15-tool", "--verify-pin", "--auth-id", "1", "--pin", "2846"]).returncode == 0
        session.type("2846\n")
        session.answer("New user certificate PIN (4 digits): ", "7392")
        session.answer("New user certificate PIN (4 digits) again: ", "7392")
        assert session.end() == 0, session.shown


def test_a_try_used_by_another_program_meanwhile_is_told(pcscd: Pcscd, card_file: Path) -> None:
    """OpenSC presents a wrong PIN while somebody types: nothing is sent, the new counter is shown, and asked about."""
    if shutil.which("pkcs15-tool") is None:
        pytest.skip("pkcs15-tool is not installed")
    served = pcscd.start_card(card_file)
    command = [*JPKI, "pin", "change", "auth"]
    with TerminalSession(lambda fd: pcscd.popen(command, terminal=fd, stdout=fd, stderr=fd)) as session:
        session.answer("Current user certificate PIN (4 digits): ", "2846")
        session.answer("New user certificate PIN (4 digits): ", "7392")
        session.expect("New user certificate PIN (4 digits) again: ")
        assert pcscd.run(["pkcs15-tool", "--verify-pin", "--auth-id", "1", "--pin", "1357"]).returncode != 0
        session.type("7392\n")
        session.expect("2 of 3 tries left")
        session.answer("Continue with what you typed?", "y")
        assert session.end() == 0, session.shown
    served.stop()
    held = load(card_file).pins["auth"]
    assert (held.value, held.retries_remaining) == ("7392", 3)
