"""Words for states, reasons and advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_cli.i18n import MN, M, Message
from jpki_cli.pin_words import BLOCKED_REMEDY, pin_name

if TYPE_CHECKING:
    from jpki.advice.rules import Advice
    from jpki.application.pin import PinStatus


def N_(text: str) -> str:  # noqa: N802 - the customary name of gettext's mark
    """Mark a text for the catalogue that is used as a pattern elsewhere."""
    return text


KINDS: Final = {
    "card": M("My Number Card"),
    "android": M("JPKI on an Android phone"),
    "iphone": M("JPKI on an iPhone"),
    "juki_card": M("Basic Resident Registration Card (the old card; it has ended)"),
    "unknown": M("card with a JPKI application of an unknown kind"),
}
CERTIFICATES: Final = {
    "auth": M("user certificate"),
    "sign": M("signature certificate"),
    "auth-ca": M("CA certificate of the user certificate"),
    "sign-ca": M("CA certificate of the signature certificate"),
}
REASONS: Final = {
    "needs_signature_password": M("on the card; its dates are readable with the signature password"),
    "needs_auth_pin": M("readable with the user certificate PIN only (a smartphone)"),
    "unreadable": M("the card gave out something that is no certificate"),
    "refused": M("the card does not give it out"),
}
_ABSENT: Final = {
    "sign": M("not on this card (normal under 15, for adult wards, or if it was declined)"),
    "auth": M("not on this card (it can be applied for at your municipality)"),
}
REVOCATION: Final = M(
    "Whether a certificate was revoked (a move, a change of name, a renewal, a loss report) is not checked: "
    "only the authorities' services can tell."
)


def tries(status: PinStatus) -> Message:
    """Say the counter of a PIN in words."""
    state = status.state.value
    if state == "blocked":
        return M("locked")
    if state == "absent":
        return M("not on this card")
    if state == "verified":
        return M("verified at the moment; the card does not tell the number")
    if state == "unlimited":
        return M("no limit")
    if status.retries_remaining is None:
        return M("unknown")
    if status.retry_limit is None:
        return MN("{n} try left", "{n} tries left", status.retries_remaining)
    return MN(
        "{n} of {limit} tries left",
        "{n} of {limit} tries left",
        status.retries_remaining,
        limit=max(status.retry_limit, status.retries_remaining),
    )


def tries_in_short(status: PinStatus) -> Message:
    """Say the counter of a PIN in a word or two, for a column of a table."""
    return M("verified") if status.state.value == "verified" else tries(status)


def absent(kind: str) -> Message:
    """Say that a certificate is not there, which is not the same as locked."""
    return _ABSENT[kind]


def advice_text(advice: Advice) -> Message:
    """Say one piece of advice."""
    if advice.code.startswith("pin_blocked") and advice.pin:
        remedy = BLOCKED_REMEDY[advice.pin] if advice.code == "pin_blocked_kiosk_possible" else _COUNTER_ONLY
        return M("The {pin} is locked. {remedy} Waiting does not unlock it.", pin=pin_name(advice.pin), remedy=remedy)
    if advice.code == "pin_last_try" and advice.pin:
        return M(
            "Only one try is left for the {pin}. If you are not sure of it, do not guess: a locked PIN is reset at "
            "your municipality.",
            pin=pin_name(advice.pin),
        )
    if advice.code == "certificate_absent":
        return M("There is no {certificate} on this card.", certificate=CERTIFICATES[str(advice.certificate)])
    text = _ADVICE.get(advice.code)
    if text is None:
        return M(_CERTIFICATE_ADVICE[advice.code], certificate=CERTIFICATES[str(advice.certificate)])
    return text


_COUNTER_ONLY: Final = M("It can be reset at the office of your municipality.")
_ADVICE: Final = {
    "counter_resets_with_right_entry": M(
        "A counter goes back to full with the next right entry of that PIN; waiting does not change it."
    ),
}


_CERTIFICATE_ADVICE: Final = {
    "certificate_expired": N_(
        "The {certificate} has expired. A new one is issued at your municipality, free of charge."
    ),
    "certificate_renewable": N_("The {certificate} can be renewed now, at your municipality, free of charge."),
    "certificate_not_yet_valid": N_(
        "The period of the {certificate} has not begun. Check the date of this computer; "
        "a new certificate may need up to a day until services know it."
    ),
}
