"""What the toolkit says by itself, in its dialogs for files and for printing: in the language of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from jpki_window.reading import Context


class ToolkitWords(QObject):
    """Follows the language of the window; the toolkit itself speaks English."""

    def __init__(self, application: QApplication, context: Context) -> None:
        """Speak the window's language from now on."""
        super().__init__(application)
        self._application = application
        self._translator = QTranslator(self)
        context.language_changed.connect(self.speak)
        self.speak(context.language)

    def speak(self, language: str) -> None:
        """Say everything in this language that the toolkit is translated into."""
        self._application.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if language != "en" and self._translator.load(f"qtbase_{language}", folder):
            self._application.installTranslator(self._translator)
