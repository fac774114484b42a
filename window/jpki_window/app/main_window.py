"""The main window: the menu of pages at the side, and the page that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from jpki.words import M
from jpki_window.look import Choices, Look, button, clear, resize_on_screen, text

from .menus import Menus
from .pages import PAGES

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent

    from jpki_window.reading import Context, Glance

#: The part of the width that the menu may take beside the page; above it, so many lines of it are shown at once.
_MENU_SHARE: Final = 0.25
_MENU_LINES: Final = 3
#: Qt's own number for a size without limit (QWIDGETSIZE_MAX).
_UNLIMITED: Final = 16777215


class MainWindow(QMainWindow):
    """Shows one page at a time; a page is made when it is first shown."""

    #: It was painted for the first time.
    painted = Signal()

    def __init__(self, context: Context) -> None:
        """Lay out the menu, and show the first page."""
        super().__init__()
        self.context = context
        self._made: dict[str, QWidget] = {}
        self._is_painted = False
        self._menus = Menus(self, context)
        self._menu = Choices()
        self._menu.setObjectName("menu")
        self._menu_and_page = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._menu.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._menu.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages = QStackedWidget()
        self._notice = QWidget()
        self._notice.setObjectName("simulated")
        self._notice_line = QHBoxLayout(self._notice)
        self._notice.hide()
        self._lay_out()
        self._menu.currentRowChanged.connect(self._show_row)
        context.page_wanted.connect(self.show_page)
        context.language_changed.connect(self._renew)
        context.look_changed.connect(self._renew)
        context.status_changed.connect(self._show_notice)
        for page in PAGES:
            self._menu.addItem(context.say(page.title))
        self._say_names()
        self._menu.setCurrentRow(0)
        resize_on_screen(self, 1080, 760)
        if context.settings.geometry is not None:
            self.restoreGeometry(context.settings.geometry)

    def show_page(self, name: str, argument: object = None) -> None:
        """Show the page of this name, and hand it what it is to show; a page that is not there is not shown."""
        row = next((index for index, page in enumerate(PAGES) if page.name == name), None)
        if row is None:
            return
        self._menu.setCurrentRow(row)
        receive = getattr(self._made[name], "receive", None)
        if argument is not None and callable(receive):
            receive(argument)

    def page(self, name: str) -> QWidget | None:
        """The page of this name, if it was made."""
        return self._made.get(name)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave most of the width to the page."""
        super().resizeEvent(event)
        self._size_menu()

    def _size_menu(self) -> None:
        """Beside the page as wide as its longest title; where that is too much of the width, some lines above it."""
        widest = max(self._menu.fontMetrics().horizontalAdvance(self.context.say(page.title)) for page in PAGES)
        width = widest + 3 * Look.em
        is_beside = width <= self.width() * _MENU_SHARE
        way = QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom
        self._menu_and_page.setDirection(way)
        self._menu.setMinimumWidth(width if is_beside else 0)
        self._menu.setMaximumWidth(width if is_beside else _UNLIMITED)
        self._menu.setMaximumHeight(_UNLIMITED if is_beside else _MENU_LINES * self._menu.sizeHintForRow(0))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Tell of the first time."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what is to be remembered."""
        self.context.settings.geometry = self.saveGeometry()
        self.context.settings.save()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        beside = QWidget()
        row = self._menu_and_page
        beside.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._menu)
        row.addWidget(self._pages, 1)
        centre = QWidget()
        whole = QVBoxLayout(centre)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._notice)
        whole.addWidget(beside, 1)
        self.setCentralWidget(centre)

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
        self._size_menu()
        self._show_notice(self.context.glance)

    def _show_notice(self, glance: Glance) -> None:
        """Mark a simulated card as what it is, above everything."""
        if glance.is_simulated == self._notice.isVisibleTo(self) and self._notice_line.count():
            return
        clear(self._notice_line)
        self._notice.setVisible(glance.is_simulated)
        if not glance.is_simulated:
            return
        mood = Look.colours.warn
        self._notice.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._notice.setStyleSheet(
            f"#simulated {{ background: {mood.back}; border-bottom: 1px solid {mood.text}; }}"
            f"#simulated QLabel {{ color: {mood.text}; }}"
        )
        words = text(self.context.say(M("Simulated card: this is not about a real card.")), is_bold=True)
        self._notice_line.setContentsMargins(Look.em, Look.em // 3, Look.em, Look.em // 3)
        self._notice_line.addWidget(words, 100)
        self._notice_line.addStretch(1)
        self._notice_line.addWidget(button(self.context.say(M("Back to the reader")), self._menus.back_to_reader))

    def _renew(self) -> None:
        """Say and draw everything anew."""
        self._menus.say()
        clear(self._notice_line)
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
