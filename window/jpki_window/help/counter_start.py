"""Starts the mode for a counter, and the process of one card in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import Namespace

    from PySide6.QtWidgets import QApplication, QWidget

    from jpki.client import CardService
    from jpki_window.reading import Context

#: Per cent: whoever stands before a counter reads it from further away.
_TEXT_SIZE: Final = 175


def run_counter(application: QApplication, context: Context, options: Namespace) -> int:
    """Wait for cards until it is ended; the context is used for language and look only, and reads no card."""
    from .counter import CounterWindow

    _apply(application, context)
    service: CardService | None = None
    extra: tuple[str, ...] = ()
    if options.sim is not None:
        from jpki_sim.serve import SimulatedReaders

        service, extra = SimulatedReaders({"Simulated": options.sim}), ("--sim", options.sim)
    window = CounterWindow(context, service, *extra)
    _fill_screen(window)
    try:
        return application.exec()
    finally:
        window.stop()


def run_counter_card(application: QApplication, context: Context, options: Namespace) -> int:
    """Show one card until it is taken away."""
    from .counter_card import CounterCard

    _apply(application, context)
    window = CounterCard(context)
    window.over.connect(application.quit)
    _fill_screen(window)
    if options.sim is not None:
        from jpki_window.card import use_simulated

        use_simulated(context, options.sim)
    else:
        context.start(options.reader)
    return application.exec()


def _fill_screen(window: QWidget) -> None:
    """Show it full screen; a counter's computer may have no window manager, which would see to its size."""
    window.setGeometry(window.screen().geometry())
    window.showFullScreen()


def _apply(application: QApplication, context: Context) -> None:
    from jpki_window.look import Look

    Look.apply(application, context.settings.theme, max(_TEXT_SIZE, context.settings.text_size))
