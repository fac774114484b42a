"""Presenting a PIN: what is sent, how often, what is said, for every answer that a card may give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from protectedreading import read_protected_certificate

from jpki.card import Pin
from jpki.errors import (
    CounterChangedError,
    FileNotFoundOnCardError,
    JpkiError,
    LastTryError,
    NotMyNumberCardError,
    OutcomeUnknownError,
    PinBlockedError,
    PinChangeError,
    PinFormatError,
    UnexpectedStatusError,
    VerifyRefusedError,
    WrongPinError,
)
from jpki.identifiers import CertificateKind
from jpki.pin import Secret, TryPolicy
from jpki.pin.commands import change_pin, verify_pin

if TYPE_CHECKING:
    from collections.abc import Callable

    from application.conftest import Bench

    Use = Callable[[Bench, Pin, str, TryPolicy], object]

_ANY = TryPolicy()
_LAST = TryPolicy(use_last_try=True)


def _verify(bench: Bench, pin: Pin, secret: str, policy: TryPolicy = _ANY) -> None:
    verify_pin(bench.card(), pin, Secret(secret), policy)


def _attempt(bench: Bench, pin: Pin, secret: str, policy: TryPolicy) -> PinChangeError | None:
    try:
        change_pin(bench.card(), pin, Secret(secret), Secret(bench.NEW[pin]), policy)
    except PinChangeError as exc:
        return exc
    return None


def _change(bench: Bench, pin: Pin, secret: str, policy: TryPolicy = _ANY) -> None:
    """Change, and give the cause of a failure, so that both uses of a PIN can be held to the same."""
    failure = _attempt(bench, pin, secret, policy)
    if failure is not None:
        assert not failure.is_unknown
        assert failure.retries_remaining in (None, bench.tries(pin))
        raise failure.cause from None


_USES: list[Use] = [_verify, _change]


def _secrets_sent(bench: Bench) -> int:
    """Commands with a data field that could hold a PIN, which left the host."""
    return sum(command[1] in (0x20, 0x24, 0x32) and len(command) > 4 for command, _ in bench.link.exchanges)


@pytest.mark.parametrize("pin", Pin)
def test_the_right_pin(bench: type[Bench], pin: Pin) -> None:
    """The right PIN is verified with one VERIFY, which fills the counter."""
    card = bench()
    card.set_tries(pin, 2)
    _verify(card, pin, card.SECRETS[pin])
    assert card.tries(pin) == pin.retry_limit
    assert _secrets_sent(card) == 1


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("pin", Pin)
def test_a_wrong_pin(bench: type[Bench], pin: Pin, use: Use) -> None:
    """A wrong PIN costs one try, is sent exactly once, and the error tells the tries left."""
    card = bench()
    with pytest.raises(WrongPinError) as caught:
        use(card, pin, card.WRONG[pin], TryPolicy())
    assert caught.value.pin == pin.value
    assert caught.value.retries_remaining == card.tries(pin) == pin.retry_limit - 1
    assert _secrets_sent(card) == 1
    assert card.holds(pin) == card.SECRETS[pin]


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("word", ["63C0", "6983", "6984"])
@pytest.mark.parametrize("pin", Pin)
def test_a_blocked_pin(bench: type[Bench], pin: Pin, word: str, use: Use) -> None:
    """Nothing is sent to a blocked PIN, whichever way the card says so, and whatever was allowed."""
    card = bench(status_blocked=word)
    card.set_tries(pin, 0)
    with pytest.raises(PinBlockedError) as caught:
        use(card, pin, card.SECRETS[pin], _LAST)
    assert not caught.value.by_this_call
    assert _secrets_sent(card) == 0


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("word", ["63C0", "6983", "6984"])
@pytest.mark.parametrize("pin", Pin)
def test_a_pin_that_this_call_blocks(bench: type[Bench], pin: Pin, word: str, use: Use) -> None:
    """The last try, allowed and wrong, blocks the PIN, whichever way the card says so."""
    card = bench(faults=f"sw:verify={word}")
    card.set_tries(pin, 1)
    with pytest.raises(PinBlockedError) as caught:
        use(card, pin, card.WRONG[pin], _LAST)
    assert caught.value.by_this_call
    assert card.tries(pin) == 0
    assert _secrets_sent(card) == 1


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("pin", Pin)
def test_the_last_try_is_kept(bench: type[Bench], pin: Pin, use: Use) -> None:
    """With one try left nothing is sent unless the caller allowed it for this call, even to the right PIN."""
    card = bench()
    card.set_tries(pin, 1)
    with pytest.raises(LastTryError):
        use(card, pin, card.SECRETS[pin], TryPolicy())
    with pytest.raises(LastTryError):
        use(card, pin, card.SECRETS[pin], TryPolicy(shown=1))
    assert _secrets_sent(card) == 0
    use(card, pin, card.SECRETS[pin], TryPolicy(shown=1, use_last_try=True))
    assert card.tries(pin) == pin.retry_limit


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize(("shown", "left"), [(3, 2), (2, 3), (1, 2), (3, 1)])
@pytest.mark.parametrize("pin", Pin)
def test_another_counter_than_the_one_shown(bench: type[Bench], pin: Pin, shown: int, left: int, use: Use) -> None:
    """Nothing is sent when the counter is not the one that a person saw, and the error tells both."""
    card = bench()
    card.set_tries(pin, left)
    with pytest.raises(CounterChangedError) as caught:
        use(card, pin, card.SECRETS[pin], TryPolicy(shown=shown, use_last_try=True))
    assert (caught.value.expected, caught.value.found) == (shown, left)
    assert _secrets_sent(card) == 0


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("pin", Pin)
def test_a_script_goes_on_with_two_tries(bench: type[Bench], pin: Pin, use: Use) -> None:
    """Where nobody was shown a counter, two tries left are enough."""
    card = bench()
    card.set_tries(pin, 2)
    use(card, pin, card.SECRETS[pin], TryPolicy())
    assert card.tries(pin) == pin.retry_limit


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("persona", ["phone", "iphone"])
def test_a_phone_can_be_tried_again_after_nothing_was_sent(bench: type[Bench], persona: str, use: Use) -> None:
    """Refused before anything was sent, the card is left as it was, so the same connection serves the next attempt.

    A phone has no other application to be left for: leaving it would cut its power and end the connection.
    """
    card = bench(persona)
    card.set_tries(Pin.AUTH, 2)
    for policy in (TryPolicy(shown=3), TryPolicy(shown=1)):
        with pytest.raises(CounterChangedError):
            use(card, Pin.AUTH, card.SECRETS[Pin.AUTH], policy)
    use(card, Pin.AUTH, card.SECRETS[Pin.AUTH], TryPolicy(shown=2))
    assert card.link.was_unpowered


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize(
    ("persona", "pin", "error"),
    [
        ("phone", Pin.INPUT, FileNotFoundOnCardError),
        ("phone", Pin.JUKI, FileNotFoundOnCardError),
        ("iphone", Pin.JUKI, FileNotFoundOnCardError),
        ("other-card", Pin.AUTH, NotMyNumberCardError),
    ],
)
def test_an_absent_pin(bench: type[Bench], persona: str, pin: Pin, error: type[JpkiError], use: Use) -> None:
    """A PIN that the card does not have is an error of its own; nothing is sent."""
    card = bench(persona)
    with pytest.raises(error):
        use(card, pin, card.SECRETS[pin], TryPolicy())
    assert _secrets_sent(card) == 0


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("word", ["6700", "6A86", "6D00", "6F00", "0000", "6986", "6985", "9001"])
@pytest.mark.parametrize("pin", Pin)
def test_a_counter_that_the_card_does_not_give(bench: type[Bench], pin: Pin, word: str, use: Use) -> None:
    """Without a counter nothing is sent; the error has the card's word."""
    card = bench(faults=f"sw-before:status+={word}")
    with pytest.raises(UnexpectedStatusError) as caught:
        use(card, pin, card.SECRETS[pin], TryPolicy())
    assert caught.value.sw == int(word, 16)
    assert _secrets_sent(card) == 0


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("pin", Pin)
def test_a_pin_that_another_program_has_verified(bench: type[Bench], pin: Pin, use: Use) -> None:
    """9000 to the question for the counter is no right PIN: it is asked for again, and the PIN presented or refused."""
    card = bench(faults="sw-before:status=9000")
    use(card, pin, card.SECRETS[pin], TryPolicy())
    assert _secrets_sent(card) == (1 if use is _verify else 2)
    card = bench(faults="sw-before:status=9000")
    with pytest.raises(WrongPinError):
        use(card, pin, card.WRONG[pin], TryPolicy())


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("pin", [Pin.AUTH, Pin.SIGN, Pin.INPUT])
def test_a_pin_that_was_verified_since_its_counter_was_shown(bench: type[Bench], pin: Pin, use: Use) -> None:
    """Whoever presented it may have changed it, so nothing is sent though the counter is the one that was shown."""
    card = bench(faults="sw-before:status=9000")
    with pytest.raises(CounterChangedError) as caught:
        use(card, pin, card.SECRETS[pin], TryPolicy(shown=pin.retry_limit))
    assert (caught.value.expected, caught.value.found) == (pin.retry_limit, pin.retry_limit)
    assert _secrets_sent(card) == 0


