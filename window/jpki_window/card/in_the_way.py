"""What the page of the card shows where there is no card to show, and what can be done about it."""

from __future__ import annotations

from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from jpki.errors import JpkiError, SeveralCardsError
from jpki.outside_text import visible
from jpki.words import M
from jpki_window.look import Buttons, button, column, text
from jpki_window.showing import failure_words

from .banner import banner_of_card

if TYPE_CHECKING:
    from jpki_window.reading import Context, Glance

#: Letters of a reader's name in one line of its button.
_NAME = 32
#: What is no fault of anything: the window waits for it.
_CALM = ("no_card", "several_cards")


def failure_view(context: Context, glance: Glance) -> list[QWidget]:
    """Why there is no card to show, what to do, and the buttons that help."""
    failure = glance.failure
    assert failure is not None  # noqa: S101 - the page asks for it only then
    words, steps = failure_words(context, failure)
    code = failure.code if isinstance(failure, JpkiError) else "unexpected"
    return [
        banner_of_card(context, words, "calm" if code in _CALM else "bad"),
        _what_to_do(context, glance, steps, code),
    ]


def _what_to_do(context: Context, glance: Glance, steps: tuple[str, ...], code: str) -> QWidget:
    part = QWidget()
    inside = column(part, margin=0, spacing=0.7)
    is_choice = isinstance(glance.failure, SeveralCardsError)
    for step in steps:
        inside.addWidget(text(step, scale=1.15))
    if is_choice:
        for name in glance.readers:
            words = visible(name)
            choose = button(
                "\n".join(wrap(words, _NAME)), partial(context.choose_reader, name), name=words, is_main=True
            )
            inside.addWidget(choose, 0, Qt.AlignmentFlag.AlignLeft)
    look = button(context.say(M("Look for the cause")), partial(context.open_page, "doctor"), is_main=not is_choice)
    again = button(context.say(M("Try again")), context.look_again)
    inside.addWidget(Buttons(look, again))
    inside.addWidget(text(context.say(M("Code: {code}", code=code)), is_muted=True))
    return part
