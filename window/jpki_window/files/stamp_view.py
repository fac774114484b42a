"""The picture of a page with the place of the stamp on it, moved with the mouse or with the arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from jpki.words import M
from jpki_window.look import Look, announce

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from jpki.signing.pdf import PageSize
    from jpki.words import Message
    from jpki_window.reading import Context

#: Millimetres that an arrow key moves the stamp by; with Shift the smaller step.
_STEP: Final = 5.0
_SMALL_STEP: Final = 1.0
_KEYS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_HEIGHT: Final = 26
_MARGIN_MM: Final = 8.5


class StampView(QWidget):
    """A page, and a box on it that tells where the stamp will be: millimetres from its left and upper edge."""

    #: The stamp was moved.
    moved = Signal()

    def __init__(self, context: Context) -> None:
        """Show an empty page until a picture comes."""
        super().__init__()
        self._context = context
        self._image: QImage | None = None
        self._size: PageSize | None = None
        self._dragged_from: QPointF | None = None
        self.right = 0.0
        self.down = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(context.say(M("Place of the stamp on the page")))
        self._describe()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """High enough to see lines of text as lines."""
        return QSize(_HEIGHT * Look.em, _HEIGHT * Look.em)

    @property
    def has_picture(self) -> bool:
        """Whether the page itself is seen, and not an empty one."""
        return self._image is not None

    def show_page(self, size: PageSize, png: bytes | None) -> None:
        """Show a page of this size; the stamp is at the lower right, or where it was as far as that is on the page."""
        image = QImage.fromData(png) if png is not None else QImage()
        self._image = None if image.isNull() else image
        is_first, self._size = self._size is None, size
        if is_first:
            self.right = size.width - size.stamp_width - _MARGIN_MM
            self.down = size.height - size.stamp_height - _MARGIN_MM
        self.move_to(self.right, self.down)

    @property
    def farthest(self) -> tuple[float, float]:
        """Millimetres from the left and from the top at which the stamp still lies on the page."""
        size = self._size
        if size is None:
            return 0.0, 0.0
        # A tenth of a millimetre inside, so that no rounding lays it outside.
        return size.width - size.stamp_width - 0.1, size.height - size.stamp_height - 0.1

    def move_to(self, right: float, down: float) -> None:
        """Put the stamp there, or as near to it as the page has room."""
        if self._size is None:
            return
        most_right, most_down = self.farthest
        self.right = round(max(0.0, min(right, most_right)), 1)
        self.down = round(max(0.0, min(down, most_down)), 1)
        self._describe()
        self.update()
        self.moved.emit()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._context.say(self.words()))

    def words(self) -> Message:
        """Say where the stamp is."""
        return M("{right} mm from the left, {down} mm from the top", right=f"{self.right:.0f}", down=f"{self.down:.0f}")

    def _page(self) -> tuple[QRectF, float]:
        """The page on the screen, and pixels of it in a millimetre."""
        size = self._size
        if size is None:
            return QRectF(), 1.0
        scale = min((self.width() - 2) / size.width, (self.height() - 2) / size.height)
        return QRectF(1, 1, size.width * scale, size.height * scale), scale

    def _stamp(self) -> QRectF:
        page, scale = self._page()
        size = self._size
        if size is None:
            return QRectF()
        left, top = page.left() + self.right * scale, page.top() + self.down * scale
        return QRectF(left, top, size.stamp_width * scale, size.stamp_height * scale)

    def paintEvent(self, _event: QPaintEvent, /) -> None:  # noqa: N802 - Qt's name
        """Draw the page, and the stamp on it as a frame with a label."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        page, _ = self._page()
        painter.fillRect(page, QColor("#ffffff"))
        if self._image is not None:
            painter.drawImage(page, self._image)
        painter.setPen(QPen(QColor(Look.colours.border), 1))
        painter.drawRect(page)
        stamp = self._stamp()
        mood = "#0b5cad"  # a page is white in every theme
        painter.fillRect(stamp, QColor(230, 240, 252, 225))
        painter.setPen(QPen(QColor(mood), 3 if self.hasFocus() else 2))
        painter.drawRect(stamp)
        painter.drawText(stamp, Qt.AlignmentFlag.AlignCenter, self._context.say(M("Stamp")))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:  # noqa: N802 - Qt's name
        """Take the stamp, or put its middle where the mouse is."""
        stamp, place = self._stamp(), event.position()
        if not stamp.contains(place):
            self._drop(QPointF(place.x() - stamp.width() / 2, place.y() - stamp.height() / 2))
            stamp = self._stamp()
        self._dragged_from = place - stamp.topLeft()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:  # noqa: N802 - Qt's name
        """Move it along."""
        if self._dragged_from is not None:
            self._drop(event.position() - self._dragged_from)

    def mouseReleaseEvent(self, _event: QMouseEvent, /) -> None:  # noqa: N802 - Qt's name
        """Leave it there."""
        self._dragged_from = None

    def _drop(self, corner: QPointF) -> None:
        page, scale = self._page()
        self.move_to((corner.x() - page.left()) / scale, (corner.y() - page.top()) / scale)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:  # noqa: N802 - Qt's name
        """Move it by five millimetres, or by one with Shift."""
        way = _KEYS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        step = _SMALL_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        self.move_to(self.right + way[0] * step, self.down + way[1] * step)
        announce(self, self._context.say(self.words()))
