"""Answers to a PIN that are lost, refused or interrupted, and the read-back of a new PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.card import Pin
from jpki.errors import (
    ApduError,
    CardRemovedError,
    JpkiError,
    OutcomeUnknownError,
    PinChangeError,
    UnexpectedStatusError,
    WrongPinError,
)
from jpki.pin import Secret, TryPolicy
from jpki.pin.commands import change_pin, verify_pin

if TYPE_CHECKING:
    from collections.abc import Callable

    from application.conftest import Bench

_ANY = TryPolicy()
_LAST = TryPolicy(use_last_try=True)


def _verify(bench: Bench, pin: Pin, secret: str, policy: TryPolicy = _ANY) -> None:
    verify_pin(bench.card(), pin, Secret(secret), policy)


def _secrets_sent(bench: Bench) -> int:
    """Commands with a data field that could hold a PIN, which left the host."""
    return sum(command[1] in (0x20, 0x24, 0x32) and len(command) > 4 for command, _ in bench.link.exchanges)


# Lost answers


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("remove-after:verify", CardRemovedError),
        ("empty:verify", ApduError),
        ("truncate:verify=1", ApduError),
        ("garbage:verify=16", ApduError),
        ("sw:verify=6F00", UnexpectedStatusError),
        ("sw:verify=6581", UnexpectedStatusError),
        ("sw:verify=6400", UnexpectedStatusError),
    ],
)
@pytest.mark.parametrize("pin", Pin)
def test_a_lost_answer_to_verify(bench: type[Bench], pin: Pin, fault: str, cause: type[JpkiError]) -> None:
    """The outcome is unknown, the PIN is not presented again, and the counter is told where the card still answers."""
    card = bench(faults=fault)
    with pytest.raises(OutcomeUnknownError) as caught:
        _verify(card, pin, card.WRONG[pin])
    assert isinstance(caught.value.__cause__, cause)
    expected = None if cause is CardRemovedError else pin.retry_limit - 1
    assert caught.value.retries_remaining == expected
    assert card.tries(pin) == pin.retry_limit - 1
    assert _secrets_sent(card) == 1


@pytest.mark.parametrize("word", ["6700", "6982", "6985", "6A80", "6D00", "6104", "6C04"])
@pytest.mark.parametrize("pin", Pin)
def test_a_verify_that_the_card_refuses(bench: type[Bench], pin: Pin, word: str) -> None:
    """A status word of a refusal, or one that asks for another command, is an error; the PIN is not sent again."""
    card = bench(faults=f"sw-before:verify={word}")
    with pytest.raises(UnexpectedStatusError) as caught:
        _verify(card, pin, card.SECRETS[pin])
    assert caught.value.sw == int(word, 16)
    assert _secrets_sent(card) == 1


@pytest.mark.parametrize("is_lasting", [False, True])
@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("pin", Pin)
def test_an_interrupted_verify(bench: type[Bench], pin: Pin, *, is_after: bool, is_lasting: bool) -> None:
    """Ctrl-C inside VERIFY is an unknown outcome, and more of them on the way out do not hide it."""
    card = bench()

    def interrupt(number: int, _command: bytes, send: Callable[[], bytes]) -> bytes:
        if number < 4 or (number > 4 and not is_lasting):
            return send()
        if is_after:
            send()
        raise KeyboardInterrupt

    card.link.hook = interrupt
    with pytest.raises((OutcomeUnknownError, KeyboardInterrupt)) as caught:
        _verify(card, pin, card.WRONG[pin])
    assert isinstance(caught.value, OutcomeUnknownError)
    assert isinstance(caught.value.__cause__, KeyboardInterrupt)
    assert caught.value.retries_remaining == (None if is_lasting else card.tries(pin))
    assert _secrets_sent(card) == 1
    assert card.opened(pin) == []


@pytest.mark.parametrize("pin", Pin)
def test_an_interruption_on_the_way_out_hides_no_wrong_pin(bench: type[Bench], pin: Pin) -> None:
    """Ctrl-C while the card is left does not replace the error that tells of a lost try."""
    card = bench()

    def interrupt(number: int, _command: bytes, send: Callable[[], bytes]) -> bytes:
        if number == 5:
            raise KeyboardInterrupt
        return send()

    card.link.hook = interrupt
    with pytest.raises((WrongPinError, KeyboardInterrupt)) as caught:
        _verify(card, pin, card.WRONG[pin])
    assert isinstance(caught.value, WrongPinError)
    assert caught.value.retries_remaining == pin.retry_limit - 1


@pytest.mark.parametrize("pin", Pin)
def test_an_interruption_before_verify_is_what_it_is(bench: type[Bench], pin: Pin) -> None:
    """A signal remembered before VERIFY ends the call as an interruption; nothing was sent."""
    card = bench()

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _verify(card, pin, card.SECRETS[pin], TryPolicy(check_interrupts=stop))
    assert _secrets_sent(card) == 0


def test_a_wiped_secret_is_a_mistake_and_not_an_unknown_outcome(bench: type[Bench]) -> None:
    """A secret that was wiped before its use is a ValueError; nothing was sent, and nothing else is claimed."""
    card = bench()
    secret = Secret(card.SECRETS[Pin.AUTH])

    def wipe() -> None:
        secret.wipe()

    with pytest.raises(ValueError, match="wiped"):
        verify_pin(card.card(), Pin.AUTH, secret, TryPolicy(check_interrupts=wipe))
    assert _secrets_sent(card) == 0


def test_a_new_secret_wiped_before_its_use_leaves_the_pin_unchanged(bench: type[Bench]) -> None:
    """A new PIN that is gone when CHANGE is due is a mistake of the caller, and the PIN is surely unchanged."""
    card = bench()
    new = Secret(card.NEW[Pin.AUTH])
    calls: list[int] = []

    def wipe_at_second() -> None:
        calls.append(1)
        if len(calls) == 2:
            new.wipe()

    with pytest.raises(PinChangeError) as caught:
        change_pin(card.card(), Pin.AUTH, Secret("2846"), new, TryPolicy(check_interrupts=wipe_at_second))
    assert not caught.value.is_unknown
    assert isinstance(caught.value.cause, ValueError)


def test_an_empty_secret_is_refused_even_past_the_form(bench: type[Bench]) -> None:
    """A buffer that is emptied after its form was judged is never sent as a status query."""
    card = bench()
    secret = Secret(card.SECRETS[Pin.AUTH])

    def empty() -> None:
        secret.reveal().clear()

    with pytest.raises(ValueError, match="1 to 255"):
        verify_pin(card.card(), Pin.AUTH, secret, TryPolicy(check_interrupts=empty))
    assert _secrets_sent(card) == 0


# Reading back


@pytest.mark.parametrize("pin", Pin)
def test_a_change_that_is_read_back(bench: type[Bench], pin: Pin) -> None:
    """With confirm the new PIN is presented once after the change; the old one is presented once before it."""
    card = bench()
    report = change_pin(card.card(), pin, Secret(card.SECRETS[pin]), Secret(card.NEW[pin]), TryPolicy(), confirm=True)
    assert (report.is_confirmed, report.warnings, report.retries_remaining) == (True, (), pin.retry_limit)
    verified = [command[5:].decode() for command, _ in card.link.exchanges if command[1] == 0x20 and len(command) > 4]
    assert verified == [card.SECRETS[pin], card.NEW[pin]]


@pytest.mark.parametrize(
    ("fault", "told", "warnings"),
    [
        ("sw-before:verify#2=63C2", 2, ["confirmation_refused"]),
        ("sw-before:verify#2=63C0", 3, ["not_confirmed"]),
        ("sw-before:verify#2=6F00", 3, ["not_confirmed"]),
        ("sw-before:verify#2=6985", 3, ["not_confirmed"]),
        ("empty:verify#2", 3, ["not_confirmed", "connection_lost"]),
        ("remove-after:verify#2", None, ["not_confirmed", "connection_lost"]),
        ("sw-before:status#2=63C1", 1, ["not_confirmed"]),
        ("sw-before:status#2=6984", 0, ["not_confirmed"]),
        ("sw-before:status#2=6F00", 3, ["not_confirmed"]),
        ("remove:status#2", 3, ["not_confirmed", "connection_lost"]),
    ],
)
def test_a_read_back_that_fails(bench: type[Bench], fault: str, told: int | None, warnings: list[str]) -> None:
    """The change stands, a warning tells of the read-back, and the tries told are what the card said last."""
    card = bench(faults=fault)
    report = change_pin(card.card(), Pin.AUTH, Secret("2846"), Secret("8517"), TryPolicy(), confirm=True)
    assert card.holds(Pin.AUTH) == "8517"
    assert not report.is_confirmed
    assert report.retries_remaining == told
    assert [warning.value for warning in report.warnings] == warnings


@pytest.mark.parametrize("word", ["63C1", "63C0", "6983", "6984"])
def test_nothing_is_read_back_with_the_last_try(bench: type[Bench], word: str) -> None:
    """A read-back needs two tries, whatever was allowed for the change."""
    card = bench(faults=f"sw-before:status#2={word}")
    change_pin(card.card(), Pin.AUTH, Secret("2846"), Secret("8517"), _LAST, confirm=True)
    assert _secrets_sent(card) == 2


def test_an_interrupted_read_back(bench: type[Bench]) -> None:
    """Ctrl-C inside the read-back leaves the change standing, with a warning."""
    card = bench()

    def interrupt(number: int, _command: bytes, send: Callable[[], bytes]) -> bytes:
        if number == 7:
            raise KeyboardInterrupt
        return send()

    card.link.hook = interrupt
    report = change_pin(card.card(), Pin.AUTH, Secret("2846"), Secret("8517"), TryPolicy(), confirm=True)
    assert [warning.value for warning in report.warnings] == ["not_confirmed", "interrupted"]
    assert card.opened(Pin.AUTH) == []


@pytest.mark.parametrize("pin", Pin)
def test_no_second_command_carries_the_same_secret(bench: type[Bench], pin: Pin) -> None:
    """A lost answer in a loop of callers would cost tries; here each call sends each secret once, on any failure."""
    for fault in ("mute:verify", "mute:change", "sw-before:verify=6C04", "sw-before:change=6C04", "empty:change"):
        card = bench(faults=fault)
        with pytest.raises(PinChangeError):
            change_pin(card.card(), pin, Secret(card.SECRETS[pin]), Secret(card.NEW[pin]), TryPolicy())
        sent = [command for command, _ in card.link.exchanges if len(command) > 4 and command[1] in (0x20, 0x24, 0x32)]
        assert len(sent) == len(set(sent))
