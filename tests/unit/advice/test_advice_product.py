"""Every combination of what a card can show: at most one advice for each action, the most urgent first, none against
another.

Kind of card, each PIN's state, the certificate and the card's own end. The card-info input PIN and the Basic Resident
Register PIN are alike to every rule, so each pair of their states is looked at once.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from observations import observed

from jpki.advice import Action, Advice, Place, verdict_on
from jpki.advice.observation import End
from jpki.advice.rules import advise_on
from jpki.card import CertificateState, PinState
from jpki.certificate import PeriodState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.advice.observation import Observation

LOCKED, ABSENT = PinState.BLOCKED, PinState.ABSENT
#: Full, used, last try, locked, not in use, hidden. A PIN of a certificate that has no use answers as a locked one.
STATES: Final = (PinState.FULL, PinState.USED, PinState.LAST_TRY, LOCKED, ABSENT, PinState.UNKNOWN)
#: State and days left of the user certificate; "to come": the computer's clock is wrong, or it was issued just now.
CERTIFICATES: Final = {
    "before": ("in_period", 400),
    "window": ("renewable", 40),
    "last day but one": ("renewable", 1),
    "last day": ("renewable", 0),
    "expired": ("expired", 0),
    "absent": ("absent", None),
    "to come": ("not_yet_valid", None),
}
CARDS: Final = ("runs on", "ends with the certificate", "expired")
ONCE: Final = (Action.NEW_CARD, Action.RESET, Action.NEW_CERTIFICATE, Action.STOP)
LAST_DAY: Final = date(2026, 11, 30)


class Case(NamedTuple):
    """One combination, and what follows from it."""

    kind: str
    observed: Observation
    advice: tuple[Advice, ...]

    @property
    def locked(self) -> list[str]:
        """The PINs that are locked, and have a use."""
        return [pin for pin, state in self.observed.pins.items() if state is LOCKED]


def _ends(card: str, state: str, left: int | None) -> tuple[str, dict[str, End]]:
    """State of the card's own period, and the last days."""
    own = {} if left is None else {"auth": End(LAST_DAY, left)}
    if card == "runs on":
        return "in_period", own | {"card": End(date(2030, 1, 1), 1200)}
    if card == "expired":
        return "expired", own | {"card": End(LAST_DAY, 0)}
    is_open = state in ("renewable", "expired")  # a card that ends with an expired certificate is in its last days
    return "renewable" if is_open else "in_period", own | {"card": End(LAST_DAY, left or 0)}


def _in_use(pin: PinState, certificate: str) -> PinState:
    """The state of a PIN beside that of its certificate: one that has no use answers as a locked one."""
    return PinState.NOT_IN_USE if pin is LOCKED and certificate == "absent" else pin


def cases(kind: str) -> Iterator[Case]:
    """Every combination of one kind; a child, a ward and a card without PINs have no signature certificate."""
    is_phone = kind in ("android", "iphone")
    sign = "absent" if kind in ("child", "ward", "pinless") else "unknown"
    signing = STATES if sign == "unknown" else (LOCKED,)
    user = (LOCKED,) if kind == "pinless" else STATES
    office = [(ABSENT, ABSENT)] if is_phone else list(combinations_with_replacement(STATES, 2))
    for (state, left), card in product(CERTIFICATES.values(), ("runs on",) if is_phone else CARDS):
        period, ends = ("unknown", {}) if is_phone else _ends(card, state, left)
        for auth, signature, (entry, register) in product(user, signing, office):
            seen = observed(
                {
                    "auth": _in_use(auth, state),
                    "sign": _in_use(signature, sign),
                    "input": entry,
                    "juki": register,
                },
                {"auth": state, "sign": sign},
                kind if is_phone or kind == "unknown" else "card",
                {"auth": state != "absent", "sign": sign != "absent"},
                period,
                ends=ends,
            )
            yield Case(kind, seen, advise_on(seen))


#: How many combinations each kind has; together they are told in docs/certificates.md, 5.7.
SIZES: Final = {
    "card": 15876, "child": 2646, "ward": 2646, "pinless": 441, "android": 252, "iphone": 252, "unknown": 15876,
}  # fmt: skip


@pytest.mark.parametrize("kind", SIZES)
def test_every_combination_is_told_without_contradiction(kind: str) -> None:
    """All invariants of the guidance, for every combination of a kind."""
    count = 0
    for case in cases(kind):
        count += 1
        actions = Counter(advice.rule.action for advice in case.advice)
        assert [action for action in ONCE if actions[action] > 1] == [], case
        assert len({(a.code, a.pins, a.certificates) for a in case.advice}) == len(case.advice), case
        assert not (actions[Action.NEW_CARD] and actions[Action.NEW_CERTIFICATE]), case
        _check_card(case)
        _check_locks(case)
        _check_order(case)
    assert count == SIZES[kind]


def _check_card(case: Case) -> None:
    """A card that has ended is one advice; a certificate that ends with its card is not renewed."""
    codes = [advice.code for advice in case.advice]
    if case.observed.card is PeriodState.EXPIRED:
        assert codes == ["card_expired"], case
    if case.observed.card is PeriodState.RENEWABLE:
        assert sum(code.startswith("card_renewable") for code in codes) == 1, case
        assert not any("can be renewed" in advice.text("en") for advice in case.advice), case


def _check_locks(case: Case) -> None:
    """What is locked is named once, with a way out that is open to this card."""
    if case.observed.card is PeriodState.EXPIRED:
        return
    resets = [advice for advice in case.advice if advice.rule.action is Action.RESET]
    assert [pin for advice in resets for pin in advice.pins] == case.locked, case
    for advice in resets:
        places = advice.rule.places
        if case.kind in ("android", "iphone"):
            assert places == (Place.PHONE_APP,), case
        else:
            assert Place.MUNICIPALITY in places, case
        if Place.CONVENIENCE_STORE in places:
            other = {"auth": "sign", "sign": "auth"}[advice.pins[0]]
            usable = (PinState.FULL, PinState.USED, PinState.LAST_TRY)
            assert case.kind == "card", case
            assert len(case.locked) == 1, case
            assert case.observed.pins[other] in usable, case
            assert case.observed.certificates["auth"] in (CertificateState.IN_PERIOD, CertificateState.RENEWABLE), case


def _urgency(advice: Advice) -> int:
    """A card that has ended, what ends within a day, a lock, a last try, the rest."""
    ends_now = advice.days_left in (0, 1) and advice.code in ("card_renewable", "certificate_renewable")
    ranks = {"card_expired": 0, "old_juki_card": 0}
    if advice.code in ranks or ends_now:
        return ranks.get(advice.code, 1)
    return {Action.RESET: 2, Action.STOP: 3}.get(advice.rule.action, 4)


def _check_order(case: Case) -> None:
    """The most urgent comes first, and is the verdict."""
    ranks = [_urgency(advice) for advice in case.advice]
    assert ranks == sorted(ranks), case
    todo = [advice for advice in case.advice if advice.rule.action is not Action.KNOW]
    verdict = verdict_on(case.advice).text("en")
    if todo:
        assert todo[0].verdict is not None
        assert verdict == todo[0].verdict.text("en"), case
    else:
        assert verdict.startswith("Nothing to do now"), case
