"""Which card is opened, with one reader, several, virtual ones, or none yet."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from jpki.errors import (
    ApduError,
    CardMuteError,
    CardRemovedError,
    JpkiError,
    NoCardError,
    NoReaderError,
    ReaderBusyError,
    ServiceStoppedError,
    SeveralCardsError,
    TransportError,
    UnknownReaderError,
)
from jpki.transport import ReaderState, choice, open_connection

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jpki.transport import CardConnection

MINE, OTHER, EMPTY = "mine", "other", "empty"
HELLO = "Windows Hello for Business 1"


class FakeConnection:
    """An open card that knows whether it was closed."""

    atr = b""

    def __init__(self, reader: str, card: str) -> None:
        self.reader = reader
        self.card = card
        self.is_open = True

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Choosing itself sends nothing."""
        raise AssertionError

    def transaction(self) -> AbstractContextManager[None]:
        """Nothing to keep away."""
        return nullcontext()

    def unpower(self) -> None:
        """Choosing cuts no power."""
        raise AssertionError

    def close(self) -> None:
        """Note it."""
        self.is_open = False


class FakeSystem:
    """Readers by name, each with a card (``mine``, ``other``), nothing (``empty``) or an error on opening.

    Time passes only while a change is waited for; each stage holds the readers until the next change.
    """

    def __init__(self, *stages: dict[str, str | JpkiError] | JpkiError) -> None:
        self.now = 0.0
        self.stages = list(stages)
        self.opened: list[FakeConnection] = []
        self.tried: list[str] = []
        self.asked: list[str] = []
        self.change_every = 2.5
        self.freed = ""  # what a busy card is when it has been waited for
        self.last_change = 0.0

    def readers(self) -> tuple[ReaderState, ...]:
        """The readers now."""
        stage = self.stages[0]
        if isinstance(stage, JpkiError):
            raise stage
        states = tuple(
            ReaderState.from_event(name, index, 0x12 if card == EMPTY else 0x22)
            for index, (name, card) in enumerate(stage.items())
        )
        if not states:
            raise NoReaderError("…")
        return states

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """Let time pass, and a change happen when it is due."""
        assert 0 < timeout <= 1
        is_changing = len(self.stages) > 1
        due = self.last_change + self.change_every
        self.now = min(self.now + timeout, due) if is_changing else self.now + timeout
        if is_changing and self.now >= due:
            self.last_change = self.now
            self.stages.pop(0)
            try:
                return self.readers()
            except NoReaderError:
                return ()
        return known

    def connect(self, reader: str, *, patience: float | None = None) -> CardConnection:
        """Open the card, or fail; a busy one becomes free while it is waited for, if ``is_freed``."""
        self.tried.append(reader)
        stage = self.stages[0]
        assert not isinstance(stage, JpkiError)
        card = stage[reader]
        if isinstance(card, ReaderBusyError) and self.freed and patience is None:
            card = self.freed
        if isinstance(card, JpkiError):
            raise card
        if card == EMPTY:
            raise NoCardError("…")
        connection = FakeConnection(reader, card)
        self.opened.append(connection)
        return connection

    def is_wanted(self, connection: CardConnection) -> bool:
        """What the caller's SELECT would tell."""
        assert isinstance(connection, FakeConnection)
        self.asked.append(connection.reader)
        return connection.card == MINE

    @property
    def left_open(self) -> list[str]:
        """Readers whose card is still open."""
        return [connection.reader for connection in self.opened if connection.is_open]


def choose(
    system: FakeSystem, monkeypatch: pytest.MonkeyPatch, wait: float = 0, reader: str | int | None = None
) -> str:
    """The reader that was chosen, in the system's own time."""
    monkeypatch.setattr(choice, "monotonic", lambda: system.now)
    connection = open_connection(system, system.is_wanted, reader=reader, wait=wait)
    assert system.left_open == [connection.reader]
    return connection.reader


BUSY, MUTE = ReaderBusyError("…"), CardMuteError("…")


