"""Checks of what lies between other programs and the card: p11-kit, the agent, and what a program may see of them.

They are made only where ``jpki pkcs11 install`` was run; a person who does not use it has nothing to mend.
"""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.causes import ProgramsCause
from jpki.diagnosis.codes import Reason
from jpki.diagnosis.facts import System
from jpki.diagnosis.findings import failed, not_checked, noted

from .sandboxes import installed_in_sandbox, noted_sandboxes, sandbox_of

if TYPE_CHECKING:
    from jpki.diagnosis.facts import Facts, Program
    from jpki.diagnosis.findings import Outcome

#: Where p11-kit-client.so lies: Debian's folders for two processors, Fedora's, Arch's, and Homebrew's two.
CLIENT_MODULES: Final = tuple(
    f"{folder}/pkcs11/p11-kit-client.so"
    for folder in (
        *("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"),
        *("/opt/homebrew/lib", "/usr/local/lib"),
    )
)
_MODULE_FILE: Final = "pkcs11/modules/jpki.module"
#: What jpki pkcs11 install writes into it: where p11-kit connects to, or a relay with its socket.
_REMOTE, _ADDRESS, _SOCKET_OPTION = "remote: ", "unix:path=", "--socket"
#: The list that install keeps of the databases that it changes, below its first line.
_DATABASES: Final = "jpki/pkcs11-databases.txt"


def not_set_up(facts: Facts) -> Outcome | None:
    """Programs were told where the agent is."""
    if facts.platform.system not in (System.LINUX, System.MACOS):
        return not_checked(Reason.OTHER_SYSTEM)
    return None if _is_set_up(facts) else not_checked(Reason.NOT_HERE)


def _is_set_up(facts: Facts) -> bool:
    return facts.files.exists(f"{_config(facts)}/{_MODULE_FILE}")


def _home(facts: Facts) -> str:
    return facts.environment.get("HOME") or ""


def _config(facts: Facts) -> str:
    named = facts.environment.get("XDG_CONFIG_HOME") or ""
    return named if named.startswith("/") else f"{_home(facts)}/.config"  # as install has it


def p11_kit_missing(facts: Facts) -> Outcome | None:
    """The module that programs load is installed."""
    is_there = any(facts.files.exists(path) for path in CLIENT_MODULES)
    return None if is_there or not _is_set_up(facts) else failed(ProgramsCause.P11_KIT_MISSING)


def agent_not_running(facts: Facts) -> Outcome | None:
    """The agent runs; only Linux tells with which arguments a program was started."""
    if facts.platform.system is not System.LINUX or not _is_set_up(facts):
        return None
    is_there = any(map(_is_agent, facts.processes.running()))
    return None if is_there else failed(ProgramsCause.AGENT_NOT_RUNNING)


def agent_elsewhere(facts: Facts) -> Outcome | None:
    """The agent has a socket where the module file says; an agent that does not run was found before."""
    if facts.platform.system is not System.LINUX:
        return None
    place = _told_place(facts.files.read_text(f"{_config(facts)}/{_MODULE_FILE}") or "")
    return None if place is None or facts.files.exists(place) else failed(ProgramsCause.AGENT_ELSEWHERE)


def _told_place(module_file: str) -> str | None:
    """The socket that a module file names, to p11-kit or to the relay."""
    remote = next((line[len(_REMOTE) :] for line in module_file.splitlines() if line.startswith(_REMOTE)), "")
    _, _, named = remote.partition(f" {_SOCKET_OPTION} ")
    with suppress(ValueError):
        if remote.startswith(_ADDRESS):
            return _without_percents(remote.removeprefix(_ADDRESS))
        return next(iter(shlex.split(named)), None)
    return None


def _without_percents(address: str) -> str:
    """Put back what stands as a percent sign and two digits."""
    first, *others = address.encode(errors="surrogateescape").split(b"%")
    return os.fsdecode(first + b"".join(bytes.fromhex(part[:2].decode("ascii")) + part[2:] for part in others))


def _is_agent(program: Program) -> bool:
    """Whether a program is ``jpki agent`` of this user, started as a module or as a script."""
    words = [os.path.basename(argument) for argument in program.arguments]
    if program.name == "jpki" and "jpki" not in words:
        words = ["jpki", *words]
    start = next((at for at, word in enumerate(words) if word in ("jpki", "jpki_cli")), len(words))
    return program.is_own and "agent" in words[start:] and "ssh" not in words[start:]


def root_without_modules(facts: Facts) -> Outcome | None:
    """Programs of this user read its module files."""
    return noted(ProgramsCause.ROOT_WITHOUT_MODULES) if facts.platform.is_root and _is_set_up(facts) else None


def browser_in_sandbox(facts: Facts) -> Outcome | None:
    """No browser that is installed, or to which the module was added, runs in a sandbox of its own."""
    if not _is_set_up(facts):
        return None
    home = _home(facts)
    databases = (facts.files.read_text(f"{_config(facts)}/{_DATABASES}") or "").splitlines()[1:]
    changed = filter(None, (sandbox_of(folder, home) for folder in databases))
    found = tuple(dict.fromkeys((*installed_in_sandbox(facts.files, home), *changed)))
    return noted_sandboxes(found) if found else None