@pytest.mark.parametrize("use", _USES)
def test_a_pin_without_a_limit(bench: type[Bench], use: Use) -> None:
    """A PIN without limit is presented; 6300 to a wrong one says that it is wrong, and no number of tries is told."""
    card = bench()
    card.reference(Pin.AUTH).retry_limit = None
    with pytest.raises(WrongPinError) as caught:
        use(card, Pin.AUTH, card.WRONG[Pin.AUTH], TryPolicy(use_hidden_counter=True))
    assert caught.value.retries_remaining is None
    assert _secrets_sent(card) == 1
    use(card, Pin.AUTH, card.SECRETS[Pin.AUTH], TryPolicy(use_hidden_counter=True))


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize("tries", [3, 2, 1])
def test_a_refusal_that_names_no_counter(bench: type[Bench], use: Use, tries: int) -> None:
    """6300 to a wrong PIN that has a counter: the counter is asked for, the PIN is not sent again."""
    card = bench(faults="sw:verify=6300")
    card.set_tries(Pin.AUTH, tries)
    with pytest.raises(WrongPinError if tries > 1 else PinBlockedError) as caught:
        use(card, Pin.AUTH, card.WRONG[Pin.AUTH], _LAST)
    assert getattr(caught.value, "retries_remaining", 0) == card.tries(Pin.AUTH) == tries - 1
    assert getattr(caught.value, "by_this_call", True)
    assert _secrets_sent(card) == 1
    assert card.opened(Pin.AUTH) == []


