"""A forgotten or locked PIN: the office, who may come and with what."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import Applicant, Expiring, GuideRule, Part
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "reset.meaning",
        M(
            "A forgotten or locked PIN is reset: you set a new one, and the lock is lifted. The old one cannot be "
            "looked up or restored. The card itself keeps working."
        ),
        Part.MEANING,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "reset.reasons",
        M(
            "This happens to many people: they want another PIN, forgot it, or it was locked at a convenience "
            "store, at a medical institution or in an app."
        ),
        Part.MEANING,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "reset.medical",
        M(
            "A PIN that was locked at the terminal of a medical institution has to be reset, too. The face check "
            "of that terminal still works."
        ),
        Part.KNOW,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "reset.office",
        M("At the municipal office where you are registered. In a large city that is the ward office."),
        Part.WHERE,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "reset.other-offices",
        M("Some municipalities do it at other offices too, with other hours. Ask yours by telephone."),
        Part.WHERE,
        Source.MUNICIPALITIES,
        "2025/2026",
        cities=(
            M("Kawasaki"),
            M("Yokohama"),
        ),
    ),
    GuideRule(
        "reset.store-too",
        M(
            "If you know one of the two certificate PINs, a convenience store may reset the other. The other two "
            "PINs are reset at the office only.\n  jpki guide convenience-store"
        ),
        Part.WHERE,
        Source.JPKI_PORTAL,
        "2026-11",
        applicant=Applicant.SELF,
    ),
    GuideRule(
        "reset.represented",
        M(
            "The legal representative has a forgotten or locked PIN reset. Where to go and what to bring, below, "
            "are for that."
        ),
        Part.DO,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "reset.how",
        M("The office checks your identity; then you register a new PIN. Choose your new PIN before you go."),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule("reset.time", M("It can take a while. Allow plenty of time."), Part.DO, Source.KAWASAKI, None),
    GuideRule(
        "reset.charge", M("Whether there is a charge: ask your office."), Part.KNOW, Source.MUNICIPALITIES, "2025/2026"
    ),
    GuideRule(
        "reset.not-by-mail",
        M("It cannot be done by mail, nor at home, by telephone or with any program."),
        Part.FUTILE,
        Source.KAWASAKI,
        None,
    ),
    GuideRule(
        "reset.waiting",
        M(
            "Waiting does not unlock a PIN, and neither does another program, another reader or a restart. Do not "
            "keep guessing."
        ),
        Part.FUTILE,
        Source.MUNICIPALITIES,
        "2025/2026",
        cities=(
            M("Yamato"),
            M("Omihachiman"),
        ),
    ),
    GuideRule(
        "reset.self",
        M("Bring the card. Some municipalities ask for one more ID; for others the card is enough. Ask yours."),
        Part.BRING,
        Source.MUNICIPALITIES,
        "2025/2026",
        applicant=Applicant.SELF,
        cities=(
            M("Kawasaki"),
            M("Yokohama"),
        ),
    ),
    GuideRule(
        "reset.representative",
        M("If the holder is under 15 or an adult ward, the legal representative applies."),
        Part.DO,
        Source.KAWASAKI,
        None,
        applicant=Applicant.REPRESENTATIVE,
    ),
    GuideRule(
        "reset.representative-card",
        M("Bring the holder's card. Some municipalities also ask for another ID of the holder."),
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.REPRESENTATIVE,
    ),
    GuideRule(
        "reset.representative-id",
        M("The representative's own ID: commonly two items, one of them official and with a photo."),
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.REPRESENTATIVE,
    ),
    GuideRule(
        "reset.child-proof",
        M(
            "For a child: proof that you are the legal representative, commonly the full family register "
            "(戸籍全部事項証明書)."
        ),
        Part.BRING,
        Source.KAWASAKI,
        None,
        applicant=Applicant.REPRESENTATIVE,
    ),
    GuideRule(
        "reset.child-proof-waived",
        M(
            "For a child, that proof may not be needed if the family's registered domicile (本籍) is in the same "
            "municipality, or if the office can see the relation in its own records: ask."
        ),
        Part.BRING,
        Source.KAWASAKI,
        None,
        applicant=Applicant.REPRESENTATIVE,
    ),
    GuideRule(
        "reset.ward-proof",
        M("For an adult ward: the certificate of the guardianship registration (登記事項証明書)."),
        Part.BRING,
        Source.KAWASAKI,
        None,
        applicant=Applicant.REPRESENTATIVE,
    ),
    GuideRule(
        "reset.proxy",
        M(
            "A proxy chosen by the holder may come. The office then writes to the holder, so it cannot be finished "
            "on the same day."
        ),
        Part.DO,
        Source.KAWASAKI,
        None,
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "reset.proxy-days",
        M("Through a proxy it takes several days."),
        Part.KNOW,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "reset.proxy-first",
        M(
            "First visit: the holder's card and the proxy's ID. Some municipalities already ask for a power of "
            "attorney."
        ),
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "reset.proxy-inquiry",
        M("The office mails the holder an inquiry form and a power of attorney. The holder fills in both."),
        Part.DO,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "reset.proxy-second",
        M(
            "Second visit: the holder's card, the completed inquiry form, the power of attorney, and the proxy's "
            "official ID with a photo. Some municipalities ask for two IDs of the proxy, and one ID of the holder "
            "besides the card."
        ),
        Part.BRING,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "reset.proxy-pin",
        M(
            "The office sets the new PIN and gives the card back to the proxy. The holder can change that PIN at "
            "home afterwards:\n  jpki pin change auth"
        ),
        Part.KNOW,
        Source.YOKOHAMA,
        "2024-04-11",
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "reset.proxy-ask",
        M("Ask the office by telephone before the proxy goes."),
        Part.DO,
        Source.KAWASAKI,
        None,
        applicant=Applicant.PROXY,
    ),
    GuideRule(
        "reset.who-else",
        M(
            "For somebody else's card other documents are needed: --applicant representative (parent or guardian) or "
            "--applicant proxy (chosen by the holder)."
        ),
        Part.KNOW,
        Source.MUNICIPALITIES,
        "2025/2026",
        applicant=Applicant.SELF,
        cities=(
            M("Kawasaki"),
            M("Yokohama"),
        ),
    ),
    GuideRule(
        "reset.id-pointer",
        M("What counts as ID, and telephone numbers:\n  jpki guide id-documents\n  jpki guide hotlines"),
        Part.KNOW,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "reset.guessing",
        M(
            "First check how many tries are left. If you are not sure of a PIN, do not guess: as long as tries are "
            "left, nothing is lost.\n  jpki status"
        ),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "office.post",
        M("Some post offices do resets and renewals, too: ask your municipality."),
        Part.WHERE,
        Source.MUNICIPALITIES,
        "2025/2026",
        subject=Expiring.BOTH,
    ),
)
