"""The bytes of the files that are not certificates: token information, text, common and Juki application.

Layouts are those of docs/card.md, 1.2 to 1.6 and 6. Key identifiers begin with 9, where real cards have 5 and J-LIS's
test cards 6. Where only the length of something is known, the bytes are made from the word TEST.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.iso7816 import encode
from jpki_sim.card import CONTACT_ATR
from jpki_sim.dates import resolve_day
from jpki_sim.digests import sha256
from jpki_sim.pki import shipped_key, sign_sha256
from jpki_sim.shipped import shipped_file

from .certificates import card_key

if TYPE_CHECKING:
    from datetime import date

    from jpki_sim.card import RsaPrivateKey
    from jpki_sim.model import CardFile

TOKEN_LABELS: Final = {
    "card": "JPKIAPICCTOKEN2",
    "android": "JPKIAPGPSETOKEN",
    "iphone": "JPKIAPIOSTOKEN",
    "juki-card": "JPKIAPICCTOKEN",
    "next-generation": "JPKIAPICCTOKEN2",
}
#: Physical size of the attribute file; undocumented; readers only need filler after the data.
_ATTRIBUTES_SIZE: Final = 512
_LONG_LENGTH: Final = 0x82
UNUSED_16: Final = b"\xff" * 16


def key_id(number: str) -> bytes:
    """A 16-byte key identifier as CV certificates and basic information have them; ``number`` has seven digits."""
    return number.encode() + b"\x08\x05001\0\0\0\0"


MUNICIPALITY_KEY_ID: Final = key_id("9999999")
TEXT_CV_ISSUER: Final = key_id("9000033")
VISUAL_CV_ISSUER: Final = key_id("9000023")
_INTERMEDIATE_KEY_ID: Final = key_id("9000021")
_ROOT_KEY_ID: Final = key_id("9000020")
_BASIC_INFORMATION_BYTES: Final = 256
_CARD_KEY_REFERENCE: Final = key_id("9000010")
#: GlobalPlatform card recognition data: GP 2.2, SCP02 option 55. Only its frame is known of this card (1.6).
_CARD_RECOGNITION: Final = bytes.fromhex(
    "732F06072A864886FC6B01600B06092A864886FC6B020202630906072A864886FC6B03640B06092A864886FC6B040255"
)


def filler(size: int, purpose: str) -> bytes:
    """Bytes of a field of unknown meaning: always the same for one purpose."""
    made = b""
    while len(made) < size:
        made += sha256(f"TEST {purpose} {len(made)}".encode())
    return made[:size]


def public_key(key: RsaPrivateKey) -> bytes:
    """A public key as the card stores it: exponent 90, modulus 91."""
    return encode(0x90, key.e.to_bytes(3)) + encode(0x91, key.n.to_bytes(key.size))


def cv_contents(issuer_id: bytes, issuer: RsaPrivateKey, subject_id: bytes, subject: RsaPrivateKey) -> bytes:
    """Content of a CV certificate without its 7F21, as GET DATA gives it (1.6)."""
    body = issuer_id + subject_id + public_key(subject)
    return encode(0x5F4E, body) + encode(0x5F37, sign_sha256(issuer, body))


def cv_certificate(issuer_id: bytes) -> bytes:
    """EF 0004 of the text or visual application: the municipality's key, certified by the TEST root."""
    subject = shipped_key("municipality")
    return encode(0x7F21, cv_contents(issuer_id, shipped_key("cv-root"), MUNICIPALITY_KEY_ID, subject))


def file_control_information(df_name: bytes) -> bytes:
    """FCI of an application: its name; what a card says more is not published (3.1)."""
    return encode(0x6F, encode(0x84, df_name))


def with_offsets(tag: int, table_tag: int, fields: list[bytes], *, is_long: bool) -> bytes:
    """A file that begins with a table of where its fields are, counted from the start of the file (1.3)."""
    table_size = len(encode(table_tag, bytes(2 * len(fields))))
    body_size = table_size + sum(map(len, fields))
    header = encode(tag, bytes(body_size))[:-body_size]
    if is_long:
        header = tag.to_bytes(2) + bytes((_LONG_LENGTH,)) + body_size.to_bytes(2)
    position = len(header) + table_size
    offsets = b""
    for part in fields:
        offsets += position.to_bytes(2)
        position += len(part)
    return header + encode(table_tag, offsets) + b"".join(fields)


def token_information(kind: str, serial: str) -> bytes:
    """JPKI EF 0006: a PKCS #11 token description of 160 bytes (docs/card.md, 6)."""
    numbers = (0x40D, 1, 0, 1, 0, 16, 6, *(0xFFFFFFFF,) * 4)
    return (
        TOKEN_LABELS[kind].ljust(32).encode()
        + b"00000000000000000000000000000001"
        + b"TESTSIM1".ljust(16)
        + serial[-16:].rjust(16, "0").encode()
        + b"".join(number.to_bytes(4) for number in numbers)
        + b"03"
        + b"01"
        + b"9" * 16
    )


