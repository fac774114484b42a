"""``jpki status --watch`` beside a real PC/SC service: cards come and go."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from jpki_sim.dates import japan_today
from jpki_sim.files import save
from jpki_sim.personas import find_persona, new_card
from terminal import TerminalSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcscd.conftest import Pcscd

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "status.json"
WATCH = [sys.executable, "-m", "jpki_cli", "status", "--watch"]
SECONDS = 120.0
CLEAR = "\033[2J"


class Watcher:
    """The command with its output in a pipe, read as it comes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self._out = process.stdout.fileno()
        self.seen = ""

    def read_until(self, is_enough: Callable[[str], bool]) -> str:
        """All output so far, as soon as it is enough."""
        deadline = time.monotonic() + SECONDS
        while not is_enough(self.seen):
            assert time.monotonic() < deadline, f"shown: {self.seen!r}"
            if select.select([self._out], [], [], 1.0)[0]:
                data = os.read(self._out, 65536)
                assert data, f"it ended; shown: {self.seen!r}"
                self.seen += data.decode()
        return self.seen


@pytest.fixture
def used_card(tmp_path: Path) -> Path:
    """A card with two tries left for the user certificate PIN."""
    card = new_card(find_persona("adult"), today=japan_today(), generate_keys=False)
    card.pins["auth"].retries_remaining = 2
    path = tmp_path / "used.json"
    save(card, path)
    return path


def start(pcscd: Pcscd, *options: str) -> Watcher:
    """Watch, with the output in a pipe."""
    return Watcher(pcscd.popen([*WATCH, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE))


def test_each_change_is_an_object_on_one_line(pcscd: Pcscd, used_card: Path) -> None:
    """Empty, card, empty, another card: one valid object each, one a line, with the counters of that card."""
    watcher = start(pcscd, "--json")
    watcher.read_until(lambda text: text.count("\n") == 1)
    first = pcscd.start_card("adult")
    watcher.read_until(lambda text: text.count("\n") == 2)
    first.stop()
    watcher.read_until(lambda text: text.count("\n") == 3)
    pcscd.start_card(used_card)
    lines = watcher.read_until(lambda text: text.count("\n") == 4).splitlines()

    objects: list[dict[str, Any]] = [json.loads(line) for line in lines]
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for value in objects:
        validator.validate(value)
    assert [value.get("code") for value in objects] == ["no_card", None, "no_card", None]
    assert [objects[i]["pins"][0]["retries_remaining"] for i in (1, 3)] == [3, 2]


def test_blocks_follow_each_other_in_a_pipe(pcscd: Pcscd) -> None:
    """Text in a pipe has a time before each block and no codes of a terminal; what is in the way is said in words."""
    watcher = start(pcscd)
    watcher.read_until(lambda text: "There is no card on the reader." in text)
    pcscd.start_card("locked-auth")
    text = watcher.read_until(lambda text: "What to do" in text)
    assert text.count("(Ctrl-C ends)") == 2
    assert "auth   user certificate PIN" in text
    assert "\033" not in text


def test_a_card_in_place_is_shown_once(pcscd: Pcscd) -> None:
    """The program's own use of the card is no change: what lies there is read once, until it is taken away."""
    card = pcscd.start_card("adult")
    watcher = start(pcscd, "--json")
    watcher.read_until(lambda text: text.count("\n") == 1)
    card.stop()
    lines = watcher.read_until(lambda text: '"no_card"' in text).splitlines()
    assert len(lines) == 2


def test_a_terminal_shows_the_last_state_only(pcscd: Pcscd) -> None:
    """On a terminal the screen is cleared before each state; Ctrl-C ends it with 130."""
    with TerminalSession(lambda fd: pcscd.popen(WATCH, terminal=fd, stdout=fd, stderr=fd)) as session:
        session.expect("There is no card on the reader.")
        pcscd.start_card("adult")
        session.expect(CLEAR)
        session.expect("The card itself runs until")
        session.type("\x03")
        assert session.end() == 130
    assert session.shown.count(CLEAR) == 2


def test_an_interruption_ends_it(pcscd: Pcscd) -> None:
    """SIGTERM ends the watch with 143, and nothing is left behind."""
    watcher = start(pcscd)
    watcher.read_until(lambda text: "no card" in text)
    watcher.process.send_signal(signal.SIGTERM)
    assert watcher.process.wait(SECONDS) == 143


def test_without_a_service_it_ends_as_every_command_does(pcscd: Pcscd) -> None:
    """A service that does not run is no state of a card: exit 3."""
    pcscd.stop_daemon()
    done = pcscd.run([*WATCH, "--json"])
    assert done.returncode == 3
    assert json.loads(done.stdout)["code"] in ("pcsc_service_stopped", "pcsc_service_missing")


def test_a_simulated_card_is_not_watched(pcscd: Pcscd) -> None:
    """With ``--sim`` there is nothing that comes or goes: a usage error."""
    assert pcscd.run([*WATCH, "--sim", "adult"]).returncode == 2


def test_the_servers_log_for_people(pcscd: Pcscd, tmp_path: Path) -> None:
    """``sim serve --log-format text`` writes the lines of a trace: time, command, file by name, status in words."""
    log = tmp_path / "served.log"
    card = pcscd.start_card("adult", 35963, "--log", str(log), "--log-format", "text")
    command = [sys.executable, "-m", "jpki_cli", "pin", "verify", "auth", "--pin-stdin"]
    assert pcscd.run(command, "2846\n").returncode == 0
    card.stop()
    text = log.read_text(encoding="utf-8")
    assert "> SELECT 00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01 (application JPKI)" in text
    assert "VERIFY 00 20 00 80 [hidden] (JPKI: auth pin)" in text
    assert "< 9000 no error" in text
    assert "32 38" not in text
