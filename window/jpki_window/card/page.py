"""The page that shows the card at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from jpki.advice.rules import verdict_on
from jpki.words import M, failure_text

if TYPE_CHECKING:
    from jpki_window.app.context import Context
    from jpki_window.card.glance import Glance


class CardPage(QWidget):
    """The verdict, or what is in the way of the card."""

    def __init__(self, context: Context) -> None:
        """Show what is known now, and every change of it."""
        super().__init__()
        self._context = context
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(self._verdict)
        column.addStretch()
        context.status_changed.connect(self._show)
        self._show(context.glance)

    def _show(self, glance: Glance) -> None:
        if glance.failure is not None:
            failure = failure_text(glance.failure)
            text = str(glance.failure) if failure is None else self._context.say(failure.message)
        elif glance.is_looking:
            text = self._context.say(M("Looking for the card …"))
        else:
            text = self._context.say(verdict_on(glance.advice))
        self._verdict.setText(text)