def my_number_file(card: CardFile) -> bytes:
    """Text EF 0001: 15 bytes and two of filler."""
    return encode(0xFF10, card.holder.my_number.encode()) + b"\xff\xff"


def _attribute_fields(card: CardFile, today: date) -> list[bytes]:
    holder = card.holder
    birth = holder.birth_date_text or f"{resolve_day(holder.birth_date, today):%Y%m%d}"
    return [
        encode(0xDF22, holder.name.encode()),
        encode(0xDF23, holder.address.encode()),
        encode(0xDF24, birth.encode()),
        encode(0xDF25, holder.sex.encode()),
    ]


def attributes_file(card: CardFile, today: date) -> bytes:
    """Text EF 0002: name, address, birth date and sex, with filler to the physical end."""
    is_long = card.layout.attributes_length == "long"
    data = with_offsets(0xFF20, 0xDF21, _attribute_fields(card, today), is_long=is_long)
    return data + b"\xff" * (-len(data) % _ATTRIBUTES_SIZE)


def integrity_file(card: CardFile, today: date) -> bytes:
    """Text EF 0003: digests of the two files before it, signed by the municipality.

    The first covers the whole physical file, the second only the fields behind the offset table (1.3).
    """
    attributes = b"".join(_attribute_fields(card, today))
    digests = encode(0xDF31, sha256(my_number_file(card))) + encode(0xDF32, sha256(attributes))
    return encode(0xFF30, digests + encode(0xDF33, sign_sha256(shipped_key("municipality"), digests)))


def text_basic_information() -> bytes:
    """Text EF 0005, which takes 256 bytes: two old clients read as many (docs/clients.md)."""
    unknown = filler(32, "text DF43") + b"\xff" * 96
    content = encode(
        0xFF40,
        encode(0xDF41, bytes.fromhex("01030E01")) + encode(0xDF42, key_id("9000034")) + encode(0xDF43, unknown),
    )
    return content.ljust(_BASIC_INFORMATION_BYTES, b"\xff")


def session_key_file(card: CardFile) -> bytes:
    """Text EF 0006: the key that SET SESSION KEY encrypts to."""
    return encode(0xA1, public_key(card_key(card, "text-session")))


def text_key_file(card: CardFile) -> bytes:
    """Text EF 0007: public half of key 0013, signed by the municipality."""
    key = encode(0xDF51, public_key(card_key(card, "text")))
    return encode(0xFF50, key + encode(0xDF52, sign_sha256(shipped_key("municipality"), key)))


def common_record(card: CardFile, today: date) -> bytes:
    """Common EF 0001, record 1: serial, municipality and expiry as a simple TLV of 28 digits (1.5)."""
    expires = resolve_day(card.card.expires, today)
    digits = f"{card.card.serial}{card.municipality.code}{expires:%Y%m%d}".encode()
    return bytes((0x01, len(digits))) + digits


def key_reference_record() -> bytes:
    """Common EF 0002 and Juki EF 0002: the same key reference."""
    return _CARD_KEY_REFERENCE


def cv_chain() -> dict[str, bytes]:
    """The CV certificates of the MF: the root certifies an intermediate, that one the municipality's key.

    The same on every card, so they ship as data, made by ``scripts/make-test-issuers``.
    """
    root, intermediate = shipped_key("cv-root"), shipped_key("cv-intermediate")
    municipality = shipped_key("municipality")
    return {
        "cv/00F8.bin": cv_contents(_ROOT_KEY_ID, root, _INTERMEDIATE_KEY_ID, intermediate),
        "cv/7F21.bin": cv_contents(_INTERMEDIATE_KEY_ID, intermediate, MUNICIPALITY_KEY_ID, municipality),
    }


def data_objects(card: CardFile, today: date) -> dict[int, bytes]:
    """What GET DATA answers while no application is selected (1.6); the CV certificates without their 7F21."""
    expires = resolve_day(card.card.expires, today)
    return {
        0x0042: _CARD_KEY_REFERENCE,
        0x0045: card.card.serial.encode(),
        0x0066: _CARD_RECOGNITION,
        0x00F0: card.municipality.code.encode(),
        0x00F2: f"{expires:%Y%m%d}".encode(),
        0x00F7: _INTERMEDIATE_KEY_ID,
        0x00F8: shipped_file("cv/00F8.bin"),
        0x7F21: shipped_file("cv/7F21.bin"),
        0x5F51: CONTACT_ATR[1:],
    }
