"""Moves, losses, a new card, children, wards, foreign residents, and leaving Japan: the sentences."""

from __future__ import annotations

from typing import Final

from jpki_cli.words.i18n import M

TEXTS: Final = {
    "move.signature-ends": M(
        "When your name or address changes, by a move or a marriage for example, the signature certificate ends by "
        "itself."
    ),
    "move.user-stays": M("The user certificate stays good: it holds no name and no address."),
    "move.bring-card": M(
        "Bring the card when you file the notice at the office of the municipality where you live: what is printed "
        "on it has to be corrected."
    ),
    "move.fortnight": M("Do so within 14 days."),
    "move.new-one": M("Ask for a new signature certificate on the same visit."),
    "move.column": M("The new data are entered in the extra column of the card."),
    "move.not-seen": M(
        "This program cannot see that the signature certificate has ended: on the card it looks as before."
    ),
    "lost.call": M(
        "First call: the card is suspended at once, with its certificates. By day and by night, all year. In "
        "Japanese: 0120-95-0178. In other languages: 0120-0178-27."
    ),
    "lost.police": M("Then tell the police, and write down the number that they give you."),
    "lost.municipality": M(
        "Then report it to the municipality that keeps your resident record. For a new card: jpki guide reissue."
    ),
    "lost.number": M("Your My Number stays the same for life, unless it leaked and misuse is to be feared."),
    "lost.phone": M("A lost phone that carries certificates: call 0120-95-0178 too."),
    "found.lift": M("The suspension is lifted at the counter of your municipality. Go there with the card."),
    "found.signature": M(
        "The signature certificate is revoked by the suspension: municipalities say that it does not come back "
        "with the card. Ask for a new one on the same visit."
    ),
    "found.futile": M("A call does not lift the suspension, and neither does any program."),
    "reissue.apply": M(
        "A new card after loss or heavy damage: apply at the office of the municipality that keeps your resident "
        "record."
    ),
    "reissue.police": M("Lost: bring the notice from the police."),
    "reissue.fire": M("Burnt: bring the notice from the fire department."),
    "reissue.damaged": M("Damaged, or a chip that answers on no reader: bring the card."),
    "reissue.fee": M(
        "A new card after a loss costs a fee, which the municipality sets: ask. The first card is free of charge "
        "for now."
    ),
    "child.representative": M(
        "For a child under 15 a legal representative applies, and comes along when the card is handed over."
    ),
    "child.no-signature": M(
        "A card of a child under 15 normally has no signature certificate. Some apps then say that the password is "
        "locked; nothing is."
    ),
    "child.card-end": M("The card of a holder under 18 runs to the 5th birthday after issue."),
    "child.store": M("A convenience store does not help: its terminal needs both certificates."),
    "ward.guardian": M(
        "An adult ward (成年被後見人) acts through the guardian: to apply for the card, to receive it, and to "
        "reset a PIN."
    ),
    "ward.no-signature": M("The card of an adult ward normally has no signature certificate. That is not a lock."),
    "foreign.stay": M("The card of a foreign resident runs to the end of the period of stay."),
    "foreign.exceptions": M(
        "Not so for Highly Skilled Professional (ii), Permanent Resident and Special Permanent Resident: their "
        "cards run as those of Japanese nationals."
    ),
    "foreign.extend": M(
        "After a new period of stay, have the card extended at your municipality before it ends. The certificates "
        "are not extended with it: ask for new ones on the same visit."
    ),
    "foreign.id": M(
        "ID of foreign residents: the residence card or the special permanent resident certificate; also a landing "
        "permit for temporary refuge or a permit for provisional stay."
    ),
    "abroad.japanese": M(
        "Japanese nationals may go on using the card abroad. Before you leave, bring the card and the moving-out "
        "notice to the office of the municipality where you live."
    ),
    "abroad.others": M(
        "Other nationals return the card, and it ends on departure. You may have it back with a hole punched in "
        "it, to keep a record of your My Number."
    ),
}
