"""What is drawn beside words and adds nothing to them: tries as dots, a padlock, a mark of the mood, a bar of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from .theme import Look

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class Drawn(QWidget):
    """Something drawn that is as high as a line, or a multiple of it."""

    def __init__(self, width: float, height: float = 1.0) -> None:
        """Sizes in the width of a character."""
        super().__init__()
        self._size = QSize(int(width * Look.em), int(height * Look.em))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Its only size."""
        return self._size

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, QRectF(self.rect()))
        painter.end()

    def draw(self, painter: QPainter, place: QRectF) -> None:
        """Draw it into this place."""


class Dots(Drawn):
    """Tries: a full dot for each that is left, a ring for each that was used."""

    def __init__(self, left: int, limit: int, colour: str) -> None:
        """Draw ``limit`` dots, or more where more are left."""
        self._left = left
        self._count = max(left, limit)
        self._colour = colour
        super().__init__(0.85 * self._count)

    def draw(self, painter: QPainter, place: QRectF) -> None:
        """Draw the dots."""
        step = place.width() / self._count
        radius = 0.29 * Look.em
        painter.setPen(QPen(QColor(self._colour), max(1.5, 0.09 * Look.em)))
        for index in range(self._count):
            filled = QColor(self._colour) if index < self._left else Qt.BrushStyle.NoBrush
            painter.setBrush(filled)
            painter.drawEllipse(QPointF(step * (index + 0.5), place.center().y()), radius, radius)


class Lock(Drawn):
    """A closed padlock."""

    def __init__(self, colour: str) -> None:
        """Draw it in this colour."""
        super().__init__(1.0, 1.1)
        self._colour = colour

    def draw(self, painter: QPainter, place: QRectF) -> None:
        """Draw body and shackle."""
        unit = place.width()
        painter.setPen(QPen(QColor(self._colour), 0.11 * unit))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        shackle = QPainterPath(QPointF(0.28 * unit, 0.55 * unit))
        shackle.lineTo(0.28 * unit, 0.36 * unit)
        shackle.arcTo(QRectF(0.28 * unit, 0.12 * unit, 0.44 * unit, 0.46 * unit), 180, -180)
        shackle.lineTo(0.72 * unit, 0.55 * unit)
        painter.drawPath(shackle)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawRoundedRect(QRectF(0.14 * unit, 0.48 * unit, 0.72 * unit, 0.54 * unit), 0.1 * unit, 0.1 * unit)


class Sign(Drawn):
    """The mood as a shape: a tick in a circle, an exclamation mark in a triangle, a cross in a square."""

    def __init__(self, mood: str, colour: str, back: str, size: float = 2.4) -> None:
        """``mood`` is ``good``, ``warn``, ``bad`` or ``calm``."""
        super().__init__(size, size)
        self._mood = mood
        self._colour = colour
        self._back = back

    def draw(self, painter: QPainter, place: QRectF) -> None:
        """Draw the shape, and what is in it with the colour behind."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        inner = place.adjusted(1, 1, -1, -1)
        u, x, y = inner.width(), inner.x(), inner.y()
        if self._mood == "warn":
            edge = QPen(QColor(self._colour), 0.1 * u, j=Qt.PenJoinStyle.RoundJoin)
            painter.setPen(edge)
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x + 0.5 * u, y + 0.1 * u),
                        QPointF(x + 0.94 * u, y + 0.9 * u),
                        QPointF(x + 0.06 * u, y + 0.9 * u),
                    ]
                )
            )
        elif self._mood == "bad":
            painter.drawRoundedRect(inner, 0.15 * u, 0.15 * u)
        else:
            painter.drawEllipse(inner)
        painter.setPen(QPen(QColor(self._back), 0.1 * u, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        for line in _INSIDE[self._mood]:
            painter.drawPolyline(QPolygonF([QPointF(x + a * u, y + b * u) for a, b in line]))


_INSIDE = {
    "good": (((0.28, 0.52), (0.44, 0.68), (0.72, 0.34)),),
    "warn": (((0.5, 0.38), (0.5, 0.6)), ((0.5, 0.76), (0.5, 0.77))),
    "bad": (((0.32, 0.32), (0.68, 0.68)), ((0.68, 0.32), (0.32, 0.68))),
    "calm": (((0.5, 0.45), (0.5, 0.72)), ((0.5, 0.27), (0.5, 0.28))),
}


class TimeBar(Drawn):
    """The share of a period that is left, as the filled part of a bar."""

    def __init__(self, share: float, colour: str) -> None:
        """``share`` is between 0 and 1; what is not over has at least a sliver."""
        super().__init__(4.0, 0.55)
        self._share = share
        self._colour = colour
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(30 * Look.em)

    def draw(self, painter: QPainter, place: QRectF) -> None:
        """Draw the track with its edge, and what is left on it."""
        inner = place.adjusted(0.5, 0.5, -0.5, -0.5)
        round_ = inner.height() / 2
        painter.setPen(QPen(QColor(Look.colours.border), 1))
        painter.setBrush(QColor(Look.colours.track))
        painter.drawRoundedRect(inner, round_, round_)
        if self._share > 0:
            filled = QRectF(inner)
            filled.setWidth(max(inner.height(), inner.width() * min(self._share, 1.0)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colour))
            painter.drawRoundedRect(filled, round_, round_)
