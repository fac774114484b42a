"""The result of a survey: a flat table of answers, and how long the card took; nothing else is in it.

What it may hold is checked when it is made, and again when it is read from a file of somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jpki.errors import DataError

from .facts import KEYS
from .forms import ANSWER, INTERFACES, MILLISECONDS_MAX, SURVEYED, TIMINGS, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .result_types import SurveyMembers

#: The name of the form of a survey result.
SCHEMA: Final = "jpki.survey/1"
#: More than any result takes, as a file.
MAX_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Timing:
    """How long commands of one name took: how many there were, the middle one and the slowest, in milliseconds."""

    count: int
    median_ms: int
    slowest_ms: int


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What one card answered.

    ``program`` is the version of this program, ``pins`` are those that were presented, ``was_restarted`` says that
    resets were tried.
    """

    program: str
    interface: str
    pins: tuple[str, ...]
    was_restarted: bool
    answers: Mapping[str, str]
    timings: Mapping[str, Timing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require(VERSION.fullmatch(self.program), "program")
        _require(self.interface in INTERFACES, "interface")
        _require(set(self.pins) <= set(SURVEYED) and len(set(self.pins)) == len(self.pins), "pins")
        for key, answer in self.answers.items():
            _require(key in KEYS and isinstance(answer, str) and ANSWER.fullmatch(answer), "answers")
        for name, timing in self.timings.items():
            _require(name in TIMINGS, "timings")
            for number in (timing.count, timing.median_ms, timing.slowest_ms):
                _require(type(number) is int and 0 <= number <= MILLISECONDS_MAX, "timings")

    def facts(self) -> SurveyMembers:
        """Give what the JSON object has beside its schema."""
        return {
            "program": self.program,
            "interface": self.interface,
            "pins": list(self.pins),
            "was_restarted": self.was_restarted,
            "answers": dict(sorted(self.answers.items())),
            "timings": {
                name: {"count": t.count, "median_ms": t.median_ms, "slowest_ms": t.slowest_ms}
                for name, t in sorted(self.timings.items())
            },
        }


def parse_result(value: object) -> SurveyResult:
    """Read the JSON object of a result.

    Raises:
        DataError: it is not a result, or has what no result has.
    """
    try:
        if not isinstance(value, dict) or value.get("schema") != SCHEMA:
            raise DataError("not the result of a survey")
        timings = {name: Timing(**timing) for name, timing in value["timings"].items()}
        _require(isinstance(value["was_restarted"], bool), "was_restarted")
        _require(set(value) == {"schema", *_FIELDS}, "fields")
        return SurveyResult(
            value["program"],
            value["interface"],
            tuple(value["pins"]),
            value["was_restarted"],
            dict(value["answers"].items()),
            timings,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise DataError("not the result of a survey") from exc


_FIELDS: Final = ("program", "interface", "pins", "was_restarted", "answers", "timings")


def _require(condition: object, part: str) -> None:
    if not condition:
        raise DataError(f"the result of a survey has something else in “{part}”")
