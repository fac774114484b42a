"""Checks of what lies between other programs and the card: p11-kit, the agent, and what a program may see of them.

They are made only where ``jpki pkcs11 install`` was run; a person who does not use it has nothing to mend.
"""

from __future__ import annotations

import os
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
    return facts.environment.get("XDG_CONFIG_HOME") or f"{_home(facts)}/.config"


def p11_kit_missing(facts: Facts) -> Outcome | None:
    """The module that programs load is installed."""
    is_there = any(facts.files.exists(path) for path in CLIENT_MODULES)
    return None if is_there or not _is_set_up(facts) else failed(ProgramsCause.P11_KIT_MISSING)


def agent_not_running(facts: Facts) -> Outcome | None:
    """The agent runs and has its socket; only Linux tells with which arguments a program was started."""
    if facts.platform.system is not System.LINUX or not _is_set_up(facts):
        return None
    folder = facts.environment.get("XDG_RUNTIME_DIR")
    has_socket = folder is None or facts.files.exists(f"{folder}/jpki/pkcs11")
    if has_socket and any(map(_is_agent, facts.processes.running())):
        return None
    return failed(ProgramsCause.AGENT_NOT_RUNNING)


def _is_agent(program: Program) -> bool:
    """Whether a program is ``jpki agent``, started as a module or as a script."""
    words = [os.path.basename(argument) for argument in program.arguments]
    if program.name == "jpki" and "jpki" not in words:
        words = ["jpki", *words]
    start = next((at for at, word in enumerate(words) if word in ("jpki", "jpki_cli")), len(words))
    return "agent" in words[start:] and "ssh" not in words[start:]


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
