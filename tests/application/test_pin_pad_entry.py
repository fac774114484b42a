"""PINs that are typed on the reader: presented and changed on the card, and never in this program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pinpadreader import BOTH, CANCEL, NOTHING, VERIFY_ONLY, PinPadConnection

from jpki.card import MyNumberCard, Pin
from jpki.errors import (
    CardRemovedError,
    LastTryError,
    OutcomeUnknownError,
    PadFault,
    PinChangeError,
    PinPadError,
    WrongPinError,
)
from jpki.pin import ChangeReport, PinPad, TryPolicy
from jpki.pin.commands import ChangeWarning, change_pin, verify_pin
from jpki.pin.pad import PadStep
from jpki.transport import find_pin_pad

if TYPE_CHECKING:
    from application.conftest import Bench

NUMBERS = [Pin.AUTH, Pin.INPUT, Pin.JUKI]


class Keys:
    """A card on a reader with keys, and what the person was told to type."""

    def __init__(self, bench: Bench, *typed: str, features: bytes = BOTH) -> None:
        self.bench = bench
        self.connection = PinPadConnection(bench.link, typed, features=features)
        self.card = MyNumberCard(self.connection)
        self.told: list[PadStep] = []
        reader = find_pin_pad(self.connection)
        assert reader is not None
        self.pad = PinPad(reader, self.told.append)

    def change(self, pin: Pin, *, confirm: bool = False) -> ChangeReport:
        """Change a PIN on the keys."""
        return change_pin(self.card, pin, self.pad, self.pad, TryPolicy(), confirm=confirm)


@pytest.mark.parametrize("pin", NUMBERS)
def test_the_right_pin_on_the_keys(bench: type[Bench], pin: Pin) -> None:
    """One VERIFY, sent by the reader; nothing is left open."""
    keys = Keys(bench(), bench.SECRETS[pin])
    verify_pin(keys.card, pin, keys.pad, TryPolicy())
    assert keys.connection.sent == [b"\x00\x20\x00\x80\x04" + bench.SECRETS[pin].encode()]
    assert keys.told == [PadStep.CURRENT]
    assert keys.bench.opened(pin) == []


@pytest.mark.parametrize("pin", NUMBERS)
def test_a_wrong_pin_on_the_keys(bench: type[Bench], pin: Pin) -> None:
    """One try is used, and told."""
    keys = Keys(bench(), bench.WRONG[pin])
    with pytest.raises(WrongPinError) as caught:
        verify_pin(keys.card, pin, keys.pad, TryPolicy())
    assert (caught.value.retries_remaining, keys.bench.tries(pin)) == (2, 2)
    assert keys.bench.opened(pin) == []


@pytest.mark.parametrize("pin", NUMBERS)
@pytest.mark.parametrize("confirm", [False, True])
def test_a_change_on_the_keys(bench: type[Bench], pin: Pin, *, confirm: bool) -> None:
    """Current, new, new again; read back with one entry more. The card holds the new PIN."""
    new = bench.NEW[pin]
    keys = Keys(bench(), bench.SECRETS[pin], new, new, *([new] if confirm else []))
    assert keys.change(pin, confirm=confirm) == ChangeReport(pin, 3, is_confirmed=confirm)
    assert keys.bench.holds(pin) == new
    header = bytes.fromhex("8032008004" if pin is Pin.JUKI else "0024018004")
    assert keys.connection.sent[1] == header + new.encode()
    assert keys.told == [PadStep.CURRENT, PadStep.NEW_TWICE, *([PadStep.NEW_AGAIN] if confirm else [])]
    assert keys.bench.opened(pin) == []


@pytest.mark.parametrize(
    ("typed", "reason"), [(NOTHING, PadFault.TIMEOUT), (CANCEL, PadFault.CANCELLED), ("28467", PadFault.LENGTH)]
)
def test_an_entry_that_the_reader_ends(bench: type[Bench], typed: str, reason: PadFault) -> None:
    """Nothing reaches the card, no try is used, and the reason is kept."""
    keys = Keys(bench(), typed, typed)
    with pytest.raises(PinPadError) as caught:
        verify_pin(keys.card, Pin.AUTH, keys.pad, TryPolicy())
    assert caught.value.reason is reason
    with pytest.raises(PinChangeError) as changed:
        keys.change(Pin.AUTH)
    assert isinstance(changed.value.cause, PinPadError)
    assert (changed.value.is_unknown, changed.value.retries_remaining) == (False, 3)
    assert keys.connection.sent == []
    assert keys.bench.tries(Pin.AUTH) == 3


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (("8517", "8518"), PadFault.MISMATCH),
        (("8517", CANCEL), PadFault.CANCELLED),
        ((NOTHING, NOTHING), PadFault.TIMEOUT),
        (("851", "851"), PadFault.LENGTH),
    ],
)
@pytest.mark.parametrize("pin", NUMBERS)
def test_a_new_pin_that_the_reader_does_not_send(
    bench: type[Bench], pin: Pin, entries: tuple[str, str], reason: PadFault
) -> None:
    """After a right current PIN the change is given up: unchanged for certain, counter full, nothing left open."""
    keys = Keys(bench(), bench.SECRETS[pin], *entries)
    with pytest.raises(PinChangeError) as caught:
        keys.change(pin)
    assert isinstance(caught.value.cause, PinPadError)
    assert caught.value.cause.reason is reason
    assert (caught.value.is_unknown, caught.value.retries_remaining) == (False, 3)
    assert keys.bench.holds(pin) == bench.SECRETS[pin]
    assert keys.bench.opened(pin) == []


def test_a_command_that_the_firmware_does_not_take(bench: type[Bench]) -> None:
    """6B80 is the reader's word for a structure that it refuses: nothing was sent."""
    keys = Keys(bench(), "4068", "8537", "8537")
    refusing = PinPadConnection(keys.bench.link, ["4068", "8537", "8537"], refuses=lambda command: command[0] == 0x80)
    reader = find_pin_pad(refusing)
    assert reader is not None
    pad = PinPad(reader, keys.told.append)
    with pytest.raises(PinChangeError) as caught:
        change_pin(MyNumberCard(refusing), Pin.JUKI, pad, pad, TryPolicy())
    assert isinstance(caught.value.cause, PinPadError)
    assert (caught.value.cause.reason, caught.value.is_unknown) == (PadFault.REFUSED, False)


