"""A desk with simulated readers and the window, and what a screen reader gets of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import givenday
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface

from jpki_sim.serve import SimulatedReaders
from jpki_window.app.main_window import MainWindow
from jpki_window.app.menus import apply_look
from jpki_window.look import Settings
from jpki_window.reading import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

    from jpki.client import CardService
    from jpki_window.reading import Glance

#: Milliseconds after which something that was waited for counts as never coming, on a busy machine too.
NEVER = 30_000


class Desk:
    """The window at a desk: readers, and the cards in them."""

    def __init__(
        self,
        cards: dict[str, str | None],
        settings: Path,
        *,
        language: str = "en",
        theme: str = "light",
        text_size: int = 100,
        service: CardService | None = None,
    ) -> None:
        """Open the window, and begin to watch."""
        self.readers = SimulatedReaders(cards)
        kept = Settings(settings)
        kept.language, kept.theme, kept.text_size = language, theme, text_size
        self.context = Context(kept, service=service or self.readers, clock=givenday.now)
        apply_look(self.context)
        self.window = MainWindow(self.context)
        self.window.show()
        self.context.start()

    def close(self) -> None:
        """Close the window, and end its threads."""
        self.window.close()
        assert self.context.stop()
        self.readers.close()
        self.window.deleteLater()
        purge()

    @property
    def glance(self) -> Glance:
        """What the window knows of the card."""
        return self.context.glance

    @staticmethod
    def wait(holds: Callable[[], bool]) -> None:
        """Let the window work until something holds that no signal tells of."""
        end = time.monotonic() + NEVER / 1000
        while not holds():
            QCoreApplication.processEvents()
            assert time.monotonic() < end, "it never came"
        settle()

    def wait_for_card(self) -> None:
        """Wait until a card is shown."""
        wait_until(lambda: self.glance.status is not None, self.context.status_changed)

    def wait_for_failure(self, code: str) -> None:
        """Wait until this is what is in the way."""
        wait_until(lambda: getattr(self.glance.failure, "code", None) == code, self.context.status_changed)


def wait_until(holds: Callable[[], bool], signal: SignalInstance) -> None:
    """Let the window work until something holds, looked at whenever a signal comes."""
    if holds():
        return
    loop = QEventLoop()
    is_over = False

    def look(*_: object) -> None:
        # It stays connected: PySide6 6.11 now and then takes an exception of its own out of disconnect().
        if not is_over and holds():
            loop.quit()

    signal.connect(look)
    QTimer.singleShot(NEVER, loop, loop.quit)
    loop.exec()
    is_over = True
    assert holds(), "it never came"


def settle() -> None:
    """Let what was made just now be laid out and shown; a layout inside a layout takes a turn of its own."""
    for _ in range(5):
        QCoreApplication.processEvents()


def purge() -> None:
    """Delete what is to be deleted later: outside the loop that an application runs in, Qt never comes to it."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Heard(NamedTuple):
    """What a screen reader gets of one thing on the screen."""

    role: QAccessible.Role
    name: str
    description: str
    is_focusable: bool


def heard(widget: QWidget) -> list[Heard]:
    """Everything that a screen reader finds in a part of the window, in its order; what is hidden is left out."""
    settle()
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return list(_walk(interface))


def _walk(interface: QAccessibleInterface) -> Iterator[Heard]:
    state = interface.state()
    if state.invisible:
        return
    text = QAccessible.Text
    yield Heard(interface.role(), interface.text(text.Name), interface.text(text.Description), bool(state.focusable))
    for index in range(interface.childCount()):
        child = interface.child(index)
        if child is not None:
            yield from _walk(child)
