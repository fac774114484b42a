"""Words for what is known of a certificate, and for what is not."""

from __future__ import annotations

from typing import Final

from .labels import LabelledEnum
from .message import M, Message


class Unread(LabelledEnum):
    """Why a certificate was not read from a card."""

    NEEDS_SIGNATURE_PASSWORD = (
        "needs_signature_password",
        M("on the card; its dates can be read with the signature password"),
    )
    NEEDS_AUTH_PIN = "needs_auth_pin", M("can be read only with the user certificate PIN (a smartphone)")
    MISSING = "missing", M("the card says that it has it, but has no such file")
    UNREADABLE = "unreadable", M("what was read from the card is not a certificate")
    REFUSED = "refused", M("the card does not let it be read")


_ENDED_TOO: Final = M("expired with the user certificate at the latest")
_ON_PHONE: Final = M("on the phone; its dates can be read with the signature password")
_ABSENT: Final = {
    "sign": M("not on this card (normal under 15, for adult wards, or if it was declined)"),
    "auth": M("not on this card (you can apply for it at your municipal office)"),
}
#: When a certificate can be renewed.
RENEWAL: Final = M(
    "Renewal starts three months before the last day; the day shown is the later of two ways of counting. Some "
    "municipalities start a day earlier."
)
#: When a certificate that runs for ten years can be renewed.
RENEWAL_OF_TEN_YEARS: Final = M(
    "Renewal of a certificate that runs for ten years is planned to start one year before the last day: ask your "
    "municipal office."
)
#: What to do where the certificate ends with the card.
RENEWAL_OF_CARD: Final = M(
    "It expires with the card and cannot be renewed beyond it. New certificates come with a new card, or are "
    "issued again free of charge after the card has been extended together with a period of stay."
)
#: What to do where the certificate has expired.
EXPIRED: Final = M(
    "It has expired. A new certificate is issued at your municipal office, free of charge, as long as the card itself "
    "has not expired."
)
#: What to do where the certificate has expired with the card.
EXPIRED_WITH_CARD: Final = M("It has expired with the card. New certificates come with a new card.")
#: Said of an issuer that is not one of those of J-LIS known here.
UNKNOWN_ISSUER: Final = M(
    "not issued by a J-LIS root known to this program, which knows those of 2015, 2019 and 2023; a newer program may "
    "know a newer one"
)
#: That revocation is not checked here.
REVOCATION: Final = M(
    "Whether a certificate was revoked (after a move, a change of name, a renewal or a loss report) is not "
    "checked: only the authorities' services can check this."
)


def unread_sentence(reason: Unread, *, is_phone: bool, has_ended: bool) -> Message:
    """Say of a certificate that was not read why, and where it is.

    ``has_ended``: the user certificate has, and the signature certificate ends with it at the latest
    (docs/certificates.md, 3.1).
    """
    if reason is Unread.NEEDS_SIGNATURE_PASSWORD and has_ended:
        return _ENDED_TOO
    if reason is Unread.NEEDS_SIGNATURE_PASSWORD and is_phone:
        return _ON_PHONE
    return reason.label


def absent(kind: str) -> Message:
    """Say that a certificate is not there, which is not the same as locked."""
    return _ABSENT[kind]
