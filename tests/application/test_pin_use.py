"""A blocked PIN without certificate: told by EF 0008, in the same selection, and by nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.card import Pin, PinState, read_four_pins
from jpki.errors import PinBlockedError, PinChangeError, PinNotInUseError
from jpki.pin import Secret, TryPolicy
from jpki.pin.commands import change_pin, verify_pin

if TYPE_CHECKING:
    from application.conftest import Bench


@pytest.mark.parametrize(
    ("persona", "lacking", "commands"),
    [("adult", [], 7), ("child", ["sign"], 8), ("declined", ["auth", "sign"], 8), ("locked-auth", [], 8)],
)
def test_the_four_pins_with_what_lacks_its_certificate(
    bench: type[Bench], persona: str, lacking: list[str], commands: int
) -> None:
    """7 commands, and one more for both certificate PINs together where one of them is blocked."""
    card = bench(persona)
    found = read_four_pins(card.card())

    assert [status.name for status in found] == [pin.value for pin in Pin]
    assert [status.name for status in found if status.state is PinState.NOT_IN_USE] == lacking
    assert card.apdus == commands


def test_without_short_identifiers_the_flags_take_two_commands(bench: type[Bench]) -> None:
    """SELECT EF 0008 and READ BINARY, with no new SELECT of the application."""
    child, adult = bench("child"), bench("adult")
    found = read_four_pins(child.card(short_ef_ids=False))
    read_four_pins(adult.card(short_ef_ids=False))

    assert [status.state is PinState.NOT_IN_USE for status in found] == [False, True, False, False]
    assert child.apdus == adult.apdus + 2


def test_a_locked_office_pin_is_not_asked_about(bench: type[Bench]) -> None:
    """The other two PINs belong to no certificate: no flag is read."""
    card = bench()
    card.set_tries(Pin.INPUT, 0)
    card.set_tries(Pin.JUKI, 0)
    found = read_four_pins(card.card())

    assert [status.state for status in found[2:]] == [PinState.BLOCKED, PinState.BLOCKED]
    assert card.apdus == 7


@pytest.mark.parametrize(("persona", "lacks"), [("child", True), ("locked-sign", False)])
def test_the_error_says_which_of_the_two_it_is(bench: type[Bench], persona: str, *, lacks: bool) -> None:
    """Of a VERIFY and of a change: SELECT, SELECT, counter, flags, and nothing secret."""
    card = bench(persona)
    with pytest.raises(PinBlockedError) as verified:
        verify_pin(card.card(), Pin.SIGN, Secret("SIMCARD1"), TryPolicy())
    sent = [command for command, _ in card.link.exchanges]
    with pytest.raises(PinChangeError) as changed:
        change_pin(card.card(), Pin.SIGN, Secret("SIMCARD1"), Secret("XB7Q2K9"), TryPolicy())

    assert isinstance(verified.value, PinNotInUseError) is lacks
    assert isinstance(changed.value.cause, PinBlockedError)
    assert isinstance(changed.value.cause, PinNotInUseError) is lacks
    assert not changed.value.is_unknown
    assert sum(command[1] == 0xB0 for command in sent) == 1
    assert not [command for command in sent if command[1] == 0x20 and len(command) > 4]


def test_a_pin_that_is_blocked_just_now_is_locked(bench: type[Bench]) -> None:
    """The last try was used by this call: no flag is read, as the PIN was in use."""
    card = bench()
    card.set_tries(Pin.AUTH, 1)
    with pytest.raises(PinBlockedError) as used:
        verify_pin(card.card(), Pin.AUTH, Secret("7391"), TryPolicy(use_last_try=True))

    assert used.value.by_this_call
    assert not isinstance(used.value, PinNotInUseError)
    assert not [command for command, _ in card.link.exchanges if command[1] == 0xB0]
