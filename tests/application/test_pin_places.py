"""The Basic Resident Register PIN lies in two places: both counters are read, and the lower one decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.card import Pin, PinState
from jpki.errors import (
    CounterChangedError,
    FileNotFoundOnCardError,
    LastTryError,
    NotMyNumberCardError,
    PinBlockedError,
    PinChangeError,
    UnexpectedStatusError,
)
from jpki.pin import Secret, TryPolicy
from jpki.pin.commands import change_pin

if TYPE_CHECKING:
    from application.conftest import Bench

COMMON = "common-juki"


def _bench(bench: type[Bench], own: int, common: int, faults: str = "") -> Bench:
    on_the_table = bench(faults=faults)
    on_the_table.set_tries(Pin.JUKI, own)
    on_the_table.simulated.image.reference_data()[COMMON].retries_remaining = common
    return on_the_table


def _change(on_the_table: Bench, policy: TryPolicy) -> None:
    change_pin(on_the_table.card(), Pin.JUKI, Secret("4068"), Secret("8537"), policy)


@pytest.mark.parametrize(("own", "common", "lower"), [(3, 3, 3), (3, 2, 2), (2, 3, 2), (1, 3, 1), (3, 0, 0), (0, 3, 0)])
def test_the_lower_counter_is_told_with_both(bench: type[Bench], own: int, common: int, lower: int) -> None:
    """Own place first among the copies, whichever is lower."""
    card = _bench(bench, own, common).card()
    with card.transaction():
        status = card.read_pin_status(Pin.JUKI, all_copies=True)
        alone = card.read_pin_status(Pin.JUKI)
    assert (status.retries_remaining, status.copies) == (lower, (own, common))
    assert (alone.retries_remaining, alone.copies) == (own, ())


@pytest.mark.parametrize(("own", "common"), [(3, 2), (2, 3), (3, 3)])
def test_the_lower_counter_that_was_shown_is_the_one_compared(bench: type[Bench], own: int, common: int) -> None:
    """Counters that differ from each other, and not from what was shown, are no change."""
    on_the_table = _bench(bench, own, common)
    _change(on_the_table, TryPolicy(shown=min(own, common)))
    assert on_the_table.holds(Pin.JUKI) == "8537"


@pytest.mark.parametrize(
    ("own", "common", "policy", "cause"),
    [
        (3, 2, TryPolicy(shown=3), CounterChangedError),
        (2, 3, TryPolicy(shown=3), CounterChangedError),
        (3, 1, TryPolicy(), LastTryError),
        (1, 3, TryPolicy(), LastTryError),
        (3, 0, TryPolicy(use_last_try=True), PinBlockedError),
        (0, 3, TryPolicy(use_last_try=True), PinBlockedError),
    ],
)
def test_either_counter_stops_a_change(
    bench: type[Bench], own: int, common: int, policy: TryPolicy, cause: type[Exception]
) -> None:
    """Nothing secret is sent when the lower counter speaks against it, for a script as for a person."""
    on_the_table = _bench(bench, own, common)
    with pytest.raises(PinChangeError) as caught:
        _change(on_the_table, policy)
    assert isinstance(caught.value.cause, cause)
    assert not caught.value.is_unknown
    assert not [command for command in on_the_table.reached if command[1] == 0x20 and len(command) > 4]


def test_a_card_without_the_second_place(bench: type[Bench]) -> None:
    """Where the common application has no such PIN, the own place decides alone, and there are no copies."""
    on_the_table = _bench(bench, 2, 3, "sw-before:select#2=6A82")
    card = on_the_table.card()
    with card.transaction():
        status = card.read_pin_status(Pin.JUKI, all_copies=True)
    assert (status.state, status.retries_remaining, status.copies) == (PinState.USED, 2, ())


@pytest.mark.parametrize("word", ["6A82", "6F00"])
def test_the_own_place_must_be_there(bench: type[Bench], word: str) -> None:
    """A counter in the other place is no leave to present the PIN in an own place that does not answer."""
    on_the_table = _bench(bench, 3, 3, f"sw-before:select#2={word},sw-before:select#3={word}")
    with pytest.raises(PinChangeError) as caught:
        _change(on_the_table, TryPolicy())
    assert isinstance(caught.value.cause, FileNotFoundOnCardError | UnexpectedStatusError | NotMyNumberCardError)
    assert not [command for command in on_the_table.reached if command[1] == 0x20 and len(command) > 4]
