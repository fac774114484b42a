"""What pages are laid out of: text, columns that follow the width, and parts with a mood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from .breaking import is_breakable, whole
from .theme import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent, QResizeEvent

#: Full-width characters in a line of running text: longer lines are hard to read.
LINE: Final = 40


class Text(QLabel):
    """Text that wraps at its own greatest width, however wide its place is; long words are told as they are."""

    def setText(self, words: str, /) -> None:  # noqa: N802 - Qt's name
        """Show other words."""
        super().setText(words)
        self.setAccessibleName(whole(words) if is_breakable(words) else "")

    def mousePressEvent(self, event: QMouseEvent, /) -> None:  # noqa: N802 - Qt's name
        """Begin a selection anew: dragged to elsewhere, the marks of a long word would go with it."""
        if event.button() == Qt.MouseButton.LeftButton and is_breakable(self.text()):
            self.setSelection(0, 0)
        super().mousePressEvent(event)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height for the width that it will have."""
        return super().heightForWidth(min(width, self.maximumWidth()))


def text(words: str, *, scale: float = 1.0, is_bold: bool = False, is_muted: bool = False) -> QLabel:
    """Text that wraps, that can be selected with the mouse, and that is read as it is: no markup."""
    label = Text()
    label.setText(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    application = QApplication.instance()
    if isinstance(application, QApplication) and (scale != 1.0 or is_bold):
        label.setFont(Look.font(application, scale, is_bold=is_bold))
    label.setMaximumWidth(LINE * label.fontMetrics().horizontalAdvance("国") + 2)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    if is_muted:
        label.setObjectName("muted")
    return label


def capital(words: str) -> str:
    """The words with a capital at their beginning, as headings have it."""
    return words[:1].upper() + words[1:]


def without_commands(words: str) -> str:
    """The words without the commands of the terminal that stand below them on lines of their own."""
    return "\n".join(line for line in words.split("\n") if not line.startswith("  jpki "))


def button(words: str, on_click: Callable[[], object], *, name: str = "", is_main: bool = False) -> QPushButton:
    """A button; ``name`` is what a screen reader calls it, where the words alone do not say what it is about."""
    made = QPushButton(words)
    made.setAutoDefault(False)
    made.setAccessibleName(name or words)
    made.clicked.connect(lambda _checked=False: on_click())
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    if is_main:
        made.setObjectName("main")
    return made


def column(parent: QWidget, *, margin: float = 1.0, spacing: float = 0.5) -> QVBoxLayout:
    """A column of parts; distances in the width of a character."""
    layout = QVBoxLayout(parent)
    edge = int(margin * Look.em)
    layout.setContentsMargins(edge, edge, edge, edge)
    layout.setSpacing(int(spacing * Look.em))
    return layout


class Choices(QListWidget):
    """A list of which one item is chosen. A screen reader's program only selects an item; it is the chosen one then."""

    def __init__(self) -> None:
        """Begin without items."""
        super().__init__()
        self.itemSelectionChanged.connect(self._follow)

    def _follow(self) -> None:
        selected = self.selectedItems()
        if selected and selected[0] is not self.currentItem():
            self.setCurrentItem(selected[0])


def tile(name: str, *, kind: str = "tile") -> QFrame:
    """A part with an edge, named for a screen reader."""
    frame = QFrame()
    frame.setObjectName(kind)
    frame.setAccessibleName(whole(name))
    return frame


def row(*parts: QWidget, spacing: float = 0.5) -> QWidget:
    """Parts in a line, from the left."""
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(int(spacing * Look.em))
    for part in parts:
        layout.addWidget(part, 100 if isinstance(part, QLabel) else 0, Qt.AlignmentFlag.AlignVCenter)
    layout.addStretch(1)
    return line


def clear(layout: QBoxLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            end(widget)


def end(widget: QWidget) -> None:
    """Take a widget off the screen, and apart once nothing of it is at work any more.

    It keeps its parent until then: one without a parent is Python's, which takes it apart at once, and so in the middle
    of what a button of it has begun.
    """
    widget.hide()
    widget.deleteLater()


class Columns(QWidget):
    """Parts of equal width beside each other, in as many columns as the width allows."""

    def __init__(self, least: float, most: int = 2) -> None:
        """``least`` is the width that a column needs, in characters."""
        super().__init__()
        self._least = least
        self._most = most
        self._parts: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(int(0.6 * Look.em))
        self._count = 0

    def add(self, part: QWidget) -> None:
        """Put a part behind the others."""
        self._parts.append(part)
        self._lay_out(self._count or 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Take another number of columns where the width asks for it."""
        super().resizeEvent(event)
        fits = max(1, min(self._most, event.size().width() // int(self._least * Look.em)))
        if fits != self._count:
            self._lay_out(fits)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One column: more are a gift of the width."""
        widest = max((part.minimumSizeHint().width() for part in self._parts), default=0)
        return QSize(widest, self._grid.minimumSize().height())

    def _lay_out(self, count: int) -> None:
        self._count = count
        for part in self._parts:
            self._grid.removeWidget(part)
        for index, part in enumerate(self._parts):
            self._grid.addWidget(part, index // count, index % count)
        for place in range(self._most):
            self._grid.setColumnStretch(place, 1 if place < count else 0)


class Beside(QWidget):
    """Two parts beside each other, or one below the other where the width is small."""

    def __init__(self, first: QWidget, second: QWidget, least: float) -> None:
        """``least`` is the width from which they stand beside each other, in characters."""
        super().__init__()
        self._least = least
        self._first = first
        self._second = second
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Look.em)
        self._box.addWidget(first, 3)
        self._box.addWidget(second, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Turn the box where the width asks for it."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= int(self._least * Look.em)
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if way != self._box.direction():
            self._box.setDirection(way)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One below the other: side by side is a gift of the width."""
        widest = max(part.minimumSizeHint().width() for part in (self._first, self._second))
        return QSize(widest, self._box.minimumSize().height())


class Buttons(QWidget):
    """Buttons in a line, or one below the other where the width is small; as high as that makes it."""

    def __init__(self, *buttons: QWidget) -> None:
        """In this order, from the left or from above."""
        super().__init__()
        self._buttons = buttons
        self._gap = int(0.5 * Look.em)
        for each in buttons:
            each.setParent(self)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """A small width makes it higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """One line, or one for each."""
        heights = [each.sizeHint().height() for each in self._buttons]
        return max(heights) if self._is_wide(width) else sum(heights) + self._gap * (len(heights) - 1)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """In a line."""
        return QSize(self._length(), self.heightForWidth(self._length()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One below the other: a line is a gift of the width."""
        return QSize(max(each.sizeHint().width() for each in self._buttons), self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put each in its place."""
        super().resizeEvent(event)
        is_wide, right, down = self._is_wide(self.width()), 0, 0
        for each in self._buttons:
            size = each.sizeHint()
            each.setGeometry(right, down, min(size.width(), self.width()), size.height())
            right += size.width() + self._gap if is_wide else 0
            down += 0 if is_wide else size.height() + self._gap

    def _length(self) -> int:
        return sum(each.sizeHint().width() for each in self._buttons) + self._gap * (len(self._buttons) - 1)

    def _is_wide(self, width: int) -> bool:
        return width >= self._length()


class Body(QWidget):
    """What scrolls: as high as its text at the width that it has, and not as at the least width that it could have."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The least width; the height follows from the width."""
        return QSize(super().minimumSizeHint().width(), 0)


def resize_on_screen(window: QWidget, width: int, height: int) -> None:
    """Make a window so large, and no larger than the screen: nobody gets at what lies beside it, as its buttons."""
    room = window.screen().availableGeometry()
    window.resize(min(width, room.width()), min(height, room.height()))


def scrolled(content: QWidget) -> QScrollArea:
    """A page that scrolls up and down only; by the keys too."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
