"""Opening a simulated card by name or file: what it answers, and what it remembers."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jpki_sim.card import CONTACT_ATR, CONTACTLESS_ATR
from jpki_sim.errors import CardFileError, UnknownPersonaError
from jpki_sim.files import cardfile, is_path, open_card
from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from jpki_sim.card import SimulatedCard
    from jpki_sim.model import CardFile
    from jpki_sim.personas import Persona

JPKI = "00A4040C0AD392F000260100000001"
AUTH_PIN, SIGN_PASSWORD, STATUS = "00A4020C020018", "00A4020C02001B", "00200080"
JUKI, JUKI_PIN = "00A4040C0AD3921000310001010401", "00A4020C02001C"


@pytest.fixture
def path(tmp_path: Path, card_of: Callable[[str], CardFile]) -> Path:
    """A card file of an ordinary adult."""
    path = tmp_path / "card.json"
    cardfile.save(card_of("adult"), path)
    return path


def send(card: SimulatedCard, *commands: str) -> str:
    """Send commands in hex; the last answer in hex."""
    return [card.process(bytes.fromhex(command)) for command in commands][-1].hex()


def pin_command(header: str, value: str) -> str:
    """A VERIFY or CHANGE command with this value."""
    return f"{header}{len(value):02X}{value.encode().hex()}"


def verify(value: str) -> str:
    """VERIFY of the current reference data."""
    return pin_command("00200080", value)


@pytest.mark.parametrize("persona", [p for p in personas() if not p.unavailable], ids=lambda persona: persona.name)
def test_every_persona_answers(persona: Persona, today: date) -> None:
    """Each persona can be opened, and answers to the selection of the JPKI application as its kind does."""
    with open_card(persona.name, today=today) as loaded:
        assert loaded.persona == persona
        expected = "6a82" if persona.recipe.kind == "other" else "9000"
        assert send(loaded.card, JPKI) == expected


def test_a_persona_forgets(today: date) -> None:
    """What happens to a persona's card is gone when it is opened again."""
    first = open_card("adult", today=today).card
    assert send(first, JPKI, AUTH_PIN, verify("0000")) == "63c2"
    assert send(open_card("adult", today=today).card, JPKI, AUTH_PIN, STATUS) == "63c3"


def test_a_counter_is_on_the_disk_before_the_card_answers(path: Path) -> None:
    """After a wrong entry the file has one try less, at once; a right one restores it."""
    with open_card(str(path)) as loaded:
        assert send(loaded.card, JPKI, AUTH_PIN, verify("0000")) == "63c2"
        assert cardfile.load(path).pins["auth"].retries_remaining == 2
        assert send(loaded.card, verify("2846")) == "9000"
        assert cardfile.load(path).pins["auth"].retries_remaining == 3


def test_a_card_file_remembers(path: Path) -> None:
    """Counters and changed PINs are there when the card is opened again, and nothing else of the file changed."""
    before = cardfile.load(path)
    with open_card(str(path)) as loaded:
        card = loaded.card
        assert send(card, JPKI, SIGN_PASSWORD, verify("WRONG1")) == "63c4"
        assert send(card, AUTH_PIN, verify("2846"), pin_command("00240180", "5791")) == "9000"
        assert send(card, JUKI, JUKI_PIN, verify("4068"), pin_command("80320080", "8604")) == "9000"
    before.pins["sign"].retries_remaining = 4
    before.pins["auth"].value = "5791"
    before.pins["juki"].value = "8604"
    assert path.read_bytes() == cardfile.to_bytes(before)
    with open_card(str(path)) as loaded:
        assert send(loaded.card, JPKI, SIGN_PASSWORD, STATUS) == "63c4"
        assert send(loaded.card, AUTH_PIN, verify("5791")) == "9000"


def test_a_blocked_pin_stays_blocked(path: Path) -> None:
    """A PIN that was blocked is blocked when the card is opened again."""
    with open_card(str(path)) as loaded:
        assert send(loaded.card, JPKI, AUTH_PIN, verify("0000"), verify("0000"), verify("0000")) == "63c0"
    with open_card(str(path)) as loaded:
        assert send(loaded.card, JPKI, AUTH_PIN, STATUS) == "63c0"
        assert send(loaded.card, verify("2846")) == "6984"


