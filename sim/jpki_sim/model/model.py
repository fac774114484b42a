"""The model of a card file (schema ``jpki.card/1``): what a simulated card is, in words that a person can edit.

Field names are the keys of the JSON, their order is its order; docs/card-file.md explains each one. Days and instants
stay the text that was written, because they may be relative to the day of use.
"""

from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, get_args

from jpki_sim.card import Interface, Settings
from jpki_sim.errors import CardFileError

from .fields import Choice, Day, Instant, Integer, ListOf, Mapping, Nested, Nullable, Text, read_object

SCHEMA: Final = "jpki.card/1"
NOTE: Final = "TEST: a simulated card. Its keys, names and numbers are made up and never real."

#: An experimental card: what is published of the next generation, and today's identifiers and commands for the rest.
NEXT_GENERATION: Final = "next-generation"
Kind = Literal["card", "android", "iphone", "juki-card", "other", "next-generation"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
INTERFACES: Final[tuple[Interface, ...]] = get_args(Interface)
#: All PINs in the order of the file; a telephone has the first two.
PIN_NAMES: Final = (
    *("auth", "sign", "input", "juki", "common-juki"),
    *("text-a", "text-b", "visual-a", "visual-b", "visual-birth"),
)
KEY_NAMES: Final = ("auth", "sign", "text", "text-session", "visual", "common")
ISSUER_NAMES: Final = (
    *("auth-2015", "auth-2019", "auth-2023", "sign-2015", "sign-2019", "sign-2023"),
    *("foreign", "test-root", "auth-next", "sign-next"),
)
Defect = Literal[
    "truncated-der",
    "wrong-length",
    "bad-signature",
    "unknown-critical-extension",
    "swapped-san-order",
    "key-mismatch",
    "no-policy",
    "no-key-usage",
]
DEFECTS: Final[tuple[Defect, ...]] = get_args(Defect)
AttributesLength = Literal["shortest", "long"]
MissingCertificate = Literal["absent", "empty", "filler"]

_BASE64: Final = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_HEX: Final = r"(?:[0-9A-F]{2})+"
_ANY_TEXT: Final = Text(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,800}", "a text of 1 to 800 characters")
_DIGITS_12: Final = Text(r"[0-9]{12}", "12 digits")
_OID: Final = Text(
    r"(?:[01]\.(?:[0-9]|[123][0-9])|2\.(?:0|[1-9][0-9]{0,9}))(?:\.(?:0|[1-9][0-9]{0,9})){1,15}",
    "an object identifier like 1.2.392.200149",
)
_FLAGS: Final = Text(r"[0-9]{0,800}", "digits, one for each character")


class Key(Text):
    """A private key: ``test:NAME`` for a TEST key that ships, or a private key in base64.

    That is PKCS #1 for RSA, and SEC 1 for the P-384 keys of a card of the next generation.
    """

    __slots__ = ()

    def read(self, value: object, key: str) -> str:
        """The text, once it is known to give a key."""
        from jpki_sim.pki import decode_key, decode_p384_key, is_p384, shipped_key_names, shipped_p384_names

        text = Text.read(self, value, key)
        if text.startswith("test:"):
            if text.removeprefix("test:") not in (*shipped_key_names(), *shipped_p384_names()):
                raise CardFileError(f"{key} names a TEST key that does not exist", key=key)
            return text
        try:
            (decode_p384_key if is_p384(text) else decode_key)(text)
        except ValueError as exc:
            raise CardFileError(f"{key} cannot be used: {exc}", key=key) from exc
        return text


_KEY: Final = Key(r"test:[a-z0-9-]+|[A-Za-z0-9+/]{60,}={0,2}", "test:NAME, or a PKCS #1 private key in base64")


@dataclass
class OtherName:
    """An entry of the signature certificate's subjectAltName beyond the six known ones."""

    oid: Annotated[str, _OID]
    value: Annotated[str, _ANY_TEXT]


@dataclass
class Holder:
    """Who the card is made out to: always invented.

    ``name_flags`` and ``address_flags`` have one digit for each character, ``1`` where it stands for another that
    cannot be written. ``birth_date_attribute`` replaces the nine characters of the signature certificate,
    ``birth_date_text`` the eight of the text application.
    """

    name: Annotated[str, _ANY_TEXT]
    name_flags: Annotated[str, _FLAGS]
    sex: Annotated[str, Text(r"[ -~]", "one ASCII character, 1 male, 2 female")]
    birth_date: Annotated[str, Day()]
    address: Annotated[str, _ANY_TEXT]
    address_flags: Annotated[str, _FLAGS]
    my_number: Annotated[str, _DIGITS_12]
    birth_date_attribute: Annotated[str | None, Nullable(Text(r"[ -~]{1,20}", "1 to 20 ASCII characters"))] = None
    birth_date_text: Annotated[str | None, Nullable(Text(r"[ -~]{8}", "8 ASCII characters"))] = None
    other_names: Annotated[list[OtherName], ListOf(Nested(OtherName))] = field(default_factory=list)


@dataclass
class Municipality:
    """The issuing municipality: a code that is not in use, and the Roman letters of the certificates."""

    code: Annotated[str, Text(r"[0-9]{5}", "5 digits")]
    prefecture: Annotated[str, Text(r"[A-Za-z -]{1,64}", "Roman letters")]
    city: Annotated[str, Text(r"[A-Za-z -]{1,64}", "Roman letters")]


@dataclass
class CardFacts:
    """What is printed on the card or tells it apart."""

    serial: Annotated[str, Text(r"[0-9]{15}", "15 digits")]
    issued: Annotated[str, Day()]
    expires: Annotated[str, Day()]
    security_code: Annotated[str, Text(r"[0-9]{4}", "4 digits")]


@dataclass
class CertificateEntry:
    """A certificate that is made from these values when it is read for the first time.

    ``der`` (base64) replaces it by the bytes given. ``policy`` replaces the policy of the profile. ``defect`` breaks
    it in one way.
    """

    issuer: Annotated[str, Choice(ISSUER_NAMES)]
    serial: Annotated[int, Integer(1, 2**159)]
    not_before: Annotated[str, Instant()]
    not_after: Annotated[str, Instant()]
    common_name: Annotated[str, Text(r"[ -~]{1,64}", "1 to 64 ASCII characters")]
    policy: Annotated[str | None, Nullable(_OID)] = None
    defect: Annotated[Defect | None, Nullable(Choice(DEFECTS))] = None
    der: Annotated[str | None, Nullable(Text(_BASE64, "base64"))] = None


@dataclass
class PinEntry:
    """One PIN: its value, the tries left, and how many there are after a right entry (null: without limit)."""

    value: Annotated[str, Text(r"[ -~]{1,32}", "1 to 32 ASCII characters")]
    retries_remaining: Annotated[int, Integer(0, 15)]
    retry_limit: Annotated[int | None, Nullable(Integer(1, 15))]


@dataclass
class Layout:
    """How bytes are laid out where cards differ.

    ``attributes_length``: the length field of the text application's EF 0002, shortest or always three bytes.
    ``certificate_filler``: bytes FF after a certificate. ``missing_certificate``: what the EF of a certificate that the
    card does not have looks like.
    """

    attributes_length: Annotated[AttributesLength, Choice(get_args(AttributesLength))] = "shortest"
    certificate_filler: Annotated[int, Integer(0, 2048)] = 0
    missing_certificate: Annotated[MissingCertificate, Choice(get_args(MissingCertificate))] = "absent"


_CERTIFICATE: Final = Nullable(Nested(CertificateEntry))


@dataclass(kw_only=True)
class CardFile:
    """A simulated card.

    ``atr`` (hex) replaces the one of ``interface``. ``certificate_flags`` is EF 0008 of the JPKI application, ``auto``
    to follow ``certificates``. ``keys`` are ``test:NAME`` for a public TEST key, or a PKCS #1 key in base64.
    """

    note: Annotated[str, _ANY_TEXT, "Says that the card is a TEST."]
    kind: Annotated[Kind, Choice(KINDS)]
    persona: Annotated[str, Text(r"[a-z0-9-]{0,64}", "the name of a persona"), "The persona it was made from."]
    interface: Annotated[Interface, Choice(INTERFACES)]
    atr: Annotated[
        str | None,
        Nullable(Text(_HEX, "bytes in upper-case hex")),
        "Answer to reset in place of the interface's usual one.",
    ] = None
    holder: Annotated[Holder, Nested(Holder)]
    municipality: Annotated[Municipality, Nested(Municipality)]
    card: Annotated[CardFacts, Nested(CardFacts)]
    certificates: Annotated[dict[str, CertificateEntry | None], Mapping(("auth", "sign"), _CERTIFICATE)]
    certificate_flags: Annotated[
        str,
        Text(r"auto|[0-9A-F]{6}", "auto, or three bytes in upper-case hex"),
        "EF 0008 of the JPKI application; auto follows the certificates.",
    ] = "auto"
    pins: Annotated[dict[str, PinEntry], Mapping(PIN_NAMES, Nested(PinEntry))]
    keys: Annotated[dict[str, str], Mapping(KEY_NAMES, _KEY)]
    layout: Annotated[Layout, Nested(Layout)] = field(default_factory=Layout)
    settings: Annotated[
        Settings, Nested(Settings), "Behaviour where sources contradict each other (docs/card.md, 10.1)."
    ] = field(default_factory=Settings)

    def certificate(self, use: str) -> CertificateEntry | None:
        """The entry of a certificate, None if the card has none."""
        return self.certificates.get(use)

    def flags(self) -> bytes:
        """EF 0008 of the JPKI application: 8F where a certificate is present (docs/card.md, 1.2)."""
        if self.certificate_flags != "auto":
            return bytes.fromhex(self.certificate_flags)
        return bytes(0x8F if self.certificate(use) else 0 for use in ("sign", "auth")) + b"\0"


#: Keys that a card of a kind needs.
NEEDED_KEYS: Final = {"card": KEY_NAMES} | dict.fromkeys(("android", "iphone", NEXT_GENERATION), ("auth", "sign"))


def as_model(value: object) -> CardFile:
    """A card file from its JSON without the schema's name.

    Raises:
        CardFileError: not a card file, or one from which no card can be made.
    """
    card = read_object(CardFile, value, "")
    require_complete(card)
    return card


def require_complete(card: CardFile) -> None:
    """Check what no field can tell by itself: that the card has the keys that its kind needs, of its kind.

    Raises:
        CardFileError: one is missing, or is an RSA key on a card of the next generation, or the other way round.
    """
    from jpki_sim.pki import is_p384

    for name in NEEDED_KEYS.get(card.kind, ()):
        if name not in card.keys:
            raise CardFileError(f"keys.{name} is missing", key=f"keys.{name}")
    wanted = card.kind == NEXT_GENERATION
    for name, text in card.keys.items():
        if is_p384(text) != wanted:
            raise CardFileError(f"keys.{name} is not {'a P-384' if wanted else 'an RSA'} key", key=f"keys.{name}")
