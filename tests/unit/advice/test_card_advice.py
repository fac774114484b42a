"""What a holder is told, rule by rule; tests/unit/advice/test_advice_product.py has all combinations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from observations import observed

from jpki.advice import CARD_RULES, Action, Advice, Need, Place, verdict_on
from jpki.advice.card_rules import Futile
from jpki.advice.observation import End
from jpki.advice.rules import advise_on, card_period, is_new
from jpki.card import CardKind, Pin, PinState
from jpki.certificate import PeriodState, period_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki.advice.observation import Observation

FULL, USED, LAST, LOCKED = PinState.FULL, PinState.USED, PinState.LAST_TRY, PinState.BLOCKED
UNUSED = PinState.NOT_IN_USE
GOOD: Final = {"auth": "in_period", "sign": "unknown"}
THERE: Final = {"auth": True, "sign": True}
CERTIFICATE_STATES: Final = ("in_period", "renewable", "expired", "not_yet_valid", "absent", "missing", "unknown")


def observation(kind: str = "card", certificates: Mapping[str, str] = GOOD, /, **pins: PinState) -> Observation:
    """An observation of a card whose other PINs are full."""
    states = {pin.value: pins.get(pin.value, FULL) for pin in Pin}
    present: dict[str, bool | None] = {which: state != "absent" for which, state in certificates.items()}
    return observed(states, certificates, kind, present, "in_period")


def codes(observation: Observation) -> list[str]:
    """The codes of what follows."""
    return [advice.code for advice in advise_on(observation)]


def test_every_rule_is_reached() -> None:
    """No rule of the table waits for a combination that does not exist, and no two hold for one subject."""
    told = set()
    for kind, auth, sign, state, card in product(
        CardKind, CERTIFICATE_STATES, CERTIFICATE_STATES, PinState, ("in_period", "renewable", "expired", "unknown")
    ):
        for pins in ({"auth": state}, {"auth": FULL, "sign": state}, {"auth": state, "juki": state}):
            present: dict[str, bool | None] = {"auth": auth != "absent", "sign": sign != "absent"}
            certificates = {"auth": auth, "sign": sign}
            seen = observed(pins, certificates, kind.value, present, card, new=frozenset({"auth"}))
            told |= {id(advice.rule) for advice in advise_on(seen)}
            for subject in seen.subjects():
                assert sum(rule.holds(subject.words) for rule in CARD_RULES) <= 1
    assert [rule.code for rule in CARD_RULES if id(rule) not in told] == []


@pytest.mark.parametrize(
    ("code", "kind", "certificates", "pins"),
    [
        ("pin_blocked_phone", "android", GOOD, {"auth": LOCKED}),
        ("pin_last_try", "card", GOOD, {"auth": LAST}),
        ("pin_last_try_phone", "android", GOOD, {"sign": LAST}),
        ("pin_absent", "card", GOOD, {"input": PinState.ABSENT}),
        ("pin_state_unknown", "card", GOOD, {"auth": PinState.UNKNOWN}),
        ("pin_open", "card", GOOD, {"auth": PinState.VERIFIED}),
        ("card_kind_unknown", "unknown", GOOD, {}),
        ("certificate_ends_phone", "iphone", GOOD | {"auth": "renewable"}, {}),
        ("certificate_not_yet_valid", "card", GOOD | {"auth": "not_yet_valid"}, {}),
        ("certificate_missing", "card", GOOD | {"auth": "missing"}, {}),
        ("certificate_unreadable", "card", GOOD | {"auth": "unknown"}, {}),
        ("certificate_absent_phone", "iphone", GOOD | {"sign": "absent"}, {}),
    ],
)
def test_a_state_has_its_advice(
    code: str, kind: str, certificates: Mapping[str, str], pins: Mapping[str, PinState]
) -> None:
    """One thing is the matter, and the rule that is for it is told."""
    assert code in codes(observation(kind, certificates, **pins))


def test_every_rule_has_a_case_here() -> None:
    """Its code stands in a test of this folder; a rule that was added goes into the table above."""
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py"))
    named = {rule.code for rule in CARD_RULES if f'"{rule.code}"' in tests}
    assert {rule.code for rule in CARD_RULES} - named == set(), (
        "tests/unit/advice/test_card_advice.py has no case of these"
    )


def test_the_convenience_store_is_offered_exactly_when_the_card_shows_its_conditions() -> None:
    """The other certificate PIN can be entered, both certificates are there and in their period; the holder goes."""
    for pin, other in (("auth", "sign"), ("sign", "auth")):
        locked = {pin: LOCKED}
        assert codes(observation("card", GOOD, **locked)) == ["pin_blocked_kiosk_possible"]
        assert codes(observation("card", GOOD, **locked, **{other: LOCKED})) == ["pins_blocked"]
        assert codes(observation("card", GOOD, **locked, **{other: PinState.UNKNOWN}))[0] == "pin_blocked_kiosk_unknown"
        assert codes(observation("card", {"auth": "expired", "sign": "unknown"}, **locked))[0] == "pin_blocked"
        by_somebody = observed({pin: LOCKED, other: FULL}, GOOD, "card", THERE, by_holder=False)
        assert codes(by_somebody) == ["pin_blocked"]


def test_a_lock_without_certificate_is_no_fault() -> None:
    """A child's signature password counts as locked because there is no certificate: nothing to reset."""
    child = observation("card", {"auth": "in_period", "sign": "absent"}, sign=UNUSED)
    assert codes(child) == ["certificate_absent"]
    assert verdict_on(advise_on(child)).text("en").startswith("Nothing to do now")


