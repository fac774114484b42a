"""From the state of a card to codes of what its holder can do next.

The table is :mod:`jpki.advice.card_table`; the sentences for the codes are the user interface's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from jpki.advice.card_table import CARD_RULES
from jpki.advice.observation import Observation
from jpki.certificate.period import JST, renewal_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from jpki.advice.card_rules import CardRule
    from jpki.card.pin import PinStatus
    from jpki.card.status import CardStatus
    from jpki.certificate.period import Period


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do or to know; ``pin`` and ``certificate`` say what it is about."""

    code: str
    pin: str | None = None
    certificate: str | None = None

    @property
    def rule(self) -> CardRule:
        """The rule that it comes from, with source and date."""
        return _BY_CODE[self.code]


#: Until then some services may refuse a certificate that is new (docs/certificates.md, 3.3).
_SERVICES_LEARN_IN: Final = timedelta(hours=24)
_BY_CODE = {rule.code: rule for rule in CARD_RULES}


def advise(pins: Iterable[PinStatus], certificates: Mapping[str, str]) -> tuple[Advice, ...]:
    """Say what follows from the PINs' states and the certificates' states of a card, most urgent first.

    Args:
        pins: the states that were read.
        certificates: by kind, a state of the JSON output of ``status``, or ``absent``.
    """
    return advise_on(Observation({status.name: status.state for status in pins}, certificates))


def advise_status(status: CardStatus, at: datetime) -> tuple[Advice, ...]:
    """Say what follows from everything that was read of a card, at an instant."""
    return advise_on(
        Observation(
            {pin.name: pin.state for pin in status.pins},
            {c.kind.value: "missing" if c.reason == "missing" else c.state for c in status.certificates},
            status.token.kind.value,
            {c.kind.value: c.is_present for c in status.certificates},
            card_period(status.card_expires, at),
            frozenset(c.kind.value for c in status.certificates if c.period is not None and is_new(c.period, at)),
        )
    )


def advise_on(observed: Observation) -> tuple[Advice, ...]:
    """Say what follows from an observation, in the order of the table."""
    subjects = list(observed.subjects())
    return tuple(_advice(rule, subject) for rule in CARD_RULES for subject in subjects if rule.holds(subject))


def _advice(rule: CardRule, subject: Mapping[str, str]) -> Advice:
    which = subject.get("which")
    if subject["about"] == "pin":
        return Advice(rule.code, pin=which)
    return Advice(rule.code, certificate=which)


def is_new(period: Period, at: datetime) -> bool:
    """Whether a certificate was issued less than a day before an instant."""
    return period.not_before <= at < period.not_before + _SERVICES_LEARN_IN


def card_period(last_day: date | None, at: datetime) -> str:
    """State of the card's own period, whose days are days of Japan; ``unknown`` where its last day is."""
    if last_day is None:
        return "unknown"
    today = at.astimezone(JST).date()
    if today > last_day:
        return "expired"
    return "renewable" if today >= renewal_days(last_day)[1] else "in_period"
