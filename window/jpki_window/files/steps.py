"""How far the work on a file is, told to the thread of the window, and how it is stopped."""

from __future__ import annotations

from concurrent.futures import CancelledError
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from jpki.files import Following, Progress
from jpki.words import M
from jpki_window.look import button, column, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from jpki.words import Message
    from jpki_window.reading import Context

_WHOLE = 100


class Steps(QObject):
    """The work of one task: the thread behind the window counts, the thread of the window shows and stops."""

    #: What is being done (:class:`jpki.words.Message`), and how many per cent of it are.
    moved = Signal(object, int)

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Nothing is done yet; ``now`` is the clock of the work."""
        super().__init__()
        self._stopped = Event()
        self.following = Following(now, self._show)

    def stop(self) -> None:
        """End the work at its next step, with CancelledError."""
        self._stopped.set()

    @contextmanager
    def _show(self, label: Message, size: int) -> Iterator[Progress]:
        counted, total, told = [0], [max(1, size)], [-1]

        def update(count: int) -> None:
            if self._stopped.is_set():
                raise CancelledError
            counted[0] += count
            share = min(_WHOLE, counted[0] * _WHOLE // total[0])
            if share != told[0]:
                told[0] = share
                self.moved.emit(label, share)

        def expect(length: int) -> None:
            total[0] = max(1, length)

        yield Progress(update, expect)


class StepsView(QWidget):
    """A bar, what is being done, and the button that stops it."""

    def __init__(self, context: Context, steps: Steps, task: str) -> None:
        """Show that it begins; ``task`` says what is done as a whole."""
        super().__init__()
        self._context = context
        inside = column(self, margin=0, spacing=0.5)
        self.label: QLabel = text(task)
        self.bar = QProgressBar()
        self.bar.setRange(0, _WHOLE)
        self.bar.setAccessibleName(task)
        self.cancel = button(context.say(M("Stop")), steps.stop)
        for part in (self.label, self.bar, self.cancel):
            inside.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        steps.moved.connect(self._move)

    def _move(self, label: Message, share: int) -> None:
        self.label.setText(self._context.say(label))
        self.bar.setValue(share)
