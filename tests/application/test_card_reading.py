"""What is read from a card without a PIN: in how few commands, with what, and undisturbed by another program."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from protectedreading import read_protected_certificate

from jpki.card import CardKind, MyNumberCard, Pin, PinState
from jpki.errors import CardError, DataError, FileNotFoundOnCardError, NotMyNumberCardError, SecurityStatusError
from jpki.identifiers import Application, CertificateKind
from jpki.pin import Secret, TryPolicy
from jpki.pin.commands import change_pin
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable

    from application.conftest import Bench

_EXCHANGES_MAX = 700


def _reads_for(length: int) -> int:
    return -(-length // 256)


def _four(card: MyNumberCard) -> list[int | None]:
    with card.transaction():
        return [card.read_pin_status(pin).retries_remaining for pin in Pin]


# Budgets


@pytest.mark.parametrize(
    ("card_has_them", "host_tries", "budget"),
    [
        pytest.param(True, True, 7, id="with short EF identifiers"),
        pytest.param(True, False, 11, id="without"),
        pytest.param(False, False, 11, id="card without them"),
        pytest.param(False, True, 12, id="card without them, tried once"),
    ],
)
def test_commands_for_the_four_counters(
    bench: type[Bench], *, card_has_them: bool, host_tries: bool, budget: int
) -> None:
    """The counters of the four PINs take 7 commands, 11 without short EF identifiers and one more to find that out."""
    card = bench(short_ef_identifiers=card_has_them)
    assert _four(card.card(short_ef_ids=host_tries)) == [3, 5, 3, 3]
    assert card.apdus == budget


@pytest.mark.parametrize("has_short_ids", [True, False])
@pytest.mark.parametrize(("pin", "budget"), [(Pin.AUTH, 12), (Pin.INPUT, 12), (Pin.SIGN, 14), (Pin.JUKI, 14)])
def test_commands_for_a_change(bench: type[Bench], pin: Pin, budget: int, *, has_short_ids: bool) -> None:
    """Showing the counter, noting which card it is, and changing the PIN stay within the budget.

    Five more are needed where the PIN lies in two places and no short EF identifier names them.
    """
    card = bench(short_ef_identifiers=has_short_ids)
    host = card.card(short_ef_ids=has_short_ids)
    with host.transaction():
        assert host.read_fingerprint() is not None
        shown = host.read_pin_status(pin, all_copies=True).retries_remaining
    change_pin(host, pin, Secret(card.SECRETS[pin]), Secret(card.NEW[pin]), TryPolicy(shown=shown))
    assert card.apdus <= budget + (5 if pin is Pin.JUKI and not has_short_ids else 0)


@pytest.mark.parametrize("pin", Pin)
def test_a_change_itself_takes_six_commands(bench: type[Bench], pin: Pin) -> None:
    """SELECT, SELECT, counter, VERIFY, CHANGE, SELECT another application: nothing else is sent.

    Before them come SELECT and counter of the other place of a PIN that lies in two.
    """
    card = bench()
    change_pin(card.card(), pin, Secret(card.SECRETS[pin]), Secret(card.NEW[pin]), TryPolicy())
    change = 0x32 if pin is Pin.JUKI else 0x24
    elsewhere = [0xA4, 0x20] if pin is Pin.JUKI else []
    assert [command[1] for command, _ in card.link.exchanges] == [*elsewhere, 0xA4, 0xA4, 0x20, 0x20, change, 0xA4]


@pytest.mark.parametrize("has_short_ids", [True, False])
def test_commands_for_the_sign_certificate(bench: type[Bench], *, has_short_ids: bool) -> None:
    """Reading the sign certificate takes at most 13 commands besides one for each 256 bytes."""
    card = bench(short_ef_identifiers=has_short_ids)
    host = card.card()
    with host.transaction():
        host.select(Application.JPKI)
        host.read_pin_status(Pin.SIGN)
    der = read_protected_certificate(host, CertificateKind.SIGN, Secret("SIMCARD1"))
    assert card.apdus <= 13 + _reads_for(len(der)) - 1


@pytest.mark.parametrize("kind", [CertificateKind.AUTH, CertificateKind.AUTH_CA, CertificateKind.SIGN_CA])
def test_commands_for_a_free_certificate(bench: type[Bench], kind: CertificateKind) -> None:
    """A certificate that is free to read takes a SELECT and a read for each 256 bytes."""
    card = bench()
    host = card.card()
    with host.transaction():
        der = host.read_certificate(kind)
    assert der[:2] == b"\x30\x82"
    assert card.apdus == 1 + _reads_for(len(der))


# What is read


def test_an_ordinary_card(bench: type[Bench]) -> None:
    """Token, certificate flags, expiry and counters of an ordinary card are read, all in one transaction."""
    host = bench().card()
    with host.transaction():
        assert host.read_token().kind is CardKind.CARD
        presence = host.read_presence()
        assert (presence.sign, presence.auth) == (True, True)
        assert (presence.of(CertificateKind.SIGN), presence.of(CertificateKind.AUTH)) == (True, True)
        assert presence.of(CertificateKind.AUTH_CA) is None
        assert host.read_card_expiry() is not None
        assert [status.state for status in host.read_verification_numbers()] == [PinState.FULL] * 4
        fingerprint = host.read_fingerprint()
        assert fingerprint == host.read_certificate(CertificateKind.AUTH)[:32]


@pytest.mark.parametrize(
    ("persona", "kind"),
    [
        ("adult", CardKind.CARD),
        ("phone", CardKind.ANDROID),
        ("iphone", CardKind.IPHONE),
        ("old-juki-card", CardKind.OLD_JUKI_CARD),
    ],
)
def test_kinds_are_told_by_the_token(bench: type[Bench], persona: str, kind: CardKind) -> None:
    """The token label tells a card, the two telephones and the old card apart."""
    token = bench(persona).card().read_token()
    assert token.kind is kind
    assert token.kind.is_phone == (persona in ("phone", "iphone"))


def test_a_child_has_no_sign_certificate(bench: type[Bench]) -> None:
    """EF 0008 tells that the sign certificate is not there."""
    presence = bench("child").card().read_presence()
    assert (presence.sign, presence.auth) == (False, True)


@pytest.mark.parametrize("persona", ["phone", "iphone"])
def test_a_phone_has_the_jpki_application_only(bench: type[Bench], persona: str) -> None:
    """On a phone the other applications' PINs are absent, the expiry is not there and the certificate needs its PIN."""
    host = bench(persona).card()
    with host.transaction():
        assert host.read_pin_status(Pin.AUTH).state is PinState.FULL
        assert host.read_pin_status(Pin.INPUT).state is PinState.ABSENT
        assert host.read_pin_status(Pin.JUKI, all_copies=True).state is PinState.ABSENT
        assert {status.state for status in host.read_verification_numbers()} == {PinState.ABSENT}
        assert host.read_card_expiry() is None
        with pytest.raises(FileNotFoundOnCardError):
            host.select(Application.VISUAL)
        assert host.read_fingerprint() is None
        with pytest.raises(SecurityStatusError):
            host.read_certificate(CertificateKind.AUTH)


