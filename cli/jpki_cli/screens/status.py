"""The screen of ``jpki status``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from jpki.advice import verdict_on
from jpki.card import PinState, certificate_words, dots, tries, tries_in_short, unused_words
from jpki.certificate import card_end_sentence, in_japan
from jpki.words import CERTIFICATES, KINDS, NOT_LOCKED, REVOCATION, pin_label
from jpki_cli.terminal import colour, described, table, wrap
from jpki_cli.words import M, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from jpki.advice import Advice
    from jpki.card import CardStatus, PinStatus

_COLOURS = {"blocked": "red", "last_try": "yellow", "expired": "red", "renewable": "yellow", "not_yet_valid": "yellow"}


def render_status(status: CardStatus, advice: Sequence[Advice], at: datetime, *, reader: str) -> None:
    """Print the whole screen to stdout."""
    click.echo("\n".join(lines(status, advice, at, reader=reader)))


def lines(status: CardStatus, advice: Sequence[Advice], at: datetime, *, reader: str) -> list[str]:
    """Return the lines of the screen, the verdict first; none of them needs more than 80 columns."""
    kind = KINDS[status.token.kind.value]
    found = [wrap(str(verdict_on(advice))), ""]
    found += [wrap(str(M("{kind} in “{reader}”", kind=kind, reader=reader))), "", str(M("PINs"))]
    found += [*pin_lines(status.pins, _not_in_use(status)), "", str(M("Certificates"))]
    found += described(
        [
            (
                str(CERTIFICATES[c.kind.value]),
                colour(str(certificate_words(c, status)), _COLOURS.get(c.state.value, "reset")),
            )
            for c in status.certificates
        ]
    )
    if status.card_expires is not None:
        found.append(wrap(str(card_end_sentence(status.card_expires, in_japan(at).date()))))
    found.append(wrap(str(REVOCATION)))
    return found + _advice_lines(advice)


def _not_in_use(status: CardStatus) -> dict[str, Message]:
    words = {pin.name: unused_words(pin, status) for pin in status.pins}
    return {name: said for name, said in words.items() if said is not None}


def pin_lines(pins: Iterable[PinStatus], unused: Mapping[str, Message] = MappingProxyType({})) -> list[str]:
    """Lines of the table of PINs: name, meaning, words, and last the dots, which some terminals draw twice as wide.

    ``unused`` has the words for PINs that have no use on this card, in place of their counters.
    """
    rows = []
    notes: list[str] = []
    for pin in pins:
        is_unused = pin.state is PinState.NOT_IN_USE
        if pin.name in unused or is_unused:
            rows.append([pin.name, str(pin_label(pin.name)), str(unused.get(pin.name) or tries(pin)), ""])
            if is_unused:
                notes = [wrap(str(NOT_LOCKED), indent="  ")]
            continue
        shade = _COLOURS.get(pin.state.value, "reset")
        words = tries_in_short(pin)
        drawn = dots(pin.retries_remaining, pin.retry_limit)
        drawn = drawn and colour(drawn, shade)
        rows.append([pin.name, str(pin_label(pin.name)), colour(str(words), shade), drawn])
        if pin.state is PinState.VERIFIED:
            notes = [wrap(str(M("{state}: {words}.", state=words, words=tries(pin))), indent="  ")]
    return table(rows) + notes


def _advice_lines(advice: Iterable[Advice]) -> list[str]:
    found = [
        wrap(
            str(M("{advice}\n  jpki guide {topic}", advice=a.message, topic=a.rule.topic)), indent="    ", first="  - "
        )
        for a in advice
    ]
    return ["", str(M("What to do, and what to know")), *found] if found else []
