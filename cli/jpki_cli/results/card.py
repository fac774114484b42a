"""What commands about the card as a whole print: status, readers, apdu, survey."""

from typing import Annotated, Literal, NotRequired, Required, TypedDict

from jpki.card import CardKind
from jpki.json_types import Count, Day, Instant, Keywords, StatusWordHex, Text, words
from jpki.report import AdviceFacts, HolderPinFacts
from jpki.survey import ComparisonFacts, SurveyMembers, VerdictCounts
from jpki.words import Unread

from .certificates import DaysLeft, HolderCertificate, IssuerLabel, PeriodWord, RenewableFrom
from .common import ReaderName, ReaderResult, Result, Revocation, WatchTime


class CardFacts(TypedDict):
    """The card."""

    kind: Annotated[str, words(CardKind)]
    token: Annotated[str, "Label of the token (docs/card.md, 5.3)."]


class AbsentCertificateFacts(TypedDict):
    """A certificate that is not on the card."""

    kind: HolderCertificate
    present: Literal[False]


class UnreadCertificateFacts(TypedDict):
    """A certificate whose dates cannot be told."""

    kind: HolderCertificate
    present: Annotated[Literal[True] | None, "null where the card does not say."]
    state: Literal["unknown"]
    reason: Annotated[str, words(Unread), "Why the state is unknown."]
    reason_text: Annotated[Text, "The same, for people."]


class ReadCertificateFacts(TypedDict):
    """A certificate that was read."""

    kind: HolderCertificate
    present: Annotated[Literal[True] | None, "null where the card does not say."]
    state: PeriodWord
    not_before: Instant
    not_after: Instant
    days_left: DaysLeft
    renewable_from: RenewableFrom
    issuer: IssuerLabel
    revocation: Revocation


#: One certificate of the card. There is more than kind only if it is there, and dates only if it can be read.
StatusCertificate = AbsentCertificateFacts | UnreadCertificateFacts | ReadCertificateFacts


class StatusResult(ReaderResult, total=False):
    """What `jpki status --json` prints: tries left, certificates, and what to do next."""

    schema: Required[Literal["jpki.status/1"]]
    time: NotRequired[WatchTime]
    card: CardFacts
    pins: list[HolderPinFacts]
    certificates: list[StatusCertificate]
    card_expires: Annotated[Day | None, "Last day of the card itself; null where the card does not say."]
    verdict: NotRequired[
        Annotated[Text, "The most urgent of the advice in one sentence, or that there is nothing to do."]
    ]
    advice: list[AdviceFacts]


class ReaderFacts(TypedDict):
    """One reader, and what lies on it."""

    index: Annotated[Count, "Number for --reader."]
    name: ReaderName
    card: Annotated[
        str,
        words(CardKind, ("other", "none", "mute", "busy", "unreadable")),
        "unknown: a JPKI application of an unknown kind; other: no JPKI application; busy: another program keeps the "
        "card for itself.",
    ]
    in_use: Annotated[bool, "Another program has the card open."]
    virtual: Annotated[bool, "By its name, no card can be put into it."]
    atr: Annotated[
        Annotated[str, Keywords(pattern="^([0-9A-F]{2})+$")] | None,
        "Answer to reset; no dependable sign of what the card is.",
    ]


class ReadersResult(Result, total=False):
    """What `jpki readers --json` prints: the readers, and what lies on each."""

    schema: Required[Literal["jpki.readers/1"]]
    readers: Required[list[ReaderFacts]]


class ExchangeFacts(TypedDict):
    """One command and its answer."""

    command: Annotated[str, "Name of the command, or its CLA and INS; never its data."]
    data: Annotated[str, Keywords(pattern="^([0-9A-F]{2})*$"), "Data of the answer in hex; they may be personal."]
    status_word: StatusWordHex
    text: Annotated[Text, "What the status word means."]


class ApduResult(ReaderResult, total=False):
    """What `jpki apdu --json` prints: the answer to each command that was sent."""

    schema: Required[Literal["jpki.apdu/1"]]
    exchanges: list[ExchangeFacts]


class SurveyCommandResult(Result, SurveyMembers, total=False):
    """The result of `jpki survey`, which is the file of `-o` too: what the card answered, without personal data.

    After a PIN that the card refused it holds what was found before, and the failure.
    """

    schema: Required[Literal["jpki.survey/1"]]


class SurveyCompareResult(Result, total=False):
    """What `jpki survey --compare FILE --json` prints: each statement of docs/card.md beside the answer of a card."""

    schema: Required[Literal["jpki.survey-compare/1"]]
    program: Annotated[str, "Version of jpki that made the result."]
    counts: VerdictCounts
    facts: list[ComparisonFacts]
    issue: Annotated[
        str | None, "Text of an issue for the answers that this program does not work with; null where there is none."
    ]
