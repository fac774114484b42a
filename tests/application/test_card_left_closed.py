"""After a PIN nothing is left open: another program on the same card can neither sign, read nor change."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from protectedreading import read_protected_certificate

from jpki.card import Pin
from jpki.errors import CardRemovedError, JpkiError, PinError
from jpki.identifiers import Application, CertificateKind
from jpki.pin import Secret, TryPolicy
from jpki.pin.commands import change_pin, verify_pin
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable

    from application.conftest import Bench

_CONTACT_ATR = bytes.fromhex("3BE000FF8131FE4514")
_KINDS: dict[str, dict[str, Any]] = {
    "contactless": {},
    "contact": {"atr": _CONTACT_ATR},
    "phone": {"persona": "phone"},
    "iphone": {"persona": "iphone"},
    "reset keeps status": {"atr": _CONTACT_ATR, "reset_clears_status": False},
}
_PLACES = [(kind, pin) for kind in _KINDS for pin in Pin if "phone" not in kind or pin in (Pin.AUTH, Pin.SIGN)]


def _verify(bench: Bench, pin: Pin, secret: str) -> None:
    verify_pin(bench.card(), pin, Secret(secret), TryPolicy())


def _change(bench: Bench, pin: Pin, secret: str) -> None:
    change_pin(bench.card(), pin, Secret(secret), Secret(bench.NEW[pin]), TryPolicy())


def _change_and_read_back(bench: Bench, pin: Pin, secret: str) -> None:
    change_pin(bench.card(), pin, Secret(secret), Secret(bench.NEW[pin]), TryPolicy(), confirm=True)


def _read(bench: Bench, pin: Pin, secret: str) -> None:
    kind = CertificateKind.SIGN if pin is Pin.SIGN else CertificateKind.AUTH
    read_protected_certificate(bench.card(), kind, Secret(secret))


_USES = [
    (kind, pin, use)
    for kind, pin in _PLACES
    for use in (_verify, _change, _change_and_read_back, _read)
    if use is not _read or pin in (Pin.AUTH, Pin.SIGN)
]


def _open_it(bench: Bench, pin: Pin) -> None:
    """What a program without manners leaves behind: the PIN verified, nothing else done."""
    card = bench.card()
    with card.transaction():
        card.select(pin.reference.application)
        card.card.select_ef(pin.reference.ef_id)
        assert card.card.verify(bytearray(bench.SECRETS[pin].encode())) == 0x9000


@pytest.mark.parametrize(("kind", "pin"), _PLACES)
def test_the_check_itself_finds_what_is_open(bench: type[Bench], pin: Pin, kind: str) -> None:
    """A PIN that is left verified is found by the second program, by every way that it opens."""
    card = bench(**_KINDS[kind])
    assert card.opened(pin) == []
    _open_it(card, pin)
    assert card.opened(pin) == list(card._OPENED[pin])


@pytest.mark.parametrize(("kind", "pin", "use"), _USES)
def test_after_a_right_pin(bench: type[Bench], kind: str, pin: Pin, use: Callable[[Bench, Pin, str], None]) -> None:
    """After a right PIN, whatever it was used for, everything is closed again."""
    card = bench(**_KINDS[kind])
    use(card, pin, card.SECRETS[pin])
    assert card.opened(pin) == []


@pytest.mark.parametrize(("kind", "pin", "use"), _USES)
def test_after_a_wrong_pin(bench: type[Bench], kind: str, pin: Pin, use: Callable[[Bench, Pin, str], None]) -> None:
    """After a wrong PIN everything is closed, even what another program had left open."""
    card = bench(**_KINDS[kind])
    _open_it(card, pin)
    with pytest.raises((PinError, JpkiError)):
        use(card, pin, card.WRONG[pin])
    assert card.opened(pin) == []


@pytest.mark.parametrize(("kind", "pin", "use"), _USES)
@pytest.mark.parametrize("error", [KeyboardInterrupt, CardRemovedError])
@pytest.mark.parametrize("is_after", [False, True])
def test_after_an_interruption_at_any_command(
    bench: type[Bench],
    kind: str,
    pin: Pin,
    use: Callable[[Bench, Pin, str], None],
    error: type[BaseException],
    *,
    is_after: bool,
) -> None:
    """Whatever is raised at whichever command, before or after its effect, the card is closed afterwards."""
    number = 0
    is_undisturbed = False
    while not is_undisturbed:
        number += 1
        card = bench(**_KINDS[kind])
        raised: list[int] = []

        def interrupt(count: int, _command: bytes, send: Callable[[], bytes]) -> bytes:
            if count != number:  # noqa: B023 - called in this turn of the loop only
                return send()
            raised.append(1)  # noqa: B023 - the same
            if is_after:
                send()
            raise error("staged")

        card.link.hook = interrupt
        with suppress(error, JpkiError):
            use(card, pin, card.SECRETS[pin])
        assert card.opened(pin) == [], f"command {number}"
        is_undisturbed = not raised


@pytest.mark.parametrize(("kind", "pin"), _PLACES)
def test_power_is_cut_only_where_it_must_be(bench: type[Bench], kind: str, pin: Pin) -> None:
    """A card is left by selecting another application; a phone, which has none, loses its power."""
    card = bench(**_KINDS[kind])
    _verify(card, pin, card.SECRETS[pin])
    assert card.link.was_unpowered == ("phone" in kind)


@pytest.mark.parametrize("pin", Pin)
@pytest.mark.parametrize("fault", ["sw-before:{n}=6A82", "sw-before:{n}+=6F00", "empty:{n}", "mute:{n}", "reset:{n}"])
def test_power_is_cut_where_the_card_cannot_be_left(bench: type[Bench], pin: Pin, fault: str) -> None:
    """Where selecting another application fails in any way, the card is unpowered and so closed."""
    card = bench(faults=fault.format(n=5))
    _verify(card, pin, card.SECRETS[pin])
    assert card.link.was_unpowered
    assert card.opened(pin) == []


@pytest.mark.parametrize("pin", Pin)
def test_a_card_that_is_gone_when_it_is_left(bench: type[Bench], pin: Pin) -> None:
    """A right PIN stays a right PIN when the card goes away afterwards and its power cannot even be cut."""
    card = bench(faults="remove:5")
    card.link.unpower_error = CardRemovedError("gone")
    _verify(card, pin, card.SECRETS[pin])
    assert card.link.was_unpowered


@pytest.mark.parametrize("selected", [None, *Application])
@pytest.mark.parametrize("pin", Pin)
def test_leaving_works_from_anywhere(bench: type[Bench], pin: Pin, selected: Application | None) -> None:
    """Dropping the security status closes a PIN whatever the host believes to be selected."""
    card = bench()
    _open_it(card, pin)
    host = card.card()
    with host.transaction():
        if selected is not None:
            host.select(selected)
        host.drop_security_status()
    assert card.opened(pin) == []


def test_nothing_is_done_to_a_card_that_was_sent_no_pin(bench: type[Bench]) -> None:
    """Refused before a PIN was sent, the host leaves the card powered and sends nothing more."""
    card = bench()
    card.set_tries(Pin.AUTH, 1)
    with pytest.raises(PinError):
        _verify(card, Pin.AUTH, card.SECRETS[Pin.AUTH])
    assert len(card.link.exchanges) == 3
    assert not card.link.was_unpowered


def test_a_card_that_is_closed_leaves_the_other_program_its_own_status(bench: type[Bench]) -> None:
    """A second program that verifies afterwards finds the card as it knows it."""
    card = bench()
    _verify(card, Pin.AUTH, card.SECRETS[Pin.AUTH])
    other = SimulatedConnection(card.simulated)
    for command in ("00A4040C0AD392F000260100000001", "00A4020C020018", "002000800432383436", "00A4020C020017"):
        assert other.transmit(bytes.fromhex(command)) == b"\x90\x00"
    assert len(other.transmit(bytes.fromhex("802A0080023000" + "00"))) == 258
