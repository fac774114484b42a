"""Pages that are printed, in sizes of their own whatever the text size of the window is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QFont, QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import QApplication, QLineEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QTextBlock
    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QWidget

#: Points of a page that a card's holder reads, and of one full of tables for whoever helps.
LARGE: Final = 12.0
SMALL: Final = 9.0
#: The verdict in sizes of the rest.
_VERDICT: Final = 1.4
#: What the page's own style says with means that a printed document does not have. What is "short" is never broken.
_STYLE: Final = """
.verdict {{ font-weight: bold; font-size: {verdict:.1f}pt; }}
.short, .drawn {{ white-space: nowrap; }}
tbody th {{ font-weight: normal; }}
th {{ text-align: left; }}
th, td {{ padding-right: 8px; }}
p {{ margin-top: 2px; margin-bottom: 2px; }}
h2, h3 {{ margin-top: 8px; margin-bottom: 2px; }}
"""
#: The margin that the toolkit gives to a page, in inches.
_MARGIN: Final = 2 / 2.54
_BREAK: Final = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore


def print_html(parent: QWidget, title: str, html: str, points: float = LARGE) -> bool:
    """Print a page of simple HTML on a printer that is chosen in the system's dialog; False where none was."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    field = dialog.findChild(QLineEdit, "filename")
    if isinstance(field, QLineEdit):  # the toolkit's own dialog: it proposes a folder, which is no name for a file
        field.setText(str(Path.home() / f"{title}.pdf"))
    answer = dialog.exec()
    dialog.deleteLater()
    if answer != QPrintDialog.DialogCode.Accepted:
        return False
    document = document_of(html, points)
    keep_headings(document, printer)
    document.print_(printer)
    return True


def document_of(html: str, points: float = LARGE) -> QTextDocument:
    """A page of simple HTML as it is printed: nothing is loaded for it."""
    document = QTextDocument()
    font = QFont(QApplication.font())
    font.setPointSizeF(points)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(_STYLE.format(verdict=points * _VERDICT))
    document.setHtml(html)
    return document


def keep_headings(document: QTextDocument, printer: QPrinter) -> None:
    """Have each heading begin a page that would else stand alone at the end of one."""
    while (number := _lonely_heading(document, printer)) is not None:
        cursor = QTextCursor(document.findBlockByNumber(number))
        form = cursor.blockFormat()
        form.setPageBreakPolicy(_BREAK)
        cursor.setBlockFormat(form)


def _lonely_heading(document: QTextDocument, printer: QPrinter) -> int | None:
    """The first heading behind which a page ends."""
    laid = _laid_out(document, printer)
    block = laid.begin()
    while (following := block.next()).isValid():
        form = block.blockFormat()
        if form.headingLevel() and form.pageBreakPolicy() != _BREAK and _page(block) != _page(following):
            return block.blockNumber()
        block = following
    return None


def _page(block: QTextBlock) -> int:
    """The page on which its first line stands: what moves to the next page is the line, not the block."""
    document, lines = block.document(), block.layout()
    top = document.documentLayout().blockBoundingRect(block).top()
    down = lines.lineAt(0).y() if lines.lineCount() else 0.0
    return int((top + down) / document.pageSize().height())


def _laid_out(document: QTextDocument, printer: QPrinter) -> QTextDocument:
    """A copy with the pages that the toolkit makes of it on the printer."""
    copy = document.clone()
    copy.documentLayout().setPaintDevice(printer)
    frame = copy.rootFrame()
    form = frame.frameFormat()
    form.setMargin(int(_MARGIN * QApplication.primaryScreen().logicalDotsPerInchX()))
    frame.setFrameFormat(form)
    copy.setPageSize(printer.pageRect(printer.Unit.DevicePixel).size())
    return copy
