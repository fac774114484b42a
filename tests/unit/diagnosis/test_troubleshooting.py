"""The pages on troubleshooting say what doctor says, and nothing that it can say is without words."""

from __future__ import annotations

import re

import pytest
from generated import check_current

from jpki.diagnosis import CHECKS, Check, Reason, Step
from jpki.diagnosis.causes import ALL_CAUSES
from jpki.diagnosis.remedies import ALL_REMEDIES, ProgramsRemedy, ReaderRemedy, SetupRemedy
from jpki.diagnosis.rows import ROWS


def test_the_pages_are_what_the_data_give() -> None:
    """scripts/generate-docs would write them as they are."""
    check_current("generate-docs")


def test_everything_has_words() -> None:
    """Each check, step, cause, remedy and row."""
    assert set(Check) == {specification.check for specification in CHECKS}
    assert set(ALL_REMEDIES) == {remedy for cause in ALL_CAUSES for remedy in cause.remedies}
    assert set(ALL_CAUSES) == {cause for row in ROWS for cause in row.causes}
    words = [*(member.label for kind in (Check, Step, Reason) for member in kind), *(row.symptom for row in ROWS)]
    words += [text for cause in ALL_CAUSES for text in (cause.what, cause.why)] + [
        remedy.text for remedy in ALL_REMEDIES
    ]
    said = [word.with_values(details="x") for word in words]
    english = [word.text("ja") for word in said if word.text("ja") == word.text("en")]
    assert english == ["Python", "pyscard"], "no Japanese in jpki/words/locale: run scripts/catalogues"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_sentence_has_a_link(language: str) -> None:
    """What is said stands by itself: no address to open."""
    sentences = [text for cause in ALL_CAUSES for text in (cause.what, cause.why)] + [r.text for r in ALL_REMEDIES]
    texts = [sentence.with_values(details="x").text(language) for sentence in sentences]

    assert [text for text in texts if re.search(r"https?:|www\.", text)] == []


@pytest.mark.parametrize(
    ("names", "command"),
    [
        (("apt", "systemd", "linux"), "sudo apt install pcscd libccid"),
        (("dnf", "systemd", "linux"), "sudo dnf install pcsc-lite pcsc-lite-ccid"),
        (("pacman", "systemd", "linux"), "sudo pacman -S pcsclite ccid"),
        (("apk", "openrc", "linux"), "doas apk add pcsc-lite ccid"),
        (("zypper", "systemd", "linux"), "sudo zypper install pcsc-lite pcsc-ccid"),
        (("emerge", "systemd", "linux"), "sudo emerge --ask sys-apps/pcsc-lite app-crypt/ccid"),
        (("xbps", "runit", "linux"), "sudo xbps-install -S pcsclite pcsc-ccid"),
    ],
)
def test_the_command_is_that_of_the_distribution(names: tuple[str, ...], command: str) -> None:
    """Each package manager has its own."""
    assert SetupRemedy.INSTALL_SERVICE.commands_for(names) == (command,)


def test_how_the_service_is_started_depends_on_what_starts_services() -> None:
    """Whatever does it on Linux, Windows, and nothing at all on macOS, where it is a part of the system."""
    systems = (
        ("apt", "systemd", "linux"),
        ("apk", "openrc", "linux"),
        ("emerge", "openrc", "linux"),
        ("emerge", "systemd", "linux"),
        ("xbps", "runit", "linux"),
        ("nix", "systemd", "linux"),
        ("apt", "init_scripts", "linux"),
        ("apt", "linux"),
        ("apt", "linux", "root"),
        ("apk", "linux"),
        ("windows",),
        ("brew", "macos"),
    )
    start = [SetupRemedy.ENABLE_SERVICE.commands_for(names) for names in systems]

    assert [commands[:1] for commands in start] == [
        ("sudo systemctl enable --now pcscd.socket",),
        ("doas rc-update add pcscd",),
        ("sudo rc-update add pcscd default",),
        ("sudo systemctl enable --now pcscd.socket",),
        ("sudo ln -s /etc/sv/pcscd /var/service/",),
        ("services.pcscd.enable = true;  # in /etc/nixos/configuration.nix",),
        ("sudo service pcscd start",),
        ("sudo pcscd",),
        ("pcscd",),
        ("doas pcscd",),
        ("sc.exe config SCardSvr start= demand",),
        (),
    ]


def test_no_command_ends_another_program_or_runs_this_one_as_root() -> None:
    """Nothing is killed by name, and jpki itself never needs sudo."""
    commands = [command for remedy in ALL_REMEDIES for found in remedy.commands.values() for command in found]

    assert [c for c in commands if re.search(r"\b(kill|pkill|killall|taskkill)\b(?! scdaemon)", c)] == []
    assert [c for c in commands if "sudo jpki" in c] == []


#: Whose causes are of Linux alone: devices of usbfs, and libraries of pcsc-lite and its driver.
_NEVER_ON_WINDOWS = {ReaderRemedy.GNUPG_WITHOUT_CCID, ProgramsRemedy.UNSET_SPY, ProgramsRemedy.DRIVER_LOG_LEVEL}


def test_commands_for_windows_are_of_its_shells() -> None:
    """Both PowerShell and the Command Prompt take them: no single quotes, no home as ~, no words of other shells."""
    commands = [
        command
        for remedy in ALL_REMEDIES
        if remedy not in _NEVER_ON_WINDOWS
        for command in remedy.commands_for(["windows"])
    ]

    assert commands
    assert [c for c in commands if re.search(r"'|~/|>>|\$|\bunset\b|\bsudo\b|&&|\bsc\b(?!\.exe)", c)] == []
