"""The files and databases by which programs find the agent: what ``jpki pkcs11 install`` makes, and its undoing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jpki.agent import home_folder
from jpki_cli.failures import EXIT_USAGE, CliError, Failure, usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki_cli.words import Message

MARK: Final = "# Written by jpki pkcs11 install; jpki pkcs11 uninstall removes it."
NSS_NAME: Final = "jpki"
UNIT: Final = "jpki-agent.service"
_SECONDS: Final = 60.0


@dataclass(slots=True)
class Done:
    """What was done, in order: files that were written or removed, databases that were changed."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    databases: list[str] = field(default_factory=list)


def find_module() -> str:
    """Find p11-kit-client.so.

    Raises:
        CliError: it is not installed.
    """
    from jpki.diagnosis.detectors import CLIENT_MODULES

    for path in CLIENT_MODULES:
        if Path(path).exists():
            return path
    raise usage_error(
        M("p11-kit-client.so is not installed; it is a part of p11-kit."),
        code="p11_kit_missing",
        remedy=(M("Debian, Ubuntu:\n  sudo apt install p11-kit-modules\nFedora:\n  sudo dnf install p11-kit-server"),),
    )


def _config(environment: Mapping[str, str]) -> Path:
    named = environment.get("XDG_CONFIG_HOME", "")
    return Path(named) if named.startswith("/") else home_folder(environment) / ".config"


def module_files(environment: Mapping[str, str]) -> dict[str, Path]:
    """Name the module files of p11-kit, by token."""
    folder = _config(environment) / "pkcs11" / "modules"
    return {"user": folder / "jpki.module", "signature": folder / "jpki-signature.module"}


