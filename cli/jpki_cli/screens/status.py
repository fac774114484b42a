"""The screen of ``jpki status``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jpki_cli.i18n import MN, M, Message
from jpki_cli.pin_words import pin_name
from jpki_cli.screens.text import colour, dots, table, wrap
from jpki_cli.sentences import CERTIFICATES, KINDS, REASONS, REVOCATION, absent, advice_text, tries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jpki.advice.rules import Advice
    from jpki.application.period import Period
    from jpki.application.pin import PinStatus
    from jpki.application.status import CardStatus, CertificateStatus

_COLOURS = {"blocked": "red", "last_try": "yellow", "expired": "red", "renewable": "yellow", "not_yet_valid": "yellow"}


def render(status: CardStatus, advice: Iterable[Advice], *, reader: str) -> None:
    """Print the whole screen to stdout."""
    click.echo(str(M("{kind} in “{reader}”", kind=KINDS[status.token.kind.value], reader=reader)))
    click.echo()
    click.echo(str(M("PINs")))
    for line in pin_lines(status.pins):
        click.echo(line)
    click.echo()
    click.echo(str(M("Certificates")))
    rows = [
        [str(CERTIFICATES[c.kind.value]), colour(str(_certificate(c)), _COLOURS.get(c.state, "reset"))]
        for c in status.certificates
    ]
    for line in table(rows):
        click.echo(line)
    if status.card_expires is not None:
        click.echo(str(M("The card itself runs until {day}.", day=status.card_expires)))
    click.echo(wrap(str(REVOCATION)))
    _print_advice(advice)


def pin_lines(pins: Iterable[PinStatus]) -> list[str]:
    """Lines of the table of PINs: name, meaning, dots, words."""
    rows = []
    for pin in pins:
        words = colour(str(tries(pin)), _COLOURS.get(pin.state.value, "reset"))
        rows.append([pin.name, str(pin_name(pin.name)), dots(pin.retries_remaining, pin.retry_limit), words])
    return table(rows)


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


def _print_advice(advice: Iterable[Advice]) -> None:
    sentences = [str(advice_text(a)) for a in advice]
    if not sentences:
        return
    click.echo()
    click.echo(str(M("What to do")))
    for sentence in sentences:
        click.echo(wrap(sentence, indent="    ", first="  - "))