def test_a_childs_locked_pin_is_no_matter_for_a_store() -> None:
    """With one certificate there is no second PIN to prove who one is; the card may also be one without PINs."""
    child = observation("card", {"auth": "in_period", "sign": "absent"}, auth=LOCKED, sign=UNUSED)
    first = advise_on(child)[0]
    assert (first.code, first.pins) == ("pin_blocked_one_certificate", ("auth",))
    assert "issued without PINs" in first.text("en")


def test_all_locked_is_one_visit() -> None:
    """Four locks are one advice."""
    (advice,) = advise_on(observation(auth=LOCKED, sign=LOCKED, input=LOCKED, juki=LOCKED))
    assert advice.pins == ("auth", "sign", "input", "juki")
    assert advice.rule.action is Action.RESET


@pytest.mark.parametrize("kind", ["android", "iphone"])
def test_a_phone_is_never_sent_to_the_office_for_its_pin(kind: str) -> None:
    """It is reset in the app, which also wants the card's PIN of the same kind."""
    for state in (LOCKED, LAST):
        pins = {"auth": state, "sign": FULL, "input": PinState.ABSENT, "juki": PinState.ABSENT}
        advice = advise_on(observed(pins, GOOD, kind, THERE))[0]
        assert advice.rule.places == (Place.PHONE_APP,)
        assert "convenience" not in advice.text("en")
    assert "card's PIN" in advise_on(observed({"auth": LOCKED}, GOOD, kind, THERE))[0].text("en")


def test_a_card_that_has_ended_gets_one_advice() -> None:
    """Nothing on it is worth resetting or renewing, whatever else is true of it."""
    for state, auth in product(PinState, CERTIFICATE_STATES):
        pins = dict.fromkeys((pin.value for pin in Pin), state)
        ends = {"card": End(date(2026, 11, 20), 0)}
        seen = observed(pins, {"auth": auth, "sign": "unknown"}, "card", {}, "expired", ends=ends)
        assert codes(seen) == ["card_expired"]


def test_a_certificate_that_ends_with_its_card_is_not_renewed() -> None:
    """In the last months of the card a new card is the only renewal."""
    for auth in ("renewable", "in_period"):
        seen = observed({}, {"auth": auth, "sign": "unknown"}, "card", THERE, "renewable")
        assert codes(seen) == ["card_renewable"]
    seen = observed({}, {"auth": "expired", "sign": "unknown"}, "card", THERE, "renewable")
    assert codes(seen) == ["card_renewable_certificate_expired"]