def unit_files(environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Name the unit of the user's service manager, and the link that has it started with the desktop."""
    folder = _config(environment) / "systemd" / "user"
    return folder / UNIT, folder / "graphical-session.target.wants" / UNIT


def java_file(environment: Mapping[str, str]) -> Path:
    """Name the configuration for Java's provider."""
    return _config(environment) / "jpki" / "java-pkcs11.cfg"


def record_file(environment: Mapping[str, str]) -> Path:
    """Name the list of databases that were changed, which uninstall goes by."""
    return _config(environment) / "jpki" / "pkcs11-databases.txt"


def agent_command(*options: str) -> list[str]:
    """The command line of this very program, which no environment variable leads elsewhere."""
    return [sys.executable, "-I", "-m", "jpki_cli", *options]


def module_text(socket: Path, relay: Path | None, *, is_signature: bool) -> str:
    """Write a module file of p11-kit; with ``relay`` it runs the relay, which has the agent started if need be."""
    if relay is None:
        remote = f"unix:path={socket}"
    else:
        options = ("--signature",) if is_signature else ()
        remote = "|" + " ".join(agent_command("pkcs11", "relay", "--socket", str(relay), *options))
    return f"{MARK}\nremote: {remote}\n"


def unit_text(*, with_signature: bool) -> str:
    """Write the unit: the agent runs as long as the desktop session, where a dialog can be shown."""
    options = ["--with-signature"] if with_signature else []
    command = " ".join(f'"{part}"' for part in agent_command("agent", *options))
    return (
        f"{MARK}\n[Unit]\nDescription=My Number Card for other programs\nPartOf=graphical-session.target\n"
        f"After=graphical-session.target\n\n[Service]\nExecStart={command}\nRestart=on-failure\n\n"
        "[Install]\nWantedBy=graphical-session.target\n"
    )


def write(path: Path, text: str, done: Done) -> None:
    """Write a file of ours; another's in its place is left alone.

    Raises:
        CliError: it cannot be written, or is somebody else's.
    """
    try:
        if path.exists() and not _is_ours(path):
            raise usage_error(M("{path} is not from this program, so it was left alone.", path=path), code="not_ours")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        reason = exc.strerror or ""
        raise usage_error(M("{path} cannot be written: {reason}", path=path, reason=reason)) from exc
    done.written.append(str(path))


def _is_ours(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline().rstrip() == MARK


def link(path: Path, target: Path, done: Done) -> None:
    """Make the link by which the service manager starts the unit."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_symlink():
            path.symlink_to(target)
            done.written.append(str(path))
    except OSError as exc:
        reason = exc.strerror or ""
        raise usage_error(M("{path} cannot be written: {reason}", path=path, reason=reason)) from exc


def remove_all(environment: Mapping[str, str], done: Done) -> None:
    """Remove every file that :func:`write` and :func:`link` made."""
    unit, wants = unit_files(environment)
    if wants.is_symlink() and os.readlink(wants) == str(unit):
        wants.unlink()
        done.removed.append(str(wants))
    for path in (*module_files(environment).values(), unit, java_file(environment), record_file(environment)):
        if path.is_file() and _is_ours(path):
            path.unlink()
            done.removed.append(str(path))


# NSS: browsers and office programs


def nss_databases(firefox: tuple[str, ...], environment: Mapping[str, str], *, chromium: bool) -> list[Path]:
    """Find the NSS databases that are meant: of Firefox profiles, and the one of Chromium and Chrome."""
    found = [Path(profile).absolute() for profile in firefox]
    for folder in found:
        if not (folder / "cert9.db").exists():
            raise usage_error(M("{path} is not a Firefox profile: it has no cert9.db.", path=folder), code="no_profile")
    if chromium:
        found.append(home_folder(environment) / ".pki" / "nssdb")
    return found


def browsers_in_sandbox(firefox: tuple[str, ...], environment: Mapping[str, str], *, chromium: bool) -> tuple[str, ...]:
    """Name those among the browsers that are meant which see other files than other programs do."""
    from jpki.diagnosis.detectors import installed_in_sandbox, sandbox_of
    from jpki.diagnosis.system import LocalFiles

    home = home_folder(environment)
    profiles = [Path(profile).resolve() for profile in firefox]  # ~/.mozilla may be a link
    of_profiles = [sandbox_of(str(profile), str(home.resolve())) for profile in profiles]
    of_chromium = installed_in_sandbox(LocalFiles(), str(home), with_firefox=False) if chromium else ()
    return tuple(dict.fromkeys((*filter(None, of_profiles), *of_chromium)))


def recorded_databases(environment: Mapping[str, str]) -> list[Path]:
    """Find the databases that :func:`record_databases` wrote down."""
    path = record_file(environment)
    if not path.is_file() or not _is_ours(path):
        return []
    return [Path(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def record_databases(environment: Mapping[str, str], folders: list[Path], done: Done) -> None:
    """Write down which databases are changed, before they are; raises as :func:`write`."""
    known = recorded_databases(environment)
    new = [folder for folder in dict.fromkeys(folders) if folder not in known]
    if new:
        write(record_file(environment), "\n".join([MARK, *map(str, (*known, *new)), ""]), done)


def add_to_nss(folder: Path, module: str, done: Done) -> None:
    """Add p11-kit-client.so to a database, which is made if there is none; once is enough.

    Raises:
        CliError: the tools are not installed, or the database refuses it.
    """
    if not (folder / "cert9.db").exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _nss("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    remove_from_nss(folder, Done())  # what was added before may be another path of the module
    _nss("modutil", "-dbdir", f"sql:{folder}", "-add", NSS_NAME, "-libfile", module, "-force")
    done.databases.append(str(folder))


def remove_from_nss(folder: Path, done: Done) -> None:
    """Take it out of a database that has it; raises as :func:`add_to_nss`."""
    if _is_in_nss(folder):
        _nss("modutil", "-dbdir", f"sql:{folder}", "-delete", NSS_NAME, "-force")
        done.databases.append(str(folder))


def _is_in_nss(folder: Path) -> bool:
    """Whether a database names the module; its list of modules is a text file."""
    try:
        modules = (folder / "pkcs11.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return f"name={NSS_NAME}" in modules.splitlines()


def _nss(*argv: str) -> None:
    try:
        ended = subprocess.run(  # noqa: S603 - tools of NSS with arguments of ours
            argv, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as exc:
        raise usage_error(
            M("{program} is not installed.", program=argv[0]),
            code="nss_tools_missing",
            remedy=(M("Debian, Ubuntu:\n  sudo apt install libnss3-tools\nFedora:\n  sudo dnf install nss-tools"),),
        ) from exc
    if ended.returncode:
        raise CliError(Failure(EXIT_USAGE, "nss_failed", _nss_failure(argv), (M("Close the browser and try again."),)))


def _nss_failure(argv: tuple[str, ...]) -> Message:
    return M("{program} refused to change {database}.", program=argv[0], database=argv[2])