@pytest.mark.parametrize("word", ["6700", "6982", "6985", "6A80", "6D00", "6300"])
def test_a_status_word_that_is_no_answer(bench: type[Bench], word: str) -> None:
    """The counter is read afterwards, and nothing is sent again; 6300 with no try used does not say "wrong" either."""
    card = bench(faults=f"sw-before:verify={word}")
    with pytest.raises(VerifyRefusedError) as caught:
        _verify(card, Pin.AUTH, card.SECRETS[Pin.AUTH])
    assert caught.value.retries_remaining == 3
    assert _secrets_sent(card) == 1
    assert card.opened(Pin.AUTH) == []


_BAD_FORMS = {
    Pin.AUTH: ["", "1", "284", "28461", "284a", "２８４６", "2846 "],
    Pin.SIGN: ["", "ABC12", "ABCDEFGHIJKLMNOP1", "simcard1", "SIM-CARD1"],
    Pin.INPUT: ["", "39577"],
    Pin.JUKI: ["", "406"],
}


@pytest.mark.parametrize(("pin", "value"), [(pin, value) for pin, values in _BAD_FORMS.items() for value in values])
def test_a_value_of_the_wrong_form_does_not_reach_the_card(bench: type[Bench], pin: Pin, value: str) -> None:
    """Form is judged before the card is touched: no command at all, for the current PIN, the new one, or a VERIFY."""
    card = bench()
    with pytest.raises(PinFormatError):
        verify_pin(card.card(), pin, Secret(value), TryPolicy())
    with pytest.raises(PinFormatError):
        change_pin(card.card(), pin, Secret(value), Secret(card.NEW[pin]), TryPolicy())
    with pytest.raises(PinFormatError):
        change_pin(card.card(), pin, Secret(card.SECRETS[pin]), Secret(value), TryPolicy())
    assert card.link.exchanges == []


