"""What a holder is told, for every combination of states that a card can show."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from jpki.advice.card_rules import Futile, Need, Place
from jpki.advice.card_table import CARD_RULES
from jpki.advice.observation import Observation
from jpki.advice.rules import Advice, advise, advise_on, card_period, is_new
from jpki.card.my_number_card import CardKind
from jpki.card.pin import Pin, PinState, PinStatus
from jpki.certificate.period import period_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: State of a certificate, and what EF 0008 says about it.
CERTIFICATES: Final = (
    *((state, True) for state in ("in_period", "renewable", "expired", "not_yet_valid", "unknown")),
    ("missing", True),
    ("absent", False),
    ("unknown", None),
)
KINDS: Final = tuple(kind.value for kind in CardKind)
PHONES: Final = ("android", "iphone")
ENTERABLE: Final = (PinState.FULL, PinState.USED, PinState.LAST_TRY, PinState.VERIFIED, PinState.UNLIMITED)


def observation(
    pins: tuple[PinState, ...], auth: tuple[str, bool | None], sign: tuple[str, bool | None], kind: str
) -> Observation:
    """An observation of the four PINs, in the order of the class, and of both certificates."""
    states = {pin.value: state for pin, state in zip(Pin, pins, strict=True)}
    return Observation(states, {"auth": auth[0], "sign": sign[0]}, kind, {"auth": auth[1], "sign": sign[1]})


def certificate_pins() -> Iterator[Observation]:
    """Every state of both certificate PINs and of both certificates, on every kind of card."""
    for auth_pin, sign_pin, auth, sign, kind in product(PinState, PinState, CERTIFICATES, CERTIFICATES, KINDS):
        yield observation((auth_pin, sign_pin, PinState.FULL, PinState.FULL), auth, sign, kind)


@cache
def everything() -> list[tuple[Observation, tuple[Advice, ...]]]:
    """Each of these observations with what follows from it; made once, when a test asks for it."""
    return [(observed, advise_on(observed)) for observed in certificate_pins()]


def about(found: tuple[Advice, ...], **subject: str) -> list[Advice]:
    """The advice about one PIN or certificate."""
    return [advice for advice in found if all(getattr(advice, key) == value for key, value in subject.items())]


def test_nothing_is_told_twice() -> None:
    """No two rules hold for one subject, whatever its state."""
    for observed, found in everything():
        subjects = list(observed.subjects())
        assert [s for s in subjects if sum(rule.holds(s) for rule in CARD_RULES) > 1] == []
        assert max(Counter(found).values(), default=0) <= 1


def test_every_rule_is_reached() -> None:
    """No rule of the table waits for a combination that does not exist."""
    told = {advice.code for _, found in everything() for advice in found}
    for state in ("expired", "renewable"):
        told |= {a.code for a in advise_on(Observation({}, {}, card=state))}
    told |= {a.code for a in advise_on(Observation({}, {"auth": "in_period"}, new=frozenset({"auth"})))}
    assert told == {rule.code for rule in CARD_RULES}


def test_a_locked_pin_always_has_a_way_out_and_waiting_is_none() -> None:
    """Exactly one advice: where and with what, or that nothing is wrong; it says that waiting does not help."""
    for observed, found in everything():
        if observed.kind == "juki_card":
            continue
        for pin, state in observed.pins.items():
            if state is PinState.BLOCKED:
                (advice,) = about(found, pin=pin)
                assert Futile.WAITING in advice.rule.futile
                has_way = bool(advice.rule.places) and Need.CARD in advice.rule.needs
                assert has_way != (advice.code == "pin_without_certificate")


def test_a_lock_without_certificate_is_no_fault() -> None:
    """A child's signature password counts as locked because there is no certificate: nothing to reset."""
    for observed, found in everything():
        if (
            observed.kind == "card"
            and observed.presence("sign") == "absent"
            and observed.pins["sign"].value == "blocked"
        ):
            assert [a.code for a in about(found, pin="sign")] == ["pin_without_certificate"]


def test_the_convenience_store_is_offered_exactly_when_the_card_shows_its_conditions() -> None:
    """The other certificate PIN can be entered, both certificates are there and in their period, and it is a card."""
    other = {"auth": "sign", "sign": "auth"}
    for observed, found in everything():
        for pin, state in observed.pins.items():
            is_offered = any(Place.CONVENIENCE_STORE in advice.rule.places for advice in about(found, pin=pin))
            readable = observed.certificates["auth"] in ("in_period", "renewable")
            signing = observed.certificates["sign"] in ("in_period", "renewable") or (
                observed.certificates["sign"] == "unknown" and observed.present["sign"] is True
            )
            expected = (
                state is PinState.BLOCKED
                and pin in other
                and observed.kind == "card"
                and observed.pins[other[pin]] in ENTERABLE
                and readable
                and signing
            )
            assert is_offered == expected


