"""After a lost answer: the same card is known again, and says what became of its PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.card import MyNumberCard, Pin
from jpki.errors import (
    AnotherCardError,
    CounterChangedError,
    LastTryError,
    OutcomeUnknownError,
    PinBlockedError,
    PinChangeError,
    WrongPinError,
)
from jpki.pin import Secret, SeenCard, TryPolicy, see
from jpki.pin.commands import change_pin, verify_pin
from jpki.pin.recovering import Recheck, recheck, was_surely_right
from jpki.pin.seen_card import CardMatch
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from application.conftest import Bench


def _see(card: MyNumberCard) -> SeenCard:
    with card.transaction():
        found = see(card)
    assert found.fingerprint is not None
    return found


def _lose(bench: type[Bench], pin: Pin, plan: str) -> tuple[Bench, SeenCard, PinChangeError]:
    """Change a PIN on a card that goes away as planned; the card is put back afterwards."""
    on_the_table = bench(faults=plan)
    card = on_the_table.card()
    seen = _see(card)
    with pytest.raises(PinChangeError) as caught:
        change_pin(card, pin, Secret(bench.SECRETS[pin]), Secret(bench.NEW[pin]), TryPolicy())
    on_the_table.port.insert()
    return on_the_table, seen, caught.value


def _again(on_the_table: Bench) -> MyNumberCard:
    return MyNumberCard(SimulatedConnection(on_the_table.port))


@pytest.mark.parametrize("pin", Pin)
@pytest.mark.parametrize(("plan", "happened"), [("remove-after:change", True), ("remove:change", False)])
def test_the_new_pin_tells_whether_the_change_happened(
    bench: type[Bench],
    *,
    pin: Pin,
    plan: str,
    happened: bool,
) -> None:
    """Unknown before; then what is said is what the card holds, for one VERIFY; a try only where it did not happen."""
    on_the_table, seen, lost = _lose(bench, pin, plan)
    assert lost.is_unknown
    card = _again(on_the_table)
    finding = recheck(card, pin, seen)
    assert finding.match is CardMatch.SAME
    assert finding.status is not None
    assert finding.status.retries_remaining == on_the_table.tries(pin) == pin.retry_limit
    before = len(on_the_table.reached)
    policy = TryPolicy(shown=finding.status.retries_remaining, seen=seen)
    if happened:
        verify_pin(card, pin, Secret(bench.NEW[pin]), policy)
    else:
        with pytest.raises(WrongPinError) as caught:
            verify_pin(card, pin, Secret(bench.NEW[pin]), policy)
        assert caught.value.retries_remaining == pin.retry_limit - 1
    assert on_the_table.holds(pin) == (bench.NEW if happened else bench.SECRETS)[pin]
    assert on_the_table.tries(pin) == pin.retry_limit - (not happened)
    sent = [command for command in on_the_table.reached[before:] if command[1] == 0x20 and len(command) > 4]
    assert len(sent) == 1
    assert on_the_table.opened(pin) == []


def test_another_card_is_told(bench: type[Bench]) -> None:
    """A card with another certificate, and one that is no My Number Card, are not asked for their counter."""
    seen = _see(bench().card())
    for persona in ("youth", "other-card"):
        other = bench(persona)
        assert recheck(other.card(), Pin.AUTH, seen) == Recheck(CardMatch.ANOTHER)
        with pytest.raises(AnotherCardError):
            verify_pin(other.card(), Pin.AUTH, Secret("8517"), TryPolicy(seen=seen))
        assert not [command for command in other.reached if command[1] == 0x20]


def test_a_card_that_cannot_be_compared(bench: type[Bench]) -> None:
    """A phone gives its certificate out only after the PIN: neither known before nor known again."""
    phone = bench("phone")
    with phone.card().transaction():
        assert phone.card().read_fingerprint() is None
    for seen in (SeenCard(bytes(32), object()), SeenCard(None, object())):
        assert recheck(phone.card(), Pin.AUTH, seen) == Recheck(CardMatch.UNKNOWN)
        with pytest.raises(AnotherCardError) as caught:
            verify_pin(phone.card(), Pin.AUTH, Secret("8517"), TryPolicy(seen=seen))
        assert not caught.value.is_certain


def test_looking_uses_no_try(bench: type[Bench]) -> None:
    """Four commands, none with a secret."""
    on_the_table = bench()
    card = on_the_table.card()
    recheck(card, Pin.AUTH, _see(card))
    assert not [command for command in on_the_table.reached if command[1] == 0x20 and len(command) > 4]


@pytest.mark.parametrize(("tries", "cause"), [(1, LastTryError), (0, PinBlockedError)])
def test_never_with_the_last_try(bench: type[Bench], tries: int, cause: type[Exception]) -> None:
    """With one try left, or none, nothing is presented."""
    on_the_table, seen, _ = _lose(bench, Pin.AUTH, "remove-after:change")
    on_the_table.set_tries(Pin.AUTH, tries)
    with pytest.raises(cause):
        verify_pin(_again(on_the_table), Pin.AUTH, Secret("8517"), TryPolicy(seen=seen))
    assert on_the_table.tries(Pin.AUTH) == tries


def test_a_counter_that_changed_since_the_look_stops_it(bench: type[Bench]) -> None:
    """Consent was given for the counter that was shown."""
    on_the_table, seen, _ = _lose(bench, Pin.AUTH, "remove-after:change")
    on_the_table.set_tries(Pin.AUTH, 2)
    with pytest.raises(CounterChangedError):
        verify_pin(_again(on_the_table), Pin.AUTH, Secret("8517"), TryPolicy(shown=3, seen=seen))


def test_lost_once_more(bench: type[Bench]) -> None:
    """A second lost answer leaves it unknown."""
    on_the_table, seen, _ = _lose(bench, Pin.AUTH, "remove-after:change,remove-after:verify#2")
    with pytest.raises(OutcomeUnknownError):
        verify_pin(_again(on_the_table), Pin.AUTH, Secret("8517"), TryPolicy(seen=seen))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (2, 3, True),
        (1, 3, True),
        (3, 3, False),
        (3, 2, False),
        (2, 2, False),
        (2, 1, False),
        (None, 3, False),
        (2, None, False),
    ],
)
def test_what_the_counters_tell_of_a_lost_verify(*, before: int | None, after: int | None, told: bool) -> None:
    """A counter that is full again was filled by a right entry; nothing else is certain."""
    assert was_surely_right(Pin.AUTH, before, after) is told


@pytest.mark.parametrize(("secret", "filled"), [("2846", True), ("7391", False)])
def test_a_lost_verify_of_a_used_counter(bench: type[Bench], *, secret: str, filled: bool) -> None:
    """A right one is known by its counter."""
    on_the_table = bench(faults="remove-after:verify")
    on_the_table.set_tries(Pin.AUTH, 2)
    with pytest.raises(OutcomeUnknownError):
        verify_pin(on_the_table.card(), Pin.AUTH, Secret(secret), TryPolicy(shown=2))
    on_the_table.port.insert()
    card = _again(on_the_table)
    with card.transaction():
        status = card.read_pin_status(Pin.AUTH)
    assert was_surely_right(Pin.AUTH, 2, status.retries_remaining) is filled
