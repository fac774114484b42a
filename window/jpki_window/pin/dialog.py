"""The dialog in which everything that belongs to one use of a PIN is asked and said.

At the top the PIN and the tries left, below it what was said, then the page of the moment, the buttons at the bottom.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from jpki.words import M
from jpki_window.look import announce, end, resize_on_screen
from jpki_window.showing import Sentences, paragraph

from .pages import Page, SecretPage, WaitPage

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from jpki_window.showing import Say

#: Full-width characters in a line.
_LINE: Final = 40
_AT_WORK: Final = M("Talking to the card. Leave it where it is.")


class PinDialog(QDialog):
    """One use of one PIN, from the first question to the outcome."""

    #: The person wants to leave; what was asked is answered with a no.
    left = Signal()

    def __init__(self, say: Say, title: str, parent: QWidget | None = None) -> None:
        """Make it; it waits until something is asked or told."""
        super().__init__(parent)
        self.say = say
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.heading = paragraph(title, is_large=True)
        self.counter = paragraph()
        self.hints = Sentences()
        self.told = Sentences()
        self._page: Page | None = None
        self._is_over = False
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        self._fitting.timeout.connect(self._fit)
        self._lay_out()
        self.wait()

    def _lay_out(self) -> None:
        body = self._content = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setSpacing(self.fontMetrics().height() // 2)
        for part in (self.heading, self.counter, self.hints, self.told):
            self._body.addWidget(part)
        self._body.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addWidget(scroll, 1)
        outer.addLayout(self._buttons)
        em = self.fontMetrics().horizontalAdvance("あ")
        resize_on_screen(self, _LINE * em, 24 * em)
        self.setMinimumWidth(18 * em)

    @property
    def page(self) -> Page:
        """The page of the moment."""
        if self._page is None:
            raise RuntimeError("a dialog without a page")
        return self._page

    @property
    def is_at_work(self) -> bool:
        """Whether the card is talked to, which nobody can take back."""
        return isinstance(self._page, WaitPage)

    def show_page(self, page: Page) -> None:
        """Put a page in the place of the one before, with its buttons, and lead the keyboard there."""
        self._remove_page()
        self._page = page
        self._body.insertWidget(self._body.count() - 1, page)
        page.show()
        page.grown.connect(self._fitting.start)
        for button in page.buttons:
            self._buttons.addWidget(button)
            button.show()
        self._order(page)
        if isinstance(page, SecretPage):
            page.describe(" ".join((self.counter.text(), *self.hints.texts, *self.told.texts)))
        self._fitting.start()
        focus = page.first_focus()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(focus)

    def _fit(self) -> None:
        """Grow until everything can be seen, as far as the screen has room; never shrink under somebody's hand."""
        viewport = self._scroll.viewport()
        self._body.activate()
        needed = max(self._body.totalHeightForWidth(viewport.width()), self._content.minimumSizeHint().height())
        missing = needed - viewport.height()
        if missing > 0:
            available = self.screen().availableGeometry().height()
            self.resize(self.width(), min(self.height() + missing, available))

    def _remove_page(self) -> None:
        if self._page is None:
            return
        self._body.removeWidget(self._page)
        for button in self._page.buttons:
            self._buttons.removeWidget(button)
        for widget in (*self._page.buttons, self._page):
            end(widget)
        self._page = None

    def _order(self, page: Page) -> None:
        """Have the tab key go through the page and then the buttons, as they are read."""
        inside = [found for found in page.findChildren(QWidget) if found.focusPolicy() != Qt.FocusPolicy.NoFocus]
        widgets = [*inside, *page.buttons]
        for before, after in pairwise(widgets):
            QWidget.setTabOrder(before, after)

    def wait(self, text: str | None = None) -> None:
        """Show that the card is being talked to, or what is to be done elsewhere."""
        self.show_page(WaitPage(text or self.say(_AT_WORK)))

    def tell(self, text: str, *, is_warning: bool = False) -> None:
        """Say something that stays until something else is asked."""
        self.told.add(text, is_warning=is_warning)
        announce(self, text)

    def visible_texts(self) -> tuple[str, ...]:
        """What is to be read in it, from the top."""
        parts: list[QLabel | QAbstractButton] = [
            *self._content.findChildren(QLabel),
            *self.findChildren(QAbstractButton),
        ]
        return tuple(part.text() for part in parts if part.text() and part.isVisible())

    def finish(self) -> None:
        """Let the dialog be closed: everything was said."""
        self._is_over = True

    def reject(self) -> None:
        """Leave by Escape, by Cancel or by the window's own button: a no, or nothing while the card is talked to."""
        if self._is_over:
            super().reject()
        elif not self.is_at_work:
            self.left.emit()

    def closeEvent(self, event: QCloseEvent, /) -> None:  # noqa: N802 - Qt's name
        """As Escape."""
        if self._is_over:
            super().closeEvent(event)
            return
        event.ignore()
        self.reject()
