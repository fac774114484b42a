"""The mode for a counter: this process waits for cards and reads none; each card has a process that ends with it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from jpki.words import M, failure_text
from jpki_window.look import Look, announce, button, text
from jpki_window.reading import Watcher

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from jpki.client import CardService
    from jpki.transport import ReaderState
    from jpki_window.reading import Context

#: Seconds for a process that is asked to end.
_PATIENCE = 5.0


def command_of(*arguments: str) -> tuple[str, list[str]]:
    """The program of this process with other arguments: Python's, or the packed one's own."""
    if getattr(sys, "frozen", False):
        return sys.executable, list(arguments)
    return sys.executable, ["-P", "-m", "jpki_window", *arguments]


def start_counter(context: Context) -> bool:
    """Leave this window for the counter's: a process of its own, so that nothing read before is in it."""
    program, arguments = command_of("--counter", "--lang", context.language)
    has_started = QProcess.startDetached(program, arguments)
    if has_started:
        QApplication.closeAllWindows()
    return bool(has_started)


class CounterWindow(QMainWindow):
    """Waits for a card, and starts a process for it; where that process ends, it waits for the next card."""

    #: A card's process began, or ended.
    changed = Signal()

    def __init__(self, context: Context, service: CardService | None = None, *extra: str) -> None:
        """Watch the readers; ``extra`` are arguments for the process of each card."""
        super().__init__()
        self._context = context
        self._extra = extra
        self._process: QProcess | None = None
        self._waits_for_removal = False
        self._present: list[ReaderState] = []
        self._was_taken_away = False
        self._lay_out()
        self._watcher = Watcher(service)
        self._watcher.changed.connect(self._look)
        self._watcher.start()

    @property
    def has_card(self) -> bool:
        """Whether the process of a card runs."""
        return self._process is not None

    def _lay_out(self) -> None:
        say = self._context.say
        self.setWindowTitle(say(M("Counter")))
        body = QWidget()
        body.setObjectName("body")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCentralWidget(body)
        whole = QVBoxLayout(body)
        whole.setContentsMargins(3 * Look.em, 3 * Look.em, 3 * Look.em, 3 * Look.em)
        self.words = text(say(M("Put the card on the reader.")), scale=3.0, is_bold=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.end = button(say(M("End")), self.close)
        whole.addStretch(1)
        whole.addWidget(self.words, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(1)
        whole.addWidget(self.end, 0, Qt.AlignmentFlag.AlignRight)

    def _look(self, found: tuple[ReaderState, ...] | BaseException) -> None:
        if isinstance(found, BaseException):
            said = failure_text(found)
            self._say(type(found).__name__ if said is None else self._context.say(said.message))
            return
        self._present = [state for state in found if state.is_card_present and not state.is_virtual]
        if not self._present:
            self._waits_for_removal = False
            self._was_taken_away = True
        self._serve()

    def _serve(self) -> None:
        """Say what is to be done, or begin with the card that lies there."""
        if not self._present:
            self._say(self._context.say(M("Put the card on the reader.")))
        elif self._present[0].is_mute:
            self._say(self._context.say(M("The card does not answer. Take it off and put it on again.")))
        elif self._waits_for_removal:
            self._say(self._context.say(M("Take the card away.")))
        elif self._process is None:
            self._begin(self._present[0].name)

    def _say(self, words: str) -> None:
        if words != self.words.text():
            self.words.setText(words)
            announce(self, words)

    def _begin(self, reader: str) -> None:
        program, arguments = command_of(
            "--counter-card", "--reader", reader, "--lang", self._context.language, *self._extra
        )
        process = self._process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        # One that is killed is told twice, and the next one may run by then.
        process.finished.connect(lambda *_: self._ended(process))
        process.errorOccurred.connect(lambda *_: self._ended(process))
        process.start(program, arguments)
        self._was_taken_away = False
        self._say(self._context.say(M("One moment …")))
        self.changed.emit()

    def _ended(self, process: QProcess) -> None:
        """The card was taken away, perhaps for another one that lies there by now; or its window was closed.

        Then the card has to be taken away first. The process may end long after its card has left.
        """
        if self._process is not process:
            return
        process.deleteLater()
        self._process = None
        self._waits_for_removal = not self._was_taken_away
        self._serve()
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:  # noqa: N802 - Qt's name
        """Esc ends it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        """End the process of a card, and the watch."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            if not process.waitForFinished(int(_PATIENCE * 1000)):
                process.kill()
                process.waitForFinished()
        self._watcher.stop()
