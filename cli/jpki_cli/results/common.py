"""What the results of all commands have, and what many have."""

from typing import Annotated, Literal, NotRequired, TypedDict

from jpki.json_types import Code, Keywords, Text, Tries, words
from jpki.pin import PinOutcome, TryUse
from jpki_cli.failures import ALL_EXIT_CODES

#: Nobody is asked whether a certificate was revoked.
Revocation = Literal["not_checked"]
#: Name of a reader.
ReaderName = Annotated[str, "Name of the reader, as PC/SC gives it."]
#: What became of a PIN that was to be presented.
PinFate = Annotated[str, words([o for o in PinOutcome if o not in (PinOutcome.CHANGED, PinOutcome.UNCHANGED)])]
#: The counter of a PIN after it was used.
TriesLeft = Annotated[Tries | None, "Tries left afterwards; 0 when blocked, null where it is not known."]
#: Whether the counter of a PIN is lower than before.
TryUsed = Annotated[
    str,
    words(TryUse),
    "Whether a try was used. yes: the counter read afterwards is lower; no: nothing was sent, or the counter is equal "
    "or full; unknown: it could not be read.",
]
#: When a line was printed.
WatchTime = Annotated[
    str, Keywords(format="date-time"), "With --watch only: when this was seen, in local time with its offset."
]
#: Which process to end.
AgentPid = Annotated[int, Keywords(minimum=1), "Process of the agent; SIGTERM ends it."]


class Result(TypedDict, total=False):
    """What any command prints when it fails, beside what was found before."""

    code: NotRequired[Annotated[Code, "On failure only: what went wrong, as a word for machines."]]
    exit_code: NotRequired[Annotated[int, words(ALL_EXIT_CODES), "On failure only: the exit code of the program."]]
    message: NotRequired[Annotated[Text, "On failure only: what went wrong, for people."]]


class ReaderResult(Result, total=False):
    """What a command prints that has looked at a card."""

    reader: ReaderName


class TryFacts(TypedDict):
    """What became of the counter of a PIN that was to be presented."""

    retries_remaining: TriesLeft
    try_used: TryUsed


class PinUseFacts(TryFacts):
    """What became of a PIN that the command always needs."""

    pin: Annotated[
        PinFate, "What became of the PIN; unknown: the answer of the card was lost, and a try may have been used."
    ]


class PinIfUsedFacts(TypedDict, total=False):
    """What became of a PIN, where the card wanted one."""

    pin: NotRequired[Annotated[PinFate, "Where the certificate needs a PIN: what became of it."]]
    retries_remaining: NotRequired[TriesLeft]
    try_used: NotRequired[TryUsed]


class ErrorResult(TypedDict):
    """What any command prints with --json when there are no facts to print: usage errors, above all."""

    schema: Literal["jpki.error/1"]
    time: NotRequired[WatchTime]
    code: Code
    exit_code: Annotated[int, words(ALL_EXIT_CODES)]
    message: Text
