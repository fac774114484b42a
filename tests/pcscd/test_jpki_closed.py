"""After commands that took a PIN a second program, OpenSC's, finds nothing open on the card."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import agentclient
import pytest
from agentclient import AgentClient
from openings import probe

from jpki_sim.dates import japan_today
from jpki_sim.files import save
from jpki_sim.personas import find_persona, new_card
from terminal import TerminalSession

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]
PORT = 35963
SECRETS = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
WRONG = {"auth": "7391", "sign": "WRONGPW7", "input": "7392", "juki": "7393"}
NEW = {"auth": "8517", "sign": "CANARY57", "input": "8527", "juki": "8537"}


@pytest.fixture(scope="module", autouse=True)
def opensc() -> None:
    """The second program."""
    if shutil.which("opensc-tool") is None:
        pytest.skip("opensc-tool is not installed")


def card_file(folder: Path, persona: str = "adult") -> Path:
    """A card that keeps its state."""
    path = folder / "card.json"
    save(new_card(find_persona(persona), today=japan_today(), generate_keys=False), path)
    return path


def assert_closed(pcscd: Pcscd, pin: str, *, is_phone: bool = False) -> None:
    """What opens with the PIN is refused to OpenSC's plain APDUs."""
    commands, expected = probe(pin, is_phone=is_phone)
    answers = pcscd.run(["opensc-tool", *(word for apdu in commands for word in ("--send-apdu", apdu))])
    found = ["".join(words) for words in re.findall(r"SW1=0x(..), SW2=0x(..)", answers.stdout)]
    assert found == expected, (pin, answers.stdout, answers.stderr)


def jpki(pcscd: Pcscd, *arguments: str, stdin: str) -> int:
    """Run the command with a script's secrets."""
    return pcscd.run([*JPKI, *arguments, "--pin-stdin"], stdin).returncode


@pytest.mark.parametrize("pin", SECRETS)
def test_after_right_and_wrong(pcscd: Pcscd, tmp_path: Path, pin: str) -> None:
    """A wrong PIN, a right one, a change with and without reading back: closed after each."""
    pcscd.start_card(card_file(tmp_path))
    steps = [
        (("pin", "verify", pin), WRONG[pin], 4),
        (("pin", "verify", pin), SECRETS[pin], 0),
        (("pin", "change", pin, "--yes"), f"{WRONG[pin]}\n{NEW[pin]}", 4),
        (("pin", "change", pin, "--yes", "--confirm"), f"{SECRETS[pin]}\n{NEW[pin]}", 0),
    ]
    if pin == "sign":
        steps.append((("cert", "show", "sign"), NEW[pin], 0))
    for command, stdin, code in steps:
        assert jpki(pcscd, *command, stdin=stdin) == code
        assert_closed(pcscd, pin)


def test_after_a_certificate_of_a_phone(pcscd: Pcscd, tmp_path: Path) -> None:
    """The auth certificate of a phone is read with its PIN, and closed again."""
    pcscd.start_card(card_file(tmp_path, "phone"))
    assert jpki(pcscd, "cert", "show", "auth", stdin="2846") == 0
    assert_closed(pcscd, "auth", is_phone=True)


@pytest.mark.parametrize(
    ("pin", "command", "code"),
    [
        ("sign", ("cert", "check", "sign"), 7),  # the issuer is a TEST one
        ("sign", ("sign", "--yes", "{file}"), 0),
        ("auth", ("auth", "test"), 0),
        ("auth", ("auth", "sign", "--challenge", "0011223344556677"), 0),
        ("input", ("attributes",), 0),
    ],
)
def test_after_commands_that_use_a_pin(
    pcscd: Pcscd, tmp_path: Path, pin: str, command: tuple[str, ...], code: int
) -> None:
    """A wrong PIN, and a right one with what it is for: closed after each."""
    pcscd.start_card(card_file(tmp_path))
    file = tmp_path / "file"
    file.write_bytes(b"to be signed")
    words = [word.format(file=file) for word in command]
    for secret, expected in ((WRONG[pin], 4), (SECRETS[pin], code)):
        assert jpki(pcscd, *words, stdin=secret) == expected
        assert_closed(pcscd, pin)


def agent(pcscd: Pcscd, folder: Path, *options: str) -> tuple[subprocess.Popen[str], Path]:
    """Start the SSH agent on a socket of its own; the program that answers for the person reads ``answer``."""
    askpass, place = folder / "askpass", folder / "agent.sock"
    askpass.write_text(f"#!/bin/sh\nexec cat '{folder / 'answer'}'\n")
    askpass.chmod(0o700)
    environment = {"SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force"}
    with (folder / "said").open("w") as said:
        program = pcscd.popen(
            [*JPKI, "--debug", "--trace", folder / "trace", "ssh", "agent", "--socket", place, *options],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said,
        )
    assert program.stdout is not None
    assert str(place) in program.stdout.readline(), (folder / "said").read_text()
    return program, place


