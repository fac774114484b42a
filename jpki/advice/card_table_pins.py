"""What the holder can do about PINs: locked, about to be, or not to be seen."""

from __future__ import annotations

from typing import Final

from jpki.words import M

from .card_rules import Action, CardRule, Futile, Need, Place, when
from .sources import Source

_PHONES: Final = "android iphone"
_CARDS: Final = "card unknown"
#: A card that has ended gets a new one, with new PINs; nothing of the old one is worth resetting.
_ALIVE: Final = "in_period renewable unknown"
_FULL_LOCK: Final = (Futile.WAITING, Futile.GUESSING, Futile.OTHER_PROGRAM, Futile.RESTART)
_LOCK: Final = (*_FULL_LOCK, Futile.CONVENIENCE_STORE)
_LAST: Final = (Futile.WAITING, Futile.GUESSING, Futile.RESTART)
_OFFICE: Final = (Place.MUNICIPALITY,)
_WITH_DOCUMENTS: Final = (Need.CARD, Need.IDENTITY_DOCUMENTS)
_STORE_NEEDS: Final = (*_WITH_DOCUMENTS, Need.PHONE, Need.OTHER_CERTIFICATE_PIN)
_CHECKED: Final = "2026-11"  # state of knowledge of docs/certificates.md
_AT_OFFICE: Final = M("Locked: {pins}. Have it reset at your municipal office.")
_IN_ONE_VISIT: Final = M("Locked: {pins}. Your municipal office resets them all in one visit.")

