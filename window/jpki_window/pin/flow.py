"""One use of a PIN from the click to what is true afterwards: a dialog here, a job in the thread of the card."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Protocol, TypeVar

from PySide6.QtCore import QObject

from jpki.errors import DeclinedError, JpkiError
from jpki.hygiene import shield_memory
from jpki_window.reading import GuiThread

from .dialog import PinDialog
from .outcomes import advice_after, failed_outcome
from .pages import OutcomePage
from .person import WindowPerson
from .unseen import UnseenNote, default_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from jpki import Card
    from jpki.advice import Advice
    from jpki.card import Pin
    from jpki.pin import PinOptions
    from jpki.words import Message

    from .pages import Page

T = TypeVar("T")

#: How long the card is waited for at a time, in seconds; then the person is asked again.
_WAIT: Final = 5.0


class CardWorker(Protocol):
    """The thread that talks to the card, as far as it is needed here."""

    def submit(
        self, job: Callable[[Card], T], done: Callable[[T], None], failed: Callable[[BaseException], None]
    ) -> object:
        """Run a job with the card that lies there; ``done`` or ``failed`` is called in the thread of the windows."""
        ...


class Surroundings(Protocol):
    """What a flow needs of the window that it is started in."""

    @property
    def worker(self) -> CardWorker:
        """The thread that talks to the card."""
        ...

    @property
    def now(self) -> Callable[[], datetime]:
        """Tells the instant that days are counted from."""
        ...

    def say(self, message: Message) -> str:
        """Say a sentence in the language of the window."""
        ...


class Use(NamedTuple, Generic[T]):
    """What is done with a PIN: ``work`` in the thread of the card, ``show`` makes the page of its result.

    ``changes``: the PIN becomes another one.
    """

    pin: Pin
    title: Message
    work: Callable[[Card, WindowPerson, PinOptions], T]
    show: Callable[[T], Page]
    changes: bool = False


class PinFlow(QObject, Generic[T]):
    """One use of one PIN; it is deleted with the window that it was started in."""

    def __init__(
        self, around: Surroundings, use: Use[T], parent: QWidget | None = None, *, notes: Path | None = None
    ) -> None:
        """Prepare; nothing is shown yet. ``notes`` is the folder of what outlives a crash."""
        super().__init__(parent)
        self._around = around
        self._use = use
        self.dialog = PinDialog(around.say, around.say(use.title), parent)
        self._person = WindowPerson(GuiThread(self), self.dialog, changes=use.changes)
        self._note = UnseenNote(use.pin, notes or default_folder())
        self._advice: tuple[Advice, ...] = ()
        self.is_over = False

    def start(self) -> None:
        """Show the dialog, and begin with the card; from now on no other program may look into the memory."""
        shield_memory()
        self.dialog.open()
        self._around.worker.submit(self._work, self._done, self._failed)

    def give_up(self) -> None:
        """Say no to everything: the window is closing. What was sent and not seen is told at the next start."""
        self._person.give_up()

    def _work(self, card: Card) -> T:
        """In the thread of the card."""
        try:
            return self._use.work(card, self._person, _quick(card.options(shield=self._note.shield)))
        except JpkiError as exc:
            self._advice = advice_after(card, exc, self._around.now())
            raise

    def _done(self, result: T) -> None:
        self._show(self._use.show(result))

    def _failed(self, exc: BaseException) -> None:
        if isinstance(exc, DeclinedError):
            self._note.remove()  # nothing was sent since the last question
            self._end()
            self.dialog.reject()
            return
        say = self._around.say
        self._show(OutcomePage(say, failed_outcome(exc, self._use.pin, say, self._advice)))

    def _show(self, page: Page) -> None:
        """Show what is true; once it is on the screen, nothing has to outlive a crash any more."""
        page.painted.connect(self._note.remove)
        page.closed.connect(self.dialog.accept)
        self.dialog.hints.clear()
        self.dialog.counter.hide()
        self._end()
        self.dialog.show_page(page)

    def _end(self) -> None:
        self.is_over = True
        self.dialog.finish()


def _quick(options: PinOptions) -> PinOptions:
    """Wait for a lost card for a few seconds at a time: the person can stop only between two waits."""
    reopen = options.reopen
    if reopen is None:
        return options
    return replace(options, reopen=lambda seconds: reopen(min(seconds, _WAIT)))