def test_another_card_is_no_my_number_card(bench: type[Bench]) -> None:
    """Where the JPKI application cannot be selected, every method says so, and no counter is made up."""
    host = bench("other-card").card()
    for read in (host.read_token, host.read_presence, lambda: host.read_pin_status(Pin.AUTH)):
        with pytest.raises(NotMyNumberCardError):
            read()


@pytest.mark.parametrize(("juki", "common", "lower"), [(3, 2, 2), (1, 3, 1), (3, 0, 0), (0, 3, 0), (2, 2, 2)])
def test_the_lower_counter_of_two_copies_decides(bench: type[Bench], juki: int, common: int, lower: int) -> None:
    """The Basic Resident Register PIN is asked for in both applications that hold it; uses no try."""
    card = bench()
    card.simulated.image.reference_data()["juki"].retries_remaining = juki
    card.simulated.image.reference_data()["common-juki"].retries_remaining = common
    host = card.card()
    status = host.read_pin_status(Pin.JUKI, all_copies=True)
    assert (status.retries_remaining, status.copies) == (lower, (juki, common))
    alone = host.read_pin_status(Pin.JUKI)
    assert (alone.retries_remaining, alone.copies) == (juki, ())


@pytest.mark.parametrize("gone", ["juki", "common-juki"])
def test_one_copy_alone_counts_alone(bench: type[Bench], gone: str) -> None:
    """A card that holds the PIN in one application only has one counter."""
    card = bench()
    for application in card.simulated.image.applications:
        for ef_id, file in list(application.files.items()):
            if getattr(file, "pin", "") == gone:
                del application.files[ef_id]
    status = card.card().read_pin_status(Pin.JUKI, all_copies=True)
    assert (status.state, status.copies) == (PinState.FULL, ())


