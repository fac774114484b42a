"""What a rule about a card says: for which states it holds, what can be done, where, with what, and what is futile.

A subject is one PIN, one certificate or the card itself, described by words (:mod:`jpki.advice.observation`). A rule
holds for a subject that has, for each of its keys, one of the words given. No two rules hold for one subject.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from jpki.advice.sources import Scope, Source

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """If a subject is as ``when`` says, its holder is told ``code``, and the guidance of ``topic`` goes further.

    ``places`` and ``needs`` are where it can be done and with what; both empty where nothing has to be done.
    """

    code: str
    when: Mapping[str, frozenset[str]]
    topic: str
    source: Source
    date: str
    places: tuple[Place, ...] = ()
    needs: tuple[Need, ...] = ()
    futile: tuple[Futile, ...] = ()
    scope: Scope = Scope.NATIONAL

    def holds(self, subject: Mapping[str, str]) -> bool:
        """Whether it is about this subject."""
        return all(subject.get(key) in words for key, words in self.when.items())


def when(**words: str) -> dict[str, frozenset[str]]:
    """Write a condition: several words for one key are separated by blanks."""
    return {key: frozenset(value.split()) for key, value in words.items()}
