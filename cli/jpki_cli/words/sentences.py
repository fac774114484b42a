"""Words for states, reasons and advice."""

from __future__ import annotations

from typing import Final

from .i18n import M, Message

REASONS: Final = {
    "needs_signature_password": M("on the card; its dates are readable with the signature password"),
    "needs_auth_pin": M("readable with the user certificate PIN only (a smartphone)"),
    "missing": M("on the card as it says, but it has no such file"),
    "unreadable": M("the card gave out something that is no certificate"),
    "refused": M("the card does not give it out"),
}
_ENDED_TOO: Final = M("ended with the user certificate at the latest")
_ON_PHONE: Final = M("on the phone; its dates can be read with its password")
_ABSENT: Final = {
    "sign": M("not on this card (normal under 15, for adult wards, or if it was declined)"),
    "auth": M("not on this card (it can be applied for at your municipality)"),
}
RENEWAL: Final = M(
    "Renewal begins three months before the last day; the day shown is the later of two readings. Some towns begin "
    "a day earlier."
)
RENEWAL_OF_TEN_YEARS: Final = M(
    "Renewal of a certificate that runs for ten years is planned to begin one year before the last day: ask your "
    "municipality."
)
RENEWAL_OF_CARD: Final = M(
    "It ends with the card and cannot be renewed beyond it. New certificates come with a new card, or are issued again "
    "free of charge after the card was extended together with a period of stay."
)
UNKNOWN_ISSUER: Final = M(
    "not issued by a J-LIS root known to this program, which knows those of 2015, 2019 and 2023; a newer program may "
    "know a newer one"
)
REVOCATION: Final = M(
    "Whether a certificate was revoked (a move, a change of name, a renewal, a loss report) is not checked: "
    "only the authorities' services can tell."
)


def unread_sentence(reason: str, *, is_phone: bool, has_ended: bool) -> Message:
    """Say of a certificate that was not read why, and where it is.

    ``has_ended``: the user certificate has, and the signature certificate ends with it at the latest
    (docs/certificates.md, 3.1).
    """
    if reason == "needs_signature_password" and has_ended:
        return _ENDED_TOO
    if reason == "needs_signature_password" and is_phone:
        return _ON_PHONE
    return REASONS[reason]


def absent(kind: str) -> Message:
    """Say that a certificate is not there, which is not the same as locked."""
    return _ABSENT[kind]
