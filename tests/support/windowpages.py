"""Pages of the window by themselves, with a simulated card on a simulated reader, and what is to be read on them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import givenday
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QScrollArea, QWidget
from windowdesk import purge

from jpki.client import FilesToSign, signing_job
from jpki.files import Following
from jpki.pin import Secret
from jpki_sim.serve import SimulatedReaders
from jpki_window.app.menus import apply_look
from jpki_window.look import Settings
from jpki_window.reading import Context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from windowdesk import Desk

    from jpki.client import Card

READER = "Simulated reader"
#: Seconds after which a window that does nothing is a fault, on a busy machine too.
NEVER = 30.0


class PageDesk:
    """What pages share, with a card; pages are shown at a size, and closed with the desk."""

    def __init__(self, settings: Path, card: str | None = "adult", language: str = "en", text_size: int = 100) -> None:
        """Lay the card down."""
        self.readers = SimulatedReaders({READER: card})
        kept = Settings(settings)
        kept.language, kept.text_size = language, text_size
        self.context = Context(kept, clock=givenday.now)
        apply_look(self.context)
        self._pages: list[QWidget] = []
        self.context.use(self.readers, is_simulated=True)
        self.wait(lambda: not self.context.glance.is_looking)

    def show(self, page: QWidget, width: int = 1000, height: int = 760) -> None:
        """Show a page in a window of its own."""
        self._pages.append(page)
        page.resize(width, height)
        page.show()
        settle()

    def wait(self, holds: Callable[[], bool]) -> None:
        """Let the window work until something holds."""
        end = time.monotonic() + NEVER
        while not holds():
            QCoreApplication.processEvents()
            assert time.monotonic() < end, "it never came"
        settle()

    def close(self) -> None:
        """Close every page, and end the threads."""
        for page in self._pages:
            page.close()
            page.deleteLater()
        assert self.context.stop()
        self.readers.close()
        purge()


def settle() -> None:
    """Let what was made just now be laid out and shown."""
    for _ in range(6):
        QCoreApplication.processEvents()


def texts(page: QWidget) -> list[str]:
    """Every text that is to be seen."""
    settle()
    labels = [label for label in page.findChildren(QLabel) if label.isVisibleTo(page)]
    return [label.text().replace("\u200b", "") for label in labels if label.text()]


def empty_below(page: QWidget) -> int:
    """How far one can scroll on when the last text or button of a page has gone by, in pixels."""
    settle()
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    body = area.widget()
    assert body is not None
    parts: list[QWidget] = [*body.findChildren(QLabel), *body.findChildren(QAbstractButton)]
    end = max(part.mapTo(body, QPoint(0, part.height())).y() for part in parts if part.isVisibleTo(body))
    return max(0, body.height() - max(area.viewport().height(), end))


def press(page: QWidget, words: str) -> None:
    """Press the button of these words."""
    found = [button for button in page.findChildren(QPushButton) if button.text() == words and button.isVisibleTo(page)]
    assert found, [button.text() for button in page.findChildren(QPushButton)]
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def type_pin(desk: PageDesk | Desk, pin: str) -> QWidget:
    """Type a PIN into the dialog that comes up; returns the dialog when it tells what is true."""
    from jpki_window.pin import OutcomePage
    from jpki_window.pin.dialog import PinDialog
    from jpki_window.pin.pages import SecretPage

    def dialog() -> PinDialog | None:
        found = QApplication.activeModalWidget()
        return found if isinstance(found, PinDialog) else None

    def shows(kind: type[QWidget]) -> bool:
        found = dialog()
        return found is not None and isinstance(found.page, kind)

    desk.wait(lambda: shows(SecretPage))
    found = dialog()
    assert found is not None
    page = found.page
    assert isinstance(page, SecretPage)
    for character in pin:
        QTest.keyClick(page.field, character)  # type: ignore[call-overload]  # it takes characters too
    QTest.keyClick(page.field, Qt.Key.Key_Return)
    desk.wait(lambda: shows(OutcomePage))
    return found


def close_dialog() -> None:
    """Close the dialog with the button that Enter presses."""
    found = QApplication.activeModalWidget()
    assert found is not None
    QTest.keyClick(found, Qt.Key.Key_Return)
    settle()


def sign_on_given_day(card: Card, path: Path) -> Path:
    """Sign a file with the simulated card on the day that the tests are given; returns the result."""
    with FilesToSign((signing_job(path),), Following(givenday.now)) as files:
        return files.sign(card, Secret("SIMCARD1"), card.options())[0].path
