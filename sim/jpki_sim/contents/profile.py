"""Builds what a simulated card holds from its card file: every application, EF, PIN and key of docs/card.md, section 1.

Contents are made when they are first read; building a card costs no signature. Access conditions are those of the
tables; settings that change one (docs/card.md, section 10) are applied by the card when it is asked.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from jpki_sim.card import (
    CONTACT_ATR,
    CONTACTLESS_ATR,
    FREE,
    NEVER,
    CardImage,
    DedicatedFile,
    ElementaryFile,
    KeyFile,
    OpaqueKeyFile,
    RecordFile,
    ReferenceData,
    TransparentFile,
    aids,
    any_of,
)
from jpki_sim.dates import issue_instant, japan_today, resolve_day
from jpki_sim.model import NEXT_GENERATION
from jpki_sim.pki import ISSUERS, generation_at

from . import files as contents, visual
from .certificates import card_key, certificate_key, make_certificate
from .pins import PIN_RULES

if TYPE_CHECKING:
    from datetime import date

    from jpki_sim.card import ReadCondition
    from jpki_sim.model import CardFile
    from jpki_sim.pki import Use

_TEXT_PIN: Final = 0x0011
_TEXT_A: Final = 0x0014
_TEXT_B: Final = 0x0015
_VISUAL_BIRTH: Final = 0x0011
_VISUAL_B: Final = 0x0012
_VISUAL_A: Final = 0x0013
_AUTH_PIN: Final = 0x0018
_SIGN_PIN: Final = 0x001B
_FILLER_SIZE: Final = 2048


def build_image(card: CardFile, today: date | None = None) -> CardImage:
    """Everything that the card of this file holds; relative days in it count from ``today`` (Japan's if None)."""
    day = today or japan_today()
    if card.kind == "other":
        return CardImage([])
    if card.kind == "juki-card":
        return CardImage([_application(aids.JPKI_AID, "JPKI", [_token(card), *_pins(card, aids.JPKI_AID)])])
    if card.kind == NEXT_GENERATION:
        return CardImage([_jpki(card, day), _application(aids.COMMON_AID, "common", _common_records(card, day))])
    if card.kind != "card":
        return CardImage([_jpki(card, day)], last_command_indicator=b"" if card.kind == "iphone" else None)
    applications = [_jpki(card, day), _common(card, day), _juki(card), _visual(card, day), _text(card, day)]
    return CardImage(applications, contents.data_objects(card, day))


def card_atr(card: CardFile) -> bytes:
    """Answer to reset of the card of this file."""
    if card.atr is not None:
        return bytes.fromhex(card.atr)
    return CONTACT_ATR if card.interface == "contact" else CONTACTLESS_ATR


def _application(df_name: bytes, label: str, files: list[ElementaryFile]) -> DedicatedFile:
    # The FCI is not published; the name alone is what ISO/IEC 7816-4 makes of it.
    return DedicatedFile.of(df_name.hex(), label, files, fci=contents.file_control_information(df_name))


def _pins(card: CardFile, df_name: bytes) -> list[ElementaryFile]:
    return [
        ReferenceData(
            rule.ef_id,
            name,
            entry.value.encode(),
            entry.retry_limit,
            entry.retries_remaining,
            rule.change,
            rule.length,
            rule.alphabet,
        )
        for name, entry in card.pins.items()
        if (rule := PIN_RULES[name]).df_name == df_name
    ]


def _unknown(*ef_ids: int) -> list[ElementaryFile]:
    return [OpaqueKeyFile(ef_id) for ef_id in ef_ids]


def _token(card: CardFile) -> ElementaryFile:
    return TransparentFile(0x0006, contents.token_information(card.kind, card.card.serial))


def _jpki(card: CardFile, today: date) -> DedicatedFile:
    auth_read = any_of(_AUTH_PIN) if card.kind in ("android", "iphone") else FREE
    files: list[ElementaryFile] = [
        *_certificate(card, "sign", 0x0001, any_of(_SIGN_PIN), today),
        TransparentFile(0x0002, partial(_ca_certificate, card, "sign", today)),
        _token(card),
        TransparentFile(0x0008, card.flags()),
        *_certificate(card, "auth", 0x000A, auth_read, today),
        TransparentFile(0x000B, partial(_ca_certificate, card, "auth", today)),
        KeyFile(0x0017, partial(certificate_key, card, "auth"), any_of(_AUTH_PIN)),
        KeyFile(0x001A, partial(certificate_key, card, "sign"), any_of(_SIGN_PIN)),
        *_pins(card, aids.JPKI_AID),
    ]
    if card.kind == "card":
        files += [
            TransparentFile(0x0005, contents.UNUSED_16, NEVER),
            TransparentFile(0x0009, contents.UNUSED_16, NEVER),
        ]
        files += _unknown(0x0010, 0x0016, 0x0019, 0x001C, 0x001E)
    return _application(aids.JPKI_AID, "JPKI", files)


def _certificate(card: CardFile, use: Use, ef_id: int, read: ReadCondition, today: date) -> list[ElementaryFile]:
    entry = card.certificate(use)
    if entry is not None:
        filler = b"\xff" * card.layout.certificate_filler
        return [TransparentFile(ef_id, lambda: make_certificate(card, use, entry, today) + filler, read)]
    missing = card.layout.missing_certificate
    if missing == "absent":
        return []
    return [TransparentFile(ef_id, b"" if missing == "empty" else b"\xff" * _FILLER_SIZE, read)]


def _ca_certificate(card: CardFile, use: Use, today: date) -> bytes:
    entry = card.certificate(use)
    if entry is not None:
        return ISSUERS[entry.issuer].certificate
    return generation_at(use, issue_instant(resolve_day(card.card.issued, today))).certificate


def _text(card: CardFile, today: date) -> DedicatedFile:
    every = any_of(_TEXT_PIN, _TEXT_A, _TEXT_B)
    files: list[ElementaryFile] = [
        TransparentFile(0x0001, partial(contents.my_number_file, card), any_of(_TEXT_PIN, _TEXT_A)),
        TransparentFile(0x0002, partial(contents.attributes_file, card, today), any_of(_TEXT_PIN, _TEXT_B)),
        TransparentFile(0x0003, partial(contents.integrity_file, card, today), every),
        TransparentFile(0x0004, partial(contents.cv_certificate, contents.TEXT_CV_ISSUER)),
        TransparentFile(0x0005, contents.text_basic_information),
        TransparentFile(0x0006, partial(contents.session_key_file, card), every),
        TransparentFile(0x0007, partial(contents.text_key_file, card), every),
        TransparentFile(0x0008, contents.UNUSED_16, every),
        ReferenceData(0x0012, "text-0012", b"", 3, 0, is_blocked_as_issued=True),
        KeyFile(0x0013, partial(card_key, card, "text")),
        *_pins(card, aids.TEXT_AID),
        *_unknown(0x0010, 0x001C, 0x001E),
    ]
    return _application(aids.TEXT_AID, "text", files)


def _visual(card: CardFile, today: date) -> DedicatedFile:
    either = any_of(_VISUAL_A, _VISUAL_B)
    files: list[ElementaryFile] = [
        TransparentFile(0x0001, partial(visual.age_file, card, today), any_of(_VISUAL_BIRTH)),
        TransparentFile(0x0002, partial(visual.face_file, card, today), either),
        TransparentFile(0x0003, partial(visual.visual_basic_information, card)),
        TransparentFile(0x0004, partial(contents.cv_certificate, contents.VISUAL_CV_ISSUER)),
        TransparentFile(0x0005, partial(visual.my_number_picture, card), any_of(_VISUAL_A)),
        TransparentFile(0x0006, contents.UNUSED_16, either),
        KeyFile(0x001A, partial(card_key, card, "visual")),
        *_pins(card, aids.VISUAL_AID),
        *_unknown(0x0014, 0x0015, 0x001C, 0x001E),
    ]
    return _application(aids.VISUAL_AID, "visual", files)


def _juki(card: CardFile) -> DedicatedFile:
    reference = RecordFile(0x0002, (contents.key_reference_record(),))
    return _application(aids.JUKI_AID, "juki", [reference, *_pins(card, aids.JUKI_AID)])


def _common_records(card: CardFile, today: date) -> list[ElementaryFile]:
    return [
        RecordFile(0x0001, (contents.common_record(card, today),)),
        RecordFile(0x0002, (contents.key_reference_record(),)),
    ]


def _common(card: CardFile, today: date) -> DedicatedFile:
    files: list[ElementaryFile] = [
        *_common_records(card, today),
        KeyFile(0x0019, partial(card_key, card, "common"), internal_authenticate=True, can_sign=False),
        *_pins(card, aids.COMMON_AID),
        *_unknown(0x001E),
    ]
    return _application(aids.COMMON_AID, "common", files)
