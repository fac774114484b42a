"""PINs that are kept for a program: how long, and what is left of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN

from jpki.agent.kept import KeptPins, boot_clock
from jpki.card import Pin
from jpki.pin import Secret

if TYPE_CHECKING:
    from collections.abc import Callable


def test_kept_pins_end_with_their_time_and_their_uses() -> None:
    """By the clock; the copies that were given can still be wiped by whoever has them."""
    now = [0.0]
    kept = KeptPins(lambda: now[0])
    kept.keep("a", Pin.AUTH, b"card", Secret(PIN), 300)
    assert kept.get("a", Pin.AUTH, b"other card") is None
    assert kept.get("b", Pin.AUTH, b"card") is None
    found = kept.get("a", Pin.AUTH, b"card")
    assert found == Secret(PIN)
    assert kept.wipe_old() == 300
    now[0] = 300.0
    assert kept.get("a", Pin.AUTH, b"card") is None
    assert kept.wipe_old() is None
    kept.keep("a", Pin.SIGN, b"card", Secret("SIMCARD1"), 10, uses=1)
    assert not kept.has("a", Pin.SIGN, b"other card")
    assert kept.has("a", Pin.SIGN, b"card")
    assert kept.get("a", Pin.SIGN, b"card") is not None
    assert kept.get("a", Pin.SIGN, b"card") is None


@pytest.mark.parametrize(
    ("ending", "later"),
    [
        (lambda kept: kept.keep("a", Pin.AUTH, b"card", Secret("8517"), 300), 0),
        (lambda kept: kept.get("a", Pin.AUTH, b"card"), 0),
        (lambda kept: kept.wipe("a", Pin.AUTH), 0),
        (lambda kept: kept.wipe("a"), 0),
        (lambda kept: kept.wipe_pin(Pin.AUTH), 0),
        (lambda kept: kept.wipe_all(), 0),
        (lambda kept: kept.wipe_old(), 300),
        (lambda kept: kept.end(), 0),
    ],
    ids=["replaced", "used-up", "logout", "end", "refused", "all", "time", "end-of-all"],
)
def test_a_pin_that_is_kept_no_longer_is_overwritten(ending: Callable[[KeptPins], object], later: float) -> None:
    """Not only forgotten: whatever ends it, nothing is left in its buffer."""
    now = [0.0]
    kept = KeptPins(lambda: now[0])
    secret = Secret(PIN)
    kept.keep("a", Pin.AUTH, b"card", secret, 300, uses=1)
    buffer = secret.reveal()
    now[0] = later
    ending(kept)
    assert bytes(buffer) == b""


def test_an_agent_that_ends_keeps_nothing_more() -> None:
    """A signature that was under way may come after the end: its PIN is overwritten at once."""
    kept = KeptPins()
    kept.end()
    secret = Secret(PIN)
    buffer = secret.reveal()
    kept.keep("a", Pin.AUTH, b"card", secret, 300)
    assert bytes(buffer) == b""
    assert not kept.has("a", Pin.AUTH, b"card")


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="this system has no such clock")
def test_the_time_of_a_kept_pin_goes_on_while_the_computer_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a computer that is closed for the night has forgotten it in the morning."""
    monkeypatch.setattr(time, "clock_gettime", {time.CLOCK_BOOTTIME: 86_400.0}.get)
    assert boot_clock() == 86_400.0
