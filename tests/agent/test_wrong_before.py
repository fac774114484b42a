"""The next question after a wrong entry: it speaks of that entry where it was one for this card, and still counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from agentdesk import READER
from rpcclient import RpcClient, RvError

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentdesk import Desk

WRONG_PIN, CANCELED = 0xA0, 0x50


def nothing(_desk: Desk) -> None:
    """The next question comes at once."""


def exchange(desk: Desk) -> None:
    """Another card is put there, of which a try was used, too."""
    desk.readers.remove(READER)
    desk.readers.insert(READER, "youth")
    desk.set_tries(2)


def refill(desk: Desk) -> None:
    """Another program presents the right PIN."""
    desk.set_tries(3)


@pytest.mark.parametrize(("between", "is_told"), [(nothing, True), (exchange, False), (refill, False)])
def test_a_wrong_entry_is_told_of_its_card_until_a_right_one(
    desk: Desk, client: RpcClient, between: Callable[[Desk], None], *, is_told: bool
) -> None:
    """Of another card it would be wrong, and beside a full counter nobody could make sense of it."""
    desk.person.secrets = ["1111"]
    for wanted in (WRONG_PIN, CANCELED):
        session = client.open()
        with pytest.raises(RvError) as caught:
            client.sign(session)
        assert caught.value.rv == wanted
        if wanted == WRONG_PIN:
            between(desk)
    first, second = desk.words.questions
    assert (first.is_wrong_before, second.is_wrong_before) == (False, is_told)
