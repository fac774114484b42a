"""Where a rule of advice or guidance was read, and whether it holds everywhere."""

from __future__ import annotations

import enum

from jpki.words import LabelledEnum, M


class Source(LabelledEnum):
    """Where a rule was read; the texts are listed in docs/certificates.md, section 0."""

    LEAFLET = "leaflet", M("leaflet handed out with the card")  # S002
    KAWASAKI = "kawasaki", M("page of Kawasaki city")  # S000
    YOKOHAMA = "yokohama", M("page of Yokohama city")  # S001
    FAQ = "faq", M("questions and answers of the Digital Agency")  # S003; the date is that of the answer
    DIGITAL_AGENCY = "digital_agency", M("pages of the Digital Agency")  # other than the questions
    JLIS_SITE = "jlis_site", M("English site of J-LIS")  # S004
    JLIS_ENGLISH = (
        "jlis_english",
        M("most recent English page of J-LIS that was checked"),
    )  # the English page that followed it
    JPKI_PORTAL = "jpki_portal", M("JPKI portal site of J-LIS")
    MUNICIPALITIES = "municipalities", M("general practice of municipalities")  # that agree
    POLICE = "police", M("pages of several prefectural police")
    CHIP = "chip", M("what the chip contains")  # docs/card.md
    PROGRAM = "program", M("this program")


class Scope(enum.Enum):
    """Whether a rule holds everywhere or is what one town does."""

    NATIONAL = "national"
    EXAMPLE = "example"
