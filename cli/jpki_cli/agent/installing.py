"""The files by which programs find the agent: what ``jpki pkcs11 install`` makes, and its undoing.

The databases of browsers: :mod:`jpki_cli.agent.nss`.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from jpki.agent import home_folder
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki_cli.failures import CliError

MARK: Final = "# Written by jpki pkcs11 install; jpki pkcs11 uninstall removes it."
UNIT: Final = "jpki-agent.service"


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


def address(socket: Path) -> str:
    """Write the address of a socket as p11-kit reads it (p11_path_decode): what is unusual in percent signs."""
    return f"unix:path={quote(os.fsencode(socket))}"


def _p11_kit_word(word: str) -> str:
    """Write a word of a command line as p11-kit reads it (p11_argv_parse): blanks keep it whole between quotes only."""
    if not any(character.isspace() or character in "'\"\\" for character in word):
        return word
    mark = "'" if '"' in word else '"'
    return mark + word.replace(mark, f"\\{mark}") + mark


def _unit_word(word: str) -> str:
    """Write a word of a command line as systemd reads it (systemd.service(5), systemd.unit(5))."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def require_unit_program() -> None:
    """Require that systemd takes the path of this program, which it does not with some characters however quoted.

    Raises:
        CliError: it has one of them (string_is_safe of systemd: quotation marks, backslash, control characters).
    """
    if any(character in "\"'\\\x7f" or character < " " for character in sys.executable):
        raise usage_error(
            M(
                "systemd starts no program with a quotation mark, a backslash or a control character in its path: "
                "{path}",
                path=sys.executable,
            ),
            code="unit_path",
            remedy=(M("Nothing was written. Install jpki in another folder."),),
        )


def module_text(socket: Path, relay: Path | None, *, is_signature: bool) -> str:
    """Write a module file of p11-kit; with ``relay`` it runs the relay, which has the agent started if need be."""
    if relay is None:
        remote = address(socket)
    else:
        options = ("--signature",) if is_signature else ()
        remote = "|" + " ".join(map(_p11_kit_word, agent_command("pkcs11", "relay", "--socket", str(relay), *options)))
    return f"{MARK}\nremote: {remote}\n"


def unit_text(*, with_signature: bool) -> str:
    """Write the unit: the agent runs as long as the desktop session, where a dialog can be shown."""
    options = ["--with-signature"] if with_signature else []
    words = agent_command("agent", *options)
    command = " ".join(map(_unit_word, words))
    if "$" in command:
        command = f":{command}"  # the service manager puts no variables in; it knows this sign from version 244 on
    return (
        f"{MARK}\n[Unit]\nDescription=My Number Card for other programs\nPartOf=graphical-session.target\n"
        f"After=graphical-session.target\n\n[Service]\nExecStart={command}\nRestart=on-failure\n\n"
        "[Install]\nWantedBy=graphical-session.target\n"
    )


def _failed(path: Path, exc: OSError) -> CliError:
    return usage_error(M("{path} cannot be written: {reason}", path=path, reason=exc.strerror or ""))


def write(path: Path, text: str, done: Done) -> None:
    """Write a file of ours; another's in its place is left alone.

    Raises:
        CliError: it cannot be written, or is somebody else's.
    """
    try:
        if os.path.lexists(path) and not is_ours(path):
            raise usage_error(M("{path} is not from this program, so it was left alone.", path=path), code="not_ours")
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path.resolve(), text)  # a link stays one
    except OSError as exc:
        raise _failed(path, exc) from exc
    done.written.append(str(path))


def _put(path: Path, text: str) -> None:
    """Write a file beside its place and rename it: on a full disk the one before stays, whole and known as ours."""
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8", errors="surrogateescape")
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise


def is_ours(path: Path) -> bool:
    """Whether this program has written a file; one that cannot be read is another's."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline().rstrip() == MARK
    except OSError:
        return False


def link(path: Path, target: Path, done: Done) -> None:
    """Make the link by which the service manager starts the unit."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_symlink():
            path.symlink_to(target)
            done.written.append(str(path))
    except OSError as exc:
        raise _failed(path, exc) from exc


def remove_all(environment: Mapping[str, str], done: Done) -> None:
    """Remove every file that :func:`write` and :func:`link` made, but for the list of databases.

    Raises:
        CliError: one cannot be removed.
    """
    unit, wants = unit_files(environment)
    if wants.is_symlink() and os.readlink(wants) == str(unit):
        _remove(wants, done)
    for path in (*module_files(environment).values(), unit, java_file(environment)):
        remove(path, done)


def remove(path: Path, done: Done) -> None:
    """Remove a file if it is ours; raises as above."""
    if is_ours(path):
        _remove(path, done)


def _remove(path: Path, done: Done) -> None:
    try:
        path.unlink()
    except OSError as exc:
        raise usage_error(M("{path} cannot be removed: {reason}", path=path, reason=exc.strerror or "")) from exc
    done.removed.append(str(path))
