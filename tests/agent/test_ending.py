"""An agent that ends while a card is slow: whoever asks it then gets an answer, and no thread of it a foreign error."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from agentdesk import Desk

from jpki.agent import CardAccess
from jpki.agent.errors import RequesterGoneError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.card import MyNumberCard

SECONDS = 60.0


@pytest.fixture
def cards() -> Iterator[CardAccess]:
    """The way to an adult's card, which the test closes."""
    with Desk() as desk:
        yield CardAccess(desk.readers)


def test_what_is_asked_after_the_end_reaches_no_card(cards: CardAccess) -> None:
    """The doors wait for their clients some seconds only."""
    cards.close()
    with pytest.raises(RequesterGoneError):
        cards.look()


def test_what_waits_for_a_slow_card_at_the_end_is_not_done(cards: CardAccess) -> None:
    """What the card is doing is awaited."""
    is_asked, is_free = threading.Event(), threading.Event()
    ended: list[object] = []

    def slow(_card: MyNumberCard) -> str:
        is_asked.set()
        assert is_free.wait(SECONDS)
        return "done"

    def wait() -> None:
        try:
            cards.look()
        except RequesterGoneError:
            ended.append("not done")

    threads = [threading.Thread(target=lambda: ended.append(cards.ask(slow)))]
    threads[0].start()
    assert is_asked.wait(SECONDS)
    threads.append(threading.Thread(target=wait))
    threads[1].start()
    deadline = time.monotonic() + SECONDS
    while not cards._thread._work_queue.qsize():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    threads.append(threading.Thread(target=cards.close))
    threads[2].start()
    threads[1].join(SECONDS)
    is_free.set()
    for thread in threads:
        thread.join(SECONDS)
    assert ended == ["not done", "done"]
