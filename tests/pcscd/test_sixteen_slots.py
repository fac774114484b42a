"""One process serves sixteen virtual slots of one PC/SC service, as many as pcsc-lite can have."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jpki_sim.dates import japan_today
from jpki_sim.files import save
from jpki_sim.model import set_value
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]
ASK = Path(__file__).with_name("ask_slots.py")
AWAIT = Path(__file__).with_name("await_reader.py")
READERS = [
    f"Virtual PCD{entry} 00 {slot:02X}" for entry in ("", " 2", " 3", " 4", " 5", " 6", " 7", " 8") for slot in (0, 1)
]
#: By reader: the server's slots have one port after another, and so have the readers.
SERIALS = {reader: f"9000000000001{number:02d}" for number, reader in enumerate(READERS)}
#: An upper bound for a machine that is busy with other things; on an idle one it takes three seconds.
SECONDS = 120.0
ROUNDS = 20


@pytest.fixture
def card_files(tmp_path: Path) -> list[Path]:
    """Sixteen cards that differ in their serial number."""
    folder = tmp_path / "cards"
    folder.mkdir()
    paths = []
    for serial in SERIALS.values():
        path = folder / f"{serial}.json"
        card = new_card(find_persona("adult"), today=japan_today(), generate_keys=False)
        set_value(card, "card.serial", serial)
        save(card, path)
        paths.append(path)
    return paths


def ask(pcscd: Pcscd, readers: int, rounds: int) -> dict[str, Any]:
    """What the cards in so many readers answered, all at once."""
    result = pcscd.run([sys.executable, ASK, str(readers), str(rounds), str(SECONDS)], timeout=3 * SECONDS)
    assert result.returncode == 0, result.stderr
    answered: dict[str, Any] = json.loads(result.stdout)
    return answered


def test_one_process_serves_sixteen_cards_each_in_its_own_reader(
    pcscd_of_16: Pcscd, card_files: list[Path], tmp_path: Path
) -> None:
    """All at once, each reader's card answers as itself; then one is taken out, and the other fifteen go on."""
    control = tmp_path / "control"
    server = pcscd_of_16.popen([*JPKI, "sim", "serve", *card_files, "--control", control])
    answered = ask(pcscd_of_16, len(READERS), ROUNDS)
    assert answered["serials"] == SERIALS
    assert answered["exchanges"] == len(READERS) * (1 + 3 * ROUNDS)

    removed = pcscd_of_16.run([*JPKI, "sim", "remove", "--control", control, "--slot", "15"])
    assert removed.returncode == 0, removed.stderr
    left = pcscd_of_16.run([sys.executable, AWAIT, READERS[15], "empty", str(SECONDS)], timeout=2 * SECONDS)
    assert left.returncode == 0, left.stderr
    answered = ask(pcscd_of_16, len(READERS) - 1, 1)
    assert answered["serials"] == {reader: SERIALS[reader] for reader in READERS[:15]}
    assert server.poll() is None


def test_jpki_names_all_sixteen_readers_and_reads_any(pcscd_of_16: Pcscd, card_files: list[Path]) -> None:
    """`readers` finds a My Number Card in each, and `--reader` picks one of them."""
    pcscd_of_16.popen([*JPKI, "sim", "serve", *card_files])
    ask(pcscd_of_16, len(READERS), 1)
    listed = json.loads(pcscd_of_16.run([*JPKI, "readers", "--json"], timeout=SECONDS).stdout)
    assert sorted(reader["name"] for reader in listed["readers"]) == sorted(READERS)
    for reader in (READERS[0], READERS[15]):
        shown = pcscd_of_16.run([*JPKI, "--reader", reader, "pin", "status", "auth", "--json"], timeout=SECONDS)
        assert shown.returncode == 0, shown.stderr
