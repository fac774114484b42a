"""Readers, and what comes and goes on them, as a program sees it."""

from __future__ import annotations

import threading

import pytest

import jpki
from jpki.client import ReaderChange, readers, use_service, watch
from jpki.transport import ReaderState
from jpki_sim.serve import SimulatedReaders

INSERTED = 0x0022


class Script:
    """A service whose states are given beforehand, one for each look."""

    def __init__(self, *looks: tuple[ReaderState, ...]) -> None:
        self.looks = list(looks)
        self.is_closed = False

    def readers(self) -> tuple[ReaderState, ...]:
        """The first look."""
        return self.looks.pop(0)

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """The next look, or nothing new."""
        return self.looks.pop(0) if self.looks else known

    def connect(self, reader: str, *, patience: float | None = None) -> jpki.CardConnection:
        """No card is opened by looking."""
        raise AssertionError(reader)

    def close(self) -> None:
        """Note that it was closed."""
        self.is_closed = True


def state(name: str, counter: int = 0, atr: bytes = b"") -> ReaderState:
    """A reader with a card if there is an ATR; the counter is that of insertions and removals."""
    return ReaderState.from_event(name, 0, (counter << 16) | (INSERTED if atr else 0x0012), atr)


def seen(script: Script, count: int) -> list[tuple[str, str]]:
    """The first events of a watch: what happened, and on which reader."""
    with watch(service=script) as events:
        return [(event.change.value, event.reader.name) for _, event in zip(range(count), events, strict=False)]


def test_no_reader_is_an_empty_tuple() -> None:
    """Where PC/SC has no reader a program gets none, and no exception."""
    with SimulatedReaders({}) as desk:
        assert readers(service=desk) == ()


def test_readers_are_listed_as_pcsc_has_them() -> None:
    """Names, order, and whether a card lies on each."""
    with SimulatedReaders({"A": "adult", "B": None}) as desk:
        assert [(r.name, r.is_card_present) for r in readers(service=desk)] == [("A", True), ("B", False)]


def test_a_service_in_place_is_used_everywhere_and_only_inside_the_block() -> None:
    """Inside the block it stands where PC/SC does, the innermost first, in other threads too; outside it does not."""
    found: list[tuple[str, ...]] = []

    def look() -> None:
        found.append(tuple(r.name for r in jpki.readers()))

    with SimulatedReaders({"A": None}) as outer, SimulatedReaders({"B": None}) as inner, use_service(outer):
        with use_service(inner):
            look()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found == [("B",), ("A",)]


def test_a_watch_begins_with_what_is_there() -> None:
    """Readers and cards of the beginning are events too, so that nothing has to be asked beforehand."""
    script = Script((state("A", 1, b"\x3b"), state("B")))
    assert seen(script, 3) == [("reader_added", "A"), ("card_inserted", "A"), ("reader_added", "B")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((state("A"),), (state("A", 1, b"\x3b"),), ["card_inserted"]),
        ((state("A", 1, b"\x3b"),), (state("A", 2),), ["card_removed"]),
        ((state("A", 1, b"\x3b"),), (state("A", 3, b"\x3b"),), ["card_removed", "card_inserted"]),
        ((state("A", 0, b"\x3b"),), (state("A", 0, b"\x3c"),), ["card_removed", "card_inserted"]),
        ((state("A", 1, b"\x3b"),), (), ["card_removed", "reader_removed"]),
        ((), (state("A", 1, b"\x3b"),), ["reader_added", "card_inserted"]),
    ],
    ids=["insert", "remove", "exchange by counter", "exchange by ATR", "reader gone", "reader with a card"],
)
def test_each_change_is_told(
    before: tuple[ReaderState, ...], after: tuple[ReaderState, ...], expected: list[str]
) -> None:
    """A card that was exchanged between two looks is a removal and an insertion."""
    begin = sum(2 if r.is_card_present else 1 for r in before)
    assert [change for change, _ in seen(Script(before, after), begin + len(expected))][begin:] == expected


def test_use_by_another_program_is_no_event() -> None:
    """That a card is in use, or no longer, brings nothing."""
    free, used = state("A", 1, b"\x3b"), ReaderState.from_event("A", 0, (1 << 16) | INSERTED | 0x0100, b"\x3b")
    gone = state("A", 2)
    assert [change for change, _ in seen(Script((free,), (used,), (gone,)), 3)] == [
        "reader_added",
        "card_inserted",
        "card_removed",
    ]


def test_close_from_another_thread_ends_a_watch() -> None:
    """The iterator ends; a service that the caller gave stays open."""
    script = Script((state("A"),))
    events = watch(service=script)
    assert next(events).change is ReaderChange.READER_ADDED
    closing = threading.Thread(target=events.close)
    closing.start()
    assert list(events) == []
    closing.join()
    assert not script.is_closed
