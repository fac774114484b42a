"""What a cause is: what is wrong, why, what to do in the order in which it is to be tried."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from jpki.diagnosis.remedies import Remedy
    from jpki.words import Message


class Obstacle(enum.Enum):
    """What a cause keeps from being used."""

    NONE = "none"  # the card can be used anyway
    SETUP = "setup"  # something that was chosen or installed is not right
    WAY = "way"  # the way to the card
    CARD = "card"
    PIN = "pin"
    PERIOD = "period"


class Details(enum.Enum):
    """What the details of an outcome are."""

    TEXT = "text"
    PINS = "pins"
    CERTIFICATES = "certificates"


class Cause(enum.Enum):
    """What is wrong, or with the verdict pass: what is good to know; the members are in the tables of this room.

    ``rows`` are those of :mod:`jpki.diagnosis.rows` that it may explain. ``what`` may hold {details}. A detector
    leaves out of ``remedies`` what does not fit the system it looked at.
    """

    _value_: str
    rows: tuple[str, ...]
    what: Message
    why: Message
    remedies: tuple[Remedy, ...]
    obstacle: Obstacle
    details: Details

    def __new__(  # noqa: PLR0913 - one record; the first four are in every one
        cls,
        code: str,
        rows: tuple[str, ...],
        what: Message,
        why: Message,
        remedies: tuple[Remedy, ...],
        obstacle: Obstacle = Obstacle.WAY,
        details: Details = Details.TEXT,
    ) -> Self:
        """Make a record, which always has its sentences."""
        member = object.__new__(cls)
        member._value_ = code
        member.rows = rows
        member.what, member.why, member.remedies = what, why, remedies
        member.obstacle, member.details = obstacle, details
        return member
