"""Checks of what would write PINs to a log: of all programs, not of this one alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.causes import ProgramsCause
from jpki.diagnosis.facts import System
from jpki.diagnosis.findings import PASSED, failed

from .usb import DRIVER_FILE, driver_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.diagnosis.facts import Facts
    from jpki.diagnosis.findings import Outcome

_APDU_OPTIONS: Final = frozenset({"-a", "--apdu"})
_SERVICE: Final = "pcscd"
#: A library put in place of pcsc-lite's own, which sees every command (pcsc-lite, libpcsclite.c and libpcscspy).
_SPY_VARIABLES: Final = ("LIBPCSCLITE_DELEGATE", "LIBPCSCLITE_SPY_DELEGATE")
_SPY_LIBRARY: Final = "libpcscspy"
#: Bit of libccid's log level that writes every byte to and from the reader (ccid, debug.h: DEBUG_LEVEL_COMM).
_DRIVER_LOGS_BYTES: Final = 0x0004
_DRIVER_LEVEL: Final = "LIBCCID_ifdLogLevel"
_LEVEL_VARIABLE: Final = re.compile(rf"{_DRIVER_LEVEL}=[\"']?(\w+)")
_LEVEL_ENTRY: Final = re.compile(r"<key>ifdLogLevel</key>\s*<string>(\w+)</string>")
_MACOS_LOGGING: Final = "Logging"
_OPTION_FILES: Final = ("/etc/default/pcscd", "/etc/sysconfig/pcscd", "/etc/conf.d/pcscd")


def logged_by_service(facts: Facts) -> Outcome | None:
    """The service does not log APDUs."""
    for program in facts.processes.running():
        if program.name == _SERVICE and _APDU_OPTIONS & set(_separated(program.arguments)):
            return failed(ProgramsCause.PIN_LOGGED_BY_SERVICE, details=(" ".join([program.name, *program.arguments]),))
    for path in _OPTION_FILES:
        if _APDU_OPTIONS & set(re.split(r"[\s\"'=]+", _settings(facts, path))):
            return failed(ProgramsCause.PIN_LOGGED_BY_SERVICE, details=(path,))
    return None


def _settings(facts: Facts, path: str) -> str:
    """A file of settings without its comments."""
    lines = (facts.files.read_text(path) or "").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def _separated(arguments: tuple[str, ...]) -> list[str]:
    """Arguments with short options that were written together, as in ``-fda``, taken apart."""
    found = []
    for argument in arguments:
        is_together = re.fullmatch(r"-[a-z]{2,}", argument, re.IGNORECASE)
        found += [f"-{letter}" for letter in argument[1:]] if is_together else [argument]
    return found


def logged_by_spy(facts: Facts) -> Outcome | None:
    """There is no other library between programs and the service."""
    found = [name for name in _SPY_VARIABLES if facts.environment.get(name)]
    if _SPY_LIBRARY in (facts.environment.get("LD_PRELOAD") or ""):
        found.append("LD_PRELOAD")
    if found:
        return failed(ProgramsCause.PIN_LOGGED_BY_SPY, details=tuple(found))
    return None


def logged_by_driver(facts: Facts) -> Outcome | None:
    """The driver of the reader does not log bytes."""
    for where, value in _driver_levels(facts):
        try:
            level = int(value, 0)
        except ValueError:
            continue
        if level & _DRIVER_LOGS_BYTES:
            return failed(ProgramsCause.PIN_LOGGED_BY_DRIVER, details=(f"{where}: {value}",))
    return None


def _driver_levels(facts: Facts) -> Iterator[tuple[str, str]]:
    """Where the driver takes its log level from: a variable, of this program or of the service, and its own file."""
    yield _DRIVER_LEVEL, facts.environment.get(_DRIVER_LEVEL) or ""
    for path in _OPTION_FILES:
        yield from ((path, value) for value in _LEVEL_VARIABLE.findall(_settings(facts, path)))
    bundle = driver_bundle(facts)
    if bundle:
        path = f"{bundle}/{DRIVER_FILE}"
        yield from ((path, value) for value in _LEVEL_ENTRY.findall(facts.files.read_text(path) or ""))


def logged_by_macos(facts: Facts) -> Outcome | None:
    """MacOS does not log what goes to and from cards."""
    if facts.platform.system is System.MACOS and facts.platform.smartcard_settings().get(_MACOS_LOGGING):
        return failed(ProgramsCause.PIN_LOGGED_BY_MACOS)
    return None


def nothing_logs_pins(facts: Facts) -> Outcome:
    """Nothing that can be seen writes PINs to a log."""
    del facts
    return PASSED
