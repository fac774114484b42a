"""Prints through the toolkit's own dialog into a PDF file, and looks at its pages with poppler's programs."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QDialogButtonBox, QLineEdit

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Milliseconds between two looks whether the dialog is open.
_PAUSE = 20
#: Dots in an inch of a page that is looked at, and how many of them at each edge have to be white.
_DOTS, _EDGE = 50, 8


@contextmanager
def printing_into_file() -> Iterator[list[Path]]:
    """Answer the next dialog: a PDF file, under the name that the dialog proposes; gives that name."""
    named: list[Path] = []
    timer = QTimer()
    timer.timeout.connect(lambda: _answer(named))
    timer.start(_PAUSE)
    yield named
    timer.stop()


def _answer(named: list[Path]) -> None:
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QDialog) and named:  # it was answered, and is not content
        dialog.reject()
    if not isinstance(dialog, QPrintDialog) or named:
        return
    printers = dialog.findChild(QComboBox, "printers")
    field = dialog.findChild(QLineEdit, "filename")
    assert isinstance(printers, QComboBox)
    assert isinstance(field, QLineEdit)
    printers.setCurrentIndex(printers.findText("PDF", Qt.MatchFlag.MatchContains))
    named.append(Path(field.text()))
    buttons = dialog.findChild(QDialogButtonBox)
    assert isinstance(buttons, QDialogButtonBox)
    QTest.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def read_printed(file: Path) -> str:
    """The text of all pages."""
    return subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout


def pages_of(file: Path) -> list[QImage]:
    """A picture of each page."""
    subprocess.run(["pdftoppm", "-r", str(_DOTS), "-gray", "-png", file, file.with_suffix("")], check=True)
    return [QImage(str(found)) for found in sorted(file.parent.glob(f"{file.stem}-*.png"))]


def darkest(page: QImage) -> tuple[int, int]:
    """The darkest grey at the edges of a page, and within them; 255 is white."""
    at_edge, within = 255, 255
    for down in range(page.height()):
        for right in range(page.width()):
            grey = page.pixelColor(right, down).red()
            is_edge = min(right, down, page.width() - 1 - right, page.height() - 1 - down) < _EDGE
            at_edge, within = (min(at_edge, grey), within) if is_edge else (at_edge, min(within, grey))
    return at_edge, within
