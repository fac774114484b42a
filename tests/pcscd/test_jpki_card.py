"""The real command against the real PC/SC service: status, certificates, readers, and what is wrong with them."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from jpki_sim.dates import japan_today
from jpki_sim.files import open_card, save
from jpki_sim.model import set_value
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    import subprocess
    from datetime import date

    from pcscd.conftest import Pcscd

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
FIRST_PORT, SECOND_PORT = 35963, 35964
JPKI = [sys.executable, "-m", "jpki_cli"]


def jpki(pcscd: Pcscd, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command beside the service."""
    return pcscd.run([*JPKI, *arguments], stdin)


def facts(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON object of a call, checked against its published schema."""
    value: dict[str, Any] = json.loads(result.stdout)
    name = value["schema"].removeprefix("jpki.").rsplit("/", 1)[0]
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(value)
    return value


def make_card(path: Path, *changes: str, persona: str = "adult", today: date | None = None) -> Path:
    """A card file with public TEST keys, and changes of it."""
    card = new_card(find_persona(persona), today=today or japan_today(), generate_keys=False)
    for change in changes:
        key, _, value = change.partition("=")
        set_value(card, key, value)
    save(card, path)
    return path


def certificate_of(path: Path, ef_id: int) -> bytes:
    """The DER in an EF of the JPKI application, read by plain APDUs."""
    with open_card(str(path)) as loaded:
        loaded.card.power_on()
        for command in ("00A4040C0AD392F000260100000001", f"00A4020C02{ef_id:04X}"):
            assert loaded.card.process(bytes.fromhex(command)) == b"\x90\x00"
        data = loaded.card.process(bytes.fromhex("00B00000000000"))[:-2]
    return data[: int.from_bytes(data[2:4]) + 4]


def test_status_tells_the_counters_of_the_card(pcscd: Pcscd, tmp_path: Path) -> None:
    """All four counters are those of the card file, two of them those that OpenSC shows, and the object is valid."""
    card = make_card(tmp_path / "card.json", "pins.auth.retries_remaining=2", "pins.sign.retries_remaining=3")
    pcscd.start_card(card)
    result = jpki(pcscd, "status", "--json")

    assert result.returncode == 0
    value = facts(result)
    counters = {pin["pin"]: pin["retries_remaining"] for pin in value["pins"]}
    assert counters == {"auth": 2, "sign": 3, "input": 3, "juki": 3}
    assert value["reader"] == "Virtual PCD 00 00"
    if shutil.which("pkcs15-tool"):
        listed = pcscd.run(["pkcs15-tool", "--list-pins"]).stdout
        assert [line.split(":")[1].strip() for line in listed.splitlines() if "Tries left" in line] == ["2", "3"]


def test_a_certificate_is_the_card_s_bytes(pcscd: Pcscd, tmp_path: Path) -> None:
    """DER in a file and on a pipe: what the EF holds."""
    card = make_card(tmp_path / "card.json")
    served = pcscd.start_card(card)
    result = jpki(pcscd, "cert", "show", "auth", "--format", "der", "-o", str(tmp_path / "auth.der"))
    served.stop()

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "auth.der").read_bytes() == certificate_of(card, 0x0A)


def test_readers_are_listed_with_what_lies_on_them(pcscd: Pcscd) -> None:
    """One card, one empty slot."""
    pcscd.start_card("adult")
    listed = facts(jpki(pcscd, "readers", "--json"))["readers"]

    assert [(r["index"], r["name"], r["card"]) for r in listed] == [
        (0, "Virtual PCD 00 00", "card"),
        (1, "Virtual PCD 00 01", "none"),
    ]


def test_the_card_is_found_in_whichever_reader_it_lies(pcscd: Pcscd) -> None:
    """An empty first reader is passed over."""
    pcscd.start_card("adult", SECOND_PORT)
    value = facts(jpki(pcscd, "status", "--json"))

    assert value["reader"] == "Virtual PCD 00 01"


def test_another_card_beside_it_does_not_confuse(pcscd: Pcscd) -> None:
    """Only one of two cards has the JPKI application."""
    pcscd.start_card("other-card")
    pcscd.start_card("adult", SECOND_PORT)
    value = facts(jpki(pcscd, "status", "--json"))

    assert value["reader"] == "Virtual PCD 00 01"


def test_two_cards_are_not_guessed_between(pcscd: Pcscd) -> None:
    """Exit 2 with a list; by name, by part of a name and by number each can be chosen."""
    pcscd.start_card("adult")
    pcscd.start_card("last-try", SECOND_PORT)
    refused = jpki(pcscd, "pin", "status")
    chosen = [
        jpki(pcscd, "--reader", how, "pin", "status", "auth", "--json") for how in ("Virtual PCD 00 01", "00 01", "1")
    ]

    assert refused.returncode == 2
    assert "Virtual PCD 00 00" in refused.stderr
    assert "Virtual PCD 00 01" in refused.stderr
    assert [facts(result)["pins"][0]["retries_remaining"] for result in chosen] == [1, 1, 1]


@pytest.mark.parametrize("reader", ["nothing like it", "7", "Virtual"])
def test_an_unknown_or_ambiguous_reader_is_a_usage_error(pcscd: Pcscd, reader: str) -> None:
    """Exit 2 with the names to choose from."""
    pcscd.start_card("adult")
    result = jpki(pcscd, "--reader", reader, "status")

    assert result.returncode == 2
    assert "Virtual PCD 00 00" in result.stderr


def test_no_card_is_said_at_once(pcscd: Pcscd) -> None:
    """Exit 3; without --wait nothing is waited for."""
    result = jpki(pcscd, "status", "--json")

    assert result.returncode == 3
    assert facts(result)["code"] == "no_card"


def test_waiting_ends_when_a_card_comes(pcscd: Pcscd) -> None:
    """The countdown runs, the card comes, and the command goes on."""
    import subprocess

    process = pcscd.popen(
        [*JPKI, "--wait", "25", "pin", "status", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    assert "Waiting for a card" in process.stderr.readline()
    pcscd.start_card("adult")
    out, _ = process.communicate(timeout=120)

    assert process.returncode == 0
    assert len(json.loads(out)["pins"]) == 4


def test_waiting_ends_at_its_deadline(pcscd: Pcscd) -> None:
    """Exit 3 when no card came."""
    result = jpki(pcscd, "--wait", "1", "status")

    assert result.returncode == 3


@pytest.mark.parametrize(("number", "code"), [("INT", 130), ("TERM", 143)])
def test_waiting_ends_on_a_signal(pcscd: Pcscd, number: str, code: int) -> None:
    """Ctrl-C and SIGTERM end it at once."""
    import signal
    import subprocess

    process = pcscd.popen([*JPKI, "--wait", "60", "status"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    assert "Waiting for a card" in process.stderr.readline()
    process.send_signal(getattr(signal, f"SIG{number}"))
    process.communicate(timeout=120)

    assert process.returncode == code


def test_a_foreign_card_is_named_as_that(pcscd: Pcscd) -> None:
    """Exit 6: another card."""
    pcscd.start_card("other-card")
    result = jpki(pcscd, "status", "--json")

    assert result.returncode == 6
    assert facts(result)["code"] == "not_my_number_card"


def test_without_the_service_the_remedy_is_named(pcscd: Pcscd) -> None:
    """Exit 3, and JSON on stdout is not disturbed by anything that the PC/SC library prints."""
    pcscd.stop_daemon()
    result = jpki(pcscd, "status", "--json")
    text = jpki(pcscd, "status")

    assert result.returncode == 3
    assert facts(result)["code"] == "pcsc_service_stopped"
    assert "pcscd" in text.stderr


def test_a_card_that_leaves_midway_is_said(pcscd: Pcscd) -> None:
    """Exit 3: removed while it was used."""
    pcscd.start_card("adult", 35963, "--fault", "remove:6")
    result = jpki(pcscd, "status", "--json")

    assert result.returncode == 3
    assert facts(result)["code"] in ("card_removed", "transport", "card_reset")


def test_a_card_that_is_late_with_everything_gives_the_reader_back(pcscd: Pcscd) -> None:
    """Each answer comes in time and all of them together do not: the transaction has the deadline, up to a PIN."""
    pcscd.start_card("adult", 35963, "--fault", "slow:read+=0.5")
    result = jpki(pcscd, "--timeout", "2", "cert", "show", "auth", "--json")
    assert result.returncode == 3
    assert facts(result)["code"] == "timeout"
    # Behind a PIN the same reads are each given their own time, so that the card is closed.
    again = jpki(pcscd, "--timeout", "2", "cert", "show", "sign", "--json", "--pin-stdin", stdin="SIMCARD1")
    assert again.returncode == 0


@pytest.mark.parametrize("fault", ["truncate:5=1", "sw:5=6F00", "garbage:6=3", "truncate:6=3", "empty:6", "mute:6"])
def test_a_card_that_talks_nonsense_is_a_sentence(pcscd: Pcscd, fault: str) -> None:
    """Exit 3 or 6, no traceback, no endless loop, from the SELECT before the certificate on."""
    pcscd.start_card("adult", 35963, "--fault", fault)
    result = jpki(pcscd, "--timeout", "3", "cert", "show", "auth")

    assert result.returncode in (3, 6)
    assert "Traceback" not in result.stderr
    assert result.stderr


def test_another_program_s_connection_is_left_alone(pcscd: Pcscd) -> None:
    """A program that has the card open in between can go on using it: nothing resets it."""
    import subprocess

    pcscd.start_card("adult")
    script = (
        "import sys\n"
        "from smartcard.scard import *\n"
        "_, context = SCardEstablishContext(SCARD_SCOPE_USER)\n"
        "_, card, protocol = SCardConnect(context, 'Virtual PCD 00 00', SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1)\n"
        "print('open', flush=True)\n"
        "sys.stdin.readline()\n"
        "code, answer = SCardTransmit(card, SCARD_PCI_T1, [0, 0x84, 0, 0, 8])\n"
        "print(code & 0xFFFFFFFF, len(answer))\n"
    )
    other = pcscd.popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    verified = jpki(pcscd, "pin", "verify", "auth", "--pin-stdin", stdin="2846\n")
    shown = jpki(pcscd, "status")
    out, _ = other.communicate("\n", timeout=120)

    assert (verified.returncode, shown.returncode) == (0, 0)
    assert out == "0 10\n"


@pytest.mark.parametrize("takes", [True, False])
def test_extended_commands_pass_the_service(pcscd: Pcscd, tmp_path: Path, *, takes: bool) -> None:
    """A whole certificate comes through the service and the driver in one answer; a refusal costs one."""
    today = japan_today()
    expected = certificate_of(make_card(tmp_path / "same.json", today=today), 0x0A)
    card = make_card(tmp_path / "card.json", f"settings.extended_length={json.dumps(takes)}", today=today)
    log = tmp_path / "log"
    pcscd.start_card(card, FIRST_PORT, "--log", str(log))
    result = jpki(pcscd, "--extended", "cert", "show", "auth", "--format", "der", "-o", str(tmp_path / "auth.der"))

    der = (tmp_path / "auth.der").read_bytes()
    assert (result.returncode, der) == (0, expected)
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    reads = [entry["command"] for entry in entries if entry.get("command", "").startswith("READ BINARY 00 B0 8A")]
    assert len(reads) == (1 if takes else 2)
    reads = [entry["command"] for entry in entries if entry.get("command", "").startswith("READ BINARY")]
    assert len(reads) == (1 if takes else 1 + -(-len(der) // 256))
