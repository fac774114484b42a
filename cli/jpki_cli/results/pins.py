"""What the commands ``jpki pin …`` print."""

from typing import Annotated, Literal, Required

from jpki.card import CHANGE_WARNINGS, Pin
from jpki.json_types import Keywords, words
from jpki.pin import Conversion, FormFault, PinOutcome, Weakness
from jpki.report import PinFacts

from .common import PinFate, ReaderResult, Result, TryFacts

_PinName = Annotated[str, words(Pin)]


class PinStatusResult(ReaderResult, total=False):
    """What `jpki pin status --json` prints: tries left of the PINs asked for."""

    schema: Required[Literal["jpki.pin-status/1"]]
    pins: list[PinFacts]


class PinVerifyResult(ReaderResult, TryFacts, total=False):
    """What `jpki pin verify --json` prints: the outcome of one attempt."""

    schema: Required[Literal["jpki.pin-verify/1"]]
    pin: Required[_PinName]
    outcome: Required[PinFate]


class PinChangeResult(ReaderResult, TryFacts, total=False):
    """What `jpki pin change --json` prints: what is true of the PIN now."""

    schema: Required[Literal["jpki.pin-change/1"]]
    pin: Required[_PinName]
    outcome: Required[Annotated[str, words((PinOutcome.CHANGED, PinOutcome.UNCHANGED, PinOutcome.UNKNOWN))]]
    confirmed: Annotated[bool, "Whether the new PIN was presented once more (--confirm) and accepted."]
    warnings: Annotated[list[Annotated[str, words(CHANGE_WARNINGS)]], "What went wrong after the change, which stands."]


class PinCheckNewResult(Result, total=False):
    """What `jpki pin check-new --json` prints: a new PIN against the rules; never the PIN."""

    schema: Required[Literal["jpki.pin-check-new/1"]]
    pin: Required[_PinName]
    form: Annotated[str, words(("right",), FormFault)]
    weaknesses: Annotated[list[Annotated[str, words(Weakness)]], Keywords(uniqueItems=True)]
    conversions: Annotated[
        list[Annotated[str, words(Conversion)]],
        Keywords(uniqueItems=True),
        "What was done to the input to give it the form that is sent.",
    ]
