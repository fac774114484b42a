"""Staged faults: their text form, and what each does to the card and to the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jpki.errors import (
    CardRemovedError,
    CardResetError,
    CardTimeoutError,
    NoCardError,
    NoReaderError,
    TransportError,
)
from jpki_sim.card import SimulatedConnection
from jpki_sim.faults import FaultPlanError, FaultyCard, parse_faults
from jpki_sim.faults.plan import COMMAND_NAMES, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import SimulatedCard

    Talk = Callable[[Callable[[bytes], bytes], str], str]

ROOT = Path(__file__).parents[3]
# One plan for each kind, at the fourth command.
PLANS = {kind: f"{kind}:4" for kind in KINDS}
PLANS |= {"slow": "slow:4=1.5", "sw": "sw:4=6F00", "sw-before": "sw-before:4=6F00"}


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Note it, and let time pass."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """A clock that is set by hand."""
    return Clock()


@pytest.fixture
def faulty(card: SimulatedCard, clock: Clock) -> Callable[[str], FaultyCard]:
    """Put a plan around the card."""
    return lambda plan: FaultyCard(card, parse_faults(plan), sleep=clock.sleep, clock=clock)


def test_remove_before(card: SimulatedCard, faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """The card goes before the command: it is not executed, and the card stays away."""
    plan = faulty("remove:3")
    connection = SimulatedConnection(plan)
    talk(connection.transmit, "JPKI; EF 0018")
    with pytest.raises(CardRemovedError):
        talk(connection.transmit, "002000800430303030")
    assert card.image.reference_data()["auth"].retries_remaining == 3
    with pytest.raises(CardRemovedError):
        connection.transmit(bytes(4))
    with pytest.raises(CardRemovedError):
        plan.process(bytes(4))
    with pytest.raises(NoCardError):
        SimulatedConnection(plan)
    assert (card.is_powered, plan.is_present) == (False, False)


def test_remove_after(card: SimulatedCard, faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """The command takes effect, and its answer is lost with the card."""
    connection = SimulatedConnection(faulty("remove-after:verify"))
    with pytest.raises(CardRemovedError):
        talk(connection.transmit, "JPKI; PIN 0018 0000")
    assert card.image.reference_data()["auth"].retries_remaining == 2


def test_card_comes_back_after_a_time(faulty: Callable[[str], FaultyCard], clock: Clock, talk: Talk) -> None:
    """A card that was away for some seconds is as after power-up; old connections are stale."""
    plan = faulty("remove:3=2.5")
    old = SimulatedConnection(plan)
    with pytest.raises(CardRemovedError):
        talk(old.transmit, "JPKI; PIN 001B SIMCARD1")
    clock.now += 2.4
    with pytest.raises(NoCardError):
        SimulatedConnection(plan)
    clock.now += 0.2
    assert talk(SimulatedConnection(plan).transmit, "JPKI; 00B0810001") == "6982"
    with pytest.raises(CardResetError):
        old.transmit(bytes(4))


def test_card_is_put_back_by_hand(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """A card that stays away comes back when it is inserted."""
    plan = faulty("remove:1")
    with pytest.raises(CardRemovedError):
        talk(SimulatedConnection(plan).transmit, "JPKI")
    plan.insert()
    assert talk(SimulatedConnection(plan).transmit, "JPKI") == "9000"


def test_reader_gone(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """An unplugged reader is told apart from a removed card, and comes back with its card."""
    plan = faulty("reader-gone:2")
    connection = SimulatedConnection(plan)
    with pytest.raises(NoReaderError):
        talk(connection.transmit, "JPKI; EF 000A")
    with pytest.raises(NoReaderError):
        SimulatedConnection(plan)
    plan.insert()
    assert talk(SimulatedConnection(plan).transmit, "JPKI") == "9000"


@pytest.mark.parametrize(("plan", "left"), [("mute:verify=20", 3), ("mute-after:verify=20", 2)])
def test_mute(
    card: SimulatedCard, faulty: Callable[[str], FaultyCard], clock: Clock, talk: Talk, plan: str, left: int
) -> None:
    """A mute card lets the reader's time run out; the two kinds differ in whether the command was executed."""
    connection = SimulatedConnection(faulty(plan))
    with pytest.raises(CardTimeoutError):
        talk(connection.transmit, "JPKI; PIN 0018 0000")
    assert (clock.slept, card.image.reference_data()["auth"].retries_remaining) == ([20.0], left)
    assert talk(connection.transmit, "00200080") == f"63C{left}"


@pytest.mark.parametrize(("plan", "answer"), [("reset:4", "309000"), ("unpower:4", "6982")])
def test_reset_by_another_program(faulty: Callable[[str], FaultyCard], talk: Talk, plan: str, answer: str) -> None:
    """The command is not executed, the connection is stale, and the card is as after a reset or a power cut."""
    card = faulty(plan)
    connection = SimulatedConnection(card)
    with pytest.raises(CardResetError):
        talk(connection.transmit, "JPKI; PIN 001B SIMCARD1; 00B0810001")
    with pytest.raises(CardResetError):
        talk(connection.transmit, "JPKI")
    assert talk(SimulatedConnection(card).transmit, "JPKI; 00B0810001") == answer


