"""Name, sex, birth date and address in a sign certificate (docs/certificates.md, 2.3).

They are six other names of the extension subjectAltName, told by object identifier and never by position. Whatever is
not exactly of the known form is kept as it stands and not interpreted.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from jpki.errors import CertificateError

from .names import GeneralName, GeneralNameKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.outside_text import OutsideText

#: 1.2.392.200149.8.5.5: personalData in the arc of JPKI (docs/certificates.md, 2.4).
PERSONAL_DATA: Final = "1.2.392.200149.8.5.5"
_NAME: Final = f"{PERSONAL_DATA}.1"
_NAME_FLAGS: Final = f"{PERSONAL_DATA}.2"
_SEX: Final = f"{PERSONAL_DATA}.3"
_BIRTH_DATE: Final = f"{PERSONAL_DATA}.4"
_ADDRESS: Final = f"{PERSONAL_DATA}.5"
_ADDRESS_FLAGS: Final = f"{PERSONAL_DATA}.6"
_KNOWN: Final = (_NAME, _NAME_FLAGS, _SEX, _BIRTH_DATE, _ADDRESS, _ADDRESS_FLAGS)
_REPLACED: Final = "1"
_FLAG_CHARACTERS: Final = frozenset("01")
_BIRTH_DATE_DIGITS: Final = 9


class Era(enum.Enum):
    """A Japanese era with the days on which it began and ended.

    The first days of Taisho and Showa were the last days of the eras before them; registers know both ways of writing.
    """

    MEIJI = ("meiji", "1", date(1868, 1, 25), date(1912, 7, 30))
    TAISHO = ("taisho", "2", date(1912, 7, 30), date(1926, 12, 25))
    SHOWA = ("showa", "3", date(1926, 12, 25), date(1989, 1, 7))
    HEISEI = ("heisei", "4", date(1989, 1, 8), date(2019, 4, 30))
    REIWA = ("reiwa", "5", date(2019, 5, 1), date.max)

    @property
    def label(self) -> str:
        """Name for JSON."""
        return self.value[0]

    @property
    def code(self) -> str:
        """Digit in the birth date."""
        return self.value[1]

    def holds(self, day: date) -> bool:
        """Whether a day lies in this era."""
        return self.value[2] <= day <= self.value[3]

    def year_of(self, day: date) -> int:
        """Year of the era that a day lies in; its first year is 1."""
        return day.year - self.value[2].year + 1


class Sex(enum.Enum):
    """What the two codes mean on which all sources agree."""

    MALE = "male"
    FEMALE = "female"


_SEXES: Final = {"1": Sex.MALE, "2": Sex.FEMALE}


@dataclass(frozen=True, slots=True)
class SexCode:
    """The sex as its code and its meaning; sources differ on ``3`` and ``9``, so these have none."""

    code: str
    meaning: Sex | None

    def __repr__(self) -> str:
        return "<SexCode>"


@dataclass(frozen=True, slots=True)
class BirthDate:
    """The birth date as it stands (``EYYYYMMDD``), with day and era where it is complete and both agree."""

    raw: str
    day: date | None
    era: Era | None

    def __repr__(self) -> str:
        return "<BirthDate>"


@dataclass(frozen=True, slots=True)
class RegisteredText:
    """A name or address with its flags.

    ``replaced`` are the positions, from 0, of characters that stand for one that the service cannot hold; None where
    there are no flags or they do not fit the text character by character. The face of the card may show the true ones.
    """

    text: OutsideText
    flags: str | None
    replaced: tuple[int, ...] | None

    def __repr__(self) -> str:
        return "<RegisteredText>"

    @property
    def is_any_replaced(self) -> bool:
        """Whether a character was replaced, wherever it stands."""
        return self.flags is not None and _REPLACED in self.flags


@dataclass(frozen=True, slots=True)
class PersonalAttributes:
    """The attributes that are there; ``others`` are other names this program does not know, or cannot use."""

    name: RegisteredText | None
    birth_date: BirthDate | None
    sex: SexCode | None
    address: RegisteredText | None
    others: tuple[GeneralName, ...]

    def __repr__(self) -> str:
        return "<PersonalAttributes>"


def read_personal_attributes(names: Sequence[GeneralName]) -> PersonalAttributes:
    """Find the attributes among the general names of subjectAltName.

    Raises:
        CertificateError: an attribute is there twice.
    """
    texts: dict[str, OutsideText] = {}
    others = []
    for name in names:
        if name.kind is not GeneralNameKind.OTHER:
            continue
        if name.type_oid not in _KNOWN or name.text is None:
            others.append(name)
        elif name.type_oid in texts:
            raise CertificateError("subjectAltName: a personal attribute is there twice")
        else:
            texts[name.type_oid] = name.text
    for text_oid, flags_oid in ((_NAME, _NAME_FLAGS), (_ADDRESS, _ADDRESS_FLAGS)):
        if flags_oid in texts and text_oid not in texts:
            others.append(GeneralName(GeneralNameKind.OTHER, texts[flags_oid], flags_oid))
    birth_date, sex = texts.get(_BIRTH_DATE), texts.get(_SEX)
    return PersonalAttributes(
        name=_registered_text(texts.get(_NAME), texts.get(_NAME_FLAGS)),
        birth_date=None if birth_date is None else read_birth_date(birth_date),
        sex=None if sex is None else read_sex(sex),
        address=_registered_text(texts.get(_ADDRESS), texts.get(_ADDRESS_FLAGS)),
        others=tuple(others),
    )


def read_sex(code: str) -> SexCode:
    """Say what a code of the sex means, where all sources agree."""
    return SexCode(code, _SEXES.get(code))


def _registered_text(text: OutsideText | None, flags: str | None) -> RegisteredText | None:
    if text is None:
        return None
    if flags is None or len(flags) != len(text) or not _FLAG_CHARACTERS.issuperset(flags):
        return RegisteredText(text, flags, None)
    return RegisteredText(text, flags, tuple(at for at, flag in enumerate(flags) if flag == _REPLACED))


def read_birth_date(raw: str) -> BirthDate:
    """Read ``EYYYYMMDD``: era code, then the Gregorian date.

    Dates that are partial, of an unknown era (code 0) or not in the era that they name have neither day nor era.
    """
    era = next((era for era in Era if raw.startswith(era.code)), None)
    if era is None or len(raw) != _BIRTH_DATE_DIGITS or not raw.isascii() or not raw.isdigit():
        return BirthDate(raw, None, None)
    try:
        day = date(int(raw[1:5]), int(raw[5:7]), int(raw[7:]))
    except ValueError:
        return BirthDate(raw, None, None)
    return BirthDate(raw, day, era) if era.holds(day) else BirthDate(raw, None, None)