def test_reading_does_not_write(path: Path) -> None:
    """A card from which one only reads leaves its file as it is, to the second of its last change."""
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
    with open_card(str(path)) as loaded:
        assert send(loaded.card, JPKI, AUTH_PIN, STATUS, "00A4020C02000A", "00B0000000").endswith("9000")
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_a_counter_that_cannot_be_kept_does_not_count(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the file cannot be written, the card answers with a memory failure and opens nothing."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with open_card(str(path)) as loaded:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            assert send(loaded.card, JPKI, AUTH_PIN, verify("0000")) == "6581"
        assert send(loaded.card, STATUS) == "63c3"
    assert cardfile.load(path).pins["auth"].retries_remaining == 3


def test_a_file_given_free_is_not_written(path: Path) -> None:
    """A card whose file may be another program's by now fails as one whose memory cannot be written."""
    with open_card(str(path)) as loaded:
        card = loaded.card
        assert send(card, JPKI, AUTH_PIN) == "9000"
    before = path.read_bytes()
    assert send(card, verify("0000"), STATUS) == "63c3"
    assert send(card, verify("0000")) == "6581"
    assert path.read_bytes() == before


def test_settings_and_interface_reach_the_card(path: Path) -> None:
    """The card of a file behaves as its settings say and has the ATR of its interface."""
    with open_card(str(path)) as loaded:
        assert loaded.card.atr == CONTACTLESS_ATR
    card_file = cardfile.load(path)
    cardfile.set_value(card_file, "settings.status_blocked", "6983")
    cardfile.set_value(card_file, "pins.auth.retries_remaining", "0")
    cardfile.set_value(card_file, "atr", "contact")
    cardfile.save(card_file, path)
    with open_card(str(path)) as loaded:
        assert loaded.card.atr == CONTACT_ATR
        assert send(loaded.card, JPKI, AUTH_PIN, STATUS) == "6983"


def test_an_atr_given_in_full_is_used(path: Path) -> None:
    """An ATR in the file replaces the one of the interface."""
    card_file = cardfile.load(path)
    cardfile.set_value(card_file, "atr", "3BC5FF8131FB458073C6010000")
    cardfile.save(card_file, path)
    with open_card(str(path)) as loaded:
        assert loaded.card.atr.hex().upper() == "3BC5FF8131FB458073C6010000"


@pytest.mark.parametrize(("how", "answer"), [("absent", "6a82"), ("empty", "6b00"), ("filler", "ff" * 16 + "9000")])
def test_a_missing_certificate_looks_as_the_layout_says(
    tmp_path: Path, card_of: Callable[[str], CardFile], how: str, answer: str
) -> None:
    """The EF of a certificate that a card does not have is not there, is empty, or full of FF."""
    card_file = card_of("declined")
    cardfile.set_value(card_file, "layout.missing_certificate", how)
    path = tmp_path / "card.json"
    cardfile.save(card_file, path)
    with open_card(str(path)) as loaded:
        card = loaded.card
        selected = send(card, JPKI, "00A4020C02000A")
        assert (selected if selected != "9000" else send(card, "00B0000010")) == answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [("adult", False), ("card.json", True), ("./card", True), ("folder/card", True), ("locked-auth", False)],
)
def test_a_path_is_told_from_a_name(text: str, expected: bool) -> None:  # noqa: FBT001 # parameter
    """What has a folder in front or .json behind is a file, everything else a persona's name."""
    assert is_path(text) is expected


def test_wrong_names_and_missing_files_are_told_apart(tmp_path: Path) -> None:
    """An unknown name and a missing file each have their own error."""
    with pytest.raises(UnknownPersonaError):
        open_card("nobody")
    with pytest.raises(CardFileError, match="there is no such file"):
        open_card(str(tmp_path / "none.json"))
    assert list(tmp_path.iterdir()) == []


def test_days_of_a_file_may_follow_the_calendar(path: Path, today: date) -> None:
    """A file with relative days gives a certificate that ends so many days after the day of use."""
    card_file = cardfile.load(path)
    cardfile.set_value(card_file, "certificates.auth.not_after", "today+80d")
    cardfile.save(card_file, path)
    with open_card(str(path), today=today) as loaded:
        card = loaded.card
        send(card, JPKI, "00A4020C02000A")
        assert b"270210145959Z" in card.process(bytes.fromhex("00B0000000"))


HEAVY = """
import sys
before = set(sys.modules)  # coverage, where it measures, is there before
from jpki_sim.files.loading import open_card
card = open_card("adult").card
card.process(bytes.fromhex("00A4040C0AD392F000260100000001"))
card.process(bytes.fromhex("00A4020C02000A"))
assert len(card.process(bytes.fromhex("00B0000000"))) == 258
print(*{name.partition(".")[0] for name in sys.modules.keys() - before})
"""


def test_a_persona_needs_no_heavy_library() -> None:
    """Opening a persona and reading its user certificate loads no cryptographic or ASN.1 library, and no PC/SC."""
    done = subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint({"cryptography", "asn1crypto", "smartcard", "click", "importlib.resources", "socket"})
    assert "jpki_sim" in loaded
