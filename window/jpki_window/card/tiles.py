"""One PIN, one certificate, one piece of advice, as parts of the page of the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from jpki.advice import TITLES
from jpki.card import Pin, PinState, certificate_words, pin_words, unused_words
from jpki.certificate import PeriodState, card_end_sentence, in_japan
from jpki.words import CERTIFICATES, PIN_PURPOSES, M, pin_short
from jpki_window.look import (
    Buttons,
    Dots,
    Lock,
    Look,
    TimeBar,
    button,
    capital,
    column,
    row,
    text,
    tile,
    without_commands,
)

from .actions import PIN_ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from PySide6.QtWidgets import QFrame, QWidget

    from jpki.advice import Advice
    from jpki.card import CardStatus, CertificateStatus, PinStatus
    from jpki_window.reading import Context

    from .actions import PinAction

_MOODS = {PinState.BLOCKED: "bad", PinState.LAST_TRY: "warn"}
_PERIOD_MOODS = {PeriodState.EXPIRED: "bad", PeriodState.RENEWABLE: "warn", PeriodState.NOT_YET_VALID: "warn"}


def pin_tile(context: Context, pin: PinStatus, status: CardStatus) -> QFrame:
    """A PIN: the name that people know it by, what it is for, its tries as dots and words, and what can be done."""
    name = context.say(pin_short(pin.name))
    words = context.say(pin_words(pin, status))
    is_unused = unused_words(pin, status) is not None
    frame = tile(name)
    frame.setAccessibleDescription(words)
    inside = column(frame, margin=0.8, spacing=0.3)
    inside.addWidget(text(capital(name), scale=1.1, is_bold=True))
    inside.addWidget(text(context.say(PIN_PURPOSES[pin.name]), is_muted=True))
    inside.addWidget(_tries(pin, words, is_unused=is_unused))
    inside.addStretch(1)
    actions = [] if is_unused else [action for action in PIN_ACTIONS if action.is_offered(pin)]
    if actions:
        inside.addWidget(Buttons(*(_action_button(context, action, pin, name) for action in actions)))
    return frame


def _action_button(context: Context, action: PinAction, pin: PinStatus, name: str) -> QWidget:
    title = context.say(action.title)
    spoken = context.say(M("{action}: {what}", action=action.title, what=pin_short(pin.name)))
    made = button(title, lambda: action.start(context, Pin(pin.name), made.window()), name=spoken)
    made.setProperty("place", f"{name}/{title}")
    return made


def _tries(pin: PinStatus, words: str, *, is_unused: bool) -> QWidget:
    mood = None if is_unused else _MOODS.get(pin.state)
    colour = Look.colours.text if mood is None else Look.colours.mood(mood).text
    label = text(words, is_bold=mood is not None, is_muted=is_unused)
    if mood is not None:
        label.setStyleSheet(f"color: {colour}")
    left, limit = pin.retries_remaining, pin.retry_limit
    if is_unused:
        return row(label)
    if pin.state is PinState.BLOCKED:
        return row(Lock(colour), label)
    if left is None or limit is None:
        return label
    return row(Dots(left, limit, colour), label)


def certificate_tile(context: Context, certificate: CertificateStatus, status: CardStatus) -> QFrame:
    """A certificate: until when it runs, in words and as a bar of the time that is left."""
    name = context.say(CERTIFICATES[certificate.kind.value])
    words = context.say(certificate_words(certificate, status))
    frame = tile(name)
    frame.setAccessibleDescription(words)
    inside = column(frame, margin=0.8, spacing=0.3)
    inside.addWidget(text(capital(name), scale=1.1, is_bold=True))
    period = certificate.period
    if period is None:
        inside.addWidget(text(words, is_muted=certificate.is_present is False))
    else:
        mood = _PERIOD_MOODS.get(period.state)
        colour = Look.colours.accent if mood is None else Look.colours.mood(mood).text
        whole = (period.last_day - period.not_before.date()).days or 1
        is_over = period.state is PeriodState.EXPIRED
        inside.addWidget(TimeBar(0.0 if is_over else min(1.0, (period.days_left + 1) / whole), colour))
        label = text(words, is_bold=mood is not None)
        if mood is not None:
            label.setStyleSheet(f"color: {colour}")
        inside.addWidget(label)
    inside.addStretch(1)
    return frame


def card_end(context: Context, ends: date, at: datetime) -> QWidget:
    """When the card itself ends."""
    return text(context.say(card_end_sentence(ends, in_japan(at).date())))


def advice_tile(context: Context, advice: Advice, on_topic: Callable[[Advice], None]) -> QFrame:
    """One thing to do or to know, and the button that opens its guidance beside it."""
    title = context.say(TITLES[advice.rule.topic])
    frame = tile(title, kind="advice")
    inside = column(frame, margin=0.8, spacing=0.5)
    inside.addWidget(text(without_commands(context.say(advice.message))))
    inside.addWidget(text(context.say(M("Guide: {topic}", topic=TITLES[advice.rule.topic])), is_muted=True))
    words = M("Show the guide")
    spoken = context.say(M("{action}: {what}", action=words, what=TITLES[advice.rule.topic]))
    show = button(context.say(words), lambda: on_topic(advice), name=spoken)
    inside.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
    return frame
