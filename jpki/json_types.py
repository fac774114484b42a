"""What the JSON of results is made of: the types of its values, with what JSON Schema can say of them.

In an ``Annotated`` type a string is the description of a value, and :class:`Keywords` say what it may be. Type
checkers hold the code that makes the JSON to these types, and ``scripts/generate-docs`` writes docs/schema from them.
The program itself imports them, and the modules with types made of them, for type checkers only. Those modules have no
``from __future__ import annotations``: Python 3.11 would take ``Required`` for a word.
"""

import enum
from collections.abc import Iterable
from typing import Annotated, NamedTuple, TypedDict


class Keywords:
    """Keywords of JSON Schema for a value."""

    __slots__ = ("keywords",)

    def __init__(self, **keywords: object) -> None:
        self.keywords = keywords


def words(*sources: Iterable[object]) -> Keywords:
    """Say that a value is one of these words: the values of enumerations, or the words themselves."""
    found = (member for source in sources for member in source)
    return Keywords(enum=[member.value if isinstance(member, enum.Enum) else member for member in found])


class OnlyWhere(NamedTuple):
    """A key of a result that is there where another one is null, or is not, and nowhere else."""

    other: str
    is_null: bool


class Text(TypedDict):
    """A text in both languages."""

    ja: str
    en: str


_DATE = r"\d{4}-\d\d-\d\d"

#: A word for machines.
Code = Annotated[str, Keywords(pattern=r"^[a-z][a-z0-9_]*$")]
#: A whole number that counts something.
Count = Annotated[int, Keywords(minimum=0)]
#: A day of Japan's calendar.
Day = Annotated[str, Keywords(format="date", pattern=rf"^{_DATE}$")]
#: An instant in Japan's time.
Instant = Annotated[str, Keywords(format="date-time", pattern=rf"^{_DATE}T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")]
#: Bytes in hex.
Hex = Annotated[str, Keywords(pattern="^([0-9a-f]{2})+$")]
#: An object identifier with dots.
Oid = Annotated[str, Keywords(pattern=r"^[0-2](\.\d+)+$")]
#: A status word, SW1-SW2.
StatusWordHex = Annotated[str, Keywords(pattern="^[0-9A-F]{4}$")]
#: What a retry counter can say.
Tries = Annotated[int, Keywords(minimum=0, maximum=15)]
