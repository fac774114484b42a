"""A survey harms no card: whatever its state and whatever happens, no try is used, nothing is written or left open."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

import pytest
from surveying import make_card, survey_of

from jpki.card import CardKind, Pin
from jpki.errors import AnotherCardError, CounterChangedError, JpkiError, PinError
from jpki.pin import Secret
from jpki.survey import Survey
from jpki.survey.gate import MAX_COMMANDS
from jpki_sim.card import SimulatedConnection, rsa
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import SimulatedCard

_READING = {bytes.fromhex(header) for header in ("00A4", "00B0", "00B2", "00C0", "00CA")}
_SIGNING = bytes.fromhex("802A")
_VERIFY = bytes.fromhex("0020")


@pytest.fixture(autouse=True)
def _signatures_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cards remember signatures: all sign one sentence, and that is most of the time."""
    monkeypatch.setattr(rsa, "private_operation", cache(rsa.private_operation))


def _memory(card: SimulatedCard) -> dict[str, tuple[bytes, int]]:
    """PINs and counters: all that a card of this kind can lose or have changed."""
    return {name: (pin.value, pin.retries_remaining) for name, pin in card.image.reference_data().items()}


def _survey(card: SimulatedCard, faults: str = "") -> tuple[list[bytes], JpkiError | None]:
    """Survey with all PINs and a reset; the commands that reached the card, and what ended it."""
    log: list[bytes] = []
    card.command_log = log
    port = FaultyCard(card, parse_faults(faults), sleep=lambda _: None)
    try:
        survey_of(port)
    except JpkiError as exc:
        return log, exc
    return log, None


def _check_harmless(card: SimulatedCard, log: list[bytes], before: dict[str, tuple[bytes, int]], about: str) -> None:
    presented = [command for command in log if command[:2] == _VERIFY and len(command) > 5]
    assert _memory(card) == before, about
    assert len(presented) == len(set(presented)) <= 3, about
    assert all(command[:2] in _READING | {_SIGNING, _VERIFY} for command in log), about
    assert not card._state.verified, about
    assert len(log) <= MAX_COMMANDS, about


@pytest.mark.parametrize("persona", [persona.name for persona in personas() if not persona.unavailable])
def test_every_card_is_as_it_was_before(persona: str) -> None:
    """Last tries, locked, without PINs, phones, other cards: nothing changes, and nothing stays open."""
    card = make_card(persona)
    before = _memory(card)
    log, _ = _survey(card)

    _check_harmless(card, log, before, persona)
    for name, (value, retries) in before.items():
        if retries != card.image.reference_data()[name].retry_limit:
            assert not any(value and value in command for command in log if command[:2] == _VERIFY), name


@pytest.mark.parametrize("persona", ["phone", "iphone", "old-juki-card", "other-card", "next-generation"])
def test_another_card_is_left_alone(persona: str) -> None:
    """It is asked for its application, its label and the text application, by a few commands."""
    card = make_card(persona)
    card.command_log = []
    kind = None
    with suppress(JpkiError):
        kind = Survey(SimulatedConnection(card)).identify()

    assert kind is not CardKind.CARD
    assert len(card.command_log) <= 5
    assert {command[:2].hex() for command in card.command_log} <= {"00a4", "00b0"}


@pytest.mark.parametrize("tries", [0, 1, 2])
def test_a_pin_that_is_not_full_is_not_presented(tries: int) -> None:
    """With tries missing no VERIFY has data, whichever PINs were given."""
    card = make_card()
    for pin in card.image.reference_data().values():
        pin.retries_remaining = min(tries, pin.retries_remaining)
    before = _memory(card)
    log, error = _survey(card)

    assert error is None
    assert not [command for command in log if command[:2] == _VERIFY and len(command) > 5]
    _check_harmless(card, log, before, str(tries))


def test_a_pin_without_a_limit_is_not_presented() -> None:
    """6300 is no full counter."""
    card = make_card()
    for pin in card.image.reference_data().values():
        pin.retry_limit = None
    log, error = _survey(card)

    assert error is None
    assert not [command for command in log if command[:2] == _VERIFY and len(command) > 5]


def test_a_counter_that_falls_meanwhile_is_noticed() -> None:
    """Another program that uses a try after the counter was read keeps the PIN from being presented."""
    card = make_card()
    survey = Survey(SimulatedConnection(card))
    survey.identify()
    survey.counter(Pin.AUTH)
    card.image.reference_data()["auth"].retries_remaining -= 1
    card.command_log = []
    with pytest.raises(CounterChangedError):
        survey.present(Pin.AUTH, Secret("2846"))

    assert not [command for command in card.command_log if command[:2] == _VERIFY and len(command) > 5]


def test_a_pin_goes_to_the_card_that_was_seen_only() -> None:
    """Another card that lies there when the PIN was typed gets nothing."""
    mine, other = make_card(), make_card("both-expired")
    survey = Survey(connection := SimulatedConnection(mine))
    survey.identify()
    survey.counter(Pin.AUTH)
    connection._card = other
    connection._epoch = other.epoch
    other.command_log = []
    with pytest.raises(AnotherCardError):
        survey.present(Pin.AUTH, Secret("2846"))

    assert not [command for command in other.command_log if command[:2] == _VERIFY and len(command) > 5]


