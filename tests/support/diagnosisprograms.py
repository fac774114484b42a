"""Cases of what lies between other programs and the card (row 22)."""

from __future__ import annotations

from dataclasses import replace

from diagnosiscase import NOTE, Case
from fakefacts import FakeFacts, FakeFiles, FakePlatform, FakeProcesses

from jpki.diagnosis.causes import ProgramsCause
from jpki.diagnosis.detectors import other_programs
from jpki.diagnosis.facts import Program

_FOLDER = "/mnt/home/somebody"
HOME = {"HOME": _FOLDER, "XDG_RUNTIME_DIR": "/run/user/1000"}
MODULE_FILE = f"{_FOLDER}/.config/pkcs11/modules/jpki.module"
SOCKET = "/run/user/1000/jpki/pkcs11"
CLIENT = "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so"
#: Other places that a module file may name: below a home, with a percent sign in it, and by a relay.
CACHE = "unix:path=/mnt/home/somebody/.cache%20x/jpki/pkcs11"
RELAY = '|/usr/bin/python3 -I -m jpki_cli pkcs11 relay --socket "/run/a b/jpki/relay"'
AGENT = Program("python3", ("-I", "-m", "jpki_cli", "agent", "--with-signature"), pid=80)


def set_up(
    *files: str,
    programs: tuple[Program, ...] = (AGENT,),
    is_root: bool = False,
    remote: str = f"unix:path={SOCKET}",
) -> FakeFacts:
    """A computer on which programs were told of the agent, which runs."""
    there = dict.fromkeys((CLIENT, SOCKET, *files), "") | {MODULE_FILE: f"# first line\nremote: {remote}\n"}
    platform = FakePlatform(is_root=is_root)
    return FakeFacts(
        files=FakeFiles(there), processes=FakeProcesses(programs), environment=dict(HOME), platform=platform
    )


def without(facts: FakeFacts, path: str) -> FakeFacts:
    """The same computer without a file."""
    del facts.files.texts[path]
    return facts


def with_databases(*folders: str) -> FakeFacts:
    """A computer on which the module was added to databases, in browsers that are not found in the usual places."""
    facts = set_up()
    facts.files.texts[f"{_FOLDER}/.config/jpki/pkcs11-databases.txt"] = "\n".join(("# first line", *folders))
    return facts


def with_relative_config() -> FakeFacts:
    """A computer without an agent, where the variable for configuration holds what no program takes."""
    facts = set_up(programs=())
    facts.environment["XDG_CONFIG_HOME"] = "relative"
    return facts


PROGRAM_CASES = [
    Case("22", other_programs.p11_kit_missing, without(set_up(), CLIENT), ProgramsCause.P11_KIT_MISSING),
    Case("22", other_programs.agent_not_running, set_up(programs=()), ProgramsCause.AGENT_NOT_RUNNING),
    Case("22", other_programs.agent_elsewhere, without(set_up(), SOCKET), ProgramsCause.AGENT_ELSEWHERE),
    Case("22", other_programs.agent_elsewhere, set_up(remote=CACHE), ProgramsCause.AGENT_ELSEWHERE),
    Case("22", other_programs.agent_elsewhere, set_up(remote=RELAY), ProgramsCause.AGENT_ELSEWHERE),
    Case(
        "22",
        other_programs.agent_not_running,
        set_up(programs=(Program("python3", ("-m", "jpki_cli", "ssh", "agent"), pid=81), Program("gpg-agent", pid=82))),
        ProgramsCause.AGENT_NOT_RUNNING,
    ),
    Case(
        "22",
        other_programs.agent_not_running,
        set_up(programs=(replace(AGENT, is_own=False),)),
        ProgramsCause.AGENT_NOT_RUNNING,
    ),
    Case("22", other_programs.agent_not_running, with_relative_config(), ProgramsCause.AGENT_NOT_RUNNING),
    Case(
        "22",
        other_programs.root_without_modules,
        set_up(is_root=True),
        ProgramsCause.ROOT_WITHOUT_MODULES,
        verdict=NOTE,
    ),
    Case(
        "22",
        other_programs.browser_in_sandbox,
        set_up("/snap/bin/firefox", f"{_FOLDER}/.local/share/flatpak/app/org.chromium.Chromium"),
        ProgramsCause.BROWSER_IN_SANDBOX,
        ("Firefox (snap)", "Chromium (flatpak)"),
        NOTE,
    ),
    Case(
        "22",
        other_programs.browser_in_sandbox,
        set_up("/var/lib/snapd/snap/firefox/current"),
        ProgramsCause.BROWSER_IN_SANDBOX,
        ("Firefox (snap)",),
        NOTE,
    ),
    Case(
        "22",
        other_programs.browser_in_sandbox,
        with_databases(
            f"{_FOLDER}/.mozilla/firefox/abc.default",
            f"{_FOLDER}/snap/firefox/common/.mozilla/firefox/abc.default",
            f"{_FOLDER}/.var/app/org.mozilla.firefox/.mozilla/firefox/abc.default",
        ),
        ProgramsCause.BROWSER_IN_SANDBOX,
        ("Firefox (snap)", "Firefox (flatpak)"),
        NOTE,
    ),
]
