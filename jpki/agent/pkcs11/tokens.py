"""The two tokens: the user token with the login key, and the signature token, which is apart and off until wanted.

Neither needs a login: the holder's certificates are found without a PIN, and what a PIN is for is asked about when
something is signed. The signature certificate can be read from the card with its password only, so it comes from where
it was put once, on the holder's wish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from jpki.card import PinState
from jpki.errors import CertificateError, JpkiError, KeyNotSupportedError
from jpki.identifiers import CertificateKind

from .constants import UNAVAILABLE, SlotFlag, TokenFlag
from .objects import certificate_object, key_objects, serial_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jpki.agent.cards import Cards, CardView
    from jpki.card import PinStatus

    from .objects import TokenObject
    from .wire import Writer

MANUFACTURER: Final = "jpki"
MODEL: Final = "My Number Card"
_NO_CARD: Final = "My Number Card"
#: CKA_IDs: those of the keys are OpenSC's, so that what names a key by it need not be changed; a CA has its own.
_IDS: Final = {
    CertificateKind.AUTH: b"\x01",
    CertificateKind.SIGN: b"\x02",
    CertificateKind.AUTH_CA: b"\x11",
    CertificateKind.SIGN_CA: b"\x12",
}
#: PINs have four digits, the signature password 6 to 16 characters.
_PIN_LENGTHS: Final = {CertificateKind.AUTH: (4, 4), CertificateKind.SIGN: (6, 16)}
_HANDLE_STEP: Final = 0x100


class KeyCertificates(NamedTuple):
    """The certificate of a key, and its issuer's where it is there."""

    certificate: bytes
    issuer: bytes | None


class SignatureCertificates(Protocol):
    """Where signature certificates are kept that the holder wanted to be seen."""

    def find(self, fingerprint: bytes) -> KeyCertificates | None:
        """Return that of the card with this fingerprint."""
        ...


class Labels(Protocol):
    """Names of tokens and objects in the person's language."""

    def token(self, key: CertificateKind) -> str:
        """Name of a token; at most 32 bytes of it are seen."""
        ...

    def certificate(self, kind: CertificateKind) -> str:
        """Name of a certificate, and of the key that belongs to it."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """What a slot holds: a card, one of its keys, and the objects by their handles."""

    view: CardView
    key: CertificateKind
    certificate: bytes
    objects: Mapping[int, TokenObject]

    def __repr__(self) -> str:
        return f"<Token {self.key.value}>"


class Slot:
    """A slot of a fixed number in which a token of one kind lies as long as its card does."""

    def __init__(
        self,
        slot_id: int,
        key: CertificateKind,
        cards: Cards,
        labels: Labels,
        learned: SignatureCertificates | None = None,
    ) -> None:
        """Look at nothing yet; ``learned`` is needed for the signature key."""
        self.slot_id = slot_id
        self.key = key
        self._cards = cards
        self._labels = labels
        self._learned = learned
        self._made: tuple[CardView, KeyCertificates, Token] | None = None

    def token(self) -> Token | None:
        """Return the token that is in the slot now; None if it is empty, or the way to the cards is blocked."""
        try:
            view = self._cards.look()
        except JpkiError:
            return None
        # A phone can be used by SSH only: a session has to know its card again.
        found = None if view is None or view.fingerprint is None else self._certificates(view, view.fingerprint)
        if view is None or found is None:
            return None
        made = self._made
        if made is None or made[0] is not view or made[1] != found:
            token = self._make(view, found)
            if token is None:
                return None
            self._made = made = (view, found, token)
        return made[2]

    def _certificates(self, view: CardView, fingerprint: bytes) -> KeyCertificates | None:
        if self.key is CertificateKind.AUTH:
            return KeyCertificates(view.auth, view.auth_ca)
        return self._learned.find(fingerprint) if self._learned else None

    def _make(self, view: CardView, found: KeyCertificates) -> Token | None:
        ca = self.key.issuer
        try:
            objects = key_objects(found.certificate, _IDS[self.key], self._labels.certificate(self.key))
            if found.issuer is not None:
                label = self._labels.certificate(ca)
                objects.append(certificate_object(found.issuer, _IDS[ca], label, is_ca=True))
        except (CertificateError, KeyNotSupportedError):
            return None
        first = self.slot_id * _HANDLE_STEP + 1
        return Token(view, self.key, found.certificate, dict(enumerate(objects, first)))

    def write_slot_info(self, writer: Writer) -> None:
        """Write CK_SLOT_INFO."""
        token = self.token()
        flags = SlotFlag.REMOVABLE_DEVICE | SlotFlag.HW_SLOT
        writer.padded(_NO_CARD if token is None else token.view.reader, 64).padded(MANUFACTURER, 32)
        writer.ulong(flags | SlotFlag.TOKEN_PRESENT if token else flags).version(0, 0).version(0, 0)

    def write_token_info(self, writer: Writer, token: Token, sessions: Sequence[int]) -> None:
        """Write CK_TOKEN_INFO; ``sessions`` are the numbers of all sessions and of those that may write."""
        shortest, longest = _PIN_LENGTHS[self.key]
        writer.padded(self._labels.token(self.key), 32).padded(MANUFACTURER, 32).padded(MODEL, 16)
        writer.padded(serial_text(token.certificate), 16)
        writer.ulong(_flags(self._cards.known_status(token.view, self.key)))
        for number in (0, sessions[0], 0, sessions[1], longest, shortest, *(UNAVAILABLE,) * 4):
            writer.ulong(number)
        writer.version(0, 0).version(0, 0).padded("", 16)


def _flags(status: PinStatus | None) -> int:
    flags = (
        TokenFlag.TOKEN_INITIALIZED
        | TokenFlag.USER_PIN_INITIALIZED
        | TokenFlag.WRITE_PROTECTED
        | TokenFlag.PROTECTED_AUTHENTICATION_PATH
    )
    state = None if status is None else status.state
    if state is PinState.USED:
        flags |= TokenFlag.USER_PIN_COUNT_LOW
    elif state is PinState.LAST_TRY:
        flags |= TokenFlag.USER_PIN_COUNT_LOW | TokenFlag.USER_PIN_FINAL_TRY
    elif state is PinState.BLOCKED:
        flags |= TokenFlag.USER_PIN_LOCKED
    return flags