@pytest.mark.parametrize(
    ("left", "english"), [(0, "expires today"), (1, "expires tomorrow"), (2, "expires on 2026-11-30")]
)
@pytest.mark.parametrize("what", ["card", "auth"])
def test_the_last_days_are_told_in_words_and_first(what: str, left: int, english: str) -> None:
    """What ends today or tomorrow stands before a lock, and says so."""
    card = "renewable" if what == "card" else "in_period"
    end = {what: End(date(2026, 11, 30), left)}
    seen = observed({"juki": LOCKED}, {"auth": "renewable", "sign": "unknown"}, "card", THERE, card, ends=end)
    found = advise_on(seen)
    told = next(a for a in found if a.rule.action in (Action.NEW_CARD, Action.NEW_CERTIFICATE))
    assert english in told.text("en")
    assert told.verdict is not None
    assert english in told.verdict.text("en")
    assert found.index(told) == (0 if left < 2 else 1)


def test_the_signature_certificate_ends_with_the_user_certificate() -> None:
    """Where the user certificate has ended, one advice is about both; a child's is about the one that there is."""
    (both,) = advise_on(observation("card", {"auth": "expired", "sign": "unknown"}))
    child = advise_on(observation("card", {"auth": "expired", "sign": "absent"}, sign=UNUSED))[0]
    assert "the signature certificate with it" in both.text("en")
    assert "signature" not in child.text("en")
    assert both.code == child.code == "certificate_expired"


def test_certificates_that_are_denied_are_those_whose_pins_have_tries() -> None:
    """A card without the certificate answers as if the PIN were locked; one that counts tries contradicts itself."""
    assert codes(observation("card", {"auth": "in_period", "sign": "absent"})) == ["certificate_denied"]
    none = {"auth": "absent", "sign": "absent"}
    (advice,) = advise_on(observation("card", none, auth=UNUSED, sign=UNUSED))
    assert (advice.code, advice.certificates) == ("certificate_absent", ("auth", "sign"))


def test_used_tries_are_explained_once() -> None:
    """A counter below full: a right entry makes it full again, and waiting does not."""
    found = advise_on(observation(auth=USED, juki=USED))
    assert [a.code for a in found] == ["counter_resets_with_right_entry"]
    assert Futile.WAITING in found[0].rule.futile
    assert verdict_on(found).text("en").startswith("Nothing to do now")


def test_a_lock_says_that_waiting_is_futile_and_what_it_takes() -> None:
    """Each rule about a lock has places, the card among the needs, and waiting among what does not help."""
    locks = [rule for rule in CARD_RULES if rule.action is Action.RESET]
    assert len(locks) == 6
    for rule in locks:
        assert rule.places
        assert Need.CARD in rule.needs
        assert Futile.WAITING in rule.futile


def test_an_old_card_gets_the_one_advice_that_helps() -> None:
    """Nothing on a Basic Resident Registration Card is worth resetting: all have ended."""
    assert codes(observation("juki_card", {"auth": "expired", "sign": "absent"}, auth=LOCKED)) == ["old_juki_card"]


def test_presence_follows_from_the_state_where_it_is_not_given() -> None:
    """A certificate with dates is there, an unread one may not be."""
    pins = {"auth": FULL, "sign": LOCKED}
    assert codes(observed(pins, {"auth": "in_period", "sign": "in_period"})) == ["pin_blocked_kiosk_possible"]
    assert codes(observed(pins, {"auth": "in_period", "sign": "unknown"})) == ["pin_blocked_kiosk_unknown"]


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-08-30T14:59:59", PeriodState.IN_PERIOD),
        ("2026-08-30T15:00:00", PeriodState.RENEWABLE),
        ("2026-11-30T14:59:59", PeriodState.RENEWABLE),
        ("2026-11-30T15:00:00", PeriodState.EXPIRED),
    ],
)
def test_the_card_itself_ends_in_japan_time(now: str, state: PeriodState) -> None:
    """A card that runs to 30 November is renewable from 31 August in every town, and over at midnight in Japan."""
    assert card_period(date(2026, 11, 30), datetime.fromisoformat(now).replace(tzinfo=UTC)) is state


