"""A window in which a PIN is typed, and which then looks for it in its own memory; run by test_memory.py.

The keys come one by one on stdin, each as its code plus 1000 on a line of its own, and what is looked for as bytes that
are all shifted by one, so that nothing but the window can hold the PIN as a whole.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QApplication

from jpki.card import Pin, PinState, PinStatus
from jpki.pin import SecretQuestion
from jpki_window.pin.ask import AskDialog
from jpki_window.pin.dialog import PinDialog
from jpki_window.pin.pages import SecretPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

    from jpki.pin import Secret
    from jpki_window.pin.secret_field import SecretField

_SHIFT = 1000
_QUESTION = {"kind": "secret", "title": "T", "description": "D", "prompt": "P", "ok": "OK", "cancel": "Cancel"}


def regions() -> Iterator[tuple[int, int]]:
    """Every part of this process's memory that can be read and written."""
    with open("/proc/self/maps", encoding="ascii") as maps:
        lines = maps.read().splitlines()
    for line in lines:
        span, rights = line.split()[:2]
        if rights.startswith("rw"):
            first, last = (int(end, 16) for end in span.split("-"))
            yield first, last


def count(shifted: bytes, *, is_wide: bool) -> int:
    """How often it stands in memory, as UTF-8 or as UTF-16; the pattern is a class of one character each."""
    # A pattern of escapes: compiled, it is a list of numbers and no text.
    joint = rb"\x00" if is_wide else b""
    pattern = re.compile(joint.join(rb"\x%02x" % (byte - 1) for byte in shifted))
    found = 0
    with open("/proc/self/mem", "rb", buffering=0) as memory:
        for first, last in regions():
            memory.seek(first)
            try:
                part = bytearray(memory.read(last - first))
            except (OSError, ValueError, OverflowError):
                continue
            found += len(pattern.findall(part))
            part[:] = bytes(len(part))
    return found


def keep(secrets: list[Secret], secret: object) -> None:
    """Hold what was typed, as a mistake would: for showing that the search finds it."""
    secrets.append(secret)  # type: ignore[arg-type]


def ask_dialog(secrets: list[Secret]) -> tuple[QWidget, SecretField, Callable[[], None]]:
    """The agent's dialog, its field, and what takes the PIN out of it."""
    dialog = AskDialog(_QUESTION)
    dialog.answered.connect(lambda secret: keep(secrets, secret))
    field = dialog.field
    assert field is not None
    return dialog, field, field.returnPressed.emit


def pin_dialog(secrets: list[Secret]) -> tuple[QWidget, SecretField, Callable[[], None]]:
    """The window's dialog, which judges a new password at each key."""
    status = PinStatus("sign", PinState.FULL, 5, 5, None)
    page = SecretPage(str, SecretQuestion(Pin.SIGN, status, is_new=True), "P")
    page.entered.connect(lambda secret: keep(secrets, secret))
    dialog = PinDialog(str, "T")
    dialog.show_page(page)
    return dialog, page.field, page.field.returnPressed.emit


def main() -> None:
    """Type, take, wipe, look."""
    which, mode, shifted = sys.argv[1], sys.argv[2], sys.argv[3].encode()
    application = QApplication([])
    secrets: list[Secret] = []
    dialog, field, take = {"ask": ask_dialog, "pin": pin_dialog}[which](secrets)
    dialog.show()
    for line in sys.stdin.buffer:
        code = int(line) - _SHIFT
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, chr(code))
            QApplication.sendEvent(field, event)
        application.processEvents()
    amid = count(shifted, is_wide=False)
    take()
    if mode == "keep":
        text = secrets[0].reveal().decode()  # what no code of ours does
        wide = bytearray(text.encode("utf-16-le"))
        sys.stdout.write(f"{amid} {count(shifted, is_wide=False)} {count(shifted, is_wide=True)}\n")
        del text, wide
        return
    secrets.pop().wipe()
    dialog.deleteLater()
    QTimer.singleShot(0, application.quit)
    application.exec()
    sys.stdout.write(f"{amid} {count(shifted, is_wide=False)} {count(shifted, is_wide=True)}\n")


main()
