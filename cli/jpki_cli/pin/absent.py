"""A certificate that is not on the card: what is said of it, and of its PIN, which has no use."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jpki.errors import CertificateAbsentError, PinNotInUseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.card import MyNumberCard
    from jpki.identifiers import CertificateKind


def require_certificate(card: MyNumberCard, kind: CertificateKind) -> None:
    """Refuse, before a PIN is asked for, a card that says that it has no such certificate.

    Raises:
        CertificateAbsentError: the card has no such certificate.
    """
    with card.transaction():
        presence = card.read_presence()
    if presence.of(kind) is False:
        raise CertificateAbsentError("no such certificate", kind=kind.value)


@contextmanager
def naming_absence(kind: CertificateKind) -> Iterator[None]:
    """Say of a PIN that answers as locked, because it has no use, that its certificate is not there.

    A script is spared the question beforehand: the counter is read before its secret is sent anyhow.
    """
    try:
        yield
    except PinNotInUseError as exc:
        raise CertificateAbsentError("no such certificate", kind=kind.value) from exc