def test_a_store_is_called_futile_where_the_card_shows_that_it_cannot_help() -> None:
    """For a locked PIN the store is offered, said to be futile, or left open because something was not read."""
    for observed, found in everything():
        for advice in found:
            if advice.pin is not None and observed.pins[advice.pin] is PinState.BLOCKED:
                is_open = advice.code in ("pin_blocked_kiosk_possible", "pin_blocked_kiosk_unknown")
                assert (Futile.CONVENIENCE_STORE in advice.rule.futile) != is_open


def test_what_was_not_read_is_never_taken_for_good() -> None:
    """With the other PIN or a certificate unknown, the store is neither offered nor excluded."""
    unread = PinState.UNKNOWN
    pins = (PinState.BLOCKED, PinState.FULL, PinState.FULL, PinState.FULL)
    good, silent = ("in_period", True), ("unknown", None)
    for observed in (
        observation((PinState.BLOCKED, unread, PinState.FULL, PinState.FULL), good, ("unknown", True), "card"),
        observation(pins, good, silent, "card"),
        observation(pins, silent, ("unknown", True), "card"),
    ):
        assert [a.code for a in about(advise_on(observed), pin="auth")] == ["pin_blocked_kiosk_unknown"]


@pytest.mark.parametrize("state", [PinState.LAST_TRY, PinState.UNKNOWN, PinState.VERIFIED])
def test_other_states_that_need_care_have_their_advice(state: PinState) -> None:
    """The last try, a counter that was not told, and a PIN that is open: one advice each, on cards and phones."""
    codes = set()
    for observed, found in everything():
        if observed.kind != "juki_card" and observed.pins["auth"] is state:
            (advice,) = about(found, pin="auth")
            codes.add(advice.code)
            assert state is PinState.VERIFIED or Futile.GUESSING in advice.rule.futile
    assert codes


@pytest.mark.parametrize("state", [PinState.FULL, PinState.UNLIMITED])
def test_a_pin_that_needs_nothing_is_not_talked_about(state: PinState) -> None:
    """All tries left, or no limit: no advice about that PIN."""
    assert [
        found for observed, found in everything() if observed.pins["sign"] is state and about(found, pin="sign")
    ] == []


def test_used_tries_are_explained_once() -> None:
    """A counter below full: a right entry makes it full again, and waiting does not."""
    for observed, found in everything():
        is_used = any(state in (PinState.USED, PinState.LAST_TRY) for state in observed.pins.values())
        told = [advice for advice in found if advice.code == "counter_resets_with_right_entry"]
        assert len(told) == (is_used and observed.kind != "juki_card")
        assert all(Futile.WAITING in advice.rule.futile for advice in told)


def test_a_certificate_that_needs_something_has_its_advice() -> None:
    """Expired, renewable, not yet begun or absent: one advice with a place; in its period: none."""
    for observed, found in everything():
        if observed.kind == "juki_card":
            continue
        for which, state in observed.certificates.items():
            told = about(found, certificate=which)
            if state == "in_period":
                assert told == []
            elif state != "unknown":
                assert len(told) == 1
                assert told[0].rule.places


def test_a_certificate_that_is_denied_is_one_whose_pin_has_tries() -> None:
    """A card without the certificate answers as if the PIN were locked; one that counts tries contradicts itself."""
    for observed, found in everything():
        for which, state in observed.certificates.items():
            if state == "absent" and observed.kind in ("card", "unknown"):
                (told,) = about(found, certificate=which)
                is_doubtful = observed.pins[which] in ENTERABLE
                assert told.code == ("certificate_denied" if is_doubtful else "certificate_absent")


def test_an_unread_signature_certificate_is_normal() -> None:
    """It needs its password; only a user certificate that a card does not give out is worth a word."""
    for observed, found in everything():
        for which, state in observed.certificates.items():
            if state == "unknown":
                is_odd = which == "auth" and observed.kind in ("card", "unknown")
                assert [a.code for a in about(found, certificate=which)] == ["certificate_unreadable"] * is_odd


def test_phones_are_never_sent_to_the_office_for_a_pin() -> None:
    """The PINs of a phone are reset in the app; no store takes a phone."""
    for observed, found in everything():
        if observed.kind in PHONES:
            assert not [a for a in found if Place.CONVENIENCE_STORE in a.rule.places]
            assert not [a for a in found if a.pin is not None and Place.MUNICIPALITY in a.rule.places]


def test_an_old_card_gets_the_one_advice_that_helps() -> None:
    """Nothing on a Basic Resident Registration Card is worth resetting: all have ended."""
    assert {a.code for observed, found in everything() if observed.kind == "juki_card" for a in found} == {
        "old_juki_card"
    }


