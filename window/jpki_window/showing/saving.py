"""Text and pages that are saved into a file of one's own, or printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog, QLineEdit

from jpki.errors import FileError
from jpki.files import FileTarget
from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from jpki_window.reading import Context


#: What the style of a page says with means that a printed document does not have.
_STYLE = ".verdict { font-weight: bold; font-size: 17pt; } li, p { font-size: 12pt; } th, td { padding-right: 8px; }"


def save(context: Context, parent: QWidget, name: str, data: bytes) -> Path | None:
    """Have a place chosen, and write there; None where nothing was chosen. Only this user can read the file.

    The system's dialog asks before a file is replaced.

    Raises:
        FileError: it cannot be written.
    """
    chosen, _ = QFileDialog.getSaveFileName(parent, context.say(M("Save as")), str(Path.home() / name))
    if not chosen:
        return None
    path = Path(chosen)
    FileTarget(path, overwrite=True).write(data)
    return path


def saved_words(context: Context, act: Callable[[], Path | None]) -> str:
    """Save, and say where, or why not; nothing where nothing was chosen."""
    try:
        path = act()
    except FileError as exc:
        from .failing import failure_code, failure_words

        code = context.say(M("Code: {code}", code=failure_code(exc)))
        return f"{failure_words(context, exc)[0]} {code}"
    return "" if path is None else context.say(M("Written: {path}", path=path))


def print_html(parent: QWidget, title: str, html: str) -> bool:
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
    document_of(html).print_(printer)
    return True


def document_of(html: str) -> QTextDocument:
    """A page of simple HTML as it is printed: nothing is loaded for it."""
    document = QTextDocument()
    document.setDefaultStyleSheet(_STYLE)
    document.setHtml(html)
    return document
