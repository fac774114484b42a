"""`sim serve` with its control socket: what goes wrong with one card ends neither the server nor the others."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from jpki_sim.dates import japan_today
from jpki_sim.files import CardFileLock, save
from jpki_sim.personas import find_persona, new_card
from jpki_sim.serve import ControlError, send_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jpki_sim.serve import SlotFacts

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets")

JPKI = [sys.executable, "-m", "jpki_cli"]
#: Nothing listens there; the cards look for vpcd in vain, which is not what these tests are about.
PORT = "1"
SECONDS = 60.0


def write_card(path: Path) -> Path:
    """Make an adult's card that keeps its state."""
    save(new_card(find_persona("adult"), today=japan_today(), generate_keys=False), path)
    return path


@pytest.fixture
def cards(tmp_path: Path) -> list[Path]:
    """Two card files."""
    return [write_card(tmp_path / name) for name in ("first.json", "second.json")]


@pytest.fixture
def control(tmp_path: Path, cards: list[Path]) -> Iterator[Path]:
    """The socket of a server with the first card file and a child's card."""
    path = tmp_path / "control"
    command = [*JPKI, "sim", "serve", str(cards[0]), "child", "--port", PORT, "--control", str(path)]
    log = tmp_path / "serve.log"
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            deadline = time.monotonic() + SECONDS
            while not path.exists():
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < deadline, "the server does not begin to listen"
                time.sleep(0.02)
            yield path
            assert server.poll() is None, log.read_text()
        finally:
            server.terminate()
            server.wait(SECONDS)


def inserted(slots: list[SlotFacts]) -> list[object]:
    """Which slots hold a card."""
    return [slot["inserted"] for slot in slots]


def run(*words: object) -> dict[str, Any]:
    """The facts of a command of the program."""
    command = [*JPKI, *(str(word) for word in words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    facts: dict[str, Any] = json.loads(done.stdout)
    assert facts.get("exit_code", 0) == done.returncode
    return facts


@pytest.mark.parametrize("command", ["insert", "swap"])
@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("nobody", "no simulated card named 'nobody'"),
        ("missing.json", "no such file"),
        ("broken.json", "is not JSON"),
        ("newer.json", "knows no other version"),
        ("locked.json", "another program uses"),
    ],
)
def test_a_card_that_cannot_be_opened_is_refused(
    control: Path, tmp_path: Path, command: str, card: str, reason: str
) -> None:
    """Its reason is told, the slot is as it was, and the server takes the next command."""
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "newer.json").write_text('{"schema": "jpki.card/2"}')
    name = str(tmp_path / card) if card.endswith(".json") else card
    if command == "insert":
        send_command(control, "remove", slot=1)
    with CardFileLock(write_card(tmp_path / "locked.json")):
        facts = run("sim", command, name, "--slot", 1, "--control", control)
    assert facts["exit_code"] == 2
    assert reason in facts["message"]["en"]
    assert inserted(send_command(control, "status")) == [True, command == "swap"]
    assert inserted(send_command(control, "swap", slot=1, card="adult")) == [True, True]


def test_a_card_that_is_swapped_out_can_be_used_again(control: Path, cards: list[Path]) -> None:
    """The server keeps the file of the card in its slot, and lets go of it when another takes its place."""
    assert run("sim", "set", cards[0], "pins.auth.retries_remaining=2")["code"] == "card_file"
    send_command(control, "swap", card=str(cards[1]))
    assert "code" not in run("sim", "set", cards[0], "pins.auth.retries_remaining=2")
    assert run("sim", "set", cards[1], "pins.auth.retries_remaining=2")["code"] == "card_file"


def test_a_removed_card_is_put_back_by_its_name(control: Path, cards: list[Path]) -> None:
    """Its file is the server's until another card takes its place, and is no stranger there."""
    assert inserted(send_command(control, "remove")) == [False, True]
    assert inserted(send_command(control, "insert", card=str(cards[0]))) == [True, True]


def test_one_card_is_in_one_slot(control: Path, cards: list[Path]) -> None:
    """A card cannot be in two readers at once; when it is taken out of one, it can be put into the other."""
    with pytest.raises(ControlError, match="in another slot"):
        send_command(control, "swap", slot=1, card=str(cards[0]))
    send_command(control, "remove", slot=0)
    assert inserted(send_command(control, "swap", slot=1, card=str(cards[0]))) == [False, True]
    with pytest.raises(ControlError, match="in another slot"):
        send_command(control, "insert", slot=0)
    assert inserted(send_command(control, "insert", slot=0, card=str(cards[1]))) == [True, True]


@pytest.mark.parametrize("name", ["third.json", "./third.json", "./third"])
def test_a_file_is_named_from_where_one_is(
    control: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The server, which was started elsewhere, opens the file that is meant here."""
    here = tmp_path / "here"
    here.mkdir()
    write_card(here / name)
    monkeypatch.chdir(here)
    assert inserted(run("sim", "swap", name, "--control", control)["slots"]) == [True, True]


def test_a_file_named_twice_is_in_use(cards: list[Path]) -> None:
    """Two readers cannot share a card from the beginning either."""
    command = [*JPKI, "--lang", "en", "sim", "serve", str(cards[0]), str(cards[0]), "--port", PORT]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 2
    assert "Another program is using this card file." in done.stderr


def test_without_a_virtual_reader_it_says_what_to_install(tmp_path: Path) -> None:
    """What, how, and how long it goes on trying: once, however many cards there are."""
    command = [*JPKI, "--lang", "en", "sim", "serve", "adult", "child", "--port", PORT]
    log = tmp_path / "serve.log"
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            deadline = time.monotonic() + SECONDS
            while log.read_text().count("no virtual reader is listening") < 2:
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.02)
        finally:
            server.terminate()
            server.wait(SECONDS)
    said = " ".join(log.read_text().split())
    assert "Slot 1: no virtual reader is listening on port 2." in said
    assert "This keeps trying every 2 seconds until Ctrl-C" in said
    assert said.count("sudo apt install pcscd vsmartcard-vpcd sudo systemctl restart pcscd") == 1
    assert said.count("This program alone needs no reader: jpki --sim adult status") == 1


def test_the_socket_is_the_owners_and_goes_with_the_server(control: Path) -> None:
    """Mode 0600, as the documentation says."""
    assert control.stat().st_mode & 0o777 == 0o600
