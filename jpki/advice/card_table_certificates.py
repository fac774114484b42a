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
_EXPIRED_VERDICT: Final = M("The {certificate} has expired: have a new one issued at your municipal office.")
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
            "The user certificate expired on {day}, and the signature certificate with it at the latest. New ones "
            "are issued at the municipal office where you are registered, free of charge. The card itself has not "
            "expired."
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
                "The user certificate expired on {day}, and the signature certificate with it at the latest. New "
                "ones are issued at the municipal office where you are registered, free of charge. The expiry date "
                "of the card itself could not be read; it is printed on the card."
            )
        },
    ),
    CardRule(
        "certificate_expired",
        when(about="certificate", state="expired", kind=_CARDS, card=_RUNS_ON, sign="absent other", led="no"),
        Action.NEW_CERTIFICATE,
        M(
            "The {certificate} expired on {day}. A new one is issued at the municipal office where you are "
            "registered, free of charge. The card itself has not expired."
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
                "The {certificate} expired on {day}. A new one is issued at the municipal office where you are "
                "registered, free of charge. The expiry date of the card itself could not be read; it is printed "
                "on the card."
            )
        },
    ),
    CardRule(
        "certificate_renewable",
        when(about="certificate", state="renewable", kind=_CARDS, card=_RUNS_ON, led="no"),
        Action.NEW_CERTIFICATE,
        M(
            "The {certificate} expires on {day} and can be renewed now, at the municipal office where you are "
            "registered, free of charge. The card itself is renewed separately."
        ),
        M("The {certificate} expires on {day}: renew it at your municipal office, free of charge."),
        "renew",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.CONVENIENCE_STORE,),
        special={
            "today": M(
                "The {certificate} expires today. Renew it today, at the municipal office where you are "
                "registered, free of charge; from tomorrow on a new one is issued there, but services refuse this "
                "one until then."
            ),
            "tomorrow": M(
                "The {certificate} expires tomorrow. Renew it today or tomorrow, at the municipal office where you "
                "are registered, free of charge; after that a new one is issued there, but services refuse this "
                "one until then."
            ),
            "verdict_today": M("The {certificate} expires today: renew it at your municipal office, free of charge."),
            "verdict_tomorrow": M(
                "The {certificate} expires tomorrow: renew it at your municipal office, free of charge."
            ),
        },
    ),
    CardRule(
        "certificate_ends_phone",
        when(about="certificate", state="expired renewable", kind=_PHONES, led="no"),
        Action.NEW_CERTIFICATE,
        M(
            "The {certificate} of this phone has expired or expires soon, as the card's does. Have the card's "
            "certificate renewed at your municipality (or apply for a new card, if the card expires too), then "
            "apply again in the Mynaportal app."
        ),
        M(
            "The {certificate} of this phone has expired or expires soon: renew the card's, then apply again in the "
            "app."
        ),
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
            "The period of the {certificate} has not started yet. Check the date of this computer. It can take up "
            "to a day until services accept a new certificate."
        ),
        M("The period of the {certificate} has not started yet: check the date of this computer."),
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
            "The card gives conflicting information: it says that it holds the {certificate}, but has no such "
            "file. This does not mean that a PIN was wrong. Run the command again; if nothing changes, show the "
            "card at your municipal office, which can issue a new certificate."
        ),
        M("The card gives conflicting information about the {certificate}: run the command again."),
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
            "The card says that it has no {certificate}, but it counts tries for the PIN of that certificate, "
            "which a card without one does not do. The card seems to give conflicting information. This program "
            "relies on what the card says and does not use that certificate. To check whether it is there:\n  jpki "
            "doctor"
        ),
        M("The card seems to give conflicting information about the {certificate}."),
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
            "The {certificate} could not be read, so its dates are not known. Hold the card still and run the "
            "command again; if nothing changes, ask your municipal office."
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
            "This card has no signature certificate, so there is no signature password to reset. That is normal "
            "for holders under 15 and for adult wards; others can apply for one at their municipal office. If "
            "another program calls the password locked, ignore that."
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
                "This card has no user certificate, so there is no user certificate PIN to reset. The certificate "
                "is optional; you can apply for it at your municipal office. If another program calls the PIN "
                "locked, ignore that."
            ),
            "several": M(
                "This card has no certificates, so there are no certificate PINs to reset. Certificates are "
                "optional; you can apply for them at your municipal office. If another program calls these PINs "
                "locked, ignore that."
            ),
        },
    ),
    CardRule(
        "certificate_absent_phone",
        when(about="certificate", state="absent", kind=_PHONES),
        Action.KNOW,
        M("This phone has no {certificate}. You can apply for it in the Mynaportal app; have your card ready."),
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
