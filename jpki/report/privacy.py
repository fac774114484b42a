"""What a report leaves out: user names in paths, serial numbers in the names of readers, and days of birth."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jpki.diagnosis import Check

if TYPE_CHECKING:
    from datetime import date

    from jpki.diagnosis import Finding

#: Where users' folders are on Linux, macOS and Windows, also on a Windows disk that WSL shows.
_HOMES: Final = r"(?:/home/|/Users/|(?:/mnt)?/?[A-Za-z]:?[\\/]Users[\\/])[^\\/\s\"'<>:]+"
#: In brackets PC/SC on Linux writes a reader's serial number behind its name; model numbers stand before them.
_IN_BRACKETS: Final = r"\s*\((?=[^)]*\d)[0-9A-Za-z .:_-]{4,}\)"
#: As a word of its own a number of seven digits or more, or eight hex digits or more, is not a model.
_AS_A_WORD: Final = r"\s*\b(?:\d{7,}|(?=[0-9A-F]*\d)[0-9A-F]{8,}|(?=[0-9a-f]*\d)[0-9a-f]{8,})\b"
_DAY: Final = r"\b(\d{4}-\d{2})-\d{2}\b"
_MARK: Final = " (…)"


def shorten_paths(text: str, home: str | None = None) -> str:
    """Write ``~`` for the folder of this user, and of any other."""
    own = str(Path.home()) if home is None else home
    if len(own) > 1:
        text = re.sub(re.escape(own.rstrip("/\\")) + r"(?![\w.-])", "~", text)
    return re.sub(_HOMES, "~", text)


def without_serial(reader: str) -> str:
    """Leave serial numbers out of a reader's name; the two numbers that PC/SC puts at the end stay."""
    text = re.sub(_IN_BRACKETS, _MARK, reader)
    return re.sub(_AS_A_WORD, _MARK, text).strip()


def month(day: date) -> str:
    """Year and month: the day on which a certificate or a card ends is its holder's birthday (docs/certificates.md)."""
    return f"{day:%Y-%m}"


def without_personal_details(finding: Finding) -> Finding:
    """Leave out of a finding what a report must not hold."""
    details = finding.outcome.details
    if finding.check is Check.APPLICATION and finding.outcome.cause is None:
        details = ()  # the label of the token, whatever a card says there; the kind of card is shown elsewhere
    elif finding.check in (Check.CERTIFICATES, Check.CARD_PERIOD):
        details = tuple(re.sub(_DAY, r"\1", detail) for detail in details)
    else:
        details = tuple(without_serial(shorten_paths(detail)) for detail in details)
    advice = tuple(a.without_days() for a in finding.outcome.advice)
    return replace(finding, outcome=replace(finding.outcome, details=details, advice=advice))