#: A locked PIN on a card with one certificate, which answers as a card that was issued without PINs.
PIN_BLOCKED_ONE_CERTIFICATE: Final = CardRule(
    "pin_blocked_one_certificate",
    when(about="pins", state="blocked", kind=_CARDS, card=_ALIVE, store="other_absent"),
    Action.RESET,
    M(
        "The {pins} is locked. Have it reset at the municipal office where you are registered; for a holder under "
        "15 or an adult ward the legal representative goes. A convenience store cannot reset it, because this "
        "card has only one certificate. If the card was issued without PINs, for face authentication, nothing is "
        "wrong. Waiting does not unlock it."
    ),
    M("Locked: {pins}. Have it reset at your municipal office, unless the card was issued without PINs."),
    "locked",
    Source.MUNICIPALITIES,
    "2025/2026",
    _OFFICE,
    _WITH_DOCUMENTS,
    _LOCK,
    special={
        "several": M(
            "These are locked: {pins}. The municipal office where you are registered resets them all in one "
            "visit; for a holder under 15 or an adult ward the legal representative goes. A convenience store "
            "cannot do it, because this card has only one certificate. Waiting does not unlock them."
        ),
        "verdict_several": _IN_ONE_VISIT,
        "sign": M(
            "The {pins} is locked. Have it reset at the municipal office where you are registered. A convenience "
            "store cannot reset it, because this card has only one certificate. Waiting does not unlock it."
        ),
        "verdict_sign": _AT_OFFICE,
    },
)
_LOCKED: Final = (
    CardRule(
        "pin_blocked_kiosk_possible",
        when(about="pins", state="blocked", kind="card", card=_ALIVE, store="offered"),
        Action.RESET,
        M(
            "The {pins} is locked. Have it reset at the municipal office where you are registered. If you know the "
            "4-digit user certificate PIN, a convenience store with a terminal for it and a phone app can do it too, "
            "unless a certificate was revoked or your name or address changed, which this card does not show. Waiting "
            "does not unlock it."
        ),
        M("Locked: {pins}. Have it reset at your municipal office, or at a convenience store."),
        "locked",
        Source.JPKI_PORTAL,
        _CHECKED,
        (Place.MUNICIPALITY, Place.CONVENIENCE_STORE),
        _STORE_NEEDS,
        _FULL_LOCK,
        special={
            "auth": M(
                "The {pins} is locked. Have it reset at the municipal office where you are registered. If you know "
                "the signature password, a convenience store with a terminal for it (fewer chains than for the "
                "signature password) and a phone app can do it too, unless a certificate was revoked or your name or "
                "address changed, which this card does not show. Waiting does not unlock it."
            )
        },
    ),
    CardRule(
        "pin_blocked_kiosk_unknown",
        when(about="pins", state="blocked", kind=_CARDS, card=_ALIVE, store="unknown"),
        Action.RESET,
        M(
            "The {pins} is locked. Have it reset at the municipal office where you are registered. This card does not "
            "show whether a convenience store can do it: not everything that it depends on could be read. Waiting "
            "does not unlock it."
        ),
        _AT_OFFICE,
        "locked",
        Source.JPKI_PORTAL,
        _CHECKED,
        _OFFICE,
        _WITH_DOCUMENTS,
        _FULL_LOCK,
    ),
    CardRule(
        "pin_blocked",
        when(about="pins", state="blocked", kind=_CARDS, card=_ALIVE, store="excluded"),
        Action.RESET,
        M(
            "The {pins} is locked. Have it reset at the municipal office where you are registered. Bring the card; "
            "call first to ask what else they need. A convenience store cannot reset it here. Waiting does not unlock "
            "it."
        ),
        _AT_OFFICE,
        "locked",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        _LOCK,
    ),
    CardRule(
        "pins_blocked",
        when(about="pins", state="blocked", kind=_CARDS, card=_ALIVE, store="several"),
        Action.RESET,
        M(
            "These are locked: {pins}. The municipal office where you are registered resets them all in one visit. "
            "Bring the card; call first to ask what else they need. Waiting does not unlock them."
        ),
        _IN_ONE_VISIT,
        "locked",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        _FULL_LOCK,
    ),
    PIN_BLOCKED_ONE_CERTIFICATE,
    CardRule(
        "pin_blocked_phone",
        when(about="pins", state="blocked", kind=_PHONES),
        Action.RESET,
        M(
            "The {pins} of this phone is locked. Have your card ready and reset it in the Mynaportal app (to be "
            "renamed Myna app). The app also asks for the card's PIN of the same kind; if that one is locked too, "
            "have it reset at your municipal office first. Waiting does not unlock it."
        ),
        M("Locked on this phone: {pins}. Have your card ready and reset it in the Mynaportal app."),
        "phone",
        Source.DIGITAL_AGENCY,
        _CHECKED,
        (Place.PHONE_APP,),
        (Need.PHONE, Need.CARD),
        _LOCK,
        special={
            "several": M(
                "These are locked on this phone: {pins}. Have your card ready and reset them in the Mynaportal app "
                "(to be renamed Myna app). The app also asks for the card's PINs of the same kind; if those are "
                "locked too, have them reset at your municipal office first. Waiting does not unlock them."
            ),
            "verdict_several": M(
                "Locked on this phone: {pins}. Have your card ready and reset them in the Mynaportal app."
            ),
        },
    ),
)
_OTHERS: Final = (
    CardRule(
        "pin_last_try",
        when(about="pins", state="last_try", kind=_CARDS, card=_ALIVE),
        Action.STOP,
        M(
            "Only one try is left for the {pins}. If you are not sure of it, do not guess. Once it is locked, you "
            "have to have it reset at your municipal office."
        ),
        M("Only one try is left: {pins}. Do not guess."),
        "forgot",
        Source.LEAFLET,
        "../2021",
        _OFFICE,
        _WITH_DOCUMENTS,
        _LAST,
        special={
            "several": M(
                "Only one try is left for each of these: {pins}. If you are not sure of one, do not guess. Once it "
                "is locked, you have to have it reset at your municipal office."
            )
        },
    ),
    CardRule(
        "pin_last_try_phone",
        when(about="pins", state="last_try", kind=_PHONES),
        Action.STOP,
        M(
            "Only one try is left for the {pins} of this phone. If you are not sure of it, do not guess. Once it "
            "is locked, you need your card and the Mynaportal app to reset it."
        ),
        M("Only one try is left: {pins}. Do not guess."),
        "phone",
        Source.DIGITAL_AGENCY,
        _CHECKED,
        (Place.PHONE_APP,),
        (Need.PHONE, Need.CARD),
        _LAST,
        special={
            "several": M(
                "Only one try is left for each of these PINs of this phone: {pins}. If you are not sure of one, do "
                "not guess. Once it is locked, you need your card and the Mynaportal app to reset it."
            )
        },
    ),
    CardRule(
        "pin_absent",
        when(about="pins", state="absent", kind=_CARDS, card=_ALIVE),
        Action.KNOW,
        M(
            "This card has no {pins}. It is not locked: some cards are issued without one. Your municipal office "
            "can tell you more."
        ),
        None,
        "pins",
        Source.DIGITAL_AGENCY,
        "2023-12-15",
        _OFFICE,
        _WITH_DOCUMENTS,
        (Futile.WAITING,),
        special={
            "several": M(
                "This card has none of these PINs: {pins}. They are not locked: some cards are issued without them. "
                "Your municipal office can tell you more."
            )
        },
    ),
    CardRule(
        "pin_state_unknown",
        when(about="pins", state="unknown", kind=f"{_CARDS} {_PHONES}", card=_ALIVE),
        Action.CARE,
        M(
            "The card did not report how many tries are left for the {pins}. Do not enter it until the number is "
            "shown: hold the card still and run the command again."
        ),
        M("Some of the remaining tries could not be read: hold the card still and run the command again."),
        "reader",
        Source.CHIP,
        _CHECKED,
        (Place.HERE,),
        (Need.CARD,),
        (Futile.GUESSING,),
        special={
            "several": M(
                "The card did not report how many tries are left for these: {pins}. Do not enter any of them until "
                "the number is shown: hold the card still and run the command again."
            )
        },
    ),
    CardRule(
        "pin_open",
        when(about="pins", state="verified", kind=f"{_CARDS} {_PHONES}", card=_ALIVE),
        Action.KNOW,
        M(
            "Another program has just entered the {pins}, so the card does not show how many tries are left. Take "
            "the card off the reader and put it back to see the number."
        ),
        None,
        "pins",
        Source.CHIP,
        _CHECKED,
        (Place.HERE,),
        (Need.CARD,),
    ),
    CardRule(
        "counter_resets_with_right_entry",
        when(about="counters", tries="used", kind=f"{_CARDS} {_PHONES}", card=_ALIVE),
        Action.KNOW,
        M("Entering a PIN correctly once restores all its tries. Waiting does not."),
        None,
        "pins",
        Source.LEAFLET,
        "../2021",
        (Place.HERE,),
        (Need.RIGHT_PIN,),
        _LAST,
    ),
)
PIN_RULES: Final = (*_LOCKED, *_OTHERS)
