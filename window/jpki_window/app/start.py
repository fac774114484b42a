"""Starts the window, with what the command line or a desktop entry says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jpki.hygiene import harden_process
from jpki.words import LANGUAGES

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from PySide6.QtWidgets import QApplication, QWidget

    from jpki_window.reading import Context

#: The picture of the program, drawn for it; jpki-window.svg is its source, and what a desktop shows.
ICON = Path(__file__).parent / "jpki-window.png"
#: How a dialog that cannot be shown ends (:mod:`jpki.agent.dialogs.program`).
_CANNOT_ASK: Final = 3


def arguments_of(arguments: Sequence[str]) -> tuple[Namespace, list[str]]:
    """Read the arguments; what is left over is for Qt."""
    from argparse import ArgumentParser

    parser = ArgumentParser("jpki-window", description="The window for the IC chip of a My Number Card.")
    parser.add_argument("--lang", choices=LANGUAGES, help="speak this language, now and from now on")
    parser.add_argument("--sim", metavar="CARD", help="show a simulated card, by its name or its file")
    parser.add_argument("--counter", action="store_true", help="show each card in large type, for a counter")
    parser.add_argument("--counter-card", action="store_true", help="one card of --counter, until it is taken away")
    parser.add_argument("--reader", metavar="NAME", help="show the card on this reader")
    return parser.parse_known_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Show the window until it is closed; returns the exit code. ``--ask`` is the agent's dialog for a PIN."""
    if "--ask" in arguments:
        return _ask([argument for argument in arguments if argument != "--ask"])
    harden_process()
    options, others = arguments_of(arguments)
    try:
        application = make_application(others, options.lang)
    except ImportError as exc:
        from jpki_window.look import end_with, missing_words, system_language

        words = missing_words(exc)
        if words is None:
            raise
        end_with(words, options.lang or system_language())
    from .toolkit_words import ToolkitWords

    context = make_context(options)
    ToolkitWords(application, context)
    try:
        return _show(application, context, options)
    finally:
        context.stop()


def _ask(arguments: Sequence[str]) -> int:
    try:
        from jpki_window.pin import main as ask
    except ImportError:
        return _CANNOT_ASK  # the toolkit is not installed; 1 would be a person's no
    return ask(arguments)


def make_application(arguments: Sequence[str] = (), language: str | None = None) -> QApplication:
    """The application of this process, with its name and picture; where it cannot be, the process ends with why."""
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from jpki_window.look import Collector, WholeCopies, end_with, explained, system_language

    with explained(lambda words: end_with(words, language or system_language())):
        application = QApplication([sys.argv[0], *arguments])
    Collector(application)
    WholeCopies(application)
    application.setApplicationName("jpki")
    application.setDesktopFileName("jpki-window")
    application.setWindowIcon(QIcon(str(ICON)))
    return application


def make_context(options: Namespace) -> Context:
    """What the pages share, in the language that is wanted."""
    from jpki_window.look import Settings
    from jpki_window.reading import Context

    settings = Settings()
    if options.lang is not None:
        settings.language = options.lang
    return Context(settings)


def _show(application: QApplication, context: Context, options: Namespace) -> int:
    if options.counter or options.counter_card:
        from jpki_window.help import run_counter, run_counter_card

        run = run_counter_card if options.counter_card else run_counter
        return run(application, context, options)
    from PySide6.QtCore import Qt

    from .main_window import MainWindow
    from .menus import apply_look

    apply_look(context)
    window = MainWindow(context)
    window.painted.connect(lambda: _begin(context, options, window), Qt.ConnectionType.QueuedConnection)
    window.show()
    return application.exec()


def _begin(context: Context, options: Namespace, window: QWidget) -> None:
    """Once the window is there, tell what nobody saw of the last time, and begin to look for cards."""
    from jpki_window.pin import default_folder, left_behind

    if left_behind(default_folder()):
        from jpki_window.pin import tell_unseen

        tell_unseen(context.say, window)
    if options.sim is not None:
        from jpki_window.card import use_simulated

        use_simulated(context, options.sim)
    else:
        context.start(options.reader)


def run() -> None:
    """Start from a desktop entry, or as ``jpki-window``."""
    sys.exit(main(sys.argv[1:]))
