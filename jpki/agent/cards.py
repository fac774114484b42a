"""The card as the agent needs it: what lies there, what its counters say, one signature in one transaction.

Everything that touches the card stands behind :class:`Cards`, so that both doors and all tests use the same few
functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from jpki.identifiers import CertificateKind

if TYPE_CHECKING:
    from jpki.card import PinStatus
    from jpki.crypto import Digest
    from jpki.pin import Secret, TryPolicy

#: Kinds of keys that sign.
KEYS: Final = (CertificateKind.AUTH, CertificateKind.SIGN)


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as it was read without any PIN: the reader, what it is known again by, and its certificates.

    ``fingerprint`` is None of a phone, which shows nothing without its PIN; ``auth`` is what that PIN gave before then,
    and empty until it did. ``auth_ca`` is None where the card does not give it.
    """

    reader: str
    fingerprint: bytes | None
    auth: bytes
    auth_ca: bytes | None

    def __repr__(self) -> str:
        return f"<CardView in {self.reader!r}>"


@dataclass(frozen=True, slots=True)
class SignatureOrder:
    """What a key is to sign: a hash, the function that made it, and the padding.

    ``certificate`` is the one whose key is meant; the signature is checked with it before it is given out.
    """

    key: CertificateKind
    certificate: bytes
    digest_name: Digest
    digest: bytes
    is_pss: bool = False

    def __repr__(self) -> str:
        return f"<SignatureOrder {self.key.value} {self.digest_name.value}>"


class Cards(Protocol):
    """The cards of this computer, for one agent; every method may be called from any thread.

    Methods that reach a card raise the errors of :mod:`jpki.errors`; AnotherCardError where it is not that of the view.
    """

    def look(self) -> CardView | None:
        """Return the card on the reader now, or None if no card can be used.

        No command is sent while the card is the one of the last look.
        """
        ...

    def known_status(self, view: CardView, key: CertificateKind) -> PinStatus | None:
        """Return what the counter of a key's PIN said last; no command is sent."""
        ...

    def read_status(self, view: CardView, key: CertificateKind) -> PinStatus:
        """Ask the card for the counter of a key's PIN; uses no try."""
        ...

    def let_go(self, view: CardView) -> None:
        """Give up what :meth:`read_status` holds of a card without a fingerprint; nothing where it holds nothing."""
        ...

    def sign(self, view: CardView, order: SignatureOrder, secret: Secret, policy: TryPolicy) -> bytes:
        """Present the PIN once and sign, in one transaction that leaves nothing open.

        The transaction compares the card with ``view`` before anything secret is sent.
        """
        ...

    def check_pin(self, view: CardView, key: CertificateKind, secret: Secret, policy: TryPolicy) -> None:
        """Present the PIN once, with the same care, and do nothing with it."""
        ...

    def read_phone_certificate(self, view: CardView, secret: Secret, policy: TryPolicy) -> bytes:
        """Present a phone's PIN once, with the same care, and read the certificate that it guards."""
        ...

    def await_change(self, view: CardView | None, seconds: float) -> bool:
        """Wait until another card lies there, or none; False after so many seconds."""
        ...