def test_a_card_without_a_known_end_is_not_judged() -> None:
    """Where the last day was not read, nothing is said about the card's own period."""
    assert card_period(None, datetime(2026, 11, 22, tzinfo=UTC)) is None


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
    """Of a certificate in its period, renewable already or not; else not."""
    for state in CERTIFICATE_STATES:
        found = codes(observed({}, {"auth": state}, kind, new=frozenset({"auth"})))
        assert ("certificate_new" in found) == (kind != "juki_card" and state in ("in_period", "renewable"))


def test_waiting_for_services_needs_nothing_and_nobody() -> None:
    """The rule names no place and nothing to bring."""
    rule = next(rule for rule in CARD_RULES if rule.code == "certificate_new")
    assert (rule.places, rule.needs, rule.futile) == ((), (), ())
    assert (rule.source.value, rule.date) == ("municipalities", "2025/2026")


def test_every_rule_says_where_it_comes_from() -> None:
    """Source and date of each; only what holds everywhere is advised; what has to be done has a verdict."""
    assert all(rule.source and rule.date and rule.scope.value == "national" for rule in CARD_RULES)
    assert [rule.code for rule in CARD_RULES if (rule.verdict is None) != (rule.action is Action.KNOW)] == []


def test_a_report_has_the_month_only() -> None:
    """The day on which a card ends is its holder's birthday, so neither it nor "today" is said there."""
    ends = {"card": End(date(2026, 11, 30), 0)}
    (advice,) = advise_on(observed({}, {"auth": "renewable"}, "card", THERE, "renewable", ends=ends))
    quiet: Advice = advice.without_days()
    for language in ("en", "ja"):
        assert "30" not in quiet.text(language)
        assert "today" not in quiet.text(language)
        assert "今日" not in quiet.text(language)


def test_a_card_of_unknown_kind_is_not_refused_by_a_store_that_nobody_asked() -> None:
    """What is not known of it is said as not known."""
    assert codes(observation("unknown", GOOD, sign=LOCKED))[0] == "pin_blocked_kiosk_unknown"


def test_a_lock_of_the_password_is_no_matter_of_cards_without_pins() -> None:
    """A card that has only the signature certificate is no child's and was not issued without PINs."""
    only_sign = observed(
        {"auth": UNUSED, "sign": LOCKED}, {"auth": "absent", "sign": "unknown"}, "card", {"auth": False, "sign": True}
    )
    advice = advise_on(only_sign)[0]
    assert advice.code == "pin_blocked_one_certificate"
    assert advice.verdict is not None
    assert "without PINs" not in advice.text("en") + advice.verdict.text("en")


@pytest.mark.parametrize(
    ("kind", "pins", "verdict"),
    [
        ("card", {"auth": LOCKED, "sign": UNUSED, "juki": LOCKED}, "resets them all in one visit"),
        ("iphone", {"auth": LOCKED, "sign": LOCKED}, "reset them in the Mynaportal app"),
    ],
)
def test_the_verdict_about_several_speaks_of_several(kind: str, pins: Mapping[str, PinState], verdict: str) -> None:
    """And says nothing that holds for one of them only."""
    certificates = {"auth": "in_period", "sign": "absent" if kind == "card" else "unknown"}
    present = {"auth": True, "sign": kind != "card"}
    first = advise_on(observed(pins, certificates, kind, present))[0]
    assert first.verdict is not None
    assert verdict in first.verdict.text("en")
    assert "unless" not in first.verdict.text("en")


@pytest.mark.parametrize("state", [PinState.UNKNOWN, PinState.ABSENT])
def test_what_is_told_of_several_pins_is_a_list(state: PinState) -> None:
    """Not one PIN with several names."""
    pins = {"input": state, "juki": state}
    found = advise_on(observed(pins, GOOD, "card", THERE, "in_period"))[0].text("en")
    assert ("these: " if state is PinState.UNKNOWN else "none of these PINs: ") in found
