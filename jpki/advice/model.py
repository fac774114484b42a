"""What a rule of advice or guidance is made of: where it was read, of which date, and for whom it holds."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Source(enum.Enum):
    """Where a rule was read; the texts are listed in docs/certificates.md, section 0."""

    LEAFLET = "leaflet"  # S002, handed out with the card
    KAWASAKI = "kawasaki"  # S000
    YOKOHAMA = "yokohama"  # S001
    FAQ = "faq"  # S003, questions and answers of the Digital Agency; the date is that of the answer
    DIGITAL_AGENCY = "digital_agency"  # its other pages
    JLIS_SITE = "jlis_site"  # S004, the English site of J-LIS
    JLIS_ENGLISH = "jlis_english"  # the English page that followed it
    JPKI_PORTAL = "jpki_portal"  # J-LIS's portal site of the certificates
    MUNICIPALITIES = "municipalities"  # pages of several municipalities that agree
    CHIP = "chip"  # what the chip gives out, docs/card.md
    PROGRAM = "program"  # what this program does


class Scope(enum.Enum):
    """Whether a rule holds everywhere or is what one town does."""

    NATIONAL = "national"
    EXAMPLE = "example"


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
