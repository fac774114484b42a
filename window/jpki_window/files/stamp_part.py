"""The part of the sign page that says whether and where a signature is seen in a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLabel, QSpinBox, QWidget

from jpki.files import pdf_faults
from jpki.signing.pdf import page_count, page_size
from jpki.words import M
from jpki_window.look import column, line, text

from .page_picture import draw_page
from .stamp_view import StampView
from .wishes import Seen, Wishes, Writing, stamp_of

if TYPE_CHECKING:
    from pathlib import Path

    from jpki.signing.pdf import PageSize
    from jpki.words import Message
    from jpki_window.reading import Context

    Drawn = tuple[int, PageSize, bytes | None]

#: Milliseconds without a key after which the stamp is drawn with the name that was typed.
_PAUSE: Final = 400
_HOW: Final = M("Drag the stamp, move it with the arrow keys (Shift: small steps), or enter where it is to be.")
_EMPTY: Final = M("The page cannot be drawn here, so an empty one of its size is shown.")


class StampPart(QWidget):
    """Shown for one PDF; without a tick the signature is not seen on any page."""

    #: The PDF cannot be signed inside, or its stamp cannot be made: the error.
    failed = Signal(object)
    #: The tick was set or taken away.
    toggled = Signal()

    def __init__(self, context: Context) -> None:
        """Nothing is shown until :meth:`open`."""
        super().__init__()
        self._context = context
        self._file: Path | None = None
        self._wishes = Wishes()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._draw)
        inside = column(self, margin=0, spacing=0.5)
        self.is_wanted = QCheckBox(context.say(M("Show the signature on a page")))
        self.is_wanted.toggled.connect(self._toggle)
        self.page = QSpinBox()
        self.page.setRange(1, 1)
        self.page.setAccessibleName(context.say(M("Page")))
        self.page.valueChanged.connect(self._draw)
        label = QLabel(context.say(M("&Page")))
        label.setBuddy(self.page)
        self.view = StampView(context)
        self.note = text("", is_muted=True)
        self.right, from_left = self._distance(M("From the left (mm)"))
        self.down, from_top = self._distance(M("From the top (mm)"))
        self.view.moved.connect(self._tell_place)
        how = text(context.say(_HOW))
        self._shown = (line(label, self.page), how, line(from_left, from_top), self.view, self.note)
        for part in (self.is_wanted, *self._shown):
            inside.addWidget(part)
        self._hide()

    def _distance(self, title: Message) -> tuple[QDoubleSpinBox, QWidget]:
        """A field for one of the two distances: what programs for assistance move the stamp by."""
        words = self._context.say(title)
        box = QDoubleSpinBox()
        box.setDecimals(1)
        box.setKeyboardTracking(False)  # a number that is half typed is none
        box.setAccessibleName(words)
        box.valueChanged.connect(lambda _value: self.view.move_to(self.right.value(), self.down.value()))
        label = QLabel(words)
        label.setBuddy(box)
        return box, line(label, box)

    def _tell_place(self) -> None:
        view = self.view
        for box, value, most in zip((self.right, self.down), (view.right, view.down), view.farthest, strict=True):
            with QSignalBlocker(box):
                box.setMaximum(most)
                box.setValue(value)

    def open(self, file: Path) -> None:
        """Look at a PDF: how many pages it has."""
        if file != self._file:
            self._file = file
            self._context.worker.run(lambda: _count(file), self._counted, self.failed.emit)

    def leave(self) -> None:
        """There is no PDF to look at."""
        self._file = None
        self.is_wanted.setChecked(False)

    def set_wishes(self, wishes: Wishes) -> None:
        """Draw it with the name and the seal that were chosen."""
        before, self._wishes = self._wishes, wishes
        if (before.name, before.seal) != (wishes.name, wishes.seal):
            self._pause.start()

    def seen(self) -> Seen | None:
        """Where it is to be seen; None: nowhere."""
        return Seen(self.page.value(), self.view.right, self.view.down) if self.is_wanted.isChecked() else None

    def _counted(self, count: int) -> None:
        self.page.setRange(1, count)

    def _toggle(self) -> None:
        self._draw()
        self.toggled.emit()

    def _hide(self) -> None:
        for part in self._shown:
            part.setVisible(self.is_wanted.isChecked())
        self.note.hide()

    def _draw(self) -> None:
        self._hide()
        file, number, wishes = self._file, self.page.value(), self._wishes
        if file is None or not self.is_wanted.isChecked():
            return
        writing = Writing(self._context.language, self._context.now())
        self._context.worker.run(lambda: _drawn(file, number, wishes, writing), self._show, self.failed.emit)

    def _show(self, drawn: Drawn) -> None:
        number, size, png = drawn
        if number != self.page.value():
            return
        self.view.show_page(size, png)
        self.note.setText("" if self.view.has_picture else self._context.say(_EMPTY))
        self.note.setVisible(not self.view.has_picture)


def _count(file: Path) -> int:
    with pdf_faults(file), file.open("rb") as source:
        return page_count(source)


def _drawn(file: Path, number: int, wishes: Wishes, writing: Writing) -> Drawn:
    stamp = stamp_of(file, wishes, writing)
    with pdf_faults(file), file.open("rb") as source:
        size = page_size(source, number, stamp)
    return number, size, draw_page(file, number)