def test_a_confirmation_that_is_given_up_leaves_the_change(bench: type[Bench]) -> None:
    """The change stands with a warning that it was not read back."""
    keys = Keys(bench(), "2846", "8517", "8517", CANCEL)
    report = keys.change(Pin.AUTH, confirm=True)
    assert report == ChangeReport(Pin.AUTH, 3, is_confirmed=False, warnings=(ChangeWarning.NOT_CONFIRMED,))
    assert keys.bench.holds(Pin.AUTH) == "8517"


@pytest.mark.parametrize(("plan", "outcome"), [("remove-after:verify", False), ("remove-after:change", True)])
def test_a_card_that_is_lost_behind_the_keys(bench: type[Bench], *, plan: str, outcome: bool) -> None:
    """A lost VERIFY leaves the PIN unchanged, a lost CHANGE leaves it unknown; the cause is named."""
    keys = Keys(bench(faults=plan), "2846", "8517", "8517")
    with pytest.raises(PinChangeError) as caught:
        keys.change(Pin.AUTH)
    assert caught.value.is_unknown is outcome
    cause: BaseException | None = caught.value.cause
    if not outcome:  # a try may have been used, which is told before what lost the answer
        assert isinstance(cause, OutcomeUnknownError)
        cause = cause.__cause__
    assert isinstance(cause, CardRemovedError)


def test_a_lost_answer_to_verify_is_unknown(bench: type[Bench]) -> None:
    """As for a PIN that is typed on the computer."""
    keys = Keys(bench(faults="truncate:verify=1"), "2846")
    with pytest.raises(OutcomeUnknownError):
        verify_pin(keys.card, Pin.AUTH, keys.pad, TryPolicy())


def test_the_last_try_is_guarded_for_the_keys_too(bench: type[Bench]) -> None:
    """Nobody is asked to type before the use of the last try was allowed."""
    on_the_table = bench()
    on_the_table.set_tries(Pin.AUTH, 1)
    keys = Keys(on_the_table, "2846")
    with pytest.raises(LastTryError):
        verify_pin(keys.card, Pin.AUTH, keys.pad, TryPolicy())
    assert keys.told == []
    verify_pin(keys.card, Pin.AUTH, keys.pad, TryPolicy(use_last_try=True))
    assert on_the_table.tries(Pin.AUTH) == 3


def test_a_password_is_not_for_keys(bench: type[Bench]) -> None:
    """The signature password is refused before the card is touched."""
    keys = Keys(bench())
    with pytest.raises(ValueError, match="password"):
        verify_pin(keys.card, Pin.SIGN, keys.pad, TryPolicy())
    assert keys.bench.apdus == 0


def test_a_reader_that_cannot_ask_for_a_new_pin_says_so(bench: type[Bench]) -> None:
    """Its pad is for presenting a PIN only."""
    assert not Keys(bench(), features=VERIFY_ONLY).pad.can_modify
    assert Keys(bench()).pad.can_modify
