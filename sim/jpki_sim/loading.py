"""From a name or a path to a simulated card that can be talked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki_sim.card import SimulatedCard
from jpki_sim.dates import japan_today
from jpki_sim.newcard import new_card
from jpki_sim.personas import find_persona
from jpki_sim.profile import build_image, card_atr

if TYPE_CHECKING:
    from datetime import date

    from jpki_sim.cardmodel import CardFile
    from jpki_sim.personas import Persona


@dataclass(slots=True)
class LoadedCard:
    """A simulated card with the file or persona it comes from; a context manager that gives a card file free."""

    card: SimulatedCard
    card_file: CardFile
    persona: Persona | None = None


def open_card(name_or_path: str, *, today: date | None = None) -> LoadedCard:
    """Open a simulated card."""
    day = today or japan_today()
    persona = find_persona(name_or_path)
    card_file = new_card(persona, today=day, generate_keys=False)
    card = SimulatedCard(build_image(card_file, day), settings=card_file.settings, atr=card_atr(card_file))
    return LoadedCard(card, card_file, persona)
