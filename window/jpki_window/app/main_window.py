"""The main window: the menu of pages at the side, and the page that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QMainWindow, QStackedWidget, QWidget

from jpki.words import M
from jpki_window.app.pages import PAGES

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from jpki_window.app.context import Context


class MainWindow(QMainWindow):
    """Shows one page at a time; a page is made when it is first shown."""

    def __init__(self, context: Context) -> None:
        """Lay out the menu, and show the first page."""
        super().__init__()
        self.context = context
        self._made: dict[str, QWidget] = {}
        self._menu = QListWidget()
        self._pages = QStackedWidget()
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._menu)
        row.addWidget(self._pages, 1)
        self.setCentralWidget(centre)
        self._menu.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu.currentRowChanged.connect(self._show_row)
        context.page_wanted.connect(self.show_page)
        context.language_changed.connect(self._retranslate)
        for page in PAGES:
            self._menu.addItem(context.say(page.title))
        self._say_names()
        self._menu.setCurrentRow(0)

    def show_page(self, name: str, argument: object = None) -> None:
        """Show the page of this name, and hand it what it is to show."""
        row = next(index for index, page in enumerate(PAGES) if page.name == name)
        self._menu.setCurrentRow(row)
        receive = getattr(self._made[name], "receive", None)
        if argument is not None and callable(receive):
            receive(argument)

    def page(self, name: str) -> QWidget | None:
        """The page of this name, if it was made."""
        return self._made.get(name)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what is to be remembered."""
        self.context.settings.geometry = self.saveGeometry()
        self.context.settings.save()
        super().closeEvent(event)

    def _show_row(self, row: int) -> None:
        page = PAGES[row]
        if page.name not in self._made:
            self._made[page.name] = page.factory(self.context)
            self._pages.addWidget(self._made[page.name])
        self._pages.setCurrentWidget(self._made[page.name])

    def _say_names(self) -> None:
        self.setWindowTitle(self.context.say(M("My Number Card")))
        self._menu.setAccessibleName(self.context.say(M("Pages")))
        for row, page in enumerate(PAGES):
            self._menu.item(row).setText(self.context.say(page.title))

    def _retranslate(self) -> None:
        self._say_names()
        for name, widget in list(self._made.items()):
            retranslate = getattr(widget, "retranslate", None)
            if callable(retranslate):
                retranslate()
            else:
                del self._made[name]
                self._pages.removeWidget(widget)
                widget.deleteLater()
        self._show_row(self._menu.currentRow())
