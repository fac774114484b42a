"""What the holder can do about certificates: ended, ending, not there, or not as the card says."""

from __future__ import annotations

from typing import Final

from jpki.words import M

from .card_rules import Action, CardRule, Futile, Need, Place, when
from .sources import Source

_PHONES: Final = "android iphone"
_CARDS: Final = "card unknown"
_ALIVE: Final = "in_period renewable unknown"
#: In the last months of the card itself a new card is the only renewal.
_RUNS_ON: Final = "in_period unknown"
_OFFICE: Final = (Place.MUNICIPALITY,)
_WITH_DOCUMENTS: Final = (Need.CARD, Need.IDENTITY_DOCUMENTS)
_CHECKED: Final = "2026-11"
_EXPIRED_VERDICT: Final = M("The {certificate} has ended: have a new one issued at your municipal office.")
_EXPIRED_FUTILE: Final = (Futile.WAITING, Futile.OTHER_PROGRAM, Futile.CONVENIENCE_STORE)

_ENDS: Final = (
    CardRule(
        "certificate_expired",
        when(
            about="certificate",
            which="auth",
            state="expired",
            kind=_CARDS,
            card=_RUNS_ON,
            sign="there unknown",
            led="no",
        ),
        Action.NEW_CERTIFICATE,
        M(
            "The user certificate ended on {day}, and the signature certificate with it at the latest. New ones are "
            "issued at the municipal office where you are registered, free of charge. The card itself has not ended."
        ),
        _EXPIRED_VERDICT,
        "expired",
        Source.MUNICIPALITIES,
        "2025/2026",
        _OFFICE,
        _WITH_DOCUMENTS,
        _EXPIRED_FUTILE,
        special={
            "card_unknown": M(
                "The user certificate ended on {day}, and the signature certificate with it at the latest. New ones "
                "are issued at the municipal office where you are registered, free of charge. When the card itself "
                "ends could not be read; it is printed on it."
            )
        },
    ),
    CardRule(
        "certificate_expired",
        when(about="certificate", state="expired", kind=_CARDS, card=_RUNS_ON, sign="absent other", led="no"),
        Action.NEW_CERTIFICATE,
        M(
            "The {certificate} ended on {day}. A new one is issued at the municipal office where you are registered, "
            "free of charge. The card itself has not ended."
        ),
        _EXPIRED_VERDICT,
        "expired",
        Source.MUNICIPALITIES,
        "2025/2026",
        _OFFICE,
        _WITH_DOCUMENTS,
        _EXPIRED_FUTILE,
        special={
            "card_unknown": M(
                "The {certificate} ended on {day}. A new one is issued at the municipal office where you are "
                "registered, free of charge. When the card itself ends could not be read; it is printed on it."
            )
        },
    ),
    CardRule(
        "certificate_renewable",
        when(about="certificate", state="renewable", kind=_CARDS, card=_RUNS_ON, led="no"),
        Action.NEW_CERTIFICATE,
        M(
            "The {certificate} ends on {day} and can be renewed now, at the municipal office where you are "
            "registered, free of charge. The card itself is renewed separately."
        ),
        M("The {certificate} ends on {day}: renew it at your municipal office, free of charge."),
        "renew",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.CONVENIENCE_STORE,),
        special={
            "today": M(
                "The {certificate} ends today. Renew it today, at the municipal office where you are registered, free "
                "of charge; from tomorrow on a new one is issued there, but services refuse this one until then."
            ),
            "tomorrow": M(
                "The {certificate} ends tomorrow. Renew it today or tomorrow, at the municipal office where you are "
                "registered, free of charge; after that a new one is issued there, but services refuse this one until "
                "then."
            ),
            "verdict_today": M("The {certificate} ends today: renew it at your municipal office, free of charge."),
            "verdict_tomorrow": M(
                "The {certificate} ends tomorrow: renew it at your municipal office, free of charge."
            ),
        },
    ),
    CardRule(
        "certificate_ends_phone",
        when(about="certificate", state="expired renewable", kind=_PHONES, led="no"),
        Action.NEW_CERTIFICATE,
        M(
            "The {certificate} of this phone has ended or ends soon, as the card's does. Have the card's certificate "
            "renewed at your municipality (or apply for a new card, if the card ends too), then apply again in the "
            "Mynaportal app."
        ),
        M("The {certificate} of this phone has ended or ends soon: renew the card's, then apply again in the app."),
        "phone",
        Source.DIGITAL_AGENCY,
        _CHECKED,
        (Place.MUNICIPALITY, Place.PHONE_APP),
        (Need.CARD, Need.PHONE),
        (Futile.WAITING, Futile.CONVENIENCE_STORE),
    ),
)
_OTHERS: Final = (
    CardRule(
        "certificate_not_yet_valid",
        when(about="certificate", state="not_yet_valid", kind=f"{_CARDS} {_PHONES}", card=_ALIVE),
        Action.CARE,
        M(
            "The period of the {certificate} has not begun. Check the date of this computer; "
            "a new certificate may need up to a day until services know it."
        ),
        M("The period of the {certificate} has not begun: check the date of this computer."),
        "certificates",
        Source.MUNICIPALITIES,
        "2025/2026",
        (Place.HERE,),
    ),
    CardRule(
        "certificate_new",
        when(about="issue", age="new", state="in_period renewable", kind=f"{_CARDS} {_PHONES}", card=_ALIVE),
        Action.KNOW,
        M(
            "The {certificate} was issued less than a day ago. It can take up to about a day until every service "
            "accepts it: if one refuses it now, wait until tomorrow before you look for another cause."
        ),
        None,
        "certificates",
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    CardRule(
        "certificate_missing",
        when(about="certificate", state="missing", kind=f"{_CARDS} {_PHONES}", card=_ALIVE),
        Action.CARE,
        M(
            "The card says that the {certificate} is on it, and has no file with it: the card contradicts itself. No "
            "PIN is wrong. Run the command again; if it stays so, show the card at the office of your municipality, "
            "which can issue a new certificate."
        ),
        M("The card contradicts itself about the {certificate}: run the command again."),
        "certificates",
        Source.CHIP,
        _CHECKED,
        (Place.HERE, Place.MUNICIPALITY),
        (Need.CARD,),
        (Futile.WAITING,),
    ),
    CardRule(
        "certificate_denied",
        when(about="certificate", state="absent", kind=_CARDS, pin_tries="there", card=_ALIVE),
        Action.CARE,
        M(
            "The card says that there is no {certificate} on it, and yet counts tries for its PIN, which a card "
            "without it does not: the card seems to contradict itself. This program takes it at its word and does not "
            "use that certificate. This looks whether the certificate is there:\n  jpki doctor"
        ),
        M("The card seems to contradict itself about the {certificate}."),
        "certificates",
        Source.CHIP,
        _CHECKED,
        (Place.HERE, Place.MUNICIPALITY),
        (Need.CARD,),
        (Futile.WAITING,),
    ),
    CardRule(
        "certificate_unreadable",
        when(about="certificate", which="auth", state="unknown", kind=_CARDS, card=_ALIVE),
        Action.CARE,
        M(
            "The {certificate} could not be read, so its dates are not known. Hold the card still and run the command "
            "again; if it stays so, ask your municipality."
        ),
        M("The {certificate} could not be read: hold the card still and run the command again."),
        "reader",
        Source.CHIP,
        _CHECKED,
        (Place.HERE, Place.MUNICIPALITY),
        (Need.CARD,),
    ),
    CardRule(
        "certificate_absent",
        when(about="certificate", state="absent", kind=_CARDS, pin_tries="none", card=_ALIVE),
        Action.KNOW,
        M(
            "There is no signature certificate on this card, so there is no signature password to reset. That is "
            "normal under 15 and for adult wards; others can apply for one at their municipality. If another program "
            "calls the password locked, ignore that."
        ),
        None,
        "certificates",
        Source.JLIS_SITE,
        "2018/2019",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING, Futile.OTHER_PROGRAM, Futile.CONVENIENCE_STORE),
        special={
            "auth": M(
                "There is no user certificate on this card, so there is no user certificate PIN to reset. The "
                "certificate is optional, and can be applied for at your municipality. If another program calls the "
                "PIN locked, ignore that."
            ),
            "several": M(
                "There are no certificates on this card, so there are no PINs for them to reset. Certificates are "
                "optional, and can be applied for at your municipality. If another program calls the PINs locked, "
                "ignore that."
            ),
        },
    ),
    CardRule(
        "certificate_absent_phone",
        when(about="certificate", state="absent", kind=_PHONES),
        Action.KNOW,
        M(
            "There is no {certificate} on this phone. It can be applied for in the Mynaportal app, with the card at "
            "hand."
        ),
        None,
        "phone",
        Source.DIGITAL_AGENCY,
        _CHECKED,
        (Place.PHONE_APP,),
        (Need.CARD, Need.PHONE),
        (Futile.WAITING,),
    ),
)
CERTIFICATE_RULES: Final = (*_ENDS, *_OTHERS)
