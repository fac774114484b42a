"""Text and pages that are saved into a file of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from jpki.errors import FileError
from jpki.files import FileTarget
from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from jpki_window.reading import Context


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