def test_while_and_after_the_ssh_agent_uses_a_pin(pcscd: Pcscd, tmp_path: Path) -> None:
    """Wrong, right and kept: closed after each request, though the agent goes on and holds the PIN."""
    pcscd.start_card(card_file(tmp_path))
    program, place = agent(pcscd, tmp_path, "--cache", "600")
    client = AgentClient(str(place))
    key = client.first_key()
    requests = [(WRONG["auth"], agentclient.FAILURE), (SECRETS["auth"], agentclient.SIGN_RESPONSE)]
    for number, (secret, answer) in enumerate([*requests, ("nobody is asked", agentclient.SIGN_RESPONSE)]):
        (tmp_path / "answer").write_text(f"{secret}\n")
        assert client.sign(key, number) == answer, (tmp_path / "said").read_text()
        assert_closed(pcscd, "auth")
    for name in ("cmdline", "environ"):
        shown = Path(f"/proc/{program.pid}/{name}").read_bytes().decode(errors="replace")
        assert not [secret for secret in (WRONG["auth"], SECRETS["auth"]) if secret in shown]
    client.close()
    program.terminate()
    assert program.wait(30) == 143
    assert_closed(pcscd, "auth")


@pytest.mark.parametrize("fault", ["remove-after:verify", "remove:sign"])
def test_a_card_that_leaves_the_ssh_agent(pcscd: Pcscd, tmp_path: Path, fault: str) -> None:
    """The request is refused, once, without a PIN in what is said; a card that is laid down again is closed."""
    file = card_file(tmp_path)
    served = pcscd.start_card(file, PORT, "--fault", fault)
    program, place = agent(pcscd, tmp_path)
    (tmp_path / "answer").write_text(f"{SECRETS['auth']}\n")
    client = AgentClient(str(place))
    key = client.first_key()
    assert client.sign(key, 1) == agentclient.FAILURE
    served.stop()
    pcscd.start_card(file)
    assert_closed(pcscd, "auth")
    assert client.sign(key, 2) == agentclient.SIGN_RESPONSE, (tmp_path / "said").read_text()
    client.close()
    program.terminate()
    assert program.wait(30) == 143
    shown = (tmp_path / "said").read_text() + (tmp_path / "trace").read_text()
    assert "Not signed." in shown
    assert SECRETS["auth"] not in shown
    assert SECRETS["auth"].encode().hex(" ").upper() not in shown
    assert shown.count("VERIFY 00 20 00 80 [hidden]") == 2


@pytest.mark.parametrize("command", ["verify", "change"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGQUIT])
def test_after_one_signal_amid_a_command(pcscd: Pcscd, tmp_path: Path, number: signal.Signals, command: str) -> None:
    """The signal comes while the card is busy with VERIFY; the answer is waited for, and the card is left closed."""
    pcscd.start_card(card_file(tmp_path), PORT, "--fault", "slow:verify=1")
    program = start_amid_verify(pcscd, tmp_path / "trace", command)
    program.send_signal(number)
    _, errors = program.communicate(timeout=120)
    # A verification has its answer then; a change is stopped before CHANGE is sent.
    ended = 130 if number is signal.SIGINT else 143
    assert program.returncode == (0 if command == "verify" else ended), errors
    assert_closed(pcscd, "auth")


@pytest.mark.parametrize("numbers", [(signal.SIGINT, signal.SIGTERM), (signal.SIGTERM, signal.SIGINT)])
def test_after_two_signals_amid_a_command(
    pcscd: Pcscd, tmp_path: Path, numbers: tuple[signal.Signals, signal.Signals]
) -> None:
    """The second signal gives up the answer, and not the closing of the card, which follows as soon as it can."""
    pcscd.start_card(card_file(tmp_path), PORT, "--fault", "slow:verify=1")
    program = start_amid_verify(pcscd, tmp_path / "trace", "verify")
    for number in numbers:
        program.send_signal(number)
    _, errors = program.communicate(timeout=120)
    assert program.returncode == 8, errors
    assert_closed(pcscd, "auth")


def start_amid_verify(pcscd: Pcscd, trace: Path, command: str) -> subprocess.Popen[str]:
    """Start jpki and return when the card is busy with its VERIFY."""
    pipe = subprocess.PIPE
    arguments = ["--trace", str(trace), "pin", command, "auth", "--pin-stdin"]
    program = pcscd.popen([*JPKI, *arguments], stdin=pipe, stdout=pipe, stderr=pipe)
    assert program.stdin is not None
    program.stdin.write("2846\n8517\n" if command == "change" else "2846\n")
    program.stdin.close()
    program.stdin = None
    pcscd.until(lambda: trace.exists() and "VERIFY 00 20 00 80 [hidden]" in trace.read_text(), "VERIFY is sent")
    return program


def test_after_a_prompt_that_was_left(pcscd: Pcscd, tmp_path: Path) -> None:
    """Ctrl-C at the prompt of the second of two commands: nothing is open, as nothing was sent."""
    pcscd.start_card(card_file(tmp_path))
    command = [*JPKI, "pin", "verify", "auth"]
    with TerminalSession(lambda fd: pcscd.popen(command, terminal=fd, stdout=fd, stderr=fd)) as session:
        session.expect("tries left")
        session.expect("(4 digits): ")
        session.type("28\x03")
        assert session.end() == 130
    assert_closed(pcscd, "auth")
