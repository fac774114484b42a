"""PINs as values: where each lies, how many tries it has, and what a counter makes of its state."""

from __future__ import annotations

import pytest

from jpki.card import VERIFICATION_NUMBERS, Pin, PinState, PinStatus, Reference, pin as pins
from jpki.errors import (
    CounterChangedError,
    FileNotFoundOnCardError,
    HiddenCounterError,
    JpkiError,
    LastTryError,
    PinBlockedError,
    UnexpectedStatusError,
)
from jpki.identifiers import Application
from jpki.iso7816 import RetryState, RetryStatus, StatusWord
from jpki.pin import TryPolicy, check_tries

_AIDS = {
    Application.JPKI: "D392F000260100000001",
    Application.TEXT: "D3921000310001010408",
    Application.VISUAL: "D3921000310001010402",
    Application.JUKI: "D3921000310001010401",
    Application.COMMON: "D3921000310001010100",
}


def test_names_of_the_applications() -> None:
    """The AIDs are those of the card's description (docs/card.md, 1.1)."""
    assert {application: application.df_name.hex().upper() for application in Application} == _AIDS


@pytest.mark.parametrize(
    ("pin", "application", "ef_id", "tries"),
    [
        (Pin.AUTH, Application.JPKI, 0x0018, 3),
        (Pin.SIGN, Application.JPKI, 0x001B, 5),
        (Pin.INPUT, Application.TEXT, 0x0011, 3),
        (Pin.JUKI, Application.JUKI, 0x001C, 3),
    ],
)
def test_places_and_tries(pin: Pin, application: Application, ef_id: int, tries: int) -> None:
    """Each PIN lies in its application and has its number of tries (docs/card.md, 2.1)."""
    assert pin.reference == Reference(application, ef_id)
    assert pin.retry_limit == tries
    assert pin.is_password == (pin is Pin.SIGN)
    assert pin.copies[0] == pin.reference


def test_the_second_copy() -> None:
    """The Basic Resident Register PIN alone lies in two applications (docs/card.md, 1.5)."""
    assert Pin.JUKI.copies[1:] == (Reference(Application.COMMON, 0x001C),)
    assert all(len(pin.copies) == 1 for pin in Pin if pin is not Pin.JUKI)


def test_places_of_the_verification_numbers() -> None:
    """A and B lie in the text and in the visual application, in opposite order (docs/card.md, section 10, #10)."""
    assert {name: (place.application, place.ef_id) for name, place in VERIFICATION_NUMBERS.items()} == {
        "text-a": (Application.TEXT, 0x14),
        "text-b": (Application.TEXT, 0x15),
        "visual-a": (Application.VISUAL, 0x13),
        "visual-b": (Application.VISUAL, 0x12),
    }


@pytest.mark.parametrize(
    ("limit", "left", "state"),
    [
        (3, 3, PinState.FULL),
        (3, 2, PinState.USED),
        (3, 1, PinState.LAST_TRY),
        (5, 5, PinState.FULL),
        (5, 4, PinState.USED),
        (5, 2, PinState.USED),
        (5, 1, PinState.LAST_TRY),
        (3, 5, PinState.FULL),
        (None, 10, PinState.FULL),
        (None, 1, PinState.LAST_TRY),
        (1, 1, PinState.LAST_TRY),
    ],
)
def test_states_of_a_counter(limit: int | None, left: int, state: PinState) -> None:
    """One try left is the last one, fewer than the limit are used, any other number is full."""
    sw = StatusWord(0x63C0 | left)
    status = pins.interpret("auth", limit, RetryStatus(RetryState.REMAINING, left, sw))
    assert status == PinStatus("auth", state, left, limit, sw)
    assert status.can_try


@pytest.mark.parametrize(
    ("given", "state", "remaining", "can_try"),
    [
        (RetryState.BLOCKED, PinState.BLOCKED, 0, False),
        (RetryState.VERIFIED, PinState.VERIFIED, None, True),
        (RetryState.UNLIMITED, PinState.UNLIMITED, None, True),
    ],
)
def test_states_without_a_counter(given: RetryState, state: PinState, remaining: int | None, *, can_try: bool) -> None:
    """Blocked is no try left; verified and unlimited tell no number."""
    status = pins.interpret("sign", 5, RetryStatus(given, None, StatusWord(0x9000)))
    assert (status.state, status.retries_remaining, status.can_try) == (state, remaining, can_try)


