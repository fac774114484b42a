"""``--extended``: whole files in one command, where card and reader take it, and the same result where they do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jpki.errors import AnswerLostError
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

SHOW = ("cert", "show", "auth", "--format", "pem")


def _is_extended(command: bytes) -> bool:
    return len(command) > 5 and command[4] == 0


def _reads(commands: list[bytes]) -> int:
    return sum(command[1] == 0xB0 for command in commands)


def _is_verify(command: bytes) -> bool:
    return command[1] == 0x20 and len(command) > 5


@pytest.fixture
def refusing_card(card_file: Path, run_cli: RunCli) -> str:
    """A card file whose card knows no extended length fields."""
    assert run_cli("sim", "set", str(card_file), "settings.extended_length=false").code == 0
    return str(card_file)


@pytest.mark.parametrize("kind", ["auth", "auth-ca", "sign-ca"])
def test_a_certificate_takes_two_commands(run_cli: RunCli, apdus: list[bytes], kind: str) -> None:
    """SELECT and one READ BINARY give the certificate that many reads give."""
    plain = run_cli("--sim", "adult", "cert", "show", kind, "--format", "pem")
    apdus.clear()
    fast = run_cli("--sim", "adult", "cert", "show", kind, "--format", "pem", "--extended")

    assert (fast.code, fast.stdout) == (0, plain.stdout)
    assert [command.hex() for command in apdus][1:] == [f"00b0{0x80 | apdus[1][2] & 0x1F:02x}00000000"]


def test_status_takes_twelve_commands(run_cli: RunCli, apdus: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole of status is the eleven commands besides the certificate and one for it; the environment may ask."""
    plain = run_cli("--sim", "adult", "status", "--json")
    apdus.clear()
    monkeypatch.setenv("JPKI_EXTENDED", "1")
    fast = run_cli("--sim", "adult", "status", "--json")

    assert fast.json == plain.json
    assert len(apdus) <= 11 + 1
    assert sum(map(_is_extended, apdus)) == 1


@pytest.mark.parametrize("command", [SHOW, ("status",), ("cert", "check", "auth")])
def test_nothing_extended_is_sent_unasked(run_cli: RunCli, apdus: list[bytes], command: tuple[str, ...]) -> None:
    """Without the option every command is a short one."""
    run_cli("--sim", "adult", *command)

    assert apdus
    assert not any(map(_is_extended, apdus))


@pytest.mark.parametrize("command", [SHOW, ("status", "--json")])
def test_a_card_that_refuses_costs_one_command(
    run_cli: RunCli, apdus: list[bytes], refusing_card: str, command: tuple[str, ...]
) -> None:
    """The result is the same, with one command more than without the option."""
    plain = run_cli("--sim", refusing_card, *command)
    needed = len(apdus)
    apdus.clear()
    asked = run_cli("--sim", refusing_card, *command, "--extended")

    assert (asked.code, asked.stdout) == (0, plain.stdout)
    assert len(apdus) == needed + 1


def test_a_reader_that_refuses_costs_one_command(
    run_cli: RunCli, apdus: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the exchange fails with the card still there, the file is read in short commands."""
    plain = run_cli("--sim", "adult", *SHOW)
    needed = len(apdus)
    apdus.clear()
    original = SimulatedConnection.transmit

    def transmit(self: SimulatedConnection, command: bytes | bytearray) -> bytes:
        if _is_extended(bytes(command)):
            apdus.append(bytes(command))
            raise AnswerLostError("SCARD_E_NOT_TRANSACTED", pcsc_code=0x80100016)
        return original(self, command)

    monkeypatch.setattr(SimulatedConnection, "transmit", transmit)
    asked = run_cli("--sim", "adult", *SHOW, "--extended")

    assert (asked.code, asked.stdout) == (0, plain.stdout)
    assert len(apdus) == needed + 1


@pytest.mark.parametrize("refuses", [False, True])
def test_a_password_is_sent_once(run_cli: RunCli, apdus: list[bytes], card_file: Path, *, refuses: bool) -> None:
    """Whether the read after it is taken or refused: one VERIFY, of the password alone, and no try is lost."""
    run_cli("sim", "set", str(card_file), f"settings.extended_length={json.dumps(not refuses)}")
    apdus.clear()
    options = ("--pin-stdin", "--extended", "--format", "pem")
    result = run_cli("--sim", str(card_file), "cert", "show", "sign", *options, stdin="SIMCARD1\n")

    assert result.code == 0
    assert result.stdout.startswith("-----BEGIN CERTIFICATE-----")
    assert len([command for command in apdus if _is_verify(command)]) == 1
    assert sum(map(_is_extended, apdus)) == 1
    assert _reads(apdus) >= (7 if refuses else 1)
    counters = run_cli("--sim", str(card_file), "pin", "status", "--json").json["pins"]
    assert [pin["retries_remaining"] for pin in counters] == [3, 5, 3, 3]


def test_personal_attributes_take_it_too(run_cli: RunCli, apdus: list[bytes]) -> None:
    """Name and address are one file, read in one command."""
    plain = run_cli("--sim", "adult", "attributes", "--pin-stdin", stdin="3957\n")
    short_reads = _reads(apdus)
    apdus.clear()
    fast = run_cli("--sim", "adult", "attributes", "--pin-stdin", "--extended", stdin="3957\n")

    assert (fast.code, fast.stdout) == (0, plain.stdout)
    assert _reads(apdus) <= short_reads
    assert any(map(_is_extended, apdus))