@pytest.mark.parametrize(
    ("readers", "chosen", "asked"),
    [
        ({"a": MINE}, "a", []),  # the only card is not asked
        ({"a": OTHER}, "a", []),  # the caller finds out
        ({"a": EMPTY, "b": OTHER}, "b", []),
        ({HELLO: OTHER, "b": OTHER}, "b", []),  # a virtual reader does not count beside a real card
        ({"a": OTHER, "b": MINE}, "b", ["a", "b"]),
        ({"a": MINE, "b": OTHER, HELLO: MINE}, "a", ["a", "b"]),
        ({"a": OTHER, "b": OTHER}, "a", ["a", "b"]),  # none is wanted: the first one
        ({"a": BUSY, "b": MINE}, "b", ["b"]),  # busy and mute ones are skipped …
        ({"a": MUTE, "b": MINE, "c": BUSY}, "b", ["b"]),
        ({HELLO: MINE, "b": EMPTY}, HELLO, [HELLO]),  # a name that deceived us
    ],
)
def test_the_card_that_is_opened(
    monkeypatch: pytest.MonkeyPatch, readers: dict[str, str | JpkiError], chosen: str, asked: list[str]
) -> None:
    """One card stays open, every other one that was asked is closed again."""
    system = FakeSystem(readers)
    assert choose(system, monkeypatch) == chosen
    assert system.asked == asked


@pytest.mark.parametrize(
    ("readers", "error"),
    [
        ({}, NoReaderError),
        ({"a": EMPTY, "b": EMPTY}, NoCardError),
        ({"a": BUSY}, ReaderBusyError),
        ({"a": MUTE}, CardMuteError),
        ({"a": BUSY, "b": OTHER}, ReaderBusyError),  # … unless nothing else is found
        ({"a": OTHER, "b": MUTE, "c": BUSY}, CardMuteError),
        ({HELLO: OTHER}, NoReaderError),  # there is no reader that a card could be put on
        ({HELLO: OTHER, "b": EMPTY}, NoCardError),
        ({HELLO: BUSY, "b": EMPTY}, NoCardError),
    ],
)
def test_what_stands_in_the_way(
    monkeypatch: pytest.MonkeyPatch, readers: dict[str, str | JpkiError], error: type[TransportError]
) -> None:
    """The error is that of the only card, or of the one that could have been it; nothing stays open."""
    system = FakeSystem(readers)
    with pytest.raises(error):
        choose(system, monkeypatch)
    assert system.left_open == []


def test_a_busy_card_is_waited_for_only_when_no_other_one_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the wanted card nobody waits; without one it is waited for, and asked when it is free."""
    system = FakeSystem({"a": BUSY, "b": MINE})
    system.freed = MINE
    assert choose(system, monkeypatch) == "b"
    assert system.tried == ["a", "b"]
    system = FakeSystem({"a": BUSY, "b": OTHER, "c": MUTE})
    system.freed = MINE
    assert choose(system, monkeypatch) == "a"
    assert system.tried == ["a", "b", "c", "a"]
    system = FakeSystem({"a": BUSY, "b": OTHER})
    system.freed = OTHER
    assert choose(system, monkeypatch) == "a"  # the first one, for the caller to find out
    system = FakeSystem({HELLO: BUSY, "b": EMPTY})
    system.freed = MINE
    with pytest.raises(NoCardError):
        choose(system, monkeypatch)


def test_several_wanted_cards_are_refused_with_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user has to choose, and sees between which."""
    system = FakeSystem({"a": MINE, "b": OTHER, "c": MINE})
    with pytest.raises(SeveralCardsError) as caught:
        choose(system, monkeypatch)
    assert caught.value.readers == ("a", "c")
    assert system.left_open == []


@pytest.mark.parametrize(
    ("raised", "error"), [(CardRemovedError("…"), CardRemovedError), (KeyboardInterrupt(), KeyboardInterrupt)]
)
def test_a_question_that_fails_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, error: type[BaseException]
) -> None:
    """Not the card that was asked, nor one that was found before."""
    system = FakeSystem({"a": OTHER, "b": OTHER})

    def is_wanted(connection: CardConnection) -> bool:
        raise raised

    monkeypatch.setattr(system, "is_wanted", is_wanted)
    with pytest.raises(error):
        choose(system, monkeypatch)
    assert system.left_open == []


def test_ctrl_c_closes_the_wanted_card_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that was already found is not kept either."""
    system = FakeSystem({"a": MINE, "b": OTHER})

    def is_wanted(connection: CardConnection) -> bool:
        if connection.reader == "b":
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(system, "is_wanted", is_wanted)
    with pytest.raises(KeyboardInterrupt):
        choose(system, monkeypatch)
    assert system.left_open == []


def test_a_card_whose_answers_make_no_sense_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is some other card."""
    system = FakeSystem({"a": OTHER, "b": MINE})

    def is_wanted(connection: CardConnection) -> bool:
        if connection.reader == "a":
            raise ApduError("…")
        return True

    monkeypatch.setattr(system, "is_wanted", is_wanted)
    assert choose(system, monkeypatch) == "b"