@pytest.mark.parametrize("has_counter", [False, True])
def test_the_library_itself_presents_full_pins_only(has_counter: bool) -> None:  # noqa: FBT001 - a parameter
    """Whoever calls it: without a counter, with one that is not full, and a second time nothing is sent."""
    card = make_card()
    card.image.reference_data()["auth"].retries_remaining = 2
    survey = Survey(SimulatedConnection(card))
    survey.identify()
    if has_counter:
        survey.counter(Pin.AUTH)
    card.command_log = []
    with pytest.raises(ValueError, match="full"):
        survey.present(Pin.AUTH, Secret("2846"))
    assert card.command_log == []


def test_a_wrong_pin_uses_one_try_and_is_not_tried_again() -> None:
    """The holder's mistake costs what it always costs; the error says so."""
    card = make_card()
    with pytest.raises(PinError):
        survey_of(card, values={"auth": "2846", "sign": "SIMCARD1", "input": "0000"})

    assert card.image.reference_data()["input"].retries_remaining == 2
    assert card.image.reference_data()["auth"].retries_remaining == 3


_ENDINGS = ("remove", "remove-after", "reader-gone", "mute", "mute-after", "reset", "unpower")
_ANSWERS = ("sw", "sw-before", "truncate", "empty", "garbage", "endless", "split", "wrong-le")
#: With another beginning for each kind, so that together they meet almost every command; JPKI_LONG=1 takes every one.
_STRIDE = 1 if os.environ.get("JPKI_LONG") == "1" else 17


def _plan(kind: str, when: str) -> str:
    return f"{kind}:{when}=6F00" if kind.startswith("sw") else f"{kind}:{when}"


def _count() -> int:
    return len(_survey(make_card())[0])


@pytest.mark.parametrize(("place", "kind"), list(enumerate((*_ENDINGS, *_ANSWERS))))
def test_a_fault_at_any_command_harms_nothing(place: int, kind: str) -> None:
    """Removed, mute, reset, talking nonsense: at commands all over the survey, once and from then on."""
    for number in range(1 + place % _STRIDE, _count() + 1, _STRIDE):
        for plus in ("", "+"):
            card = make_card()
            before = _memory(card)
            plan = _plan(kind, f"{number}{plus}")
            log, _ = _survey(card, plan)
            _check_harmless(card, log, before, plan)


@pytest.mark.parametrize("kind", [*_ENDINGS, *_ANSWERS])
def test_a_fault_at_each_command_with_a_pin_harms_nothing(kind: str) -> None:
    """From each VERIFY on, every command with its answer lost or spoiled, one after another."""
    clean = _survey(make_card())[0]
    first = [number for number, command in enumerate(clean, 1) if command[:2] == _VERIFY and len(command) > 5]
    for number in sorted({start + step for start in first for step in range(6)}):
        card = make_card()
        before = _memory(card)
        plan = _plan(kind, str(number))
        log, _ = _survey(card, plan)
        _check_harmless(card, log, before, plan)


@pytest.mark.parametrize("command", ["any", "select", "read", "status", "verify", "sign", "get-data", "record"])
def test_answers_of_every_class_harm_nothing(command: str) -> None:
    """Status words of each class to all commands of a name, executed or not."""
    for word in ("6110", "6282", "6300", "63C0", "63C3", "63CF", "6400", "6581", "66F1", "6700", "6881", "6982"):
        _answer_with(command, word)
    for word in ("6983", "6984", "6985", "6A82", "6A86", "6B00", "6C05", "6D00", "6E00", "6F00", "9000", "0000"):
        _answer_with(command, word)


def _answer_with(command: str, word: str) -> None:
    for kind in ("sw", "sw-before") if command in ("verify", "sign", "status") else ("sw",):
        card = make_card()
        before = _memory(card)
        plan = f"{kind}:{command}+={word}"
        log, _ = _survey(card, plan)
        _check_harmless(card, log, before, plan)


def _clock(step: float) -> Callable[[], float]:
    seconds = iter(range(10**6))
    return lambda: next(seconds) * step


@pytest.mark.parametrize("faults", ["", "garbage:any+", "split:any+=1", "endless:any+"])
def test_a_slow_card_does_not_hold_it_for_ever(faults: str) -> None:
    """The survey ends when the card has taken its time, also amid a file that comes byte by byte."""
    card = make_card()
    card.command_log = []
    port = FaultyCard(card, parse_faults(faults), sleep=lambda _: None)
    survey = Survey(SimulatedConnection(port), clock=_clock(2.0), seconds=90.0)
    with suppress(JpkiError):
        survey.identify()
        survey.read()

    assert port.inner.apdu_count <= 45  # type: ignore[attr-defined] # the card itself is inside


def test_the_power_is_cut_whatever_happens() -> None:
    """A card that was held for resets has no power afterwards, after success and after any error."""
    for faults in ("", "garbage:sign+", "mute:sign", "remove:sign", "sw:sign+=6F00", "reset:sign", "sw:verify=6F00"):
        card = make_card()
        port = FaultyCard(card, parse_faults(faults), sleep=lambda _: None)
        survey = Survey(SimulatedConnection(port))
        survey.identify()
        survey.hold()
        with suppress(JpkiError), Secret("2846") as secret:
            survey.counter(Pin.AUTH)
            survey.present(Pin.AUTH, secret)
        survey.close()
        assert not card.is_powered, faults


def test_without_a_reset_the_card_keeps_its_power() -> None:
    """Other programs are left alone where no reset was asked for."""
    card = make_card()
    survey_of(card, has_reset=False)

    assert card.is_powered
