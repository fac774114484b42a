"""What a rule about a card says: for which states it holds, what can be done, where, with what, and what is futile.

A subject is the PINs in one state, a certificate or the card itself, described by words
(:mod:`jpki.advice.observation`). A rule holds for a subject that has, for each of its keys, one of the words given. No
two rules hold for one subject.
"""

from __future__ import annotations

import enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from .sources import Scope, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki.words import Message


class Action(enum.Enum):
    """What an advice comes to; a card has at most one advice for each but the last two."""

    NEW_CARD = "new_card"
    RESET = "reset"
    NEW_CERTIFICATE = "new_certificate"  # renewed, or issued again after its end
    STOP = "stop"  # not to guess
    CARE = "care"  # something is odd: look again, or have it looked at
    KNOW = "know"  # nothing to do


class Place(enum.Enum):
    """Where something can be done."""

    MUNICIPALITY = "municipality"  # the office of the municipality that keeps the resident record
    CONVENIENCE_STORE = "convenience_store"  # a terminal of a store that takes part, with a phone app
    PHONE_APP = "phone_app"  # the Mynaportal app
    HERE = "here"  # this computer and its reader


class Need(enum.Enum):
    """What it takes."""

    CARD = "card"
    IDENTITY_DOCUMENTS = "identity_documents"
    PHONE = "phone"
    OTHER_CERTIFICATE_PIN = "other_certificate_pin"
    RIGHT_PIN = "right_pin"


class Futile(enum.Enum):
    """What does not help, though people try it."""

    WAITING = "waiting"
    GUESSING = "guessing"
    OTHER_PROGRAM = "other_program"
    RESTART = "restart"
    CONVENIENCE_STORE = "convenience_store"


class CardRule(NamedTuple):
    """If a subject is as ``when`` says, ``text`` is shown to its holder, and the guidance of ``topic`` has more.

    ``verdict`` is the same in one short sentence, None if nothing has to be done. ``places`` and ``needs`` are where
    it can be done and with what. ``special`` are the sentences for single PINs and certificates of which something else
    is said (``sign``), for several of them (``several``), and for ends that are near (``today``, ``tomorrow``).
    """

    code: str
    when: Mapping[str, frozenset[str]]
    action: Action
    text: Message
    verdict: Message | None
    topic: str
    source: Source
    date: str
    places: tuple[Place, ...] = ()
    needs: tuple[Need, ...] = ()
    futile: tuple[Futile, ...] = ()
    scope: Scope = Scope.NATIONAL
    special: Mapping[str, Message] = MappingProxyType({})

    def holds(self, words: Mapping[str, str]) -> bool:
        """Whether it is about a subject of these words."""
        return all(words.get(key) in allowed for key, allowed in self.when.items())


def when(**words: str) -> dict[str, frozenset[str]]:
    """Write a condition: several words for one key are separated by blanks."""
    return {key: frozenset(value.split()) for key, value in words.items()}
