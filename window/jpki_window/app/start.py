"""Starts the window."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Show the window until it is closed; returns the exit code.

    ``--ask`` is the dialog for a PIN, which other programs of this project start.
    """
    from PySide6.QtWidgets import QApplication

    from jpki_window.app.context import Context
    from jpki_window.app.main_window import MainWindow, apply_look
    from jpki_window.app.settings import Settings

    application = QApplication([sys.argv[0], *arguments])
    application.setApplicationName("jpki")
    application.setDesktopFileName("jpki-window")
    context = Context(Settings())
    apply_look(context)
    window = MainWindow(context)
    window.show()
    context.start()
    try:
        return application.exec()
    finally:
        context.stop()


def run() -> None:
    """Start from a desktop entry, or as ``jpki-window``."""
    sys.exit(main(sys.argv[1:]))
