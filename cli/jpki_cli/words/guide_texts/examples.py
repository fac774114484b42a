"""What single towns do, as examples: the sentences."""

from __future__ import annotations

from typing import Final

from jpki_cli.words.i18n import M

TEXTS: Final = {
    "examples.kawasaki-offices": M("The residents section of the ward office, or a branch citizens' centre."),
    "examples.kawasaki-weekdays": M("Weekdays 9:00–17:00."),
    "examples.kawasaki-saturdays": M("2nd and 4th Saturday 8:30–12:30, not at the branch centres."),
    "examples.kawasaki-closed": M("Closed on other Saturdays, Sundays, holidays, and 29 December to 3 January."),
    "examples.yokohama-ward": M(
        "Ward office, registration section: weekdays 8:45–17:00, 2nd and 4th Saturday 9:00–12:00."
    ),
    "examples.yokohama-centers": M(
        "My Number Card Special Center of your ward: Monday, Tuesday, Friday 11:30–19:15; Saturdays, Sundays, "
        "holidays 9:00–16:45. Closed on Wednesday, Thursday, the 3rd Saturday and the Sunday after it. The ward "
        "decides which centre."
    ),
    "examples.kawasaki-self": M("The holder: the card and one other ID item."),
    "examples.yokohama-self": M("The holder: the card alone."),
    "examples.kawasaki-representative": M(
        "Legal representative: the holder's card and one other ID of the holder; two IDs of the representative, "
        "one of them official and with a photo. For a child the full family register, not needed if the registered "
        "domicile is in Kawasaki; for an adult ward the certificate of the guardianship registration."
    ),
    "examples.yokohama-representative": M(
        "Legal representative: the holder's card; two IDs of the representative, one of them official and with a "
        "photo; the family register, a certificate of registration or the like."
    ),
    "examples.kawasaki-proxy": M(
        "Proxy, first visit: the holder's card, two IDs of the proxy (one official with a photo), a letter of "
        "attorney. Second visit: the same with the completed reply, and one ID of the holder that is not the card."
    ),
    "examples.yokohama-proxy": M(
        "Proxy, first visit: the holder's card and the proxy's ID. Second visit: the card, the inquiry, the power "
        "of attorney, and the proxy's official ID with a photo."
    ),
    "examples.kawasaki-numbers": M(
        "Ward offices: Kawasaki 044-201-3143, Saiwai 044-556-6616, Nakahara 044-744-3175, Takatsu 044-861-3163, "
        "Miyamae 044-856-3144, Tama 044-935-3154, Aso 044-965-5122. Branch centres: Daishi 044-271-0139, Tajima "
        "044-322-1970."
    ),
    "examples.yokohama-numbers": M(
        "My Number Card dial of the city: 0120-321-590, fax 045-350-8484. Civic Affairs Bureau: 045-671-2176, fax "
        "045-664-5295, mail sh-madoguchi@city.yokohama.jp."
    ),
}
