"""PINs through the real command and the real PC/SC service: from scripts, at the prompt, and beside other programs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jpki_sim.dates import japan_today
from jpki_sim.files import load, save
from jpki_sim.personas import find_persona, new_card
from terminal import TerminalSession

if TYPE_CHECKING:
    from pathlib import Path

    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]
SECRETS = {
    "auth": ("2846", "7392"),
    "sign": ("SIMCARD1", "NEWCARD7"),
    "input": ("3957", "8053"),
    "juki": ("4068", "9164"),
}
NAMES = {"auth": "user certificate PIN (4 digits)", "sign": "signature password (6 to 16 letters and digits)"}
SELECT_JPKI = "00A4040C0AD392F000260100000001"


@pytest.fixture
def card_file(tmp_path: Path) -> Path:
    """An adult's card that keeps its state in a file."""
    path = tmp_path / "card.json"
    save(new_card(find_persona("adult"), today=japan_today(), generate_keys=False), path)
    return path


def jpki(pcscd: Pcscd, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command beside the service."""
    return pcscd.run([*JPKI, *arguments], stdin)


def status_words(pcscd: Pcscd, *apdus: str) -> list[str]:
    """Status words of plain APDUs over one connection of OpenSC's."""
    answers = pcscd.run(["opensc-tool", *(word for apdu in apdus for word in ("--send-apdu", apdu))])
    return ["".join(found) for found in re.findall(r"SW1=0x(..), SW2=0x(..)", answers.stdout)]


@pytest.mark.parametrize("pin", SECRETS)
def test_a_pin_changed_by_a_script_is_the_new_pin(pcscd: Pcscd, card_file: Path, pin: str) -> None:
    """The new PIN verifies, the old one does not, and the card file says the same."""
    old, new = SECRETS[pin]
    served = pcscd.start_card(card_file)
    changed = jpki(pcscd, "pin", "change", pin, "--pin-stdin", "--yes", "--json", stdin=f"{old}\n{new}\n")
    right = jpki(pcscd, "pin", "verify", pin, "--pin-stdin", stdin=new)
    wrong = jpki(pcscd, "pin", "verify", pin, "--pin-stdin", "--json", stdin=old)
    served.stop()

    assert (changed.returncode, right.returncode, wrong.returncode) == (0, 0, 4), changed.stderr
    assert json.loads(changed.stdout)["outcome"] == "changed"
    assert load(card_file).pins[pin].value == new


@pytest.mark.parametrize("pin", NAMES)
def test_a_pin_changed_at_the_prompt(pcscd: Pcscd, card_file: Path, pin: str) -> None:
    """The counter is shown first, marks stand for characters, and nothing that was typed is shown."""
    old, new = SECRETS[pin]
    served = pcscd.start_card(card_file)
    command = [*JPKI, "pin", "change", pin]
    with TerminalSession(lambda fd: pcscd.popen(command, terminal=fd, stdout=fd, stderr=fd)) as session:
        session.expect("tries left")
        session.answer(f"Current {NAMES[pin]}: ", old)
        session.answer(f"New {NAMES[pin]}: ", new)
        session.answer(f"New {NAMES[pin]} again: ", new)
        code = session.end()
    served.stop()

    assert code == 0
    assert "was changed" in session.shown
    assert "*" * len(old) in session.shown
    assert old not in session.shown
    assert new not in session.shown
    assert load(card_file).pins[pin].value == new


def test_nothing_is_sent_when_the_prompt_is_left(pcscd: Pcscd, card_file: Path) -> None:
    """Ctrl-C at the prompt: exit 130, unchanged, no try used."""
    served = pcscd.start_card(card_file)
    command = [*JPKI, "pin", "change", "auth"]
    with TerminalSession(lambda fd: pcscd.popen(command, terminal=fd, stdout=fd, stderr=fd)) as session:
        session.expect(f"Current {NAMES['auth']}: ")
        session.type("28")
        session.expect("**")
        session.type("\x03")
        code = session.end()
    served.stop()

    assert code == 130
    assert (load(card_file).pins["auth"].value, load(card_file).pins["auth"].retries_remaining) == ("2846", 3)


def test_the_last_try_is_used_after_typed_words_only(pcscd: Pcscd, card_file: Path) -> None:
    """Enter alone stops with exit 5; the words go on."""
    card = load(card_file)
    card.pins["auth"].retries_remaining = 1
    save(card, card_file)
    served = pcscd.start_card(card_file)
    command = [*JPKI, "pin", "verify", "auth"]
    codes = []
    for words in ("", "use the last try"):
        with TerminalSession(lambda fd: pcscd.popen(command, terminal=fd, stdout=fd, stderr=fd)) as session:
            session.answer("type “use the last try”", words)
            if words:
                session.answer(f"{NAMES['auth']}: ", "2846")
            codes.append(session.end())
    served.stop()

    assert codes == [5, 0]
    assert load(card_file).pins["auth"].retries_remaining == 3


@pytest.mark.parametrize("secret", ["2846", "1357"])
def test_no_key_is_left_open(pcscd: Pcscd, secret: str) -> None:
    """After a right and a wrong PIN a second client may neither sign nor read what the PIN protects."""
    if shutil.which("opensc-tool") is None:
        pytest.skip("opensc-tool is not installed")
    pcscd.start_card("adult")
    jpki(pcscd, "pin", "verify", "auth", "--pin-stdin", stdin=secret)
    jpki(pcscd, "cert", "show", "sign", "--pin-stdin", "-o", "/dev/null", "--force", stdin="SIMCARD1")
    words = status_words(pcscd, SELECT_JPKI, "00A4020C020017", "802A0080" + "04" + "30003000" + "00", "00B0810010")

    assert words == ["9000", "9000", "6982", "6982"]


@pytest.mark.parametrize(
    ("fault", "codes", "outcome"),
    [
        ("remove:verify", {8}, "unchanged"),
        ("remove-after:verify", {8}, "unchanged"),
        ("remove:change", {8}, "unknown"),
        ("remove-after:change", {8}, "unknown"),
        ("sw:change=6F00", {8}, "unknown"),
        ("sw-before:change=6982", {6}, "unchanged"),
        ("truncate:change=1", {3, 8}, "unknown"),
    ],
)
def test_the_outcome_told_is_the_truth(
    pcscd: Pcscd, card_file: Path, fault: str, codes: set[int], outcome: str
) -> None:
    """Whatever happens between the command and its answer: what is said agrees with what the card holds."""
    served = pcscd.start_card(card_file, 35963, "--fault", fault)
    arguments = ("--timeout", "5", "pin", "change", "auth", "--pin-stdin", "--json")
    result = jpki(pcscd, *arguments, stdin="2846\n7392\n")
    served.stop()
    held = load(card_file).pins["auth"]

    assert result.returncode in codes, (result.stdout, result.stderr)
    assert json.loads(result.stdout)["outcome"] == outcome
    if outcome == "unchanged":
        assert held.value == "2846"
    assert held.retries_remaining == 3


def test_two_changes_at_once_do_not_mix(pcscd: Pcscd, card_file: Path) -> None:
    """Both run to their end, one after the other: at most one try is lost, and the PIN is one of the two new ones."""
    served = pcscd.start_card(card_file, 35963, "--link", "nfc-106")
    pipe = subprocess.PIPE
    command = [*JPKI, "pin", "change", "auth", "--pin-stdin", "--json"]
    programs = [pcscd.popen(command, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(2)]
    answers = [
        program.communicate(f"2846\n{new}\n", timeout=120)[0]
        for program, new in zip(programs, ("7392", "5173"), strict=True)
    ]
    served.stop()
    outcomes = sorted(json.loads(answer)["outcome"] for answer in answers)

    assert outcomes == ["changed", "unchanged"]
    winner = "7392" if json.loads(answers[0])["outcome"] == "changed" else "5173"
    assert (load(card_file).pins["auth"].value, load(card_file).pins["auth"].retries_remaining) == (winner, 2)


def test_waiting_for_another_program_is_announced_and_ends(pcscd: Pcscd) -> None:
    """Another program holds a transaction: the user is told why it waits, and the deadline ends it with exit 3."""
    pcscd.start_card("adult")
    script = (
        "import sys\n"
        "from smartcard.scard import *\n"
        "_, context = SCardEstablishContext(SCARD_SCOPE_USER)\n"
        "_, card, protocol = SCardConnect(context, 'Virtual PCD 00 00', SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1)\n"
        "SCardBeginTransaction(card)\n"
        "print('held', flush=True)\n"
        "sys.stdin.readline()\n"
    )
    holder = pcscd.popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    result = jpki(pcscd, "--timeout", "2", "pin", "verify", "auth", "--pin-stdin", "--json", stdin="2846\n")
    holder.communicate("\n", timeout=120)

    assert result.returncode == 3
    assert json.loads(result.stdout)["code"] == "reader_busy"
    assert "another program is using the card" in result.stderr