def test_a_named_reader_is_the_only_one_that_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a virtual one, and without asking what its card is."""
    system = FakeSystem({"a": MINE, HELLO: OTHER})
    assert choose(system, monkeypatch, reader="hello") == HELLO
    assert (system.tried, system.asked) == ([HELLO], [])


def test_a_named_reader_without_card_is_an_error_even_if_another_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other card is taken instead."""
    system = FakeSystem({"a": EMPTY, "b": MINE})
    with pytest.raises(NoCardError):
        choose(system, monkeypatch, reader="a")
    assert system.tried == ["a"]


@pytest.mark.parametrize("reader", [None, "a", 0])
@pytest.mark.parametrize(
    "stages",
    [
        [{"a": EMPTY}, {"a": MINE}],
        [{}, {"a": EMPTY}, {"a": MINE}],
        [{"a": EMPTY}, {}, {"a": MINE}],
    ],
)
def test_a_card_or_a_reader_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, stages: list[dict[str, str | JpkiError]], reader: str | int | None
) -> None:
    """As soon as it is there, the wait is over."""
    system = FakeSystem(*stages)
    assert choose(system, monkeypatch, wait=60, reader=reader) == "a"
    assert system.now < 10


def test_a_card_that_goes_while_it_is_opened_is_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader is not given up."""
    system = FakeSystem({"a": NoCardError("…")}, {"a": MINE})
    assert choose(system, monkeypatch, wait=60) == "a"


@pytest.mark.parametrize(
    ("stages", "error"),
    [
        ([{"a": EMPTY}], NoCardError),
        ([{}], NoReaderError),
        ([{"a": EMPTY}, {}], NoReaderError),
        ([{}, {"a": EMPTY}], NoCardError),
        ([{HELLO: OTHER}], NoReaderError),
    ],
)
def test_the_wait_ends_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, stages: list[dict[str, str | JpkiError]], error: type[TransportError]
) -> None:
    """A reader, or a card, at the end of the time."""
    system = FakeSystem(*stages)
    with pytest.raises(error):
        choose(system, monkeypatch, wait=10)
    assert system.now == pytest.approx(10)


def test_virtual_readers_are_not_asked_again_every_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """What did not change while waiting is left in peace."""
    system = FakeSystem({HELLO: OTHER, "a": EMPTY}, {HELLO: OTHER, "a": MINE})
    assert choose(system, monkeypatch, wait=60) == "a"
    assert system.tried == [HELLO, "a"]


@pytest.mark.parametrize("stage", [{"a": MUTE}, {"a": BUSY}])
def test_a_mute_or_busy_card_is_reported_at_once(
    monkeypatch: pytest.MonkeyPatch, stage: dict[str, str | JpkiError]
) -> None:
    """Waiting is for a card that is not there; this one is."""
    system = FakeSystem(stage)
    with pytest.raises((CardMuteError, ReaderBusyError)):
        choose(system, monkeypatch, wait=60)
    assert system.now == 0


def test_an_unknown_name_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a mistake in typing more often than a reader that is still to come."""
    system = FakeSystem({"a": EMPTY})
    with pytest.raises(UnknownReaderError):
        choose(system, monkeypatch, wait=60, reader="nope")
    assert system.now == 0


def test_the_countdown_runs_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the whole time down, and not once more for what happens meanwhile."""
    system = FakeSystem({"a": EMPTY}, {"b": EMPTY}, {"c": EMPTY})
    system.change_every = 0.5
    monkeypatch.setattr(choice, "monotonic", lambda: system.now)
    shown: list[float] = []
    with pytest.raises(NoCardError):
        open_connection(system, system.is_wanted, wait=3, on_countdown=shown.append)
    assert [round(seconds) for seconds in shown] == [3, 2, 1]


def test_without_waiting_there_is_no_countdown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is shown where nothing is waited for."""
    system = FakeSystem({"a": EMPTY})
    shown: list[float] = []
    with pytest.raises(NoCardError):
        open_connection(system, system.is_wanted, on_countdown=shown.append)
    assert shown == []


@pytest.mark.parametrize(("starts", "wait", "is_waited"), [(True, 60, True), (True, 0, False), (False, 60, False)])
def test_a_stopped_service_is_waited_for_only_where_a_reader_starts_it(
    monkeypatch: pytest.MonkeyPatch, *, starts: bool, wait: float, is_waited: bool
) -> None:
    """Windows stops the service when there is no reader; elsewhere it will not come back by itself."""
    monkeypatch.setattr(choice, "starts_with_a_reader", lambda: starts)
    system = FakeSystem(ServiceStoppedError("…"), {"a": MINE})
    if is_waited:
        assert choose(system, monkeypatch, wait=wait) == "a"
    else:
        with pytest.raises(ServiceStoppedError):
            choose(system, monkeypatch, wait=wait)
