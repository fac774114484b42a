"""What every page of the window is given: the card's thread, what is known of the card, and the language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from jpki.words import speak

from .glance import Glance

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.client import CardService
    from jpki.words import Message
    from jpki_window.look import Settings

    from .looking import Looking
    from .worker import Worker


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


class Context(QObject):
    """What pages share; its methods and signals are for the thread of the window."""

    #: A :class:`Glance`: another card, another state of it, or the reason why there is none.
    status_changed = Signal(object)
    #: ``ja`` or ``en``: everything shown is to be said anew.
    language_changed = Signal(str)
    #: Text size or colours are others: everything is to be drawn anew.
    look_changed = Signal()
    #: The page of this name is to be shown, with what it is to show (None: as it is).
    page_wanted = Signal(str, object)

    def __init__(
        self, settings: Settings, *, service: CardService | None = None, clock: Callable[[], datetime] = now
    ) -> None:
        """Keep what is shared; ``service`` None is PC/SC, ``clock`` tells the instant that days are counted from."""
        super().__init__()
        self.settings = settings
        self.now = clock
        self.glance = Glance()
        speak(settings.language)
        self._given_service = service
        self._made_looking: Looking | None = None

    @property
    def _looking(self) -> Looking:
        """The threads, made when they are first wanted: the window is painted before."""
        if self._made_looking is None:
            from . import looking

            self._made_looking = looking.Looking(self._given_service, self.now)
            self._made_looking.seen.connect(self._show)
        return self._made_looking

    @property
    def worker(self) -> Worker:
        """The thread of the card."""
        return self._looking.worker

    @property
    def service(self) -> CardService | None:
        """What stands in the place of PC/SC; None where nothing does."""
        return self._looking.service

    @property
    def reader(self) -> str | None:
        """The reader whose card is shown; None where there is none, or several and none was chosen."""
        return self.glance.reader

    @property
    def language(self) -> str:
        """``ja`` or ``en``."""
        return self.settings.language

    def say(self, message: Message) -> str:
        """Say a sentence in the language of the window."""
        return message.text(self.language)

    def set_language(self, language: str) -> None:
        """Speak ``ja`` or ``en`` from now on."""
        if language != self.language:
            self.settings.language = language
            speak(language)
            self.language_changed.emit(language)

    def open_page(self, name: str, argument: object = None) -> None:
        """Show another page; with an argument its ``receive(argument)`` is called."""
        self.page_wanted.emit(name, argument)

    def start(self, reader: str | None = None) -> None:
        """Begin to watch the readers; a card on ``reader`` (a part of one name, or a number) is shown before others."""
        self._looking.start(reader)

    def look_again(self) -> None:
        """Read the card anew: after a PIN was presented, or because somebody asked for it."""
        self._looking.look_again()

    def choose_reader(self, name: str | None) -> None:
        """Show the card on this reader; None is the only card that there is."""
        self._looking.choose_reader(name)

    def use(self, service: CardService | None, *, is_simulated: bool) -> None:
        """Take cards from another service, or from PC/SC again (None); the one before is closed if it is simulated."""
        self._looking.use(service, is_simulated=is_simulated)

    def stop(self) -> bool:
        """End the threads; tells whether all of them ended."""
        return self._made_looking is None or self._made_looking.stop()

    def _show(self, glance: Glance) -> None:
        self.glance = glance
        self.status_changed.emit(glance)
