"""How the pages of files and help are laid out: a heading, parts below each other, a banner for what matters most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from jpki_window.look import Body, Columns, Look, Sign, announce, clear, column, scrolled, text, tile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QFrame, QLabel

    from jpki.words import Message
    from jpki_window.reading import Context

#: Width from which what a verdict is about and why stand beside each other, in characters.
_LEAST = 14.0


class Page(QWidget):
    """A page that scrolls; :meth:`build` puts its parts into ``column``, again after a change of language or look."""

    def __init__(self, context: Context) -> None:
        """Make the frame; the page that is made of it calls :meth:`retranslate` when it is ready."""
        super().__init__()
        self.context = context
        self._body = Body()
        self._body.setObjectName("body")
        self.column = column(self._body, margin=1.2, spacing=0.8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(self._body))

    def say(self, message: Message) -> str:
        """Say it in the language of the window."""
        return self.context.say(message)

    def retranslate(self) -> None:
        """Say and lay out everything anew."""
        edge = int(1.2 * Look.em)
        self.column.setContentsMargins(edge, edge, edge, edge)
        clear(self.column)
        self.build()
        self.column.addStretch(1)

    def build(self) -> None:
        """Put the parts of the page into its column."""
        raise NotImplementedError


class Results(QWidget):
    """The place of a page where what was found out stands, until something else is."""

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__()
        self._column = column(self, margin=0, spacing=0.7)

    def show_parts(self, parts: Iterable[QWidget], spoken: str = "") -> None:
        """Show these parts in the place of those before; a screen reader is told the words ``spoken``."""
        clear(self._column)
        for part in parts:
            self._column.addWidget(part)
        if spoken:
            announce(self, spoken)


def heading(words: str, *, scale: float = 1.2) -> QWidget:
    """The heading of a part."""
    return text(words, scale=scale, is_bold=True)


def banner(words: str, mood: str, below: Iterable[QWidget] = (), *, about: str = "") -> QFrame:
    """The sentence that matters most, in large type, with its mood as a drawn mark; ``about`` tells what it is."""
    colours = Look.colours.mood(mood)
    frame = tile(words, kind="banner")
    frame.setStyleSheet(
        f"#banner {{ background: {colours.back}; border: 1px solid {colours.text}; border-radius: {Look.em // 2}px; }}"
        f"#banner QLabel {{ color: {colours.text}; }}"
    )
    line = QHBoxLayout(frame)
    line.setContentsMargins(Look.em, Look.em, Look.em, Look.em)
    line.setSpacing(Look.em)
    line.addWidget(Sign(mood, colours.text, colours.back), 0, Qt.AlignmentFlag.AlignTop)
    inside = QVBoxLayout()
    inside.setSpacing(Look.em // 3)
    verdict = text(words, scale=1.5, is_bold=True)
    verdict.setAccessibleDescription(about)
    inside.addWidget(verdict)
    for part in below:
        inside.addWidget(part)
    line.addLayout(inside, 1)
    return frame


def add_row(grid: QGridLayout, row: int, mood: str, verdict: QLabel, parts: tuple[QLabel, QLabel]) -> None:
    """A row of a table of verdicts: a drawn mark, the verdict, and what it is about and why, one below the other."""
    drawn = Sign(mood, Look.colours.mood(mood).text, Look.colours.surface, 1.2)
    both = Columns(_LEAST)
    for part in parts:
        both.add(part)
    grid.addWidget(drawn, row, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(verdict, row, 1, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(both, row, 2, Qt.AlignmentFlag.AlignTop)


def verdict_grid(parent: QWidget) -> QGridLayout:
    """The table for :func:`add_row`."""
    grid = QGridLayout(parent)
    grid.setHorizontalSpacing(Look.em // 2)
    grid.setVerticalSpacing(Look.em // 3)
    grid.setColumnStretch(2, 1)
    return grid