def test_an_old_password_without_a_digit_can_be_changed(bench: type[Bench]) -> None:
    """The rule of a letter and a digit is asked of the new password only."""
    card = bench()
    card.reference(Pin.SIGN).value = b"ABCDEFGH"
    change_pin(card.card(), Pin.SIGN, Secret("ABCDEFGH"), Secret("CANARY57"), TryPolicy())
    assert card.holds(Pin.SIGN) == "CANARY57"
    with pytest.raises(PinFormatError):
        change_pin(card.card(), Pin.SIGN, Secret("CANARY57"), Secret("ABCDEFGH"), TryPolicy())


# Reading what a PIN protects


@pytest.mark.parametrize(("persona", "kind"), [("adult", CertificateKind.SIGN), ("phone", CertificateKind.AUTH)])
def test_a_protected_certificate_is_read(bench: type[Bench], persona: str, kind: CertificateKind) -> None:
    """The sign certificate, or a phone's auth certificate, is read with its PIN, presented once."""
    card = bench(persona)
    pin = Pin.SIGN if kind is CertificateKind.SIGN else Pin.AUTH
    der = read_protected_certificate(card.card(), kind, Secret(card.SECRETS[pin]))
    assert der[:2] == b"\x30\x82"
    assert len(der) == 4 + int.from_bytes(der[2:4])
    assert _secrets_sent(card) == 1
    assert card.opened(pin) == []


def test_a_wrong_password_reads_no_certificate(bench: type[Bench]) -> None:
    """A wrong signature password ends the reading before it began."""
    card = bench()
    with pytest.raises(WrongPinError):
        read_protected_certificate(card.card(), CertificateKind.SIGN, Secret(card.WRONG[Pin.SIGN]))
    assert not card.link.answers_to(lambda command: command[1] == 0xB0)


@pytest.mark.parametrize("fault", ["sw-before:read#3=6F00", "truncate:read#3=1", "remove:read#3", "empty:read"])
def test_a_failure_while_reading_leaves_the_card_closed(bench: type[Bench], fault: str) -> None:
    """What goes wrong after a right password is told as what it is, and the certificate is closed again."""
    card = bench(faults=fault)
    with pytest.raises(JpkiError) as caught:
        read_protected_certificate(card.card(), CertificateKind.SIGN, Secret("SIMCARD1"))
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert card.tries(Pin.SIGN) == 5
    assert card.opened(Pin.SIGN) == []


def test_a_card_without_short_identifiers_gives_the_protected_certificate(bench: type[Bench]) -> None:
    """After VERIFY the current EF is a PIN: a card that takes P1 for an offset says 6981, and SELECT follows."""
    expected = read_protected_certificate(bench().card(), CertificateKind.SIGN, Secret("SIMCARD1"))
    card = bench(faults="sw-before:read=6981", short_ef_identifiers=False)
    assert read_protected_certificate(card.card(), CertificateKind.SIGN, Secret("SIMCARD1")) == expected
