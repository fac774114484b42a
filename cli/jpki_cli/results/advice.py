"""What ``jpki doctor``, ``jpki report`` and ``jpki guide`` print."""

from typing import Annotated, Literal, NotRequired, Required, TypedDict

from jpki.advice import TOPICS, Applicant, Expiring, Part, Scope
from jpki.json_types import Code, Keywords, OnlyWhere, Text, words
from jpki.report import AdviceFacts, CheckFacts, ReportFacts

from .common import Result

_Topic = Annotated[str, words(TOPICS)]
_Applicant = Annotated[str, words(Applicant)]
_WITH_TOPIC = OnlyWhere("topic", is_null=False)


class SystemFacts(TypedDict):
    """The operating system."""

    release: Annotated[str, "Name and version of the operating system."]
    names: Annotated[
        list[str],
        "By which commands were chosen: package manager, service manager, kind of system, and root where the program "
        "runs as root.",
    ]


class DoctorResult(Result, total=False):
    """What `jpki doctor --json` prints: every check between the program and the card.

    On failure the facts are there, too, and code is the cause of the first failure that counts.
    """

    schema: Required[Literal["jpki.doctor/1"]]
    system: SystemFacts
    usable: Annotated[bool, "Nothing keeps the card from being used."]
    checks: Annotated[list[CheckFacts], "Every check in order."]


class ReportResult(Result, ReportFacts, total=False):
    """What `jpki report --json` prints: what support needs, and nothing that tells whose card it is."""

    schema: Required[Literal["jpki.report/1"]]


class TopicFacts(TypedDict):
    """A topic of the guide."""

    topic: _Topic
    title: Text


class SourceFacts(TypedDict):
    """Where a line of guidance was read."""

    id: Code
    name: Text


class LineFacts(TypedDict):
    """One line of guidance: its rule, where it was read and when, and for whom it holds."""

    rule: Annotated[str, Keywords(pattern=r"^[a-z]+\.[a-z0-9-]+$"), "Id of the rule."]
    part: Annotated[str, words(Part), "What the line is for; futile is what does not help."]
    scope: Annotated[str, words(Scope), "example: what one town does, given with --examples only."]
    town: Annotated[Text | None, "The town of an example."]
    applicant: Annotated[_Applicant | None, "Who it is for; null: whoever acts."]
    subject: Annotated[Annotated[str, words(Expiring)] | None, "What runs out: the card or a certificate."]
    source: SourceFacts
    date: Annotated[
        Annotated[str, Keywords(pattern=r"^(\.\./)?\d{4}(-\d\d(-\d\d)?)?(/\d{4})?$")] | None,
        "Date of the source: a day, month or year, a span of years, ../2021 for 2021 or earlier; null where it has "
        "none.",
    ]
    text: Text


class NotReadFacts(TypedDict):
    """Why no card was looked at."""

    code: Code
    message: Text


class GuideResult(Result, total=False):
    """What `jpki guide --json` prints: the lines of a topic, or the topics.

    Without a topic, what was observed of the card too.
    """

    schema: Required[Literal["jpki.guide/1"]]
    reader: NotRequired[Annotated[str, "Name of the reader, where a card was looked at."]]
    topic: Annotated[_Topic | None, "The topic that was given or chosen; null where there is none to choose."]
    title: Annotated[Text, _WITH_TOPIC]
    applicant: Annotated[_Applicant, _WITH_TOPIC]
    lines: Annotated[list[LineFacts], Keywords(minItems=1), _WITH_TOPIC]
    topics: Annotated[
        list[TopicFacts],
        Keywords(minItems=1),
        OnlyWhere("topic", is_null=True),
        "All topics, where none was chosen.",
    ]
    advice: NotRequired[
        Annotated[list[AdviceFacts], "What follows from the card that was looked at, as in jpki.status/1."]
    ]
    see_also: NotRequired[Annotated[list[TopicFacts], "Topics of the rest of the advice."]]
    not_read: NotRequired[Annotated[NotReadFacts, "Why no card was looked at, where none was."]]
    guidance_date: NotRequired[
        Annotated[
            str, Keywords(pattern=r"^\d{4}-\d\d$"), "Month in which the newest sources of the guidance were read."
        ]
    ]
