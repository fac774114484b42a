"""The sentences of advice, by the code of its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki_cli.words.i18n import M, Message
from jpki_cli.words.pin_words import pin_name
from jpki_cli.words.sentences import CERTIFICATES, N_

if TYPE_CHECKING:
    from jpki.advice.rules import Advice

#: Only the terminal of the store learns what the card does not show.
_STORE_SIGN: Final = N_(
    "The {pin} is locked. If you can enter the 4-digit user certificate PIN, a phone app and the terminal of a "
    "convenience store that takes part can reset it; else the office of the municipality that keeps your resident "
    "record. The terminal also needs what this card does not show: both certificates not revoked, name and address "
    "unchanged. Waiting does not unlock it."
)
_STORE_AUTH: Final = N_(
    "The {pin} is locked. If you can enter the signature password, a phone app and the terminal of a convenience "
    "store can reset it, at fewer chains than for the signature password; else the office of the municipality that "
    "keeps your resident record. The terminal also needs what this card does not show: both certificates not "
    "revoked, name and address unchanged. Waiting does not unlock it."
)
_STORE_UNKNOWN: Final = N_(
    "The {pin} is locked. It is reset at the office of the municipality that keeps your resident record. Whether a "
    "convenience store can do it, this card does not show: not all that it depends on could be read. Waiting does not "
    "unlock it."
)
_OFFICE: Final = N_(
    "The {pin} is locked. It is reset at the office of the municipality that keeps your resident record: bring the "
    "card, and ask by telephone what else. A convenience store cannot do it here. Waiting does not unlock it."
)
_ONE_CERTIFICATE: Final = N_(
    "The {pin} is locked. It is reset at the office of the municipality that keeps your resident record; for a holder "
    "under 15 or an adult ward the legal representative goes. A convenience store cannot do it, for want of the other "
    "certificate. If the card was issued without PINs, for face authentication, nothing is wrong. Waiting does not "
    "unlock it."
)
_LAST_TRY: Final = N_(
    "Only one try is left for the {pin}. If you are not sure of it, do not guess: a locked PIN is reset at your "
    "municipality."
)
_ABSENT_SIGN: Final = N_(
    "There is no {certificate} on this card. That is normal under 15 and for adult wards; others can apply for one at "
    "their municipality. It is not a lock."
)
_ABSENT_AUTH: Final = N_(
    "There is no {certificate} on this card. It is optional, and can be applied for at your municipality. It is not "
    "a lock."
)
#: By code, or by code and the PIN or certificate that it is about.
_PATTERNS: Final[dict[str | tuple[str, str], str]] = {
    ("pin_blocked_kiosk_possible", "sign"): _STORE_SIGN,
    ("pin_blocked_kiosk_possible", "auth"): _STORE_AUTH,
    "pin_blocked_kiosk_unknown": _STORE_UNKNOWN,
    "pin_blocked": _OFFICE,
    "pin_blocked_one_certificate": _ONE_CERTIFICATE,
    "pin_without_certificate": N_(
        "The {pin} is not in use, because its certificate is not on this card. Other programs may call it locked; "
        "nothing is wrong, and no reset is needed."
    ),
    "pin_blocked_phone": N_(
        "The {pin} of this phone is locked. It is reset in the Mynaportal app, with the card at hand. The PINs of the "
        "card are others, with counters of their own. Waiting does not unlock it."
    ),
    "pin_last_try": _LAST_TRY,
    "pin_last_try_phone": N_(
        "Only one try is left for the {pin} of this phone. If you are not sure of it, do not guess: a locked one is "
        "reset in the Mynaportal app, with the card at hand."
    ),
    "pin_absent": N_(
        "This card has no {pin}. That is not a lock: some cards are issued without it. Your municipality can tell more."
    ),
    "pin_state_unknown": N_(
        "The card did not tell how many tries are left for the {pin}. Do not enter it before the number is shown: "
        "hold the card still and run the command again."
    ),
    "pin_open": N_(
        "The {pin} has just been entered by some program, so the card does not show its tries. Take the card off the "
        "reader and put it back to see them."
    ),
    "old_juki_card": N_(
        "This is a Basic Resident Registration Card. All of these cards have ended, the last by 28 December 2025. "
        "Apply for a My Number Card at your municipality."
    ),
    "card_kind_unknown": N_("This kind of card is not known to this program: take what it says with care."),
    "counter_resets_with_right_entry": N_(
        "A counter goes back to full with the next right entry of that PIN; waiting does not change it."
    ),
    "card_expired": N_(
        "The card itself has ended, and its certificates with it. Apply for a new card at your municipality."
    ),
    "card_renewable": N_(
        "The card itself ends soon: apply for a new one at your municipality, or for its extension if your period of "
        "stay was extended. Its certificates end with it at the latest."
    ),
    "certificate_expired": N_(
        "The {certificate} has expired; the card itself may run longer. A new certificate is issued at the office of "
        "your municipality, free of charge."
    ),
    "certificate_renewable": N_(
        "The {certificate} can be renewed now, at your municipality, free of charge. The card itself is renewed "
        "separately."
    ),
    "certificate_ends_phone": N_(
        "The {certificate} of this phone has ended or ends soon. Renew the card's certificate at your municipality, "
        "then apply again in the Mynaportal app."
    ),
    "certificate_not_yet_valid": N_(
        "The period of the {certificate} has not begun. Check the date of this computer; "
        "a new certificate may need up to a day until services know it."
    ),
    "certificate_new": N_(
        "The {certificate} was issued less than a day ago. It can take up to about a day until every service accepts "
        "it: if one refuses it now, wait until tomorrow before you look for another cause."
    ),
    ("certificate_absent", "sign"): _ABSENT_SIGN,
    ("certificate_absent", "auth"): _ABSENT_AUTH,
    "certificate_denied": N_(
        "The card says that there is no {certificate} on it, and yet counts tries for its PIN, which a card without it "
        "does not: the card seems to contradict itself. This program takes it at its word and does not use that "
        "certificate. jpki doctor looks whether the certificate is there."
    ),
    "certificate_missing": N_(
        "The card says that the {certificate} is on it, and has no file with it: the card contradicts itself. No PIN "
        "is wrong. Run the command again; if it stays so, show the card at the office of your municipality, which can "
        "issue a new certificate."
    ),
    "certificate_absent_phone": N_(
        "There is no {certificate} on this phone. It can be applied for in the Mynaportal app, with the card at hand."
    ),
    "certificate_unreadable": N_(
        "The {certificate} could not be read, so its dates are not known. Hold the card still and run the command "
        "again; if it stays so, ask your municipality."
    ),
}


def advice_text(advice: Advice) -> Message:
    """Say one piece of advice."""
    about = advice.pin or advice.certificate or ""
    pattern = _PATTERNS.get((advice.code, about)) or _PATTERNS[advice.code]
    values: dict[str, Any] = {}
    if advice.pin is not None:
        values["pin"] = pin_name(advice.pin)
    if advice.certificate is not None:
        values["certificate"] = CERTIFICATES[advice.certificate]
    return M(pattern, **values)


def advice_facts(found: tuple[Advice, ...]) -> list[dict[str, object]]:
    """Say advice in JSON."""
    return [{"code": a.code, "pin": a.pin, "certificate": a.certificate, "text": advice_text(a).both()} for a in found]
