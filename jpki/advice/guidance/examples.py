"""What single towns do, as examples."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import Applicant, GuideRule, Part, Town
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "examples.kawasaki-offices",
        M("The residents section of the ward office, or a branch citizens' centre."),
        Part.WHERE,
        Source.KAWASAKI,
        None,
        town=Town.KAWASAKI,
    ),
    GuideRule(
        "examples.kawasaki-weekdays", M("Weekdays 9:00–17:00."), Part.WHERE, Source.KAWASAKI, None, town=Town.KAWASAKI
    ),
    GuideRule(
        "examples.kawasaki-saturdays",
        M("2nd and 4th Saturday 8:30–12:30, not at the branch centres."),
        Part.WHERE,
        Source.KAWASAKI,
        None,
        town=Town.KAWASAKI,
    ),
    GuideRule(
        "examples.kawasaki-closed",
        M("Closed on other Saturdays, Sundays, holidays, and 29 December to 3 January."),
        Part.WHERE,
        Source.KAWASAKI,
        None,
        town=Town.KAWASAKI,
    ),
    GuideRule(
        "examples.yokohama-ward",
        M("Ward office, registration section: weekdays 8:45–17:00, 2nd and 4th Saturday 9:00–12:00."),
        Part.WHERE,
        Source.YOKOHAMA,
        "2024-04-11",
        town=Town.YOKOHAMA,
    ),
    GuideRule(
        "examples.yokohama-centers",
        M(
            "My Number Card Special Center of your ward: Monday, Tuesday, Friday 11:30–19:15; Saturdays, Sundays, "
            "holidays 9:00–16:45. Closed on Wednesday, Thursday, the 3rd Saturday and the Sunday after it. The ward "
            "decides which centre."
        ),
        Part.WHERE,
        Source.YOKOHAMA,
        "2024-04-11",
        town=Town.YOKOHAMA,
    ),
    GuideRule(
        "examples.kawasaki-self",
        M("The holder: the card and one other ID item."),
        Part.BRING,
        Source.KAWASAKI,
        None,
        applicant=Applicant.SELF,
        town=Town.KAWASAKI,
    ),
    GuideRule(
        "examples.yokohama-self",
        M("The holder: the card alone."),
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.SELF,
        town=Town.YOKOHAMA,
    ),
    GuideRule(
        "examples.kawasaki-representative",
        M(
            "Legal representative: the holder's card and one other ID of the holder; two IDs of the representative, "
            "one of them official and with a photo. For a child the full family register, not needed if the registered "
            "domicile is in Kawasaki; for an adult ward the certificate of the guardianship registration."
        ),
        Part.BRING,
        Source.KAWASAKI,
        None,
        applicant=Applicant.REPRESENTATIVE,
        town=Town.KAWASAKI,
    ),
    GuideRule(
        "examples.yokohama-representative",
        M(
            "Legal representative: the holder's card; two IDs of the representative, one of them official and with a "
            "photo; the family register, a certificate of registration or the like."
        ),
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.REPRESENTATIVE,
        town=Town.YOKOHAMA,
    ),
    GuideRule(
        "examples.kawasaki-proxy",
        M(
            "Proxy, first visit: the holder's card, two IDs of the proxy (one official with a photo), a letter of "
            "attorney. Second visit: the same with the completed reply, and one ID of the holder that is not the card."
        ),
        Part.BRING,
        Source.KAWASAKI,
        None,
        applicant=Applicant.PROXY,
        town=Town.KAWASAKI,
    ),
    GuideRule(
        "examples.yokohama-proxy",
        M(
            "Proxy, first visit: the holder's card and the proxy's ID. Second visit: the card, the inquiry, the power "
            "of attorney, and the proxy's official ID with a photo."
        ),
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.PROXY,
        town=Town.YOKOHAMA,
    ),
    GuideRule(
        "examples.kawasaki-numbers",
        M(
            "Ward offices: Kawasaki 044-201-3143, Saiwai 044-556-6616, Nakahara 044-744-3175, Takatsu 044-861-3163, "
            "Miyamae 044-856-3144, Tama 044-935-3154, Aso 044-965-5122. Branch centres: Daishi 044-271-0139, Tajima "
            "044-322-1970."
        ),
        Part.CALL,
        Source.KAWASAKI,
        None,
        town=Town.KAWASAKI,
    ),
    GuideRule(
        "examples.yokohama-numbers",
        M(
            "My Number Card dial of the city: 0120-321-590, fax 045-350-8484. Civic Affairs Bureau: 045-671-2176, fax "
            "045-664-5295, mail sh-madoguchi@city.yokohama.jp."
        ),
        Part.CALL,
        Source.YOKOHAMA,
        "2024-04-11",
        town=Town.YOKOHAMA,
    ),
)
