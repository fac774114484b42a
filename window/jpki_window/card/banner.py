"""The one sentence in large type, with the mood as a drawn mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.words import M
from jpki_window.showing import banner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QFrame, QWidget

    from jpki_window.reading import Context

#: Between a change and what is known of it.
LOOKING = M("Looking for the card …")


def banner_of_card(context: Context, words: str, mood: str, below: Iterable[QWidget] = ()) -> QFrame:
    """The sentence in large type, with the mood as a drawn mark."""
    return banner(words, mood, below, about=context.say(M("The most important thing about this card")))


def looking_view(context: Context) -> list[QWidget]:
    """The moment between a change and what is known of it."""
    return [banner_of_card(context, context.say(LOOKING), "calm")]
