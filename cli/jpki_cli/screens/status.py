"""The screen of ``jpki status``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from jpki_cli.terminal.text import colour, described, dots, table, wrap
from jpki_cli.words.advice_texts import advice_text
from jpki_cli.words.i18n import MN, M, Message
from jpki_cli.words.pin_words import pin_label
from jpki_cli.words.sentences import (
    CERTIFICATES,
    KINDS,
    NOT_LOCKED,
    REASONS,
    REVOCATION,
    absent,
    not_in_use,
    tries,
    tries_in_short,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jpki.advice.rules import Advice
    from jpki.card.pin import PinStatus
    from jpki.card.status import CardStatus, CertificateStatus
    from jpki.certificate.period import Period

_COLOURS = {"blocked": "red", "last_try": "yellow", "expired": "red", "renewable": "yellow", "not_yet_valid": "yellow"}


def render(status: CardStatus, advice: Iterable[Advice], *, reader: str) -> None:
    """Print the whole screen to stdout."""
    click.echo("\n".join(lines(status, advice, reader=reader)))


def lines(status: CardStatus, advice: Iterable[Advice], *, reader: str) -> list[str]:
    """Return the lines of the screen; none of them needs more than 80 columns."""
    kind = KINDS[status.token.kind.value]
    found = [wrap(str(M("{kind} in “{reader}”", kind=kind, reader=reader))), "", str(M("PINs"))]
    found += [*pin_lines(status.pins, _not_in_use(status)), "", str(M("Certificates"))]
    found += described(
        [
            (str(CERTIFICATES[c.kind.value]), colour(str(_certificate(c)), _COLOURS.get(c.state, "reset")))
            for c in status.certificates
        ]
    )
    if status.card_expires is not None:
        found.append(wrap(str(M("The card itself runs until {day}.", day=status.card_expires))))
    found.append(wrap(str(REVOCATION)))
    return found + _advice_lines(advice)


def _not_in_use(status: CardStatus) -> dict[str, Message]:
    words = {
        pin.name: not_in_use(
            pin.state.value,
            lacks_certificate=status.lacks_certificate(pin.name),
            is_phone=status.token.kind.is_phone,
        )
        for pin in status.pins
    }
    return {name: said for name, said in words.items() if said is not None}


def pin_lines(pins: Iterable[PinStatus], unused: Mapping[str, Message] = MappingProxyType({})) -> list[str]:
    """Lines of the table of PINs: name, meaning, words, and last the dots, which some terminals draw twice as wide.

    ``unused`` has the words for PINs that have no use on this card, in the place of their counters.
    """
    rows = []
    notes: list[str] = []
    for pin in pins:
        if pin.name in unused or pin.lacks_certificate:
            rows.append([pin.name, str(pin_label(pin.name)), str(unused.get(pin.name) or tries(pin)), ""])
            if pin.lacks_certificate:
                notes = [wrap(str(NOT_LOCKED), indent="  ")]
            continue
        shade = _COLOURS.get(pin.state.value, "reset")
        words = tries_in_short(pin)
        drawn = dots(pin.retries_remaining, pin.retry_limit)
        drawn = drawn and colour(drawn, shade)
        rows.append([pin.name, str(pin_label(pin.name)), colour(str(words), shade), drawn])
        if pin.state.value == "verified":
            notes = [wrap(str(M("{state}: {words}.", state=words, words=tries(pin))), indent="  ")]
    return table(rows) + notes


def _certificate(certificate: CertificateStatus) -> Message:
    if certificate.is_present is False:
        return absent(certificate.kind.value)
    if certificate.period is None:
        return REASONS[str(certificate.reason)]
    return period_sentence(certificate.period)


def period_sentence(period: Period) -> Message:
    """Say a period in Japan time, and when it can be renewed."""
    last_day, renewal = period.last_day, period.renewable_from
    if period.state.value == "expired":
        return MN(
            "expired on {last_day} ({n} day ago)",
            "expired on {last_day} ({n} days ago)",
            period.days_since,
            last_day=last_day,
        )
    if period.state.value == "not_yet_valid":
        return M("begins on {first_day}, ends on {last_day}", first_day=period.not_before.date(), last_day=last_day)
    if period.state.value == "renewable":
        return MN(
            "until {last_day} ({n} day left); can be renewed now",
            "until {last_day} ({n} days left); can be renewed now",
            period.days_left,
            last_day=last_day,
        )
    return MN(
        "until {last_day} ({n} day left); can be renewed from {renewal}",
        "until {last_day} ({n} days left); can be renewed from {renewal}",
        period.days_left,
        last_day=last_day,
        renewal=renewal,
    )


def _advice_lines(advice: Iterable[Advice]) -> list[str]:
    sentences = [wrap(str(advice_text(a)), indent="    ", first="  - ") for a in advice]
    if not sentences:
        return ["", wrap(str(M("As far as can be seen without a PIN, there is nothing to do now.")))]
    return ["", str(M("What to do")), *sentences]
