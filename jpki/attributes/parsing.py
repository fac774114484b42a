"""Name, address, birth date and sex, and the My Number, as the application 券面事項入力補助 holds them.

The layout is that of docs/card.md, 1.3. Data objects are read by BER-TLV, in any form of their lengths and their
order; the table of offsets at the start of EF 0002 is not looked at. What has another form than the known one is kept
as it stands, or is a :class:`jpki.errors.DataError`. No object of this module shows personal data in its text form.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from jpki.certificate import read_sex
from jpki.errors import DataError
from jpki.iso7816 import Tlv, expect, read_one
from jpki.outside_text import OutsideText

if TYPE_CHECKING:
    from jpki.certificate import SexCode

_FILE: Final = 0xFF20
_OFFSETS: Final = 0xDF21
_NAME: Final = 0xDF22
_ADDRESS: Final = 0xDF23
_BIRTH_DATE: Final = 0xDF24
_SEX: Final = 0xDF25
_KNOWN: Final = frozenset({_NAME, _ADDRESS, _BIRTH_DATE, _SEX})
_MY_NUMBER_FILE: Final = 0xFF10
_MY_NUMBER_DIGITS: Final = 12
_BIRTH_DATE_DIGITS: Final = 8
#: A birth date that is not known is written with zeros or blanks; nothing longer is shown as one.
_MAX_CODE: Final = 16
#: Control and format characters, lines and paragraphs: they would act on the terminal, or hide what stands there.
_NOT_SHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: A card has five objects there; thousands are not believed.
_MAX_OBJECTS: Final = 64


@dataclass(frozen=True, slots=True)
class RegisteredBirthDate:
    """The birth date as it stands (``YYYYMMDD``), and the day where it is one."""

    raw: str
    day: date | None

    def __repr__(self) -> str:
        return "<RegisteredBirthDate>"


@dataclass(frozen=True, slots=True)
class FourAttributes:
    """The four attributes, each None if the card does not have it.

    ``others`` are data objects that this program does not know. ``hashed`` are the bytes over which EF 0003 may hold a
    hash: the four objects, and everything behind the table of offsets.
    """

    name: OutsideText | None
    address: OutsideText | None
    birth_date: RegisteredBirthDate | None
    sex: SexCode | None
    others: tuple[Tlv, ...]
    hashed: tuple[bytes, ...]

    def __repr__(self) -> str:
        return "<FourAttributes>"


@dataclass(frozen=True, slots=True)
class MyNumber:
    """A My Number, and whether its last digit is the check digit of the others."""

    digits: str
    has_right_check_digit: bool

    def __repr__(self) -> str:
        return "<MyNumber>"


def read_four_attributes(file: bytes) -> FourAttributes:
    """Read EF 0002.

    Raises:
        DataError: another form, an object that is there twice, or a an undecodable string.
    """
    content, _ = expect(file, _FILE)
    found: dict[int, bytes] = {}
    raw: dict[int, bytes] = {}
    others = []
    offset = 0
    while offset < len(content):
        tlv, end = read_one(content, offset)
        if tlv.tag in raw or len(raw) == _MAX_OBJECTS:
            raise DataError("the attributes: a data object is there twice, or there are too many")
        raw[tlv.tag] = content[offset:end]
        offset = end
        if tlv.tag in _KNOWN:
            found[tlv.tag] = tlv.value
        elif tlv.tag != _OFFSETS:
            others.append(tlv)
    if not found:
        raise DataError("the attributes: none of the four is there")
    raw.pop(_OFFSETS, None)
    return FourAttributes(
        name=_text(found.get(_NAME)),
        address=_text(found.get(_ADDRESS)),
        birth_date=_birth_date(_code(found.get(_BIRTH_DATE))),
        sex=None if (sex := _code(found.get(_SEX))) is None else read_sex(sex),
        others=tuple(others),
        hashed=(b"".join(part for tag, part in raw.items() if tag in _KNOWN), b"".join(raw.values())),
    )


def text_of(value: bytes) -> OutsideText | None:
    """Text of a data object that this program does not know; None if it is not a text that can be shown."""
    try:
        return _text(value)
    except DataError:
        return None


def _text(value: bytes | None) -> OutsideText | None:
    if value is None:
        return None
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise DataError("the attributes: a text is not UTF-8") from exc
    if any(unicodedata.category(character) in _NOT_SHOWN for character in text):
        raise DataError("the attributes: a text has control characters")
    return OutsideText(text)


def _code(value: bytes | None) -> str | None:
    if value is None:
        return None
    text = value.decode("latin-1")
    if not 1 <= len(text) <= _MAX_CODE or not text.isascii() or not text.isprintable():
        raise DataError("the attributes: birth date or sex is no short ASCII text")
    return text


def _birth_date(raw: str | None) -> RegisteredBirthDate | None:
    if raw is None:
        return None
    if len(raw) != _BIRTH_DATE_DIGITS or not raw.isdigit():
        return RegisteredBirthDate(raw, None)
    try:
        return RegisteredBirthDate(raw, date(int(raw[:4]), int(raw[4:6]), int(raw[6:])))
    except ValueError:
        return RegisteredBirthDate(raw, None)


def read_my_number(file: bytes) -> MyNumber:
    """Read EF 0001; what follows its data object is filler.

    Raises:
        DataError: not twelve digits.
    """
    value, _ = expect(file, _MY_NUMBER_FILE)
    if len(value) != _MY_NUMBER_DIGITS or not value.isdigit():
        raise DataError("the My Number is not twelve digits")
    digits = value.decode("ascii")
    return MyNumber(digits, digits[-1] == check_digit(digits[:-1]))


def check_digit(digits: str) -> str:
    """Check digit of the first eleven digits of a My Number (総務省令第85号, 2014, article 5).

    From the right the digits have the weights 2 to 7, then 2 to 6; with r the sum modulo 11 it is 11 - r, and 0 where r
    is 0 or 1.
    """
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return str(0 if rest <= 1 else 11 - rest)