@pytest.mark.parametrize("kind", ["card", "android"])
def test_pins_without_certificate_stand_for_themselves(kind: str) -> None:
    """In all 4096 combinations of PIN states, the advice about one PIN of the office depends on its own state alone."""
    good = ("in_period", True)
    alone = {}
    for state in PinState:
        found = advise_on(observation((PinState.FULL, PinState.FULL, state, state), good, good, kind))
        alone[state] = [about(found, pin=pin) for pin in ("input", "juki")]
    for pins in product(PinState, repeat=4):
        found = advise_on(observation(pins, good, good, kind))
        assert about(found, pin="input") == alone[pins[2]][0]
        assert about(found, pin="juki") == alone[pins[3]][1]


def test_a_locked_office_pin_is_never_offered_a_store() -> None:
    """The input-support and Basic Resident Register PINs are reset at the office only."""
    locked = (PinState.FULL, PinState.FULL, PinState.BLOCKED, PinState.BLOCKED)
    good = ("in_period", True)
    found = advise_on(observation(locked, good, good, "card"))
    assert [(a.code, a.pin) for a in found] == [("pin_blocked", "input"), ("pin_blocked", "juki")]


def test_the_most_urgent_comes_first() -> None:
    """A lock is told before a last try, and that before a certificate's end."""
    pins = (PinState.LAST_TRY, PinState.BLOCKED, PinState.FULL, PinState.FULL)
    found = advise_on(observation(pins, ("renewable", True), ("unknown", True), "card"))
    expected = [
        "pin_blocked_kiosk_possible",
        "pin_last_try",
        "counter_resets_with_right_entry",
        "certificate_renewable",
    ]
    assert [a.code for a in found] == expected


def test_presence_follows_from_the_state_where_it_is_not_given() -> None:
    """``advise`` takes states alone: a certificate with dates is there, an unread one may not be."""
    pins = [PinStatus("auth", PinState.FULL, 3, 3, None), PinStatus("sign", PinState.BLOCKED, 0, 5, None)]
    assert [a.code for a in advise(pins, {"auth": "in_period", "sign": "in_period"})] == ["pin_blocked_kiosk_possible"]
    assert [a.code for a in advise(pins, {"auth": "in_period", "sign": "unknown"})] == ["pin_blocked_kiosk_unknown"]


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-08-30T14:59:59", "in_period"),
        ("2026-08-30T15:00:00", "renewable"),
        ("2026-11-30T14:59:59", "renewable"),
        ("2026-11-30T15:00:00", "expired"),
    ],
)
def test_the_card_itself_ends_in_japan_time(now: str, state: str) -> None:
    """A card that runs to 30 November is renewable from 31 August in every town, and over at midnight in Japan."""
    assert card_period(date(2026, 11, 30), datetime.fromisoformat(now).replace(tzinfo=UTC)) == state


def test_a_card_without_a_known_end_is_not_judged() -> None:
    """Where the last day was not read, nothing is said about the card's own period."""
    assert card_period(None, datetime(2026, 11, 22, tzinfo=UTC)) == "unknown"


class _Period(NamedTuple):
    """A certificate's period."""

    not_before: datetime
    not_after: datetime


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-21T14:59:59", False),
        ("2026-11-21T15:00:00", True),
        ("2026-11-22T14:59:59", True),
        ("2026-11-22T15:00:00", False),
    ],
)
def test_a_certificate_is_new_for_its_first_24_hours(now: str, *, expected: bool) -> None:
    """Issued at midnight in Japan: new until the next one, and not before it begins."""
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    begins = datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert is_new(period_of(_Period(begins, datetime(2031, 4, 21, tzinfo=UTC)), at), at) is expected


@pytest.mark.parametrize("kind", ["card", "unknown", "android", "iphone", "juki_card"])
def test_a_new_certificate_is_told_beside_whatever_else_is_true_of_it(kind: str) -> None:
    """Of a certificate in its period, renewable already or not: nothing to do, with source and date; else not."""
    for state, others in (("in_period", 0), ("renewable", 1)):
        found = advise_on(Observation({}, {"auth": state}, kind, new=frozenset({"auth"})))
        told = about(found, certificate="auth")
        assert [a.code for a in told].count("certificate_new") == (kind != "juki_card")
        assert len(told) == (0 if kind == "juki_card" else 1 + others)
    for state in ("expired", "not_yet_valid", "absent", "unknown"):
        found = advise_on(Observation({}, {"auth": state}, kind, new=frozenset({"auth"})))
        assert "certificate_new" not in [a.code for a in found]


def test_waiting_for_services_needs_nothing_and_nobody() -> None:
    """The rule names no place and nothing to bring."""
    rule = Advice("certificate_new", certificate="auth").rule
    assert (rule.places, rule.needs, rule.futile) == ((), (), ())
    assert (rule.source.value, rule.date) == ("municipalities", "2025/2026")


def test_every_rule_says_where_it_comes_from() -> None:
    """Source and date of each; only what holds everywhere is advised."""
    assert all(rule.source and rule.date and rule.scope.value == "national" for rule in CARD_RULES)
    assert len({rule.code for rule in CARD_RULES}) == len(CARD_RULES)
