"""``jpki-window --ask``: the dialog that the agent starts when a program wants to use the card.

Its protocol is that of :mod:`jpki.agent.dialogs.program`: the question as a line of JSON on stdin, the answer on
stdout. Everything that is shown comes from the agent, in which the claims of others were made fit to be shown.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from jpki_window.look import Look, Settings, explained, resize_on_screen
from jpki_window.showing import paragraph

from .keypad import KeysOnScreen
from .secret_field import SecretField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from PySide6.QtCore import QCoreApplication

    from jpki.pin import Secret

ANSWERED: Final = 0
DECLINED: Final = 1
CANNOT: Final = 3

#: No question is longer: some paragraphs and names that were cut.
_MAX_QUESTION: Final = 64 * 1024
_LINE: Final = 40


class AskDialog(QDialog):
    """Who asks for what, and a field for the PIN or buttons for the choices; Escape is a no."""

    #: The PIN (:class:`jpki.Secret`), or the number of the choice.
    answered = Signal(object)

    def __init__(self, question: dict[str, Any]) -> None:
        """Lay it out; a question of another form is a KeyError or a TypeError."""
        super().__init__()
        self.setWindowTitle(_text(question, "title"))
        self.setAccessibleName(_text(question, "title"))
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        description = [part for part in _text(question, "description").split("\n") if part.strip()]
        self.setAccessibleDescription(" ".join(description))
        self._column = QVBoxLayout(self)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._column.addWidget(paragraph(_text(question, "title"), is_large=True))
        self._column.addWidget(_scrolled([paragraph(part) for part in description]), 1)
        self.field: SecretField | None = None
        if _text(question, "kind") == "choice":
            self._offer([str(choice) for choice in question["choices"]], _text(question, "cancel"))
        else:
            self._ask(_text(question, "prompt"), _text(question, "ok"), _text(question, "cancel"), description)
        self._column.addLayout(self._buttons)
        em = self.fontMetrics().horizontalAdvance("あ")
        resize_on_screen(self, _LINE * em, 20 * em)

    def _ask(self, prompt: str, ok: str, cancel: str, description: list[str]) -> None:
        field = self.field = SecretField()
        label = paragraph(prompt, is_strong=True)
        label.setBuddy(field)
        field.setAccessibleName(prompt)
        field.setAccessibleDescription(" ".join(description))
        self._column.addWidget(label)
        self._column.addWidget(field)
        language = Settings().language
        # Which PIN it is, only the sentences say: all keys are there.
        keys = KeysOnScreen(lambda message: message.text(language), field, has_letters=True)
        self._column.addWidget(keys)
        enter = self._button(ok, lambda: self._take(field), is_default=True)
        enter.setEnabled(False)
        field.edited.connect(lambda: enter.setEnabled(field.count > 0))
        field.returnPressed.connect(enter.click)
        self._button(cancel, self.reject)
        field.setFocus()

    def _offer(self, choices: list[str], cancel: str) -> None:
        """Show a button for each choice; none is pressed by Enter but the no."""
        for number, choice in enumerate(choices):
            self._button(choice, partial(self._choose, number))
        no = self._button(cancel, self.reject, is_default=True)
        no.setFocus()

    def _button(self, text: str, press: Callable[[], None], *, is_default: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setAutoDefault(is_default)
        button.setDefault(is_default)
        button.clicked.connect(lambda _checked=False: press())
        self._buttons.addWidget(button)
        return button

    def _take(self, field: SecretField) -> None:
        self.answered.emit(field.take())
        self.accept()

    def _choose(self, number: int) -> None:
        self.answered.emit(number)
        self.accept()


def _text(question: dict[str, Any], name: str) -> str:
    found = question[name]
    if not isinstance(found, str):
        raise TypeError("not a text")
    return found


def _scrolled(parts: list[QLabel]) -> QScrollArea:
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(body)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def main(arguments: Sequence[str], source: TextIO | None = None, output: int = 1) -> int:
    """Answer the one question on ``source`` (stdin); 0: answered, 1: the person said no, 3: it cannot be shown."""
    from jpki.hygiene import harden_process, shield_memory

    harden_process()
    shield_memory()
    try:
        question = json.loads((source or sys.stdin).readline(_MAX_QUESTION))
        if sys.platform == "linux" and not _has_display():
            return CANNOT
        with explained(lambda _words: os._exit(CANNOT)):  # the agent asks in another way then
            application = QApplication.instance() or QApplication([sys.argv[0], *arguments])
        application.setApplicationName("jpki")
        _apply_look(application)
        dialog = AskDialog(question)
    except (ValueError, KeyError, TypeError):
        return CANNOT
    answers: list[Secret | int] = []
    dialog.answered.connect(answers.append)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    dialog.exec()
    if not answers:
        return DECLINED
    _write(answers[0], output)
    return ANSWERED


def _apply_look(application: QCoreApplication) -> None:
    """Draw as the window does: with the colours and the text size that its user chose there."""
    settings = Settings()
    if isinstance(application, QApplication):
        Look.apply(application, settings.theme, settings.text_size)


def _has_display() -> bool:
    """Whether there is a screen: the toolkit ends the process where it finds none."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)


def _write(answer: Secret | int, output: int) -> None:
    if isinstance(answer, int):
        os.write(output, str(answer).encode())
        return
    with answer as secret:
        os.write(output, secret.reveal())
