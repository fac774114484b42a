"""The part of the sign page that says whether and where a signature is seen in a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QSpinBox, QWidget

from jpki.errors import JpkiError
from jpki.files import pdf_faults
from jpki.signing.pdf import Offset, SignaturePlace, Stamp, make_stamp, page_count, page_size
from jpki.words import M
from jpki_window.app import column, text
from jpki_window.help import line

from .page_picture import draw_page
from .stamp_view import StampView

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from jpki.signing.pdf import PageSize
    from jpki_window.app import Context

    Drawn = tuple[int, PageSize, bytes | None, Stamp]

_EMPTY = M("The page cannot be drawn here, so an empty one of its size is shown.")


class StampPart(QWidget):
    """Shown for one PDF; without a tick the signature is not seen on any page."""

    #: The PDF cannot be signed inside: the error.
    failed = Signal(object)

    def __init__(self, context: Context) -> None:
        """Nothing is shown until :meth:`open`."""
        super().__init__()
        self._context = context
        self._file: Path | None = None
        self._stamp = Stamp()
        inside = column(self, margin=0, spacing=0.5)
        self.is_wanted = QCheckBox(context.say(M("Show the signature on a page")))
        self.is_wanted.toggled.connect(self._draw)
        self.page = QSpinBox()
        self.page.setRange(1, 1)
        self.page.setAccessibleName(context.say(M("Page")))
        self.page.valueChanged.connect(self._draw)
        label = QLabel(context.say(M("&Page")))
        label.setBuddy(self.page)
        self.view = StampView(context)
        self.note = text("", is_muted=True)
        self.place = text("", is_muted=True)
        self.view.moved.connect(lambda: self.place.setText(context.say(self.view.words())))
        how = text(context.say(M("Drag the stamp, or move it with the arrow keys (Shift: small steps).")))
        self._shown = (line(label, self.page), how, self.view, self.place, self.note)
        for part in (self.is_wanted, *self._shown):
            inside.addWidget(part)
        self._hide()

    def open(self, file: Path) -> None:
        """Look at a PDF: how many pages it has."""
        self._file = file
        self._context.worker.run(lambda: _count(file), self._counted, self.failed.emit)

    def signature_place(self) -> SignaturePlace:
        """What was chosen."""
        if not self.is_wanted.isChecked():
            return SignaturePlace()
        return SignaturePlace(
            page=self.page.value(), stamp=self._stamp, position=Offset(self.view.right, self.view.down)
        )

    def _counted(self, count: int) -> None:
        self.page.setRange(1, count)

    def _hide(self) -> None:
        for part in self._shown:
            part.setVisible(self.is_wanted.isChecked())
        self.note.hide()

    def _draw(self) -> None:
        self._hide()
        file, number = self._file, self.page.value()
        if file is None or not self.is_wanted.isChecked():
            return
        language, at = self._context.language, self._context.now()
        self._context.worker.run(lambda: _drawn(file, number, language, at), self._show, self.failed.emit)

    def _show(self, drawn: Drawn) -> None:
        number, size, png, stamp = drawn
        if number != self.page.value():
            return
        self._stamp = stamp
        self.view.show_page(size, png)
        self.note.setText("" if self.view.has_picture else self._context.say(_EMPTY))
        self.note.setVisible(not self.view.has_picture)


def _count(file: Path) -> int:
    with pdf_faults(file), file.open("rb") as source:
        return page_count(source)


def _drawn(file: Path, number: int, language: str, at: datetime) -> Drawn:
    stamp = _stamp(language, at)
    with pdf_faults(file), file.open("rb") as source:
        size = page_size(source, number, stamp)
    return number, size, draw_page(file, number), stamp


def _stamp(language: str, at: datetime) -> Stamp:
    """The stamp in the language of the window, or in English where no font of this computer has the letters."""
    try:
        return make_stamp(at, language)
    except JpkiError:
        return make_stamp(at, "en")
