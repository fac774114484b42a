"""Which language is used: found in the environment, and passed to Click too. The sentences are :mod:`jpki.words`'s."""

from __future__ import annotations

import gettext
import os
import sys
from typing import TYPE_CHECKING, Final

from jpki.words import DOMAIN, LANGUAGES, LOCALE_DIR, MN, M, Message, current_language, speak

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LANGUAGES", "MN", "M", "Message", "current_language", "detect_language", "set_language"]

#: How long macOS may take to name its language.
_SECONDS: Final = 5.0


def set_language(language: str) -> None:
    """Choose the language of everything that is printed from now on, Click's own words included.

    Click looks its words up through the global gettext domain, which takes the language from the environment.
    """
    speak(language)
    # English is in no catalogue; C says so at once, where "en" would be looked for with the help of locale.
    os.environ["LANGUAGE"] = "C" if language == "en" else language
    gettext.bindtextdomain(DOMAIN, LOCALE_DIR)
    gettext.textdomain(DOMAIN)


def detect_language(environment: Mapping[str, str]) -> str:
    """Choose the language from the locale, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(variable)
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "ja" if _system_language().lower().startswith("ja") else "en"


def _system_language() -> str:
    """Language of the desktop where no locale variable is set: Windows and macOS programs started by a click."""
    if sys.platform == "win32":
        import ctypes

        japanese = 0x11
        primary = ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF
        return "ja" if primary == japanese else "en"
    if sys.platform == "darwin":
        return _macos_locale()
    return ""


def _macos_locale() -> str:
    import subprocess

    try:
        found = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLocale"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()
