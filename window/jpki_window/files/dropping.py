"""Where files are dropped, or chosen in a dialog."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame

from jpki.words import M
from jpki_window.look import Look, button, column, text

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

    from jpki.words import Message
    from jpki_window.reading import Context


class DropArea(QFrame):
    """Takes files of this computer by drag and drop, or from a dialog."""

    #: A list of paths.
    chosen = Signal(object)

    def __init__(self, context: Context, words: Message, *, many: bool = True) -> None:
        """Say what is to be dropped; ``many``: more than one file at once."""
        super().__init__()
        self._context = context
        self._many = many
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        self.setAccessibleName(context.say(words))
        self._paint(is_over=False)
        inside = column(self, margin=1.2, spacing=0.6)
        inside.addWidget(text(context.say(words)))
        title = M("Choose files …") if many else M("Choose a file …")
        self.button = button(context.say(title), self.choose, is_main=True)
        inside.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def choose(self) -> None:
        """Have files chosen in a dialog."""
        title = self._context.say(M("Choose files") if self._many else M("Choose a file"))
        if self._many:
            names, _ = QFileDialog.getOpenFileNames(self, title)
        else:
            name, _ = QFileDialog.getOpenFileName(self, title)
            names = [name] if name else []
        if names:
            self.chosen.emit([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:  # noqa: N802 - Qt's name
        """Take files, and nothing else."""
        if _files(event.mimeData()):
            self._paint(is_over=True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent, /) -> None:  # noqa: N802 - Qt's name
        """They went on."""
        self._paint(is_over=False)
        event.accept()

    def dropEvent(self, event: QDropEvent, /) -> None:  # noqa: N802 - Qt's name
        """They were dropped."""
        self._paint(is_over=False)
        found = _files(event.mimeData())
        if found:
            event.acceptProposedAction()
            self.chosen.emit(found if self._many else found[:1])

    def _paint(self, *, is_over: bool) -> None:
        colours = Look.colours
        edge = colours.accent if is_over else colours.border
        back = colours.hover if is_over else colours.surface
        self.setStyleSheet(
            f"#drop {{ background: {back}; border: 2px dashed {edge}; border-radius: {Look.em // 3}px; }}"
        )


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
