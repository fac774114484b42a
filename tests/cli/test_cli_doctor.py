"""``jpki doctor`` on simulated cards and on stated facts: screen, JSON, exit code."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from diagnosiscases import CASES
from fakefacts import FakeFacts, FakeFiles, FakePcsc, FakePlatform, card_status

from jpki.card import Pin
from jpki.diagnosis.causes import ALL_CAUSES
from jpki.diagnosis.facts import PackageManager, ServiceManager, System
from jpki.errors import ServiceStoppedError
from jpki.transport import ReaderState
from jpki_cli.doctor import collecting
from jpki_cli.doctor.screen import EXIT_CODES
from jpki_cli.terminal import width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clitest import RunCli
    from diagnosiscase import Case

    from jpki_cli.app import AppContext

    Validate = Callable[[dict[str, Any]], None]
COLUMNS = 80
CAUSES = {cause.value: cause for cause in ALL_CAUSES}


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeFacts], None]:
    """State the facts that the command finds."""

    def state(facts: FakeFacts) -> None:
        @contextmanager
        def collect_facts(app: AppContext) -> Iterator[FakeFacts]:
            assert app.options.sim is None
            yield facts

        monkeypatch.setattr(collecting, "collect_facts", collect_facts)

    return state


def test_a_simulated_adult_can_be_used(run_cli: RunCli, validate: Validate) -> None:
    """Exit 0; the checks of the card are made, those of readers are not."""
    result = run_cli("--sim", "adult", "doctor", "--json")
    verdicts = {c["check"]: c["verdict"] for c in result.json["checks"]}

    assert result.code == 0
    validate(result.json)
    assert result.json["usable"] is True
    assert (verdicts["pins"], verdicts["application"], verdicts["reader"]) == ("pass", "pass", "not_checked")


@pytest.mark.parametrize(
    ("persona", "code", "exit_code"),
    [
        ("locked-auth", "pin_blocked", 5),
        ("expired", "certificate_expired", 7),
        ("other-card", "not_my_number_card", 6),
        ("truncated-der", "bad_data", 6),
    ],
)
def test_a_simulated_card_with_a_fault_has_its_exit_code(
    run_cli: RunCli, validate: Validate, persona: str, code: str, exit_code: int
) -> None:
    """The code of the first failure, in JSON and on the screen."""
    as_json, as_text = run_cli("--sim", persona, "doctor", "--json"), run_cli("--sim", persona, "doctor")

    validate(as_json.json)
    assert (as_json.code, as_json.json["code"], as_json.json["usable"]) == (exit_code, code, False)
    assert as_text.code == exit_code
    assert "FAILED" in as_text.stdout
    assert "The card can be used" not in as_text.stdout


@pytest.mark.parametrize("persona", ["child", "declined"])
def test_a_card_without_a_certificate_is_not_called_locked(run_cli: RunCli, persona: str) -> None:
    """The PIN of a certificate that was never there answers as a locked one does; nobody is sent to an office."""
    result = run_cli("--sim", persona, "doctor")

    assert result.code == 0
    assert "ocked:" not in result.stdout
    assert "Certificates that are not on this card: " in result.stdout


@pytest.mark.parametrize("persona", ["child-locked", "pinless"])
def test_a_lock_that_may_be_a_card_without_pins_is_no_check_passed(run_cli: RunCli, persona: str) -> None:
    """It is a note: not failed, not passed, said once, and the end says what the card cannot be used for."""
    said = run_cli("--sim", persona, "doctor").stdout
    assert row_of(said, "No PIN is locked").split() == ["note", "No", "PIN", "is", "locked"]
    assert " ".join(said.split()).count("user certificate PIN (4 digits)") == 1
    assert said.endswith("The card can be used, but not with its user certificate PIN.\n")


def test_a_last_try_is_told_with_what_to_do(run_cli: RunCli) -> None:
    """Whoever guesses now locks the PIN."""
    said = " ".join(run_cli("--sim", "last-try-sign", "doctor").stdout.split())
    assert "If you are not sure of it, do not guess." in said
    assert "jpki guide forgot" in said


def test_no_try_is_used_and_nothing_but_reading_is_sent(run_cli: RunCli, apdus: list[bytes]) -> None:
    """SELECT, READ and VERIFY without data."""
    run_cli("--sim", "adult", "doctor")

    assert apdus
    assert {a[1] for a in apdus} <= {0xA4, 0xB0, 0xB2, 0x20}
    assert all(len(a) <= 5 for a in apdus if a[1] == 0x20)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.row}-{case.cause.value}")
def test_every_cause_is_told_on_the_screen_and_in_json(
    run_cli: RunCli, validate: Validate, on: Callable[[FakeFacts], None], case: Case
) -> None:
    """In both languages within 80 columns; the exit code is that of the first failure that counts, else 0."""
    on(case.facts)
    value = run_cli("doctor", "--json")
    validate(value.json)
    failures = [c for c in value.json["checks"] if c["verdict"] == "fail"]
    codes = [code for c in failures if (code := EXIT_CODES[CAUSES[c["cause"]].obstacle])]

    assert value.code == (codes[0] if codes else 0)
    for language in ("en", "ja"):
        screen = run_cli("--lang", language, "doctor")
        lines = [line for line in screen.stdout.splitlines() if not line.startswith("       ")]  # commands stay whole
        assert screen.code == value.code
        assert [line for line in lines if width(line) > COLUMNS] == []
        assert "{" not in "".join(lines)
        for failure in failures:
            first_words = failure["text"][language].split(" ")[0][:8]
            assert first_words in screen.stdout


def test_the_screen_shows_codes_causes_remedies_and_commands(run_cli: RunCli, on: Callable[[FakeFacts], None]) -> None:
    """What a support desk asks for, for a service that was switched off."""
    on(next(case.facts for case in CASES if case.cause.value == "pcsc_service_disabled"))
    result = run_cli("doctor")

    assert result.code == 3
    assert "  FAILED       Service runs               0x8010001D\n" in result.stdout
    assert "   Code: SCARD_E_NO_SERVICE 0x8010001D\n" in result.stdout
    assert "not checked  Service answers            after “Service runs”" in result.stdout
    assert "1. The smart card service is installed but is switched off." in result.stdout
    assert "sudo systemctl enable --now pcscd.socket" in result.stdout
    assert result.stderr == "Error: The smart card service is installed but is switched off.\n"


def test_what_is_good_to_know_is_told_without_failing(run_cli: RunCli, on: Callable[[FakeFacts], None]) -> None:
    """A healthy computer: exit 0, and one note."""
    on(FakeFacts())
    result = run_cli("doctor")

    assert (result.code, result.stderr) == (0, "")
    assert "FAILED" not in result.stdout
    assert result.stdout.endswith("The card can be used.\n")


def row_of(screen: str, name: str) -> str:
    """The line of a check."""
    return next(line for line in screen.splitlines() if name in line).strip()


DEBIAN_CONTAINER = FakePlatform(service_manager=ServiceManager.INIT_SCRIPTS, is_root=True)
BARE_CONTAINER = FakePlatform(service_manager=ServiceManager.OTHER, is_root=True)
IN_DOCKER = FakeFiles({"/.dockerenv": ""})
STOPPED_THERE = ServiceStoppedError("nobody listens", pcsc_code=0x8010001D)


@pytest.mark.parametrize(
    ("facts", "name", "row"),
    [
        (FakeFacts(), "Sandbox", "passed       Sandbox or container       none"),
        (FakeFacts(files=IN_DOCKER), "Sandbox", "note         Sandbox or container       docker"),
        (FakeFacts(), "WSL", "not checked  Linux in Windows (WSL)     does not apply here"),
        (
            FakeFacts(platform=FakePlatform(system=System.WINDOWS, release="Windows 11")),
            "Remote Desktop",
            "not checked  Remote Desktop             does not apply here",
        ),
        (
            FakeFacts(pcsc=FakePcsc(listed=(ReaderState("A", 0), ReaderState("B", 1)))),
            "Which reader",
            "passed       Which reader is meant      A, B",
        ),
    ],
    ids=["no sandbox", "container", "no WSL", "no session", "two empty readers"],
)
def test_the_row_of_a_check_says_what_is_true(
    run_cli: RunCli, on: Callable[[FakeFacts], None], facts: FakeFacts, name: str, row: str
) -> None:
    """No check is passed that does not apply, and none denies what is noted below the table."""
    on(facts)
    screen = run_cli("doctor").stdout
    assert row_of(screen, name) == row
    assert "Used: A, B" not in screen


@pytest.mark.parametrize(
    ("platform", "command"),
    [
        (FakePlatform(), "sudo systemctl enable --now pcscd.socket"),
        (DEBIAN_CONTAINER, "service pcscd start"),
        (BARE_CONTAINER, "pcscd"),
        (replace(BARE_CONTAINER, package_manager=PackageManager.APK), "pcscd"),
        (replace(BARE_CONTAINER, is_root=False), "sudo pcscd"),
        (replace(FakePlatform(), service_manager=ServiceManager.RUNIT), "sudo ln -s /etc/sv/pcscd /var/service/"),
    ],
    ids=["systemd", "Debian's container", "container", "Alpine's container", "container, user", "runit"],
)
def test_the_service_is_started_by_what_is_there(
    run_cli: RunCli, on: Callable[[FakeFacts], None], platform: FakePlatform, command: str
) -> None:
    """By systemctl only where systemd runs; root is not told to use sudo, which containers do not have."""
    on(FakeFacts(platform=platform, pcsc=FakePcsc(listed=STOPPED_THERE)))
    lines = [line.strip() for line in run_cli("doctor").stdout.splitlines()]
    assert command in lines
    assert platform.is_root is not any("sudo" in line for line in lines)


def test_nothing_personal_is_in_its_output(run_cli: RunCli) -> None:
    """Counters, names of PINs and dates; no name, address or serial number."""
    result = run_cli("--sim", "adult", "doctor", "--json")
    personal = run_cli("--sim", "adult", "cert", "show", "auth", "--json").json

    assert personal["serial"] not in result.stdout
    assert "TEST" not in result.stdout


def test_a_long_name_of_a_reader_is_cut_on_the_screen_and_whole_in_json(
    run_cli: RunCli, on: Callable[[FakeFacts], None]
) -> None:
    """A line stays within the terminal."""
    name = "株式会社なんとか FeliCa Port/PaSoRi with a very long name [interface] 00 00"
    on(FakeFacts(pcsc=FakePcsc(listed=(ReaderState(name, 0, is_card_present=True),))))
    screen, value = run_cli("doctor"), run_cli("doctor", "--json")

    assert max(map(width, screen.stdout.splitlines())) <= COLUMNS
    assert next(c for c in value.json["checks"] if c["check"] == "reader_choice")["details"] == [name]


def test_its_facts_do_not_depend_on_the_kind_of_card(run_cli: RunCli, on: Callable[[FakeFacts], None]) -> None:
    """A card without PINs has nothing to list, and is no failure."""
    on(FakeFacts(pcsc=FakePcsc(card=card_status(pins=()))))
    result = run_cli("doctor", "--json")

    assert result.code == 0
    assert next(c for c in result.json["checks"] if c["check"] == "pins")["details"] == []
    assert len(Pin) == 4
