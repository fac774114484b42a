"""Enumerations whose members say in words what they are."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from .message import Message


class LabelledEnum(enum.Enum):
    """A member is written as its code and its words; the value is the code."""

    _value_: str
    label: Message

    def __new__(cls, code: str, label: Message) -> Self:
        """Make a member, which always has words."""
        member = object.__new__(cls)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def of(cls, code: str) -> Self:
        """The member of a code.

        Raises:
            ValueError: no member has this code.
        """
        for member in cls:
            if member.value == code:
                return member
        raise ValueError(f"no {cls.__name__} has the code {code!r}")
