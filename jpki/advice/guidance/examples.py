"""What single towns do, as examples: rules as data."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import Applicant, GuideRule, Part, Town
from jpki.advice.sources import Source

RULES: Final = (
    GuideRule("examples.kawasaki-offices", Part.WHERE, Source.KAWASAKI, None, town=Town.KAWASAKI),
    GuideRule("examples.kawasaki-weekdays", Part.WHERE, Source.KAWASAKI, None, town=Town.KAWASAKI),
    GuideRule("examples.kawasaki-saturdays", Part.WHERE, Source.KAWASAKI, None, town=Town.KAWASAKI),
    GuideRule("examples.kawasaki-closed", Part.WHERE, Source.KAWASAKI, None, town=Town.KAWASAKI),
    GuideRule("examples.yokohama-ward", Part.WHERE, Source.YOKOHAMA, "2024-04-11", town=Town.YOKOHAMA),
    GuideRule("examples.yokohama-centers", Part.WHERE, Source.YOKOHAMA, "2024-04-11", town=Town.YOKOHAMA),
    GuideRule(
        "examples.kawasaki-self", Part.BRING, Source.KAWASAKI, None, applicant=Applicant.SELF, town=Town.KAWASAKI
    ),
    GuideRule(
        "examples.yokohama-self",
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.SELF,
        town=Town.YOKOHAMA,
    ),
    GuideRule(
        "examples.kawasaki-representative",
        Part.BRING,
        Source.KAWASAKI,
        None,
        applicant=Applicant.REPRESENTATIVE,
        town=Town.KAWASAKI,
    ),
    GuideRule(
        "examples.yokohama-representative",
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.REPRESENTATIVE,
        town=Town.YOKOHAMA,
    ),
    GuideRule(
        "examples.kawasaki-proxy", Part.BRING, Source.KAWASAKI, None, applicant=Applicant.PROXY, town=Town.KAWASAKI
    ),
    GuideRule(
        "examples.yokohama-proxy",
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.PROXY,
        town=Town.YOKOHAMA,
    ),
    GuideRule("examples.kawasaki-numbers", Part.CALL, Source.KAWASAKI, None, town=Town.KAWASAKI),
    GuideRule("examples.yokohama-numbers", Part.CALL, Source.YOKOHAMA, "2024-04-11", town=Town.YOKOHAMA),
)
