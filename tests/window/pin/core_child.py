"""The window with a simulated card, in which a PIN is typed and nothing sent; run by test_core.py.

Usage: core_child.py HOW, with the keys on stdin, each as its code plus 1000 on a line of its own: so nothing but the
window's field holds the PIN as a whole. HOW is what happens when it is typed:

    abort    the process is aborted
    piped    so too, without the limit for core files, which the kernel ignores for a crash reporter
    bare     so too, and the memory is not shielded either
    wait     "typed" is written and a line of stdin awaited; then Escape is pressed, "over" written, a line awaited
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtTest import QTest

from jpki.card import Pin
from jpki_window.app import main_window, start
from jpki_window.pin import flow, start_check
from jpki_window.pin.dialog import PinDialog
from jpki_window.pin.pages import SecretPage

if TYPE_CHECKING:
    from jpki_window.reading import Context, Glance

_SHIFT = 1000

how = sys.argv.pop(1)


def tell(word: str) -> None:
    """Say how far it is, and wait until the test has looked."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
    sys.stdin.buffer.readline()


def end(dialog: PinDialog, application: QCoreApplication) -> None:
    """What happens when the PIN is typed."""
    if how != "wait":
        os.abort()
    tell("typed")
    dialog.finished.connect(lambda: QTimer.singleShot(0, lambda: finish(application)))
    dialog.reject()


def finish(application: QCoreApplication) -> None:
    """The dialog is gone."""
    tell("over")
    application.quit()


class Typing(main_window.MainWindow):
    """Asks for the signature password once the card is shown, and types it."""

    def __init__(self, context: Context) -> None:
        """Look for the card, and for the dialog."""
        super().__init__(context)
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._type)
        context.status_changed.connect(self._begin)

    def _begin(self, glance: Glance) -> None:
        if glance.status is not None and not self._timer.isActive():
            self._timer.start()
            start_check(self.context, Pin.SIGN, self)

    def _type(self) -> None:
        dialog = self.findChild(PinDialog)
        application = QCoreApplication.instance()
        if not (isinstance(dialog, PinDialog) and isinstance(dialog.page, SecretPage)) or application is None:
            return
        self._timer.timeout.disconnect()
        for line in iter(sys.stdin.buffer.readline, b"\n"):
            QTest.keyClick(dialog.page.field, chr(int(line) - _SHIFT))  # type: ignore[call-overload]  # takes it too
        end(dialog, application)


if how in ("piped", "bare"):
    setattr(start, "harden_process", lambda: None)  # noqa: B010 - in its place, which is not exported
if how == "bare":
    setattr(flow, "shield_memory", lambda: None)  # noqa: B010
setattr(main_window, "MainWindow", Typing)  # noqa: B010
sys.exit(start.main(["--sim", "adult", "--lang", "en"]))
