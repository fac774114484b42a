"""From a name or a path to a simulated card that can be talked to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from jpki_sim.card import SimulatedCard
from jpki_sim.contents import build_image, card_atr
from jpki_sim.dates import japan_today
from jpki_sim.errors import CardFileError, CardFileMissingError
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from jpki_sim.card import CardImage
    from jpki_sim.model import CardFile
    from jpki_sim.personas import Persona

    from .cardlock import CardFileLock

_SUFFIX = ".json"


@dataclass(slots=True)
class LoadedCard:
    """A simulated card and where it comes from: a persona, or a card file (``path``) that it keeps for itself.

    A context manager; leaving it, or :meth:`close`, lets other programs use the card file again.
    """

    card: SimulatedCard
    card_file: CardFile
    persona: Persona | None = None
    path: Path | None = None
    lock: CardFileLock | None = None

    def close(self) -> None:
        """Give the card file free; a second call does nothing."""
        if self.lock is not None:
            self.lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_path(name_or_path: str) -> bool:
    """Whether a card is named by its file: with a folder in front, or ``.json`` behind."""
    separators = (os.sep, "/", os.altsep or os.sep)
    return name_or_path.endswith(_SUFFIX) or any(separator in name_or_path for separator in separators)


def open_card(name_or_path: str, *, today: date | None = None) -> LoadedCard:
    """Open a simulated card by a persona's name, or by its file.

    A persona's state lives as long as the card; that of a file is written down whenever a PIN or a counter changes,
    before the card answers. Relative days count from ``today`` (Japan's if None).

    Raises:
        UnknownPersonaError: there is no such persona.
        PersonaNotAvailableError: the persona is listed only.
        CardFileError: the file cannot be used, or another program uses it.
    """
    day = today or japan_today()
    if is_path(name_or_path):
        return _open_file(name_or_path, day)
    persona = find_persona(name_or_path)
    card_file = new_card(persona, today=day, generate_keys=False)
    return LoadedCard(_card(card_file, day), card_file, persona)


def _card(card_file: CardFile, day: date, keeper: _Keeper | None = None) -> SimulatedCard:
    image = build_image(card_file, day)
    if keeper is not None:
        keeper.image = image
    return SimulatedCard(image, settings=card_file.settings, atr=card_atr(card_file), on_change=keeper)


def require_file(path: Path) -> None:
    """Refuse a card file that is not there, before a lock is made for it in a folder that may not take one.

    Raises:
        CardFileMissingError: there is no such file.
    """
    if not path.is_file():
        raise CardFileMissingError(str(path))


def _open_file(path_text: str, day: date) -> LoadedCard:
    from pathlib import Path

    from .cardfile import load
    from .cardlock import CardFileLock

    path = Path(path_text)
    require_file(path)
    lock = CardFileLock(path)
    try:
        card_file = load(path)
        card = _card(card_file, day, _Keeper(card_file, path, lock))
    except BaseException:
        lock.release()
        raise
    return LoadedCard(card, card_file, path=path, lock=lock)


class _Keeper:
    """Writes PINs and counters of a card down in its file; as long as the card has it, the file is locked."""

    def __init__(self, card_file: CardFile, path: Path, lock: CardFileLock) -> None:
        self.card_file = card_file
        self.path = path
        self.lock = lock
        self.image: CardImage | None = None

    def __call__(self) -> None:
        """Save what the card holds now.

        Raises:
            CardFileError: it cannot be written, or was given free and may be another program's by now.
        """
        from .cardfile import save

        if not self.lock.is_held:
            raise CardFileError(f"{self.path} cannot be written: it was given free")
        for name, reference in self.image.reference_data().items() if self.image else ():
            if (entry := self.card_file.pins.get(name)) is not None:
                entry.value = reference.value.decode("ascii")
                entry.retries_remaining = reference.retries_remaining
        save(self.card_file, self.path)
