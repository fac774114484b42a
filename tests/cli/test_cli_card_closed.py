"""After every command that took a PIN another program finds nothing open on the card: no key, no file, no PIN."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import agentclient
import pytest
from canaries import AGENT
from clidesk import Desk
from commandtable import can_come_by_a_secret, every_command
from openings import OPENINGS, probe

from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

SECRETS = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
WRONG = {"auth": "7391", "sign": "WRONGPW7", "input": "7392", "juki": "7393"}
NEW = {"auth": "8517", "sign": "CANARY57", "input": "8527", "juki": "8537"}

#: Commands that take a PIN: the persona, the PIN, and the words of the command line.
_COMMANDS: list[tuple[str, str, tuple[str, ...]]] = [
    *(("adult", pin, ("pin", "verify", pin)) for pin in SECRETS),
    *(("adult", pin, ("pin", "change", pin, "--yes")) for pin in SECRETS),
    *(("adult", pin, ("pin", "change", pin, "--yes", "--confirm")) for pin in SECRETS),
    ("adult", "sign", ("cert", "show", "sign")),
    ("adult", "sign", ("cert", "check", "sign")),
    ("phone", "auth", ("cert", "show", "auth")),
    ("iphone", "auth", ("cert", "show", "auth")),
    ("phone", "auth", ("pin", "verify", "auth")),
    ("phone", "sign", ("pin", "change", "sign")),
    ("adult", "sign", ("sign", "--yes", "{file}")),
    ("adult", "input", ("attributes",)),
    ("adult", "sign", ("pkcs11", "remember")),
    ("adult", "auth", ("auth", "test")),
    ("adult", "auth", ("auth", "sign", "--challenge", "0011223344556677")),
    ("adult", "auth", (*AGENT, "--", sys.executable, agentclient.__file__)),
    ("adult", "auth", (*AGENT, "--cache", "600", "--", sys.executable, agentclient.__file__, "2")),
]


#: A survey sends some 200 commands; tests/unit/survey interrupts and disturbs it.
_SURVEYS: list[tuple[str, str, tuple[str, ...]]] = [
    ("adult", pin, ("survey", "--yes", "--with-pin", pin, "--force", "-o", "{file}.json"))
    for pin in ("auth", "sign", "input")
]

#: 7 is what a check says of a TEST certificate.
_DONE = {0, 7}


def _words(desk: Desk, pin: str, *, is_phone: bool) -> tuple[list[str], list[str]]:
    """What another program is answered, and what it must be."""
    desk.port.insert()
    other = SimulatedConnection(desk.card)
    commands, expected = probe(pin, is_phone=is_phone)
    return [other.transmit(bytes.fromhex(command))[-2:].hex().upper() for command in commands], expected


def _run(desk: Desk, command: tuple[str, ...], lines: list[str], folder: Path) -> int:
    """Run a command with a script's secrets; the agent asks for them at the terminal."""
    if command[:2] == AGENT:
        desk.secrets = [*lines, *lines]
        return desk.run(*command).code
    file = folder / "file"
    file.write_bytes(b"to be signed")
    words = [word.format(file=file) for word in command]
    return desk.run(*words, "--pin-stdin", stdin="\n".join(lines)).code


def _lines(command: tuple[str, ...], pin: str, current: str) -> list[str]:
    return [current, NEW[pin]] if "change" in command else [current]


@pytest.fixture
def sit_down(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Desk]:
    """Make a desk, with a folder for what a command keeps of the user's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "kept"))
    return lambda persona, faults="": Desk(run_cli, monkeypatch, persona, faults)


def test_no_command_is_forgotten() -> None:
    """Every command that can come by a secret is among these; the rules for a new PIN need no card."""
    able = {words for words, command in every_command() if can_come_by_a_secret(command)}
    covered = {words for words in able for _, _, line in _COMMANDS + _SURVEYS if line[: len(words)] == words}
    assert able - covered == {("pin", "check-new")}


@pytest.mark.parametrize("pin", OPENINGS)
def test_the_probe_finds_what_is_open(sit_down: Callable[..., Desk], pin: str) -> None:
    """A PIN that a program without manners leaves verified is found by every command of the probe."""
    desk = sit_down("adult")
    rude = SimulatedConnection(desk.card)
    select, files = OPENINGS[pin]
    secret = SECRETS[pin].encode()
    for command in (select, "00A4020C02" + files[-1][0], f"00200080{len(secret):02X}{secret.hex()}"):
        assert rude.transmit(bytes.fromhex(command)) == b"\x90\x00"
    found, _ = _words(desk, pin, is_phone=False)
    assert "6982" not in found


@pytest.mark.parametrize(("persona", "pin", "command"), _COMMANDS + _SURVEYS)
@pytest.mark.parametrize("is_right", [True, False])
def test_after_a_right_and_after_a_wrong_pin(
    sit_down: Callable[..., Desk], tmp_path: Path, persona: str, pin: str, command: tuple[str, ...], *, is_right: bool
) -> None:
    """Closed again, whichever it was."""
    if sys.platform == "win32" and command[:2] == AGENT:
        pytest.skip("the SSH agent is not offered on Windows")
    desk = sit_down(persona)
    code = _run(desk, command, _lines(command, pin, (SECRETS if is_right else WRONG)[pin]), tmp_path)
    assert code in (_DONE if is_right else {4})
    assert len(desk.presented) >= 1
    found, expected = _words(desk, pin, is_phone=persona != "adult")
    assert found == expected


def _interrupt_at(monkeypatch: pytest.MonkeyPatch, number: int, *, is_after: bool) -> None:
    """Let Ctrl-C come at the command of this number, before the card has it or after it has answered."""
    original = SimulatedConnection.transmit
    count = [0]

    def transmit(self: SimulatedConnection, command: bytes | bytearray) -> bytes:
        count[0] += 1
        if count[0] == number and not is_after:
            raise KeyboardInterrupt
        answer = original(self, command)
        if count[0] == number:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(SimulatedConnection, "transmit", transmit)


#: The agent's commands go out in a thread of their own, which no signal reaches: tests/agent ends it amid each of them.
_INTERRUPTED = [row for row in _COMMANDS if row[2][: len(AGENT)] != AGENT]


@pytest.mark.parametrize(("persona", "pin", "command"), _INTERRUPTED)
@pytest.mark.parametrize("is_after", [True, False])
def test_after_ctrl_c_at_any_command(
    sit_down: Callable[..., Desk],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    persona: str,
    pin: str,
    command: tuple[str, ...],
    *,
    is_after: bool,
) -> None:
    """An interruption at whichever command, before or after its effect, leaves nothing open."""
    undisturbed = sit_down(persona)
    assert _run(undisturbed, command, _lines(command, pin, SECRETS[pin]), tmp_path) in _DONE
    for number in range(1, len(undisturbed.reached) + 1):
        (tmp_path / "file.p7s").unlink(missing_ok=True)
        desk = sit_down(persona)
        with monkeypatch.context() as patch:
            _interrupt_at(patch, number, is_after=is_after)
            _run(desk, command, _lines(command, pin, SECRETS[pin]), tmp_path)
        found, expected = _words(desk, pin, is_phone=persona != "adult")
        assert found == expected, f"interrupted at command {number}"
