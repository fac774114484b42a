"""The bytes of the visual application (券面事項確認, docs/card.md, 1.4): what is printed on the card, and signed.

The municipality signs the records; the card's own key, whose public half is inside them, answers challenges. What draws
the pictures is loaded when they are read: few programs do, and every card would start later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.iso7816 import encode
from jpki_sim.dates import resolve_day
from jpki_sim.digests import sha256
from jpki_sim.pki import shipped_key, sign_digests, sign_sha256

from .certificates import card_key
from .files import filler, key_id, public_key, with_offsets

if TYPE_CHECKING:
    from datetime import date

    from jpki_sim.model import CardFile

_PHOTO_SIZE: Final = (120, 154)
#: A face of this size takes some 15 kB; a grey one is made as long, so that programs have as much to read.
_PHOTO_BYTES: Final = 15 * 1024
_VERSION: Final = b"\x02"


def _birth(card: CardFile, today: date) -> bytes:
    holder = card.holder
    return (holder.birth_date_text or f"{resolve_day(holder.birth_date, today):%Y%m%d}").encode()


def age_file(card: CardFile, today: date) -> bytes:
    """Visual EF 0001: the birth date alone."""
    signed = encode(0xDF11, _birth(card, today)) + encode(0xDF12, public_key(card_key(card, "visual")))
    return encode(0xFF10, signed + encode(0xDF13, sign_sha256(shipped_key("municipality"), signed)))


def face_file(card: CardFile, today: date) -> bytes:
    """Visual EF 0002: the face of the card.

    The signature is over three SHA-256 digests in one DigestInfo: text and key, the two pictures of text, the
    photograph. Expiry and security code come after it and are not covered.
    """
    from .images import grey_jp2, png

    text = [
        encode(0xDF22, _birth(card, today)),
        encode(0xDF23, card.holder.sex.encode()),
        encode(0xDF24, public_key(card_key(card, "visual"))),
    ]
    pictures = [encode(0xDF25, png("TEST TEST")), encode(0xDF26, png("TEST TEST TEST TEST"))]
    photo = [encode(0xDF27, grey_jp2(*_PHOTO_SIZE, padding=filler(_PHOTO_BYTES, "photograph")))]
    digests = b"".join(sha256(b"".join(group)) for group in (text, pictures, photo))
    signature = sign_digests(shipped_key("municipality"), digests)
    rest = [
        encode(0xDF28, signature),
        encode(0xDF29, f"{resolve_day(card.card.expires, today):%Y%m%d}".encode()),
        encode(0xDF2A, png(card.card.security_code)),
    ]
    return with_offsets(0xFF20, 0xDF21, [*text, *pictures, *photo, *rest], is_long=True)


def visual_basic_information(card: CardFile) -> bytes:
    """Visual EF 0003."""
    reference = key_id("9000025") + filler(256, "visual DF35")
    return encode(
        0xFF30,
        encode(0xDF31, bytes.fromhex("06030E01"))
        + encode(0xDF32, key_id("9000024"))
        + encode(0xDF33, _VERSION)
        + encode(0xDF34, card.municipality.code.encode())
        + encode(0xDF35, reference),
    )


def my_number_picture(card: CardFile) -> bytes:
    """Visual EF 0005: the number as a picture of 72 x 12."""
    from .images import png

    signed = encode(0xDF41, png(card.holder.my_number)) + encode(0xDF42, public_key(card_key(card, "visual")))
    return encode(0xFF40, signed + encode(0xDF43, sign_sha256(shipped_key("municipality"), signed)))
