"""The first lines of a topic of the guide, beside the advice that leads to it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from jpki.advice import TITLES, first_lines
from jpki.words import M
from jpki_window.look import button, clear, column, line, text, tile
from jpki_window.showing import rule_words, way_buttons

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame, QVBoxLayout

    from jpki.advice import Advice
    from jpki_window.reading import Context


class TopicPanel:
    """What to do first, by the guide: the title of the topic, its first lines, and the way to the rest."""

    def __init__(self, context: Context, advice: Advice, unfit: frozenset[str] = frozenset()) -> None:
        """Show the topic of an advice, without the ``unfit`` lines, which do not hold for this card."""
        self._context = context
        self._unfit = unfit
        self.frame: QFrame = tile("")
        self._inside: QVBoxLayout = column(self.frame, margin=1.0, spacing=0.4)
        self.show(advice)

    def show(self, advice: Advice) -> None:
        """Show what the topic of another advice says to it, in its place."""
        say = self._context.say
        self.topic = topic = advice.rule.topic
        lines = [rule for rule in first_lines(topic, advice.about) if rule.rule_id not in self._unfit]
        title = say(TITLES[topic])
        clear(self._inside)
        self.frame.setAccessibleName(say(M("Guide: {topic}", topic=TITLES[topic])))
        self._inside.addWidget(text(title, scale=1.2, is_bold=True))
        for part, rules in groupby(lines, key=lambda rule: rule.part):
            self._inside.addWidget(text(say(part.label), is_bold=True, is_muted=True))
            for rule in rules:
                self._inside.addWidget(text(rule_words(self._context, rule)))
                buttons = way_buttons(self._context, rule.text, "card")
                if buttons:
                    self._inside.addWidget(line(*buttons))
        whole = button(say(M("The whole guide")), lambda: self._context.open_page("guide", topic))
        self._inside.addWidget(whole, 0, Qt.AlignmentFlag.AlignLeft)
        self._inside.addStretch(1)
