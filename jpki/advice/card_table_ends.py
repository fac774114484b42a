"""What the holder can do about the end of the card itself, and about a card that is not one of today's."""

from __future__ import annotations

from typing import Final

from jpki.words import M

from .card_rules import Action, CardRule, Futile, Need, Place, when
from .sources import Source

_CARDS: Final = "card unknown"
_OFFICE: Final = (Place.MUNICIPALITY,)
_WITH_DOCUMENTS: Final = (Need.CARD, Need.IDENTITY_DOCUMENTS)
_CHECKED: Final = "2026-11"
_WAYS: Final = (Futile.WAITING, Futile.CONVENIENCE_STORE)

#: The card itself has expired: nothing else on it is worth looking at.
CARD_EXPIRED: Final = CardRule(
    "card_expired",
    when(about="card", kind=_CARDS, state="expired"),
    Action.NEW_CARD,
    M(
        "The card itself expired on {day}, and its certificates with it. Apply for a new card; it comes with "
        "new certificates and new PINs. There is no need to renew or reset anything on this card. The new card "
        "takes about a month."
    ),
    M("This card expired on {day}: apply for a new one."),
    "expired",
    Source.LEAFLET,
    "../2021",
    _OFFICE,
    _WITH_DOCUMENTS,
    _WAYS,
)
#: The card itself expires soon, and its certificates at the latest then.
CARD_RENEWABLE: Final = CardRule(
    "card_renewable",
    when(about="card", kind=_CARDS, state="renewable", certificate="other"),
    Action.NEW_CARD,
    M(
        "The card itself expires on {day}, and its certificates at the latest then: they cannot be renewed "
        "beyond it. Apply for a new card now; it takes about a month. If the card expires with your period of "
        "stay, have the card extended at your municipality before that day, once the stay is extended or "
        "applied for."
    ),
    M("This card expires on {day}: apply for a new one now."),
    "renew",
    Source.LEAFLET,
    "../2021",
    _OFFICE,
    _WITH_DOCUMENTS,
    (Futile.CONVENIENCE_STORE,),
    special={
        "today": M(
            "The card itself expires today, and its certificates with it. Apply for a new card; it takes about "
            "a month. If the card expires with your period of stay, have the card extended at your "
            "municipality today, once the stay is extended or applied for."
        ),
        "tomorrow": M(
            "The card itself expires tomorrow, and its certificates with it. Apply for a new card; it takes "
            "about a month. If the card expires with your period of stay, have the card extended at your "
            "municipality today or tomorrow, once the stay is extended or applied for."
        ),
        "verdict_today": M("This card expires today: apply for a new one."),
        "verdict_tomorrow": M("This card expires tomorrow: apply for a new one."),
    },
)
OVER_RULES: Final = (
    CardRule(
        "old_juki_card",
        when(about="card", kind="juki_card"),
        Action.NEW_CARD,
        M(
            "This is a Basic Resident Registration Card. All of these cards have expired, the last by 28 December "
            "2025. Apply for a My Number Card at your municipal office."
        ),
        M("This kind of card can no longer be used: apply for a My Number Card at your municipal office."),
        "reader",
        Source.MUNICIPALITIES,
        "2025/2026",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING, Futile.OTHER_PROGRAM),
    ),
    CARD_EXPIRED,
)
END_RULES: Final = (
    CardRule(
        "card_kind_unknown",
        when(about="card", kind="unknown", state="in_period unknown"),
        Action.CARE,
        M("This program does not know this kind of card: what it shows may be wrong."),
        M("This program does not know this kind of card."),
        "reader",
        Source.CHIP,
        _CHECKED,
        (Place.HERE,),
        (Need.CARD,),
    ),
    CARD_RENEWABLE,
    CardRule(
        "card_renewable_certificate_expired",
        when(about="card", kind=_CARDS, state="renewable", certificate="expired"),
        Action.NEW_CARD,
        M(
            "The user certificate has expired, and the card itself expires on {day}. Apply for a new card now; new "
            "certificates come with it. It takes about a month: if you need a certificate before, ask your "
            "municipality."
        ),
        M("The user certificate has expired and the card expires on {day}: apply for a new card now."),
        "expired",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING, Futile.CONVENIENCE_STORE),
    ),
)
