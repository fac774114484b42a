"""What the tests of the simulated card's data share: a day, cards as of that day, and a strict look at their files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from jpki_sim.card import RecordFile, TransparentFile
from jpki_sim.contents import build_image
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.model import CardFile


@pytest.fixture
def today() -> date:
    """The day on which the cards of these tests are used."""
    return date(2026, 11, 22)


@pytest.fixture
def card_of(today: date) -> Callable[[str], CardFile]:
    """Makes the card file of a persona, with public TEST keys."""
    return lambda name: new_card(find_persona(name), today=today, generate_keys=False)


@pytest.fixture
def read_ef(today: date) -> Callable[[CardFile, str, int], bytes]:
    """Reads an EF of a card file's card past all access conditions; record files give record 1."""

    def read(card: CardFile, application: str, ef_id: int) -> bytes:
        image = build_image(card, today)
        found = next(df for df in image.applications if df.label == application).files[ef_id]
        if isinstance(found, RecordFile):
            return found.records[0]
        assert isinstance(found, TransparentFile)
        return found.data()

    return read
