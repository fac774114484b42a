"""Where a rule of advice or guidance was read, and whether it holds everywhere."""

from __future__ import annotations

import enum


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
