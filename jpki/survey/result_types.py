"""The JSON of a survey's result, and of its comparison with docs/card.md."""

from typing import Annotated, TypedDict

from jpki.json_types import Count, Keywords, words

from .facts import KEYS, Agreement
from .forms import ANSWER, INTERFACES, MILLISECONDS_MAX, SURVEYED, TIMINGS, VERSION

_Key = Annotated[str, words(sorted(KEYS))]
_Milliseconds = Annotated[int, Keywords(minimum=0, maximum=MILLISECONDS_MAX)]


class TimingFacts(TypedDict):
    """How long commands of one name took."""

    count: _Milliseconds
    median_ms: _Milliseconds
    slowest_ms: _Milliseconds


class SurveyMembers(TypedDict, total=False):
    """What one card answered."""

    program: Annotated[str, Keywords(pattern=f"^{VERSION.pattern}$"), "Version of jpki."]
    interface: Annotated[str, words(sorted(INTERFACES)), "How the card was read, by the form of its answer to reset."]
    pins: Annotated[
        list[Annotated[str, words(SURVEYED)]],
        Keywords(uniqueItems=True),
        "The PINs that were presented, once each.",
    ]
    was_restarted: Annotated[bool, "Whether the card was reset while a PIN was presented."]
    answers: Annotated[
        dict[_Key, Annotated[str, Keywords(pattern=f"^{ANSWER.pattern}$")]],
        "Answer by question. A question that was not asked is missing. docs/card.md, 10.2 says what the answers "
        "settle.",
    ]
    timings: Annotated[dict[Annotated[str, words(sorted(TIMINGS))], TimingFacts], "How long commands of one name took."]


class VerdictCounts(TypedDict):
    """How many statements there are of each verdict."""

    confirmed: Count
    contradicted: Count
    open: Count


class ComparisonFacts(TypedDict):
    """A statement of docs/card.md beside the answer of a card."""

    key: _Key
    section: Annotated[str, Keywords(pattern=r"^[0-9]+(\.[0-9]+)?$"), "Section of docs/card.md."]
    contradiction: Annotated[
        Annotated[int, Keywords(minimum=1)] | None,
        "Number in section 10 of docs/card.md, where sources contradict each other.",
    ]
    answer: Annotated[str | None, "What the card answered; null where it was not asked."]
    verdict: Annotated[str, words(Agreement), "open: not asked, or docs/card.md does not state it."]
    is_handled: Annotated[bool, "Whether this program works with a card that answers so."]