def test_slow(faulty: Callable[[str], FaultyCard], clock: Clock, talk: Talk) -> None:
    """A slow answer is the right one, later."""
    connection = SimulatedConnection(faulty("slow:2=1.5"))
    assert talk(connection.transmit, "JPKI; EF 0008; 00B0000000") == "8F8F009000"
    assert clock.slept == [1.5]


@pytest.mark.parametrize(("plan", "left"), [("sw:verify=6F00", 2), ("sw-before:verify=6F00", 3)])
def test_status_word(faulty: Callable[[str], FaultyCard], talk: Talk, plan: str, left: int) -> None:
    """A staged status word stands alone; the two kinds differ in whether the command was executed."""
    connection = SimulatedConnection(faulty(plan))
    assert talk(connection.transmit, "JPKI; PIN 0018 0000") == "6F00"
    assert talk(connection.transmit, "00200080") == f"63C{left}"


@pytest.mark.parametrize(
    ("plan", "answer"),
    [
        ("truncate:3", "8F"),
        ("truncate:3=0", ""),
        ("truncate:3=4", "8F8F0090"),
        ("truncate:3=9", "8F8F009000"),
        ("empty:3", ""),
    ],
)
def test_truncated(faulty: Callable[[str], FaultyCard], talk: Talk, plan: str, answer: str) -> None:
    """The first bytes of the answer arrive, or none."""
    assert talk(SimulatedConnection(faulty(plan)).transmit, "JPKI; EF 0008; 00B0000000") == answer


