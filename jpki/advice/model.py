"""What a line of guidance is made of: what it is for, where it was read, of which date, and for whom it holds."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki.words import LabelledEnum, M

from .sources import Scope

if TYPE_CHECKING:
    from jpki.words import Message

    from .sources import Source


class Town(LabelledEnum):
    """A town whose hours, numbers and documents are given as an example."""

    KAWASAKI = "kawasaki", M("Kawasaki city")
    YOKOHAMA = "yokohama", M("Yokohama city")


class Applicant(enum.Enum):
    """Who acts: the holder, the legal representative (parent or guardian), or a proxy chosen by the holder."""

    SELF = "self"
    REPRESENTATIVE = "representative"
    PROXY = "proxy"


class Expiring(enum.Enum):
    """What runs until a day: the card and its certificates have periods of their own."""

    CARD = "card"
    CERTIFICATE = "certificate"
    BOTH = "both"


class Part(LabelledEnum):
    """What a line of guidance is for, in the order in which it is read."""

    DO = "do", M("What to do")
    WHERE = "where", M("Where")
    BRING = "bring", M("What to bring")
    CALL = "call", M("Telephone")
    FUTILE = "futile", M("What does not help")
    MEANING = "meaning", M("What it means")
    KNOW = "know", M("Good to know")


@dataclass(frozen=True, slots=True)
class GuideRule:
    """One line of guidance: what it says, what it is for, and where it was read.

    ``date`` is a day, month or year of ISO 8601, ``A/B`` for a span, ``../B`` for "B or earlier", None if the source
    has none. ``applicant`` is None if the line holds whoever acts. ``town`` makes it an example.
    ``cities`` are the municipalities whose pages were read, where the source is pages of several.
    """

    rule_id: str
    text: Message
    part: Part
    source: Source
    date: str | None
    applicant: Applicant | None = None
    town: Town | None = None
    subject: Expiring | None = None
    cities: tuple[Message, ...] = ()

    @property
    def scope(self) -> Scope:
        """Whether it holds everywhere."""
        return Scope.NATIONAL if self.town is None else Scope.EXAMPLE
