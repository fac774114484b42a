"""Parts beside each other as far as the width allows, then on the next line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QWidget

from .theme import Look

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayoutItem


class FlowLayout(QLayout):
    """Lays parts out as words are in a paragraph; each is as wide as it wants, at most as wide as the place."""

    def __init__(self, parent: QWidget) -> None:
        """Begin without parts."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(Look.em // 2)

    def addItem(self, item: QLayoutItem, /) -> None:  # noqa: N802 - Qt's name
        """Take one more."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """One of them; None where there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name
        """It takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """A narrow place makes it high."""
        return True

    def heightForWidth(self, width: int, /) -> int:  # noqa: N802 - Qt's name
        """How high it is in this width."""
        return self._lay_out(QRect(0, 0, width, 0), is_real=False)

    def setGeometry(self, place: QRect, /) -> None:  # noqa: N802 - Qt's name
        """Put every part in its place."""
        super().setGeometry(place)
        self._lay_out(place, is_real=True)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All of them on one line."""
        sizes = [item.sizeHint() for item in self._items]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest of them."""
        sizes = [item.minimumSize() for item in self._items]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _lay_out(self, place: QRect, *, is_real: bool) -> int:
        """Returns the height."""
        x, y, high = place.x(), place.y(), 0
        for item in self._items:
            wanted = item.sizeHint()
            width = min(wanted.width(), place.width())
            height = item.heightForWidth(width) if item.hasHeightForWidth() else wanted.height()
            if x > place.x() and x + width > place.x() + place.width():
                x, y, high = place.x(), y + high + self.spacing(), 0
            if is_real:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, height)))
            x, high = x + width + self.spacing(), max(high, height)
        return y + high - place.y()


def line(*parts: QWidget) -> QWidget:
    """Parts in a line from the left, each as wide as it has to be; what does not fit goes on below."""
    made = QWidget()
    layout = FlowLayout(made)
    for part in parts:
        layout.addWidget(part)
    policy = made.sizePolicy()
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    return made