def test_absent_and_unknown() -> None:
    """A PIN that is not there cannot be tried; of one whose counter is not given, nobody knows."""
    sw = StatusWord(0x6A82)
    assert pins.absent("juki", 3, sw) == PinStatus("juki", PinState.ABSENT, None, 3, sw)
    assert not pins.absent("juki", 3).can_try
    assert pins.unknown("juki", 3, sw) == PinStatus("juki", PinState.UNKNOWN, None, 3, sw)
    assert pins.unknown("juki", 3).can_try


def _status(state: PinState, left: int | None = None) -> PinStatus:
    return PinStatus("auth", state, left, 3, StatusWord(0x6985))


_LAST = _status(PinState.LAST_TRY, 1)
_USED = _status(PinState.USED, 2)
_FULL = _status(PinState.FULL, 3)


@pytest.mark.parametrize(
    ("status", "policy", "error"),
    [
        (_FULL, TryPolicy(), None),
        (_FULL, TryPolicy(shown=3), None),
        (_FULL, TryPolicy(shown=2), CounterChangedError),
        (_FULL, TryPolicy(shown=2, use_last_try=True), CounterChangedError),
        (_USED, TryPolicy(), None),
        (_USED, TryPolicy(shown=3), CounterChangedError),
        (_LAST, TryPolicy(), LastTryError),
        (_LAST, TryPolicy(shown=1), LastTryError),
        (_LAST, TryPolicy(shown=2, use_last_try=True), CounterChangedError),
        (_LAST, TryPolicy(use_last_try=True), None),
        (_LAST, TryPolicy(shown=1, use_last_try=True), None),
        (_status(PinState.BLOCKED, 0), TryPolicy(use_last_try=True), PinBlockedError),
        (_status(PinState.BLOCKED, 0), TryPolicy(shown=0, use_last_try=True), PinBlockedError),
        (_status(PinState.ABSENT), TryPolicy(), FileNotFoundOnCardError),
        (_status(PinState.UNKNOWN), TryPolicy(use_last_try=True), UnexpectedStatusError),
        (_status(PinState.VERIFIED), TryPolicy(), HiddenCounterError),
        (_status(PinState.VERIFIED), TryPolicy(shown=3), HiddenCounterError),
        (_status(PinState.VERIFIED), TryPolicy(use_last_try=True), HiddenCounterError),
        (_status(PinState.VERIFIED), TryPolicy(use_hidden_counter=True), None),
        (_status(PinState.UNLIMITED), TryPolicy(), HiddenCounterError),
        (_status(PinState.UNLIMITED), TryPolicy(use_hidden_counter=True), None),
        (_LAST, TryPolicy(use_hidden_counter=True), LastTryError),
    ],
)
def test_what_may_be_tried(status: PinStatus, policy: TryPolicy, error: type[JpkiError] | None) -> None:
    """The table of what is refused before anything secret is sent."""
    if error is None:
        check_tries(status, policy)
        return
    with pytest.raises(error):
        check_tries(status, policy)


@pytest.mark.parametrize("state", [PinState.ABSENT, PinState.UNKNOWN])
def test_refusals_keep_the_status_word(state: PinState) -> None:
    """The card's word is kept; where there was none, the PIN is not there."""
    for sw, kept in ((StatusWord(0x6985), 0x6985), (None, 0x6A82)):
        with pytest.raises((FileNotFoundOnCardError, UnexpectedStatusError)) as caught:
            check_tries(PinStatus("auth", state, None, 3, sw), TryPolicy())
        assert caught.value.sw == kept


@pytest.mark.parametrize("hidden", [PinState.VERIFIED, PinState.UNLIMITED])
def test_a_place_that_hides_its_counter_may_be_at_the_last_try(hidden: PinState) -> None:
    """Of a PIN in two places it decides before one that has two tries left, and not before one that is locked."""
    own = PinStatus("juki", PinState.USED, 2, 3, None)
    other = PinStatus("juki", hidden, None, 3, None)
    locked = PinStatus("juki", PinState.BLOCKED, 0, 3, None)
    assert pins.lowest([own, other]).state is hidden
    assert pins.lowest([other, locked]).state is PinState.BLOCKED
