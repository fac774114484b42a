"""One card at the counter, in a process of its own that ends when it is taken away; in large type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QMainWindow, QWidget

from jpki.card import certificate_words, pin_words
from jpki.report import TITLE, render_html, sheet
from jpki.words import CERTIFICATES, M, pin_short
from jpki_window.card import headline
from jpki_window.look import Body, Look, announce, button, capital, clear, column, line, scrolled, text
from jpki_window.showing import banner, heading, print_html

from .papers_page import sheet_parts

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from jpki.card import CardStatus
    from jpki.report import Sheet
    from jpki_window.reading import Context, Glance


class CounterCard(QMainWindow):
    """Shows one card from the moment that it was read until it is taken away."""

    #: The card is gone, or whoever stands at the counter has seen enough.
    over = Signal()

    def __init__(self, context: Context) -> None:
        """Wait for the card."""
        super().__init__()
        self._context = context
        self._was_shown = False
        self.setWindowTitle(context.say(M("Counter")))
        body = Body()
        body.setObjectName("body")
        self._column = column(body, margin=2.0, spacing=1.0)
        self.setCentralWidget(scrolled(body))
        context.status_changed.connect(self._show)

    def _show(self, glance: Glance) -> None:
        if glance.status is None and self._was_shown:
            clear(self._column)
            self.over.emit()
            return
        if glance.is_looking:
            return
        clear(self._column)
        self._was_shown = True
        mood = "bad"
        if glance.status is not None:
            mood = "good" if all(advice.verdict is None for advice in glance.advice) else "warn"
        words = headline(self._context, glance)
        self._column.addWidget(banner(words, mood))
        if glance.status is not None:
            self._column.addWidget(self._facts(glance.status))
        page = sheet(glance.advice, self._context.now(), is_simulated=glance.is_simulated)
        self._column.addWidget(line(*self._buttons(page, has_sheet=glance.status is not None)))
        if glance.status is not None:
            for part in sheet_parts(page)[1:]:
                self._column.addWidget(part)
        self._column.addStretch(1)
        announce(self, words)

    def _facts(self, status: CardStatus) -> QWidget:
        say = self._context.say
        part = QWidget()
        form = QFormLayout(part)
        form.setHorizontalSpacing(Look.em)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(heading(say(M("PINs"))))
        for pin in status.pins:
            form.addRow(_name(say(pin_short(pin.name))), text(say(pin_words(pin, status)), is_bold=True))
        form.addRow(heading(say(M("Certificates"))))
        for found in status.certificates:
            form.addRow(
                _name(say(CERTIFICATES[found.kind.value])), text(say(certificate_words(found, status)), is_bold=True)
            )
        return part

    def _buttons(self, page: Sheet, *, has_sheet: bool) -> list[QWidget]:
        say = self._context.say
        print_sheet = button(
            say(M("Print the sheet …")), lambda: print_html(self, str(TITLE), render_html(page)), is_main=True
        )
        close = button(say(M("Close")), self.over.emit)
        return [print_sheet, close] if has_sheet else [close]

    def keyPressEvent(self, event: QKeyEvent, /) -> None:  # noqa: N802 - Qt's name
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.over.emit()
        else:
            super().keyPressEvent(event)


def _name(words: str) -> QWidget:
    """What a row is about, in one line."""
    label = text(capital(words))
    label.setWordWrap(False)
    return label
