"""``jpki doctor`` beside a real PC/SC service: each fault is really there."""

from __future__ import annotations

import ctypes.util
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parents[1] / "docs" / "schema" / "doctor.json").read_text(encoding="utf-8"))
JPKI = [sys.executable, "-m", "jpki_cli"]
PORT = 35963
SECONDS = 120.0  # an upper bound; nothing is timed

HOLDER = """
import sys
from smartcard.scard import *
_, context = SCardEstablishContext(SCARD_SCOPE_USER)
share = SCARD_SHARE_EXCLUSIVE if sys.argv[1] == "exclusive" else SCARD_SHARE_SHARED
code, card, _ = SCardConnect(context, "Virtual PCD 00 00", share, SCARD_PROTOCOL_T1)
assert code == 0, hex(code & 0xFFFFFFFF)
if sys.argv[1] == "transaction":
    assert SCardBeginTransaction(card) == 0
print("held", flush=True)
sys.stdin.read()
"""


def examined(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON object, which fits its schema."""
    value: dict[str, Any] = json.loads(result.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(value)
    assert value.get("exit_code", 0) == result.returncode
    return value


def doctor(pcscd: Pcscd, *arguments: str, **more: Any) -> dict[str, Any]:
    """Run it with ``--json``."""
    return examined(pcscd.run([*JPKI, *arguments, "doctor", "--json"], timeout=SECONDS, **more))


def check(value: dict[str, Any], name: str) -> dict[str, Any]:
    """One check by its name."""
    return next(c for c in value["checks"] if c["check"] == name)


def hiding(paths: list[str], command: list[str]) -> list[str]:
    """A command line that runs a command in a mount namespace where a file is empty, and a folder too."""
    mounts = [
        f"mount -t tmpfs tmpfs {path}" if Path(path).is_dir() else f"mount --bind /dev/null {path}" for path in paths
    ]
    return [
        "unshare",
        "--mount",
        "--propagation=unchanged",
        "sh",
        "-c",
        f'{" && ".join(mounts)} && exec "$@"',
        "sh",
        *command,
    ]


@pytest.mark.users_row("14", "4", "11", "15")
def test_a_healthy_card_can_be_used(pcscd: Pcscd) -> None:
    """Exit 0: every check that can be made here passes, and the reader is the one with the card."""
    pcscd.start_card("adult")
    value = doctor(pcscd)

    assert value["usable"] is True
    assert {c["check"] for c in value["checks"] if c["verdict"] == "fail"} == set()
    not_checked = {c["check"] for c in value["checks"] if c["verdict"] == "not_checked"}
    assert not_checked == {"remote_desktop", "reader_driver", "wsl", "other_programs", "browsers"}  # told of no agent
    assert check(value, "reader_choice")["details"] == ["Virtual PCD 00 00"]
    assert check(value, "pins")["details"] == ["auth 3/3", "sign 5/5", "input 3/3", "juki 3/3"]
    assert check(value, "certificates")["cause"] == "sign_certificate_closed"


@pytest.mark.users_row("1")
def test_a_stopped_service_is_named_with_the_command(pcscd: Pcscd) -> None:
    """Exit 3 with PC/SC's code; what depends on it is not checked, and the remedy has a command."""
    pcscd.stop_daemon()
    value = doctor(pcscd)
    running = check(value, "service_running")

    assert (value["code"], value["exit_code"]) == ("pcsc_service_stopped", 3)
    assert running["pcsc"] == {"name": "SCARD_E_NO_SERVICE", "code": "0x8010001D"}
    assert any("pcscd" in command for remedy in running["remedies"] for command in remedy["commands"])
    assert check(value, "reader")["because_of"] == "service_running"
    assert check(value, "pin_logging")["verdict"] == "pass"


@pytest.mark.users_row("1")
def test_a_service_that_is_not_installed_is_told_from_a_stopped_one(pcscd: Pcscd) -> None:
    """Without its files it is missing, and is to be installed."""
    pcscd.stop_daemon()
    folders = [path for path in ("/usr/sbin", "/usr/lib/systemd/system") if Path(path).is_dir()]
    value = examined(pcscd.run(hiding(folders, [*JPKI, "doctor", "--json"]), timeout=SECONDS))

    assert value["code"] in {"pcsc_service_missing", "sandbox"}  # the latter where the tests run in a container


@pytest.mark.users_row("13")
def test_a_sandbox_without_a_way_to_the_service_is_named(pcscd: Pcscd) -> None:
    """In a flatpak it is the sandbox that is blamed, with PC/SC's code, and the service itself is not judged."""
    pcscd.stop_daemon()
    value = doctor(pcscd, env={"FLATPAK_ID": "example.jpki"})

    assert (value["code"], value["exit_code"]) == ("sandbox", 3)
    assert check(value, "sandbox")["pcsc"]["code"] == "0x8010001D"
    assert check(value, "service_running")["because_of"] == "sandbox"


@pytest.mark.users_row("2", "privacy")
def test_a_service_without_a_reader_that_logs_pins(pcscd: Pcscd, tmp_path: Path) -> None:
    """A pcscd with --apdu and no reader: the reader is the obstacle, and the log of PINs is told beside it."""
    pcscd.stop_daemon()
    configuration = tmp_path / "none.conf"
    configuration.touch()
    options = ["--disable-polkit"] if "--disable-polkit" in pcscd.run(["pcscd", "--help"]).stdout else []
    command = ["pcscd", "--foreground", "--apdu", "--config", str(configuration), *options]
    service = pcscd.popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        pcscd.until(lambda: pcscd.run(["test", "-S", "/run/pcscd/pcscd.comm"]).returncode == 0, "no socket of pcscd")
        value = doctor(pcscd)
    finally:
        service.terminate()
        service.wait(SECONDS)
    reader, logging = check(value, "reader"), check(value, "pin_logging")

    # A computer with a reader of its own has one here too.
    assert reader["verdict"] == "pass" or reader["pcsc"]["name"] == "SCARD_E_NO_READERS_AVAILABLE"
    assert (logging["verdict"], logging["cause"]) == ("fail", "pin_logged_by_service")
    assert "--apdu" in logging["details"][0]


@pytest.mark.users_row("1")
def test_a_missing_library_is_not_taken_for_a_stopped_service(pcscd: Pcscd) -> None:
    """The service runs and the library is hidden: it is the library that is named, and JSON is not disturbed."""
    pcscd.start_card("adult")
    library = pcscd.run(["sh", "-c", "ldconfig -p | sed -n 's/.*libpcsclite.so.1 .*=> //p'"]).stdout.split()
    assert library, ctypes.util.find_library("pcsclite")
    real = sorted({str(Path(path).resolve()) for path in library})
    value = examined(pcscd.run(hiding(real, [*JPKI, "doctor", "--json"]), timeout=SECONDS))

    assert (value["code"], value["exit_code"]) == ("pcsc_library_missing", 3)
    assert check(value, "library")["details"] == ["libpcsclite.so.1"]
    assert check(value, "service_installed")["because_of"] == "library"


@pytest.mark.users_row("3")
def test_an_empty_reader_is_said_to_be_empty(pcscd: Pcscd) -> None:
    """Exit 3: the reader is there, the card is not."""
    value = doctor(pcscd)

    assert (value["code"], value["exit_code"]) == ("no_card", 3)
    assert check(value, "card_present")["pcsc"] == {"name": "SCARD_E_NO_SMARTCARD", "code": "0x8010000C"}
    assert check(value, "reader")["verdict"] == "pass"


@pytest.mark.users_row("3")
def test_a_card_that_gives_no_answer_to_reset_is_mute(pcscd: Pcscd) -> None:
    """Exit 3: a card is seen and does not answer."""
    pcscd.start_card_process([sys.executable, HERE / "mute_card.py", str(PORT), "3B" * 40])
    value = doctor(pcscd)

    assert (value["code"], value["exit_code"]) == ("card_mute", 3)
    assert check(value, "card_present")["verdict"] == "pass"
    assert check(value, "card_answers")["verdict"] == "fail"


@pytest.mark.users_row("19")
def test_a_card_without_a_protocol_cannot_be_opened(pcscd: Pcscd) -> None:
    """Exit 3 with PC/SC's own code for it."""
    pcscd.start_card_process([sys.executable, HERE / "mute_card.py", str(PORT), "FFFF"])
    value = doctor(pcscd)

    assert (value["code"], value["exit_code"]) == ("protocol_mismatch", 3)
    assert check(value, "connection")["pcsc"] == {"name": "SCARD_E_PROTO_MISMATCH", "code": "0x8010000F"}


@pytest.mark.users_row("14")
def test_another_card_is_named_as_that(pcscd: Pcscd) -> None:
    """Exit 6 with the card's status word."""
    pcscd.start_card("other-card")
    value = doctor(pcscd)

    assert (value["code"], value["exit_code"]) == ("not_my_number_card", 6)
    assert check(value, "application")["status_word"] == "6A82"
    assert check(value, "pins")["because_of"] == "application"


@pytest.mark.users_row("6")
@pytest.mark.parametrize(("how", "code"), [("exclusive", "exclusive_use"), ("transaction", "card_busy")])
def test_a_program_that_holds_the_card_is_named(pcscd: Pcscd, how: str, code: str) -> None:
    """Its name and process number are there, whether it took the card for itself or is in a transaction."""
    pcscd.start_card("adult")
    holder = pcscd.popen(
        [sys.executable, "-c", HOLDER, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    value = doctor(pcscd, "--timeout", "2")

    assert (value["code"], value["exit_code"]) == (code, 3)
    failure = next(c for c in value["checks"] if c["verdict"] == "fail")
    assert any(detail.endswith(f"({holder.pid})") for detail in failure["details"])


@pytest.mark.users_row("7")
def test_a_service_that_ends_midway_is_said_to_be_gone(pcscd: Pcscd) -> None:
    """It ends while the card is slow with an answer: exit 3, no traceback, and the earlier checks stand."""
    pcscd.start_card("adult", PORT, "--fault", "slow:3=5")
    process = pcscd.popen([*JPKI, "--trace", "-", "doctor", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    sent = 0
    while sent < 3:  # the third command is the slow one
        line = process.stderr.readline()
        assert line
        sent += "> " in line
    pcscd.stop_daemon()
    out, err = process.communicate(timeout=SECONDS)
    value = examined(subprocess.CompletedProcess([], process.returncode, out, err))

    assert value["exit_code"] == 3
    assert value["code"] in {"service_gone", "card_removed"}
    assert check(value, "service_running")["verdict"] == "pass"
    assert "Traceback" not in err


@pytest.mark.users_row("8")
def test_two_my_number_cards_are_not_guessed_between(pcscd: Pcscd) -> None:
    """Exit 2 with both names; chosen by name, one of them can be used."""
    pcscd.start_card("adult")
    pcscd.start_card("adult", PORT + 1)
    both, one = doctor(pcscd), doctor(pcscd, "--reader", "00 01")

    assert (both["code"], both["exit_code"]) == ("several_cards", 2)
    assert check(both, "reader_choice")["details"] == ["Virtual PCD 00 00", "Virtual PCD 00 01"]
    assert one["usable"] is True


@pytest.mark.parametrize(
    ("persona", "code", "exit_code"),
    [
        pytest.param("locked-sign", "pin_blocked", 5, marks=pytest.mark.users_row("4")),
        pytest.param("expired", "certificate_expired", 7, marks=pytest.mark.users_row("11")),
    ],
)
def test_what_the_card_says_of_itself_is_a_finding(pcscd: Pcscd, persona: str, code: str, exit_code: int) -> None:
    """A locked PIN and an expired certificate, with the exit codes that they have elsewhere."""
    pcscd.start_card(persona)
    value = doctor(pcscd)

    assert (value["code"], value["exit_code"]) == (code, exit_code)


@pytest.mark.users_row("privacy")
def test_a_driver_that_logs_bytes_is_named_and_the_card_can_be_used(pcscd: Pcscd) -> None:
    """A failed check that is no obstacle: exit 0."""
    pcscd.start_card("adult")
    value = doctor(pcscd, env={"LIBCCID_ifdLogLevel": "0x000F"})

    assert value["usable"] is True
    assert (check(value, "pin_logging")["verdict"], check(value, "pin_logging")["cause"]) == (
        "fail",
        "pin_logged_by_driver",
    )


def test_it_leaves_the_card_and_other_programs_alone(pcscd: Pcscd) -> None:
    """A program that has the card open in between goes on using it, and no try is used."""
    pcscd.start_card("adult")
    holder = pcscd.popen([sys.executable, "-c", HOLDER, "shared"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    first, second = doctor(pcscd), doctor(pcscd)
    _, _ = holder.communicate("", timeout=SECONDS)

    assert holder.returncode == 0
    assert check(first, "pins")["details"] == check(second, "pins")["details"]
