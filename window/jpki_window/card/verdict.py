"""The one sentence about a card, or about what is in the way of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .banner import LOOKING

if TYPE_CHECKING:
    from jpki_window.reading import Context, Glance


def headline(context: Context, glance: Glance) -> str:
    """The one sentence in large type."""
    if glance.failure is not None:
        from jpki_window.showing import failure_words

        return failure_words(context, glance.failure)[0]
    if glance.status is None:
        return context.say(LOOKING)
    from jpki.advice import verdict_on

    return context.say(verdict_on(glance.advice))
