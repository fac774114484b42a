"""The one sentence in large type, with the mood as a drawn mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from jpki.words import M
from jpki_window.app import Look, text, tile, without_commands

from .marks import Sign

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame

    from jpki_window.app import Context

    from .glance import Glance

_LOOKING = M("Looking for the card …")


def headline(context: Context, glance: Glance) -> str:
    """The one sentence in large type."""
    if glance.failure is not None:
        return failure_words(context, glance.failure)[0]
    if glance.status is None:
        return context.say(_LOOKING)
    from jpki.advice import verdict_on

    return context.say(verdict_on(glance.advice))


def failure_words(context: Context, failure: BaseException) -> tuple[str, tuple[str, ...]]:
    """What is the matter, and what to do about it, one step after the other."""
    from jpki.errors import SeveralCardsError
    from jpki.words import DOCTOR, SIMULATED, WAIT_FOR_CARD, failure_text

    say = context.say
    if isinstance(failure, SeveralCardsError):
        return say(M("My Number Cards lie on several readers. Which one do you mean?")), ()
    found = failure_text(failure)
    if found is None:
        return say(M("Something happened that this program does not expect: {error}", error=type(failure).__name__)), ()
    # Remedies that name a command: the window has a button in their place.
    of_the_command_line = (DOCTOR, SIMULATED, WAIT_FOR_CARD)
    return say(found.message), tuple(
        without_commands(say(line)) for line in found.remedy if line not in of_the_command_line
    )


def banner(context: Context, words: str, mood: str, below: tuple[QWidget, ...] = ()) -> QFrame:
    """The sentence in large type, with the mood as a drawn mark."""
    colours = Look.colours.mood(mood)
    frame = tile(words, kind="banner")
    frame.setStyleSheet(
        f"#banner {{ background: {colours.back}; border: 1px solid {colours.text}; border-radius: {Look.em // 2}px; }}"
        f"#banner QLabel {{ color: {colours.text}; }}"
    )
    line = QHBoxLayout(frame)
    edge = Look.em
    line.setContentsMargins(edge, edge, edge, edge)
    line.setSpacing(edge)
    line.addWidget(Sign(mood, colours.text, colours.back), 0, Qt.AlignmentFlag.AlignTop)
    words_column = QVBoxLayout()
    words_column.setSpacing(Look.em // 3)
    verdict = text(words, scale=1.5, is_bold=True)
    verdict.setAccessibleDescription(context.say(M("The most important thing about this card")))
    words_column.addWidget(verdict)
    for part in below:
        words_column.addWidget(part)
    line.addLayout(words_column, 1)
    return frame


def looking_view(context: Context) -> list[QWidget]:
    """The moment between a change and what is known of it."""
    return [banner(context, context.say(_LOOKING), "calm")]
