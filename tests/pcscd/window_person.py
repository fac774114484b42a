"""A person at the window, which talks to the real PC/SC service; what is on the screen is told to the test.

Usage: window_person.py READER. Each line on stdin is a JSON object, answered with one on stdout:

    {"until": "3 of 3"}                                waits for a text of the page that holds these words
    {"again": true}                                    has the card read again
    {"press": "Check PIN: …", "secrets": ["2846"], "yes": 9}   presses a button, and answers the dialog
    {"sign": "/file", "secrets": [...], "yes": 0}      signs a file on the page for that

A secret may be a list of numbers too, each the code of a character and 1000 more: then it never stands in the memory of
this process but where it is typed.

The answer holds the lines of the screen: of the page, or of the dialog when it told what is true.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from jpki_window.app.main_window import MainWindow
from jpki_window.app.menus import apply_look
from jpki_window.app.start import make_application
from jpki_window.look import Settings
from jpki_window.pin import OutcomePage
from jpki_window.pin.dialog import PinDialog
from jpki_window.pin.pages import ChoicePage, SecretPage
from jpki_window.reading import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Secret = str | list[int]

#: Seconds after which the window counts as one that waits for ever.
NEVER = 60.0


def characters(secret: Secret) -> Iterator[str]:
    """The keys of a secret, one after the other."""
    return (part if isinstance(part, str) else chr(part - 1000) for part in secret)


class Person:
    """Sits before the window."""

    def __init__(self, reader: str) -> None:
        """Open it, and look at the card on this reader."""
        settings = Settings(Path.home() / "window.ini")
        settings.language = "en"
        self.context = Context(settings)
        apply_look(self.context)
        self.window = MainWindow(self.context)
        self.window.show()
        self.context.start(reader)

    def wait(self, holds: Callable[[], bool]) -> None:
        """Let the window work until something holds."""
        end = time.monotonic() + NEVER
        while not holds():
            QCoreApplication.processEvents()
            if time.monotonic() > end:
                raise TimeoutError("\n".join(self.screen()))

    def screen(self) -> list[str]:
        """What is to be read now."""
        dialog = self.dialog()
        if dialog is not None:
            return list(dialog.visible_texts())
        return [label.text() for label in self.window.findChildren(QLabel) if label.text() and label.isVisible()]

    @staticmethod
    def dialog() -> PinDialog | None:
        """The dialog for a PIN, if it is open."""
        found = QApplication.activeModalWidget()
        return found if isinstance(found, PinDialog) else None

    def press(self, name: str) -> None:
        """Press a button when it is there."""

        def button() -> QAbstractButton | None:
            found = self.window.findChildren(QAbstractButton)
            named = (b for b in found if name in (b.accessibleName(), b.text()))
            return next((b for b in named if b.isVisible() and b.isEnabled()), None)

        self.wait(lambda: button() is not None)
        pressed = button()
        assert pressed is not None
        QTest.keyClick(pressed, Qt.Key.Key_Space)

    def answer(self, secrets: list[Secret], yes: int) -> list[str]:
        """Answer everything that the dialog asks, until it tells what is true or is closed."""
        self.wait(lambda: self.dialog() is not None)
        answered: QWidget | None = None
        while (dialog := self.dialog()) is not None:
            page = dialog.page
            if isinstance(page, OutcomePage):
                told = self.read(page)
                QTest.mouseClick(page.buttons[0], Qt.MouseButton.LeftButton)
                return told
            if page is not answered and isinstance(page, SecretPage):
                answered = page
                for character in characters(secrets.pop(0)):
                    QTest.keyClick(page.field, character)  # type: ignore[call-overload]  # it takes characters too
                QTest.keyClick(page.field, Qt.Key.Key_Return)
            elif page is not answered and isinstance(page, ChoicePage):
                answered = page
                for box in page.findChildren(QAbstractButton):
                    box.setChecked(yes > 0)
                QTest.mouseClick(page.buttons[1 if yes > 0 else 0], Qt.MouseButton.LeftButton)
                yes -= 1
            QCoreApplication.processEvents()
        return []

    def read(self, page: OutcomePage) -> list[str]:
        """Read what is true, once it is on the screen."""
        seen: list[bool] = []
        page.painted.connect(lambda: seen.append(True))
        page.update()
        self.wait(lambda: bool(seen))
        return self.screen()

    def sign(self, file: Path, secrets: list[Secret], yes: int) -> list[str]:
        """Sign a file, and come back to the page of the card."""
        self.window.show_page("sign", [file])
        self.press("I agree, and want to sign")
        self.press("Sign")
        told = self.answer(secrets, yes)
        self.window.show_page("card")
        return told

    def perform(self, command: dict[str, Any]) -> list[str]:
        """Do one thing."""
        if "until" in command:
            self.wait(lambda: any(command["until"] in text for text in self.screen()))
            return self.screen()
        if "again" in command:
            self.context.look_again()
            self.wait(lambda: self.context.worker.is_idle)
            return self.screen()
        if "sign" in command:
            return self.sign(Path(command["sign"]), command["secrets"], command["yes"])
        self.press(command["press"])
        return self.answer(command["secrets"], command["yes"])


def main() -> None:
    """Do as told until the input ends."""
    application = make_application()
    person = Person(sys.argv[1])
    for line in sys.stdin:
        sys.stdout.write(json.dumps(person.perform(json.loads(line))) + "\n")
        sys.stdout.flush()
    person.window.close()
    person.context.stop()
    del application


if __name__ == "__main__":
    main()