def test_a_counter_that_is_not_given_is_unknown(bench: type[Bench]) -> None:
    """A status word without a counter makes the state unknown, with the word kept."""
    status = bench(faults="sw-before:status+=6985").card().read_pin_status(Pin.AUTH)
    assert (status.state, status.retries_remaining, status.sw) == (PinState.UNKNOWN, None, 0x6985)


def test_reading_uses_no_try(bench: type[Bench]) -> None:
    """Reading everything that needs no PIN leaves every counter as it was."""
    card = bench("partly-used")
    before = {name: data.retries_remaining for name, data in card.simulated.image.reference_data().items()}
    host = card.card()
    _four(host)
    host.read_verification_numbers()
    host.read_pin_status(Pin.JUKI, all_copies=True)
    after = {name: data.retries_remaining for name, data in card.simulated.image.reference_data().items()}
    assert before == after
    assert not [command for command in card.reached if command[1] == 0x20 and len(command) > 4]


# Another program on the same card


@pytest.mark.parametrize("read", [MyNumberCard.read_token, MyNumberCard.read_presence, MyNumberCard.read_fingerprint])
@pytest.mark.parametrize("in_transactions", [False, True])
def test_what_another_program_selects_between_does_not_matter(
    bench: type[Bench], read: Callable[[MyNumberCard], object], *, in_transactions: bool
) -> None:
    """Between two calls, and between two transactions, nothing is taken for granted: the application is selected again.

    EF 0006 and 0008 exist in other applications too, with other content.
    """
    card = bench()
    host = card.card()
    other = MyNumberCard(SimulatedConnection(card.simulated))

    def once() -> object:
        if not in_transactions:
            return read(host)
        with host.transaction():
            return read(host)

    first = once()
    for application in Application:
        other.select(application)
        assert once() == first


def test_a_transaction_selects_once(bench: type[Bench]) -> None:
    """Inside a transaction an application is selected once, also after an inner transaction has ended."""
    card = bench()
    host = card.card()
    with host.transaction():
        host.read_token()
        host.read_presence()
        assert sum(command[1] == 0xA4 for command in card.reached) == 1
        with host.transaction():
            host.read_token()
        host.read_token()
        host.read_token()
        assert sum(command[1] == 0xA4 for command in card.reached) <= 3


# Nonsense


_READS: dict[str, Callable[[MyNumberCard], object]] = {
    "token": MyNumberCard.read_token,
    "presence": MyNumberCard.read_presence,
    "auth certificate": lambda card: card.read_certificate(CertificateKind.AUTH),
    "fingerprint": MyNumberCard.read_fingerprint,
    "expiry": MyNumberCard.read_card_expiry,
    "PIN": lambda card: card.read_pin_status(Pin.JUKI, all_copies=True),
    "numbers": MyNumberCard.read_verification_numbers,
}


@pytest.mark.parametrize("name", _READS)
@pytest.mark.parametrize(
    "fault", ["empty:{n}+", "truncate:{n}+=1", "garbage:{n}+=16", "garbage:{n}+=300", "endless:{n}+", "sw:{n}+=6110"]
)
def test_nonsense_from_any_command_on_ends(bench: type[Bench], name: str, fault: str) -> None:
    """From whichever command on a card answers nonsense, reading ends in a result or an error of the library."""
    for number in range(1, 7):
        card = bench(faults=fault.format(n=number))
        try:
            _READS[name](card.card())
        except (CardError, DataError):
            continue
        finally:
            assert len(card.link.exchanges) < _EXCHANGES_MAX


@pytest.mark.parametrize("name", _READS)
def test_any_bytes_at_all_end_in_a_result_or_an_error(bench: type[Bench], name: str) -> None:
    """A card that answers random bytes, half of them with 9000 behind, is read to a result or an error."""
    for seed in range(300):
        noise = random.Random(seed)  # noqa: S311 - no cryptography, and the same in every run
        card = bench()

        def answer(number: int, _command: bytes, _send: Callable[[], bytes], noise: random.Random = noise) -> bytes:
            assert number < _EXCHANGES_MAX
            tail = noise.choice([b"\x90\x00", b"\x61\x10", b"\x6c\x08", b"\x62\x82", b""])
            return noise.randbytes(noise.choice([0, 1, 3, 32, 256, 400])) + tail

        card.link.hook = answer
        try:
            _READS[name](card.card())
        except (CardError, DataError):
            continue
