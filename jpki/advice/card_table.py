"""What the holder can do about each state of a card: the table.

Sources: docs/certificates.md, 3.3 to 3.5 and 5.2 to 5.6.
"""

from __future__ import annotations

from typing import Final

from jpki.advice.card_rules import CardRule, Futile, Need, Place, when
from jpki.advice.sources import Source

_PHONES: Final = "android iphone"
_CARDS: Final = "card unknown"
_FULL_LOCK: Final = (Futile.WAITING, Futile.GUESSING, Futile.OTHER_PROGRAM, Futile.RESTART)
_LOCK: Final = (*_FULL_LOCK, Futile.CONVENIENCE_STORE)
_LAST: Final = (Futile.WAITING, Futile.GUESSING, Futile.RESTART)
_OFFICE: Final = (Place.MUNICIPALITY,)
_WITH_DOCUMENTS: Final = (Need.CARD, Need.IDENTITY_DOCUMENTS)
_STORE_NEEDS: Final = (*_WITH_DOCUMENTS, Need.PHONE, Need.OTHER_CERTIFICATE_PIN)
_CHECKED: Final = "2026-11"  # state of knowledge of docs/certificates.md

_PINS: Final = (
    CardRule(
        "pin_blocked_kiosk_possible",
        when(about="pin", state="blocked", kind="card", own_certificate="there", store="offered"),
        "locked",
        Source.JPKI_PORTAL,
        _CHECKED,
        (Place.MUNICIPALITY, Place.CONVENIENCE_STORE),
        _STORE_NEEDS,
        _FULL_LOCK,
    ),
    CardRule(
        "pin_blocked_kiosk_unknown",
        when(about="pin", state="blocked", kind="card", own_certificate="there unknown", store="unknown"),
        "locked",
        Source.JPKI_PORTAL,
        _CHECKED,
        _OFFICE,
        _WITH_DOCUMENTS,
        _FULL_LOCK,
    ),
    CardRule(
        "pin_blocked",
        when(about="pin", state="blocked", kind=_CARDS, own_certificate="there unknown none", store="excluded"),
        "locked",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        _LOCK,
    ),
    CardRule(
        "pin_blocked_one_certificate",
        when(about="pin", state="blocked", kind="card", own_certificate="there unknown", store="other_absent"),
        "locked",
        Source.MUNICIPALITIES,
        "2025/2026",
        _OFFICE,
        _WITH_DOCUMENTS,
        _LOCK,
    ),
    CardRule(
        "pin_without_certificate",
        when(about="pin", state="blocked", kind=_CARDS, own_certificate="absent"),
        "certificates",
        Source.MUNICIPALITIES,
        "2025/2026",
        futile=_LOCK,
    ),
    CardRule(
        "pin_blocked_phone",
        when(about="pin", state="blocked", kind=_PHONES),
        "phone",
        Source.DIGITAL_AGENCY,
        _CHECKED,
        (Place.PHONE_APP,),
        (Need.PHONE, Need.CARD),
        _LOCK,
    ),
    CardRule(
        "pin_last_try",
        when(about="pin", state="last_try", kind=_CARDS),
        "forgot",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        _LAST,
    ),
    CardRule(
        "pin_last_try_phone",
        when(about="pin", state="last_try", kind=_PHONES),
        "phone",
        Source.DIGITAL_AGENCY,
        _CHECKED,
        (Place.PHONE_APP,),
        (Need.PHONE, Need.CARD),
        _LAST,
    ),
    CardRule(
        "pin_absent",
        when(about="pin", state="absent", kind=_CARDS, own_certificate="there unknown none"),
        "pins",
        Source.DIGITAL_AGENCY,
        "2023-12-15",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING,),
    ),
    CardRule(
        "pin_state_unknown",
        when(about="pin", state="unknown", kind=f"{_CARDS} {_PHONES}"),
        "reader",
        Source.CHIP,
        _CHECKED,
        (Place.HERE,),
        (Need.CARD,),
        (Futile.GUESSING,),
    ),
    CardRule(
        "pin_open",
        when(about="pin", state="verified", kind=f"{_CARDS} {_PHONES}"),
        "pins",
        Source.CHIP,
        _CHECKED,
        (Place.HERE,),
        (Need.CARD,),
    ),
)
_CARD: Final = (
    CardRule(
        "old_juki_card",
        when(about="card", kind="juki_card"),
        "reader",
        Source.MUNICIPALITIES,
        "2025/2026",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING, Futile.OTHER_PROGRAM),
    ),
    CardRule(
        "card_kind_unknown",
        when(about="card", kind="unknown"),
        "reader",
        Source.CHIP,
        _CHECKED,
        (Place.HERE,),
        (Need.CARD,),
    ),
    CardRule(
        "counter_resets_with_right_entry",
        when(about="counters", tries="used", kind=f"{_CARDS} {_PHONES}"),
        "pins",
        Source.LEAFLET,
        "../2021",
        (Place.HERE,),
        (Need.RIGHT_PIN,),
        _LAST,
    ),
    CardRule(
        "card_expired",
        when(about="card", kind="card", state="expired"),
        "expired",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING, Futile.CONVENIENCE_STORE),
    ),
    CardRule(
        "card_renewable",
        when(about="card", kind="card", state="renewable"),
        "renew",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.CONVENIENCE_STORE,),
    ),
)
_CERTIFICATES: Final = (
    CardRule(
        "certificate_expired",
        when(about="certificate", state="expired", kind=_CARDS),
        "expired",
        Source.MUNICIPALITIES,
        "2025/2026",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING, Futile.OTHER_PROGRAM, Futile.CONVENIENCE_STORE),
    ),
    CardRule(
        "certificate_renewable",
        when(about="certificate", state="renewable", kind=_CARDS),
        "renew",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.CONVENIENCE_STORE,),
    ),
    CardRule(
        "certificate_ends_phone",
        when(about="certificate", state="expired renewable", kind=_PHONES),
        "phone",
        Source.DIGITAL_AGENCY,
        _CHECKED,
        (Place.MUNICIPALITY, Place.PHONE_APP),
        (Need.CARD, Need.PHONE),
        (Futile.WAITING, Futile.CONVENIENCE_STORE),
    ),
    CardRule(
        "certificate_not_yet_valid",
        when(about="certificate", state="not_yet_valid", kind=f"{_CARDS} {_PHONES}"),
        "certificates",
        Source.MUNICIPALITIES,
        "2025/2026",
        (Place.HERE,),
    ),
    CardRule(
        "certificate_new",
        when(about="issue", age="new", state="in_period renewable", kind=f"{_CARDS} {_PHONES}"),
        "certificates",
        Source.MUNICIPALITIES,
        "2025/2026",
    ),
    CardRule(
        "certificate_absent",
        when(about="certificate", state="absent", kind=_CARDS, pin_tries="none"),
        "certificates",
        Source.JLIS_SITE,
        "2018/2019",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING, Futile.OTHER_PROGRAM, Futile.CONVENIENCE_STORE),
    ),
    CardRule(
        "certificate_denied",
        when(about="certificate", state="absent", kind=_CARDS, pin_tries="there"),
        "certificates",
        Source.CHIP,
        _CHECKED,
        (Place.HERE, Place.MUNICIPALITY),
        (Need.CARD,),
        (Futile.WAITING,),
    ),
    CardRule(
        "certificate_missing",
        when(about="certificate", state="missing", kind=f"{_CARDS} {_PHONES}"),
        "certificates",
        Source.CHIP,
        _CHECKED,
        (Place.HERE, Place.MUNICIPALITY),
        (Need.CARD,),
        (Futile.WAITING,),
    ),
    CardRule(
        "certificate_absent_phone",
        when(about="certificate", state="absent", kind=_PHONES),
        "phone",
        Source.DIGITAL_AGENCY,
        _CHECKED,
        (Place.PHONE_APP,),
        (Need.CARD, Need.PHONE),
        (Futile.WAITING,),
    ),
    CardRule(
        "certificate_unreadable",
        when(about="certificate", which="auth", state="unknown", kind=_CARDS),
        "reader",
        Source.CHIP,
        _CHECKED,
        (Place.HERE, Place.MUNICIPALITY),
        (Need.CARD,),
    ),
)
#: In the order in which they are told: what is locked first.
CARD_RULES: Final = (*_PINS, *_CARD, *_CERTIFICATES)
