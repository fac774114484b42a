"""Members of JSON results that more than one command prints, and those of a report."""

from typing import Annotated, Literal, NotRequired, TypedDict

from jpki.advice import CARD_RULES
from jpki.card import VERIFICATION_NUMBERS, CardKind, Pin, PinState
from jpki.certificate import PeriodState
from jpki.certificate.checks import Verdict
from jpki.diagnosis import Check, Reason, Step
from jpki.diagnosis.causes import ALL_CAUSES
from jpki.diagnosis.remedies import ALL_REMEDIES
from jpki.json_types import Code, Count, Keywords, StatusWordHex, Text, Tries, words
from jpki.words import LANGUAGES, Unread

_CERTIFICATES = ("auth", "sign")
_CheckName = Annotated[str, words(Check)]
_Month = Annotated[str, Keywords(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")]


class _CounterFacts(TypedDict):
    """What a retry counter says."""

    state: Annotated[str, words(state for state in PinState if state is not PinState.NOT_IN_USE)]
    retries_remaining: Annotated[Tries | None, "Tries left; 0 when blocked, null where the card did not say."]
    retry_limit: Annotated[Tries | None, "Wrong entries in a row that lock it; null where no source states it."]
    status_word: Annotated[StatusWordHex | None, "Answer of the card to the question, SW1-SW2."]
    in_use: NotRequired[
        Annotated[
            Literal[False],
            "Only where the card has no certificate for this PIN: it answers as a locked one does, and is not locked.",
        ]
    ]
    copies: NotRequired[
        Annotated[
            list[Tries | None],
            Keywords(minItems=2),
            "Tries left in each place, where the card keeps the PIN in more than one and they were asked for.",
        ]
    ]


class PinFacts(_CounterFacts):
    """One PIN or verification number as its counter says."""

    pin: Annotated[str, words(Pin, VERIFICATION_NUMBERS)]


class HolderPinFacts(_CounterFacts):
    """One of the PINs that a holder sets, as its counter says."""

    pin: Annotated[str, words(Pin)]


class AdviceFacts(TypedDict):
    """One thing to do or to know.

    pins and certificates say what it is about, pin and certificate the same where it is about one.
    """

    code: Code
    pin: NotRequired[Annotated[str, words(Pin)] | None]
    pins: NotRequired[list[Annotated[str, words(Pin)]]]
    certificate: NotRequired[Annotated[str, words(_CERTIFICATES)] | None]
    certificates: NotRequired[list[Annotated[str, words(_CERTIFICATES)]]]
    topic: NotRequired[
        Annotated[str, Keywords(pattern="^[a-z]+(-[a-z]+)*$"), "The topic of jpki guide that goes further."]
    ]
    text: Text


class PcscFacts(TypedDict):
    """A return code of PC/SC."""

    name: Annotated[str, "PC/SC's name of the code, empty where it is not known."]
    code: Annotated[str, Keywords(pattern="^0x[0-9A-F]{8}$")]


class RemedyFacts(TypedDict):
    """One thing to try."""

    remedy: Annotated[str, words(ALL_REMEDIES, dict.fromkeys(rule.code for rule in CARD_RULES))]
    text: Text
    commands: Annotated[list[str], "What to type on this system."]


class CheckFacts(TypedDict):
    """One check between the program and the card."""

    check: _CheckName
    step: Annotated[str, words(Step)]
    verdict: Annotated[str, words(Verdict), "pass with a cause: not a fault, but good to know."]
    reason: Annotated[Annotated[str, words(Reason)] | None, "Why it was not checked."]
    because_of: Annotated[_CheckName | None, "The failed check without which this one makes no sense."]
    cause: Annotated[
        Annotated[str, words(ALL_CAUSES)] | None, "What is the matter; docs/troubleshooting.md lists them."
    ]
    pcsc: Annotated[PcscFacts | None, "The PC/SC return code."]
    status_word: Annotated[StatusWordHex | None, "The status word of the card."]
    details: Annotated[
        list[str],
        "Names and numbers that the text holds, or what was seen: readers, programs, versions, PINs, days. Never "
        "personal data.",
    ]
    text: Annotated[Text | None, "What is the matter, for people."]
    why: Annotated[Text | None, "Why it is so, for people."]
    remedies: list[RemedyFacts]


class LibraryFacts(TypedDict):
    """A library."""

    name: str
    version: Annotated[str | None, "null: not installed."]


class EnvironmentFacts(TypedDict):
    """Versions of what takes part."""

    jpki: str
    system: str
    python: str
    executable: Annotated[str, "Path of Python; folders of users are written as ~."]
    pcscd: Annotated[str | None, "null where there is none, or it does not tell."]
    libraries: list[LibraryFacts]
    language: Annotated[str, words(LANGUAGES)]
    simulated: Annotated[bool, "The card is one in software."]


class ReportReaderFacts(TypedDict):
    """One reader; a serial number in its name is left out."""

    index: Count
    name: str
    card_present: bool
    mute: Annotated[bool, "The card does not answer."]
    exclusive: Annotated[bool, "Another program has the card for itself."]
    in_use: bool
    virtual: Annotated[bool, "No card can be put on it."]


class ReportCardFacts(TypedDict):
    """The card."""

    kind: Annotated[str, words(CardKind)]
    ends_month: Annotated[_Month | None, "Month in which the card itself ends."]


class ReportCertificateFacts(TypedDict):
    """One of the two certificates of the holder, without its dates but for a month."""

    kind: Annotated[str, words(_CERTIFICATES)]
    present: bool | None
    state: Annotated[str, words(PeriodState, ("unknown", "absent"))]
    ends_month: Annotated[_Month | None, "Month of the last day; never the day, which is the holder's birthday."]
    issuer: Annotated[str | None, "The CA certificate that it names as its issuer's; a claim."]
    reason: Annotated[str, words(Unread)] | None
    revocation: Literal["not_checked"]


class ReportFacts(TypedDict, total=False):
    """What a report says: what support needs, and nothing that tells whose card it is."""

    created: Annotated[
        str,
        Keywords(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+09:00$"),
        "When the report was made, Japan time.",
    ]
    environment: EnvironmentFacts
    readers: list[ReportReaderFacts]
    usable: Annotated[bool, "Nothing keeps the card from being used."]
    obstacle: Annotated[_CheckName | None, "The first check that failed and keeps the card from being used."]
    checks: Annotated[list[CheckFacts], "Every check in order."]
    card: Annotated[ReportCardFacts | None, "null where no card could be read; the checks say why."]
    pins: list[PinFacts]
    certificates: list[ReportCertificateFacts]
    verdict: NotRequired[
        Annotated[
            Text | None,
            "The most urgent of the advice in one sentence, or that there is nothing to do. null where no card was "
            "read.",
        ]
    ]
    advice: list[AdviceFacts]
