"""The parts of the page that show a card: the verdict first, what to do, the PINs, the certificates."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from jpki.advice import unfit_lines
from jpki.words import KINDS, REVOCATION, M
from jpki_window.look import Beside, Columns, Look, button, column, text

from .actions import CARD_ACTIONS
from .banner import banner_of_card
from .tiles import advice_tile, card_end, certificate_tile, pin_tile
from .topic_panel import TopicPanel
from .verdict import headline

if TYPE_CHECKING:
    from jpki.card import CardStatus
    from jpki_window.reading import Context, Glance

    from .actions import CardAction

#: Width from which guidance stands beside the card, in characters.
_BESIDE = 46.0


def card_view(context: Context, glance: Glance, status: CardStatus) -> list[QWidget]:
    """Everything that ``jpki status`` shows, and what to do next with its guidance beside it."""
    card = QWidget()
    inside = column(card, margin=0, spacing=0.7)
    inside.addWidget(_heading(context.say(M("PINs"))))
    pins = Columns(15.0)
    for pin in status.pins:
        pins.add(pin_tile(context, pin, status))
    inside.addWidget(pins)
    inside.addSpacing(Look.em // 2)
    inside.addWidget(_heading(context.say(M("Certificates"))))
    certificates = Columns(15.0)
    for certificate in status.certificates:
        certificates.add(certificate_tile(context, certificate, status))
    inside.addWidget(certificates)
    if status.card_expires is not None and glance.at is not None:
        inside.addWidget(card_end(context, status.card_expires, glance.at))
    inside.addWidget(text(context.say(REVOCATION), is_muted=True))
    actions = [action for action in CARD_ACTIONS if action.is_offered(status)]
    for action in actions:
        inside.addWidget(button(context.say(action.title), partial(_start, action, context, card)))
    inside.addStretch(1)
    parts: list[QWidget] = [_verdict(context, glance, status)]
    if glance.advice:
        parts.append(Beside(card, _next_steps(context, glance, status), _BESIDE))
    else:
        parts.append(card)
    return parts


def _start(action: CardAction, context: Context, card: QWidget) -> None:
    action.start(context, card.window())


def _verdict(context: Context, glance: Glance, status: CardStatus) -> QWidget:
    is_calm = all(advice.verdict is None for advice in glance.advice)
    kind = KINDS[status.token.kind.value]
    where = text(context.say(M("{kind} in “{reader}”", kind=kind, reader=glance.reader or "")))
    below: list[QWidget] = [where]
    if status.fault is not None:
        from jpki.words import failure_text

        fault = failure_text(status.fault)
        below += [] if fault is None else [text(context.say(fault.message))]
    time = "" if glance.at is None else f"{glance.at.astimezone():%H:%M}"
    again = button(context.say(M("Read the card again")), context.look_again)
    below += [text(context.say(M("Read at {time}", time=time))), again]
    return banner_of_card(context, headline(context, glance), "good" if is_calm else "warn", tuple(below))


def _next_steps(context: Context, glance: Glance, status: CardStatus) -> QWidget:
    """What to do and to know, and the guidance of the first of them."""
    steps = QWidget()
    inside = column(steps, margin=0, spacing=0.7)
    inside.addWidget(_heading(context.say(M("What to do, and what to know"))))
    panel = TopicPanel(context, glance.advice[0], unfit_lines(status, glance.at or context.now()))
    for advice in glance.advice:
        inside.addWidget(advice_tile(context, advice, panel.show))
    inside.addWidget(panel.frame)
    inside.addStretch(1)
    return steps


def _heading(words: str) -> QWidget:
    return text(words, scale=1.2, is_bold=True)
