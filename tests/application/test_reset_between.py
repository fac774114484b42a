"""Another program resets the card between two transactions: nothing was sent, so the next one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.card import Pin
from jpki.errors import CardResetError, PinChangeError
from jpki.pin import Secret, TryPolicy
from jpki.pin.commands import change_pin

if TYPE_CHECKING:
    from application.conftest import Bench


class _Begins:
    """Beginnings of transactions, of which the first few meet a reset."""

    def __init__(self, resets: int) -> None:
        self.resets = resets
        self.count = 0

    def __call__(self) -> None:
        self.count += 1
        if self.count <= self.resets:
            raise CardResetError("another program reset the card")


def test_a_reset_before_the_transaction_is_no_failure(bench: type[Bench]) -> None:
    """The change goes through, with everything selected anew."""
    on_the_table = bench()
    begins = on_the_table.link.on_begin = _Begins(1)
    change_pin(on_the_table.card(), Pin.AUTH, Secret("2846"), Secret("8517"), TryPolicy(shown=3))
    assert (on_the_table.holds(Pin.AUTH), begins.count) == ("8517", 2)


def test_a_program_that_resets_again_and_again_is_told(bench: type[Bench]) -> None:
    """The second reset in a row is an error; nothing was sent."""
    on_the_table = bench()
    on_the_table.link.on_begin = _Begins(2)
    with pytest.raises(PinChangeError) as caught:
        change_pin(on_the_table.card(), Pin.AUTH, Secret("2846"), Secret("8517"), TryPolicy(shown=3))
    assert isinstance(caught.value.cause, CardResetError)
    assert on_the_table.apdus == 0


def test_inside_a_transaction_a_reset_is_never_passed_over(bench: type[Bench]) -> None:
    """What was selected there is gone, so a block inside does not begin by itself."""
    on_the_table = bench()
    card = on_the_table.card()
    with card.transaction():
        on_the_table.link.on_begin = _Begins(1)
        with pytest.raises(CardResetError), card.transaction():
            pytest.fail("it began")
