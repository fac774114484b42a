"""From the state of a card to what its holder can do next.

The table with the sentences is :mod:`jpki.advice.card_table`. Everything that says what to do about a card asks here:
``status``, errors after a PIN, ``doctor``, ``report`` and ``guide`` alike.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.certificate import JST, RENEWAL_MONTHS, PeriodState, renewal_days
from jpki.words import CERTIFICATES, M, Unread, day_words, listed, month_words, pin_name, pin_short

from .card_table import CARD_RULES
from .observation import End, Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from jpki.card import CardStatus
    from jpki.certificate import Period
    from jpki.words import Message

    from .card_rules import CardRule
    from .model import Expiring
    from .observation import Subject

_NOTHING: Final = M("Nothing to do now, as far as can be seen without a PIN.")
_UNREAD_DAY: Final = M("a day that could not be read")
#: Words for the days on which "ends on …" would be too calm.
_NEAR: Final = {0: "today", 1: "tomorrow"}


class Advice(NamedTuple):
    """One thing to do or to know; ``pins`` and ``certificates`` say what it is about.

    ``last_day`` is the day on which what it is about ends, ``days_left`` how many are left until then;
    ``is_card_read``: the card's own end is known.
    """

    rule: CardRule
    pins: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    last_day: date | None = None
    days_left: int | None = None
    is_card_read: bool = True
    by_month: bool = False

    @property
    def code(self) -> str:
        """The rule's word for machines."""
        return self.rule.code

    @property
    def about(self) -> Expiring | None:
        """Whether a new card is needed or a new certificate; None where it says of neither."""
        from .card_rules import Action
        from .model import Expiring  # which `status` does not need

        return {Action.NEW_CARD: Expiring.CARD, Action.NEW_CERTIFICATE: Expiring.CERTIFICATE}.get(self.rule.action)

    @property
    def message(self) -> Message:
        """What to do or to know, in words."""
        special = self.rule.special
        found = next((special[key] for key in self._keys() if key in special), self.rule.text)
        return found.with_values(**self._values(pin_name))

    @property
    def verdict(self) -> Message | None:
        """The same in one short sentence; None if nothing has to be done."""
        if self.rule.verdict is None:
            return None
        special = self.rule.special
        found = next((special[f"verdict_{key}"] for key in self._keys() if f"verdict_{key}" in special), None)
        return (found or self.rule.verdict).with_values(**self._values(pin_short))

    def without_days(self) -> Advice:
        """The same with the month only: the day on which a certificate or card ends is its holder's birthday."""
        return self._replace(by_month=True, days_left=None)

    def text(self, language: str) -> str:
        """What to do or to know, in ``ja`` or ``en``."""
        return self.message.text(language)

    def _keys(self) -> Iterable[str]:
        about = self.pins or self.certificates
        if len(about) > 1:
            yield "several"
        if self.days_left in _NEAR:
            yield _NEAR[self.days_left]
        if len(about) == 1:
            yield about[0]
        if not self.is_card_read:
            yield "card_unknown"

    def _values(self, say_pin: Callable[[str], Message]) -> dict[str, object]:
        say = month_words if self.by_month else day_words
        values: dict[str, object] = {"day": _UNREAD_DAY if self.last_day is None else say(self.last_day)}
        if self.pins:
            values["pins"] = listed([say_pin(pin) for pin in self.pins])
        if self.certificates:
            values["certificate"] = listed([CERTIFICATES[which] for which in self.certificates])
        return values


#: Until then some services may refuse a certificate that is new (docs/certificates.md, 3.3).
_SERVICES_LEARN_IN: Final = timedelta(hours=24)
#: The rules by what they are about and the state that they ask for, with their places in the table.
_BY_SUBJECT: Final[dict[tuple[str, str | None], list[tuple[int, CardRule]]]] = {}
for _index, _rule in enumerate(CARD_RULES):
    for _key in product(_rule.when["about"], _rule.when.get("state", (None,))):
        _BY_SUBJECT.setdefault(_key, []).append((_index, _rule))


def advise_status(status: CardStatus, at: datetime, *, by_holder: bool = True) -> tuple[Advice, ...]:
    """Say what follows from everything that was read of a card, at an instant, most urgent first."""
    return advise_on(observe(status, at, by_holder=by_holder))


def unfit_lines(status: CardStatus, at: datetime, *, by_holder: bool = True) -> frozenset[str]:
    """The ids of those lines of guidance that do not hold for this card, though its topic has them."""
    is_out = observe(status, at, by_holder=by_holder).is_store_out
    return frozenset({"reset.store-too"} if is_out else ())


def observe(status: CardStatus, at: datetime, *, by_holder: bool = True) -> Observation:
    """What was read of a card, as the rules take it."""
    today = at.astimezone(JST).date()
    periods = [c.period for c in status.certificates if c.period is not None]
    ends = {
        c.kind.value: End(c.period.last_day, c.period.days_left) for c in status.certificates if c.period is not None
    }
    if status.card_expires is not None:
        ends["card"] = End(status.card_expires, max((status.card_expires - today).days, 0))
    return Observation(
        {pin.name: pin.state for pin in status.pins},
        {c.kind.value: c.reason if c.reason is Unread.MISSING else c.state for c in status.certificates},
        status.token.kind,
        {c.kind.value: c.is_present for c in status.certificates},
        card_period(status.card_expires, at, max([RENEWAL_MONTHS, *(p.renewal_months for p in periods)])),
        frozenset(c.kind.value for c in status.certificates if c.period is not None and is_new(c.period, at)),
        ends,
        by_holder,
    )


def advise_on(observed: Observation) -> tuple[Advice, ...]:
    """Say what follows from an observation: the order of the table, and before it what ends today or tomorrow."""
    found = [
        (not _is_near(rule, subject), index, place, rule, subject)
        for place, subject in enumerate(observed.subjects())
        for state in {subject.words.get("state"), None}
        for index, rule in _BY_SUBJECT.get((subject.words["about"], state), ())
        if rule.holds(subject.words)
    ]
    found.sort(key=lambda entry: entry[:3])
    return tuple(
        Advice(
            rule,
            subject.pins,
            subject.certificates,
            subject.last_day,
            subject.days_left,
            is_card_read=observed.card is not None,
        )
        for _, _, _, rule, subject in found
    )


def verdict_on(advice: Iterable[Advice]) -> Message:
    """Say the most urgent of some advice in one sentence, or that there is nothing to do."""
    return next((a.verdict for a in advice if a.verdict is not None), _NOTHING)


def _is_near(rule: CardRule, subject: Subject) -> bool:
    return subject.days_left in _NEAR and "today" in rule.special


def is_new(period: Period, at: datetime) -> bool:
    """Whether a certificate was issued less than a day before an instant."""
    return period.not_before <= at < period.not_before + _SERVICES_LEARN_IN


def card_period(last_day: date | None, at: datetime, months: int = RENEWAL_MONTHS) -> PeriodState | None:
    """State of the card's own period, whose days are days of Japan; None where its last day is unknown."""
    if last_day is None:
        return None
    today = at.astimezone(JST).date()
    if today > last_day:
        return PeriodState.EXPIRED
    return PeriodState.RENEWABLE if today >= renewal_days(last_day, months)[1] else PeriodState.IN_PERIOD
