"""The pages on troubleshooting say what doctor says, and nothing that it can say is without words."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from jpki.diagnosis.causes import REMEDIES_OF
from jpki.diagnosis.codes import Cause, Check, Remedy, Step
from jpki.diagnosis.examine import CHECKS
from jpki.diagnosis.rows import ROWS
from jpki_cli.doctor.causes import CAUSES
from jpki_cli.doctor.remedies import COMMANDS, REMEDIES, commands_for
from jpki_cli.doctor.screen import CHECK_NAMES, STEPS
from jpki_cli.doctor.symptoms import SYMPTOMS

ROOT = Path(__file__).parents[3]


def test_the_pages_are_what_the_data_give() -> None:
    """scripts/generate-docs would write them as they are."""
    script = ROOT / "scripts" / "generate-docs"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_everything_has_words() -> None:
    """Each check, step, cause, remedy and row."""
    assert set(CHECK_NAMES) == set(Check) == {specification.check for specification in CHECKS}
    assert set(STEPS) == set(Step)
    assert set(CAUSES) == set(Cause) == set(REMEDIES_OF)
    assert set(REMEDIES) == set(Remedy) == {remedy for remedies in REMEDIES_OF.values() for remedy in remedies}
    assert set(SYMPTOMS) == {row.name for row in ROWS}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_sentence_has_a_link(language: str) -> None:
    """What is said stands by itself: no address to open."""
    sentences = [text for cause in CAUSES.values() for text in (cause.what, cause.why)] + list(REMEDIES.values())
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
    assert commands_for(Remedy.INSTALL_SERVICE, names) == (command,)


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
    start = [commands_for(Remedy.ENABLE_SERVICE, names) for names in systems]

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
    commands = [command for table in COMMANDS.values() for found in table.values() for command in found]

    assert [c for c in commands if re.search(r"\b(kill|pkill|killall|taskkill)\b(?! scdaemon)", c)] == []
    assert [c for c in commands if "sudo jpki" in c] == []