def test_garbage(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """Garbage has the size asked for, and is the same each time."""
    answers = {talk(SimulatedConnection(faulty(plan)).transmit, "JPKI") for plan in ("garbage:1=5", "garbage:1=5")}
    assert len(answers) == 1
    assert [len(answer) for answer in answers] == [10]
    assert len(talk(SimulatedConnection(faulty("garbage:1")).transmit, "JPKI")) == 32


def test_endless(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """Every READ is filled up to Le, past any end."""
    connection = SimulatedConnection(faulty("endless:read+"))
    assert talk(connection.transmit, "JPKI; EF 0008; 00B0000005") == "8F8F00A5A59000"
    assert talk(connection.transmit, "00B07F0002") == "A5A59000"
    assert talk(connection.transmit, "EF 0008") == "9000"


def test_split(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """Data in pieces: 61xx tells how much is left, GET RESPONSE fetches no more than a piece and no more than Le."""
    connection = SimulatedConnection(faulty("split:read=2"))
    assert talk(connection.transmit, "JPKI; EF 0008; 00B0000000") == "8F8F6101"
    assert talk(connection.transmit, "00C0000001") == "009000"
    assert talk(connection.transmit, "00C0000001") == "6985"


def test_split_in_many_pieces(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """All pieces together are the data."""
    connection = SimulatedConnection(faulty("split:read=100"))
    pieces = [talk(connection.transmit, "JPKI; EF 000A; 00B00000000104")]
    while pieces[-1][-4:-2] == "61":
        pieces.append(talk(connection.transmit, f"00C00000{pieces[-1][-2:]}"))
    assert [piece[-4:] for piece in pieces] == ["61A0", "613C", "9000"]
    assert bytes.fromhex("".join(piece[:-4] for piece in pieces)) == bytes(range(256)) + b"tail"


def test_split_without_value_answers_no_data_first(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """Without a value the first answer has no data; 6100 stands for 256 or more; GET RESPONSE takes what Le asks."""
    connection = SimulatedConnection(faulty("split:read"))
    assert talk(connection.transmit, "JPKI; EF 000A; 00B0000000") == "6100"
    assert talk(connection.transmit, "00C0000010") == bytes(range(16)).hex().upper() + "61F0"
    assert talk(connection.transmit, "00C00000").endswith("FF9000")


def test_split_is_forgotten_by_the_next_command(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """Data that is not fetched is lost with the next command, a reset or the power."""
    card = faulty("split:read+=1")
    for forget in ("EF 0008", None):
        talk(card.process, "JPKI; EF 0008; 00B0000000")
        if forget is None:
            card.reset()
        else:
            talk(card.process, forget)
        assert talk(card.process, "00C0000000") == "6985"


def test_short_answers_are_not_split(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """An answer that fits the first piece comes whole."""
    connection = SimulatedConnection(faulty("split:1+=3"))
    assert talk(connection.transmit, "JPKI; EF 0008; 00B0000000") == "8F8F009000"


def test_wrong_le(faulty: Callable[[str], FaultyCard], card: SimulatedCard, talk: Talk) -> None:
    """6Cxx tells the exact length; the same command with it gets the answer, without being executed again."""
    connection = SimulatedConnection(faulty("wrong-le:read"))
    assert talk(connection.transmit, "JPKI; EF 0008; 00B0000000") == "6C03"
    count = card.apdu_count
    assert talk(connection.transmit, "00B0000003") == "8F8F009000"
    assert card.apdu_count == count


def test_wrong_le_is_forgotten(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """Another command in between is executed, and 6Cxx is over; answers without data are not touched."""
    connection = SimulatedConnection(faulty("wrong-le:any+"))
    assert talk(connection.transmit, "JPKI; EF 000A") == "9000"
    assert talk(connection.transmit, "00B0000000") == "6C00"
    assert talk(connection.transmit, "EF 0008") == "9000"
    card = faulty("wrong-le:1")
    assert talk(card.process, "0084000008; JPKI; EF 0008; 00B0000000") == "8F8F009000"


def test_pending_answers_do_not_survive_the_power(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """After the power was cut nothing waits."""
    card = faulty("wrong-le:read,split:read#2")
    assert talk(card.process, "JPKI; EF 0008; 00B0000000") == "6C03"
    card.power_off()
    card.power_on()
    assert talk(card.process, "00B0000003") == "6986"


def test_first_fault_of_the_plan_wins(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """At one command the first fault of the plan happens; all of them count the command."""
    card = faulty("sw:any=6F01,sw:1=6F02,sw:2=6F03,sw:select#3=6F04,sw:5+=6F05")
    assert [talk(card.process, "JPKI") for _ in range(6)] == ["6F01", "6F03", "6F04", "9000", "6F05", "6F05"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_happens(faulty: Callable[[str], FaultyCard], talk: Talk, kind: str) -> None:
    """Each kind changes what the program sees of the fourth command: another answer, an error, or time."""
    card = faulty(PLANS[kind])
    talk(card.process, "JPKI; EF 000A; EF 0008")
    try:
        answer = talk(card.process, "00B0000020")
    except TransportError as exc:
        answer = type(exc).__name__
    assert (answer != "8F8F009000") is (kind != "slow")


@pytest.mark.parametrize(
    ("name", "apdu"),
    {
        "any": "FF",
        "select": "00A40000",
        "read": "00B0000000",
        "record": "00B2010400",
        "status": "00200080",
        "verify": "002000800100",
        "change": "8032008001FF",
        "sign": "802A0080017800",
        "authenticate": "00880099017800",
        "challenge": "0084000008",
        "get-data": "00CA004200",
        "get-response": "00C0000000",
    }.items(),
)
def test_commands_by_name(faulty: Callable[[str], FaultyCard], talk: Talk, name: str, apdu: str) -> None:
    """Each name stands for its command, and for no other."""
    assert talk(faulty(f"sw:{name}=6F42").process, apdu) == "6F42"
    if name != "any":
        assert talk(faulty(f"sw:{name}=6F42").process, "00FE0000") == "6D00"


def test_change_has_two_forms(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """``change`` is CHANGE REFERENCE DATA too."""
    assert talk(faulty("sw:change=6F42").process, "0024018001FF") == "6F42"


BAD_PLANS = """
remove  remove:  remove:0  remove:x  remove:verify#0  remove:5-6  nothing:5  Remove:5  mute:1;mute:2  mute:1000000
slow:5  slow:5=-1  slow:5=nan  slow:5=1e3  remove:5=soon  sw:4  sw:4=6F0  sw:4=6F0G  sw-before:4=  reset:4=1  empty:1=2
"""


@pytest.mark.parametrize("text", BAD_PLANS.split())
def test_bad_plans_are_refused(text: str) -> None:
    """What is not of the form is refused, with a sentence."""
    with pytest.raises(FaultPlanError, match=r"\w+ \w+"):
        parse_faults(text)


def test_plans_may_be_empty_and_spaced() -> None:
    """No text is no fault; spaces around the parts do not matter."""
    assert parse_faults("") == []
    assert [fault.kind for fault in parse_faults(" remove:5 , slow:verify+=0.5,, ")] == ["remove", "slow"]


def test_kinds_and_names_are_documented() -> None:
    """Every kind of fault and every name of a command stands in the documentation."""
    text = (ROOT / "docs" / "simulator-protocol.md").read_text(encoding="utf-8")
    for name in [*KINDS, *COMMAND_NAMES]:
        assert f"`{name}`" in text


def test_signing_needs_no_inner_card_type(faulty: Callable[[str], FaultyCard], talk: Talk) -> None:
    """Plans can lie around plans."""
    inner = faulty("sw:2=6F01")
    outer = FaultyCard(inner, parse_faults("sw:1=6F02"))
    assert [talk(outer.process, "JPKI") for _ in range(3)] == ["6F02", "6F01", "9000"]
    assert (outer.atr, outer.epoch, outer.is_present) == (inner.atr, 0, True)
