"""A person at the window who answers in this process, and a simulated card of which every command is seen."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import givenday
from pinpadreader import BOTH, PinPadConnection
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from windowdesk import purge

from jpki.card import MyNumberCard
from jpki.client import Card
from jpki.words import speak
from jpki_sim.card import SimulatedConnection
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card
from jpki_window.look.collecting import collect_if_due
from jpki_window.pin import OutcomePage
from jpki_window.pin.pages import ChoicePage, SecretPage
from jpki_window.reading.tasks import Task, TaskThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from jpki.card import Pin
    from jpki.transport import CardConnection
    from jpki.words import Message
    from jpki_window.pin import PinFlow
    from jpki_window.pin.pages import Page

T = TypeVar("T")

#: Seconds after which a window that does nothing is a fault.
PATIENCE = 10.0


class PinDesk:
    """A person at the window, and a card on a reader; it stands where the window's context does.

    ``secrets`` are typed in their order, ``answers`` are the yes and no of the decisions; ``asked`` collects what was
    on the screen. ``on_page`` is called before each answer, for what happens meanwhile.
    """

    def __init__(self, notes: Path, persona: str = "adult", faults: str = "", language: str = "en") -> None:
        """Sit down."""
        self.notes = notes
        self.language = language
        speak(language)
        self.card = open_card(persona).card
        self.reached: list[bytes] = []
        self.card.command_log = self.reached
        self.port = FaultyCard(self.card, parse_faults(faults), sleep=lambda _: None)
        self.asked: list[str] = []
        self.secrets: list[str] = []
        self.answers: list[bool] = []
        self.on_page: Callable[[Page], None] = lambda _page: None
        self._threads = TaskThread("card")
        self._make: Callable[[CardConnection], CardConnection] = lambda inner: inner
        self.keys: PinPadConnection | None = None

    # What a flow needs of the window.

    @property
    def worker(self) -> PinDesk:
        """The thread of the card."""
        return self

    @staticmethod
    def now() -> datetime:
        """The day that the tests are given."""
        return givenday.now()

    def say(self, message: Message) -> str:
        """Say it in the desk's language."""
        return message.text(self.language)

    def submit(
        self, job: Callable[[Card], T], done: Callable[[T], None], failed: Callable[[BaseException], None]
    ) -> Task[T]:
        """Run a job with the card."""
        return self._threads.hand_in(Task(lambda: self._with_card(job), done, failed))

    def _with_card(self, job: Callable[[Card], T]) -> T:
        with Card(self._connect(), reopen=self._reopen) as card:
            return job(card)

    def _connect(self) -> CardConnection:
        self.port.insert()
        return self._make(SimulatedConnection(self.port))

    @contextmanager
    def _reopen(self, _seconds: float) -> Iterator[MyNumberCard]:
        connection = self._connect()
        try:
            yield MyNumberCard(connection)
        finally:
            connection.close()

    def put_keys(self, *typed: str, features: bytes = BOTH) -> None:
        """Give the reader keys, on which this will be typed."""
        entries = list(typed)

        def make(inner: CardConnection) -> CardConnection:
            self.keys = PinPadConnection(inner, entries, features=features)
            return self.keys

        self._make = make

    # What the person does.

    def run(self, flow: PinFlow[Any]) -> str:
        """Answer everything, until the dialog shows what is true; returns the lines on the screen then."""
        flow.start()
        answered: Page | None = None
        deadline = time.monotonic() + PATIENCE
        while not flow.is_over:
            QApplication.processEvents()
            page = flow.dialog.page
            if page is not answered and isinstance(page, (SecretPage, ChoicePage)):
                answered = page
                QApplication.processEvents()
                self.asked.append(self.screen(flow))
                self.on_page(page)
                self._answer(flow, page)
            if time.monotonic() > deadline:
                raise TimeoutError(f"the window waits: {self.screen(flow)}")
        QApplication.processEvents()
        return self.screen(flow)

    def _answer(self, flow: PinFlow[Any], page: Page) -> None:
        if page is not flow.dialog.page:
            return  # on_page has answered
        if isinstance(page, SecretPage):
            if self.secrets:
                press_keys(page.field, self.secrets.pop(0))
                QTest.keyClick(page.field, Qt.Key.Key_Return)
            else:
                QTest.keyClick(flow.dialog, Qt.Key.Key_Escape)
            return
        is_yes = bool(self.answers) and self.answers.pop(0)
        for box in page.findChildren(QPushButton):
            box.setChecked(is_yes)
        QTest.mouseClick(page.buttons[1 if is_yes else 0], Qt.MouseButton.LeftButton)

    @staticmethod
    def screen(flow: PinFlow[Any]) -> str:
        """Every text that is to be seen in the dialog, one a line."""
        return "\n".join(flow.dialog.visible_texts())

    def close(self, flow: PinFlow[Any]) -> None:
        """Close the dialog."""
        page = flow.dialog.page
        if isinstance(page, OutcomePage):
            QTest.mouseClick(page.buttons[0], Qt.MouseButton.LeftButton)
        flow.dialog.deleteLater()
        QApplication.processEvents()
        purge()

    def leave(self) -> None:
        """End the thread, and collect garbage as the window does: the tests keep Python from it (conftest)."""
        assert self._threads.stop(PATIENCE)
        collect_if_due()

    # What the card holds.

    def tries(self, pin: Pin) -> int:
        """Tries left on the card."""
        return self.card.image.reference_data()[pin.value].retries_remaining

    def set_tries(self, pin: Pin, tries: int) -> None:
        """Let another program have used tries."""
        self.card.image.reference_data()[pin.value].retries_remaining = tries

    def holds(self, pin: Pin) -> str:
        """Value of a PIN on the card."""
        return self.card.image.reference_data()[pin.value].value.decode()

    @property
    def presented(self) -> list[bytes]:
        """Every VERIFY with a PIN that reached the card."""
        # Five bytes are a header and Le, which has no PIN in it.
        return [command for command in self.reached if command[:2] == b"\x00\x20" and len(command) > 5]


def press_keys(widget: QWidget, text: str) -> None:
    """Press the keys of a text one by one."""
    for character in text:
        QTest.keyClicks(widget, character)
