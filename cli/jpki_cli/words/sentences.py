"""Words for states, reasons and advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_cli.words.i18n import MN, M, Message

if TYPE_CHECKING:
    from jpki.card.pin import PinStatus


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
    "missing": M("on the card as it says, but it has no such file"),
    "unreadable": M("the card gave out something that is no certificate"),
    "refused": M("the card does not give it out"),
}
_ABSENT: Final = {
    "sign": M("not on this card (normal under 15, for adult wards, or if it was declined)"),
    "auth": M("not on this card (it can be applied for at your municipality)"),
}
NOT_LOCKED: Final = M(
    "Not in use: the certificate for it is not on this card. Other programs may call it locked; nothing is wrong, and "
    "no reset is needed."
)
RENEWAL: Final = M(
    "Renewal begins three months before the last day; the day shown is the later of two readings. Some towns begin "
    "a day earlier."
)
REVOCATION: Final = M(
    "Whether a certificate was revoked (a move, a change of name, a renewal, a loss report) is not checked: "
    "only the authorities' services can tell."
)


def tries(status: PinStatus) -> Message:
    """Say the counter of a PIN in words."""
    state = status.state.value
    if status.lacks_certificate:
        return M("not in use")
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


def not_in_use(state: str, *, lacks_certificate: bool, is_phone: bool) -> Message | None:
    """Say of a PIN that it has no use here, rather than that it is locked or missing; None where it has one."""
    if state == "blocked" and lacks_certificate:
        return M("not in use")
    return M("not on a phone") if state == "absent" and is_phone else None


def absent(kind: str) -> Message:
    """Say that a certificate is not there, which is not the same as locked."""
    return _ABSENT[kind]
