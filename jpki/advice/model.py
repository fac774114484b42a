"""What a line of guidance is made of: what it is for, where it was read, of which date, and for whom it holds."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki.advice.sources import Scope

if TYPE_CHECKING:
    from jpki.advice.sources import Source


class Town(enum.Enum):
    """A town whose hours, numbers and documents are given as an example."""

    KAWASAKI = "kawasaki"
    YOKOHAMA = "yokohama"


class Applicant(enum.Enum):
    """Who acts: the holder, the legal representative (parent or guardian), or a proxy chosen by the holder."""

    SELF = "self"
    REPRESENTATIVE = "representative"
    PROXY = "proxy"


class Subject(enum.Enum):
    """What runs until a day: the card and its certificates have periods of their own."""

    CARD = "card"
    CERTIFICATE = "certificate"
    BOTH = "both"


class Part(enum.Enum):
    """What a line of guidance is for, in the order in which it is read."""

    MEANING = "meaning"
    DO = "do"
    WHERE = "where"
    BRING = "bring"
    FUTILE = "futile"  # what does not help
    CALL = "call"
    KNOW = "know"


@dataclass(frozen=True, slots=True)
class GuideRule:
    """One line of guidance; its sentence is the user interface's business.

    ``date`` is a day, month or year of ISO 8601, ``A/B`` for a span, ``../B`` for "B or earlier", None where the source
    has none. ``applicant`` is None where the line holds whoever acts. ``town`` makes it an example.
    """

    rule_id: str
    part: Part
    source: Source
    date: str | None
    applicant: Applicant | None = None
    town: Town | None = None
    subject: Subject | None = None

    @property
    def scope(self) -> Scope:
        """Whether it holds everywhere."""
        return Scope.NATIONAL if self.town is None else Scope.EXAMPLE
