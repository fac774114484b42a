"""What the commands ``jpki sim …`` print."""

from typing import Annotated, Literal, Required, TypedDict

from jpki.json_types import Keywords, Text
from jpki_sim.model import SCHEMA
from jpki_sim.serve import SlotFacts

from .common import Result

_Name = Annotated[str, Keywords(pattern="^[a-z0-9-]+$")]
_File = Annotated[str, "The card file, as it was given."]


class PersonaFacts(TypedDict):
    """A simulated card."""

    name: Annotated[_Name, "Name for --sim."]
    numbers: Annotated[list[Annotated[int, Keywords(minimum=1)]], "Rows of docs/certificates.md, section 7."]
    title: Text
    says: Annotated[Text, "What a program has to say of this card."]
    available: Annotated[bool, "false: listed, and cannot be built yet."]
    oracle: Annotated[
        dict[str, int] | None,
        "What an online service says of its certificates (docs/certificates.md, 6.2), where that matters.",
    ]


class FaultFacts(TypedDict):
    """A fault of a card or reader."""

    name: _Name
    title: Text
    fault: Annotated[str, "The plan, for sim serve --fault."]


class SimPersonasResult(Result, total=False):
    """What `jpki sim personas --json` prints: the simulated cards and faults that come with the program."""

    schema: Required[Literal["jpki.sim-personas/1"]]
    personas: list[PersonaFacts]
    faults: list[FaultFacts]


class SimNewResult(Result, total=False):
    """What `jpki sim new --json` prints: the card file that was made."""

    schema: Required[Literal["jpki.sim-new/1"]]
    file: Required[_File]
    persona: Required[str]


class SimShowResult(Result, total=False):
    """What `jpki sim show --json` prints: a card file without its private keys."""

    schema: Required[Literal["jpki.sim-show/1"]]
    card: Annotated[
        dict[str, object],
        Keywords(required=["schema"], properties={"schema": {"const": SCHEMA}, "keys": False}),
        "See docs/card-file.md.",
    ]


class SimSetResult(Result, total=False):
    """What `jpki sim set --json` prints: the keys that were changed."""

    schema: Required[Literal["jpki.sim-set/1"]]
    file: Required[_File]
    changed: list[str]


class SimFindingFacts(TypedDict):
    """What does not fit together."""

    code: str
    key: str
    message: str


class SimCheckResult(Result, total=False):
    """What `jpki sim check --json` prints: what in a card file does not fit together.

    With findings the exit code is 7.
    """

    schema: Required[Literal["jpki.sim-check/1"]]
    file: Required[_File]
    findings: list[SimFindingFacts]


class SimServeResult(Result, total=False):
    """What `jpki sim serve --json` prints where it fails: it has no result."""

    schema: Required[Literal["jpki.sim-serve/1"]]


class SlotMembers(Result, total=False):
    """What a command to a server prints."""

    slots: Annotated[list[SlotFacts], "The readers of the server afterwards."]


class SimInsertResult(SlotMembers, total=False):
    """What `jpki sim insert --json` prints: the server's readers afterwards."""

    schema: Required[Literal["jpki.sim-insert/1"]]


class SimRemoveResult(SlotMembers, total=False):
    """What `jpki sim remove --json` prints: the server's readers afterwards."""

    schema: Required[Literal["jpki.sim-remove/1"]]


class SimSwapResult(SlotMembers, total=False):
    """What `jpki sim swap --json` prints: the server's readers afterwards."""

    schema: Required[Literal["jpki.sim-swap/1"]]
