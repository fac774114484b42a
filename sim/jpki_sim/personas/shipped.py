"""Simulated cards by name: each a state of a card that a program has to cope with (docs/certificates.md, section 7).

What there is stands in ``data/personas.json``: a recipe says how a card differs from that of an ordinary adult. Days in
a recipe are counted from the day of use, so that no persona goes stale; see :class:`Recipe`.
"""

from __future__ import annotations

import functools
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from jpki_sim.errors import UnknownPersonaError
from jpki_sim.shipped import shipped_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki_sim.model import Kind

#: Both languages of a sentence, ``ja`` and ``en``.
Bilingual = dict[str, str]


class Recipe(NamedTuple):
    """How a persona's card differs from an ordinary adult's.

    ``holder`` is a key of :data:`jpki_sim.personas.people.PEOPLE`, ``age`` the age on the day of use. ``birthday`` is
    a number of days from then (``+80``, ``-1``), a day of the year (``09-10``), or the birth date itself, which no
    age goes with. ``issued`` and ``card_issued`` are days before then, or a date; ``issued`` may differ by
    certificate. ``renewed`` are the certificates that replaced others within their last three months, ``birthdays``
    how many of them a certificate lasts. ``issuer`` is a TEST issuer, or the year of a generation that issues beyond
    its time. ``card_expires`` and ``cap`` are days from then or a date: the end of the card where it does not follow
    from birthdays, and the end that the card had when the certificates were issued. ``set`` are last changes, as in
    :func:`jpki_sim.model.edit.put`.
    """

    kind: Kind = "card"
    holder: str = "taro"
    age: int = 36
    birthday: str = "+150"
    issued: int | str | dict[str, int | str] = 800
    issue_time: str = "01:30:07"
    renewed: tuple[str, ...] = ()
    card_issued: int | str = 850
    card_expires: str = ""
    cap: str = ""
    birthdays: int = 5
    certificates: tuple[str, ...] = ("auth", "sign")
    issuer: str = ""
    set: Mapping[str, Any] = MappingProxyType({})


class Persona(NamedTuple):
    """A simulated card by name.

    ``numbers`` are those of docs/certificates.md, section 7; ``says`` is what a program must say of the card.
    ``oracle`` are codes of the online service where they matter. ``unavailable`` is why the card cannot be built, empty
    if it can.
    """

    name: str
    numbers: tuple[int, ...]
    title: Bilingual
    says: Bilingual
    recipe: Recipe
    oracle: dict[str, int] | None = None
    unavailable: str = ""


class FaultPreset(NamedTuple):
    """A failure of reader or card by name; ``fault`` is the text form of a fault plan."""

    name: str
    number: int
    title: Bilingual
    fault: str


@functools.cache
def _shipped() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(shipped_file("personas.json"))
    return content


def _persona(entry: dict[str, Any]) -> Persona:
    return Persona(
        entry["name"],
        tuple(entry["numbers"]),
        entry["title"],
        entry["says"],
        Recipe(**entry["recipe"]),
        entry.get("oracle"),
        entry.get("unavailable", ""),
    )


def personas() -> tuple[Persona, ...]:
    """All personas, in the order of their numbers."""
    return tuple(_persona(entry) for entry in _shipped()["personas"])


def persona_names() -> tuple[str, ...]:
    """Names of all personas."""
    return tuple(entry["name"] for entry in _shipped()["personas"])


def find_persona(name: str) -> Persona:
    """A persona by its name.

    Raises:
        UnknownPersonaError: no persona has this name; the error has the names most like it.
    """
    for entry in _shipped()["personas"]:
        if entry["name"] == name:
            return _persona(entry)
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), persona_names(), n=3, cutoff=0.5)
    raise UnknownPersonaError(name, close=tuple(close))


def fault_presets() -> tuple[FaultPreset, ...]:
    """The fault plans that ship with the simulator, each with a name and a title."""
    return tuple(FaultPreset(**entry) for entry in _shipped()["fault_presets"])
