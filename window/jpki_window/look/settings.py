"""What the window remembers from one start to the next: language, text size, colours, and where it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QLocale, QSettings

from jpki.words import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

THEMES: Final = ("system", "light", "dark", "contrast")
#: Per cent of the system's text size.
TEXT_SIZES: Final = (100, 125, 150, 175, 200)


class Settings:
    """The settings of one user, in one file; a value that the window does not know counts as not set."""

    def __init__(self, file: Path | None = None) -> None:
        """Read them from where the system keeps a user's settings, or from ``file``."""
        ini = QSettings.Format.IniFormat
        if file is None:
            self._kept = QSettings(ini, QSettings.Scope.UserScope, "jpki", "window")
        else:
            self._kept = QSettings(str(file), ini)

    @property
    def language(self) -> str:
        """``ja`` or ``en``: what was chosen, else the system's language."""
        found = self._kept.value("language")
        if found in LANGUAGES:
            return str(found)
        return "ja" if QLocale.system().name().startswith("ja") else "en"

    @language.setter
    def language(self, value: str) -> None:
        self._kept.setValue("language", value)

    @property
    def text_size(self) -> int:
        """Per cent of the system's text size."""
        found = str(self._kept.value("text_size"))
        return int(found) if found in map(str, TEXT_SIZES) else TEXT_SIZES[0]

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._kept.setValue("text_size", value)

    @property
    def theme(self) -> str:
        """One of :data:`THEMES`."""
        found = self._kept.value("theme")
        return str(found) if found in THEMES else THEMES[0]

    @theme.setter
    def theme(self, value: str) -> None:
        self._kept.setValue("theme", value)

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window stood; None at the first start."""
        found = self._kept.value("geometry")
        return found if isinstance(found, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._kept.setValue("geometry", value)

    def save(self) -> None:
        """Write them down now."""
        self._kept.sync()
