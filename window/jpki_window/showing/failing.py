"""A failure on a page: what is the matter, what to do, its code, and the way to find out more by it."""

from __future__ import annotations

from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from jpki.diagnosis import search
from jpki.errors import NoCardError, SeveralCardsError
from jpki.words import M, failure_text
from jpki_window.look import breakable, button, line, text

from .laying import banner
from .sentences import for_window

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from jpki.words import Message
    from jpki_window.reading import Context


def failure_code(exc: BaseException) -> str:
    """The machine word of an error, by which guide and troubleshooting find it."""
    return str(getattr(exc, "code", "unexpected"))


def failure_words(context: Context, exc: BaseException) -> tuple[str, tuple[str, ...]]:
    """What is the matter, and what to do about it, step by step."""
    if isinstance(exc, SeveralCardsError):
        return context.say(M("There are My Number Cards on several readers. Which one do you want to see?")), ()
    said = failure_text(exc)
    if said is not None:
        return context.say(said.message), for_window(said.remedy, context.say)
    if isinstance(exc, OSError):
        reason = exc.strerror or type(exc).__name__
        path = "" if exc.filename is None else str(exc.filename)
        return context.say(M("The file {path} cannot be read: {reason}", path=path, reason=reason)), ()
    name = type(exc).__name__
    return context.say(M("Something happened that this program does not expect: {error}", error=name)), ()


def why_no_card(context: Context, wanted: Message) -> str:
    """What is in the way of a card that a page needs; ``wanted`` where it only has to be put on the reader."""
    failure = context.glance.failure
    if failure is None or isinstance(failure, NoCardError):
        return context.say(wanted)
    if isinstance(failure, SeveralCardsError):
        return context.say(M("There are My Number Cards on several readers. Choose one on the page “Card”."))
    return failure_words(context, failure)[0]


def failure_parts(context: Context, exc: BaseException) -> list[QWidget]:
    """The parts of a page that tell of a failure; of one's own wish to stop they only say that it stopped."""
    if isinstance(exc, CancelledError):
        return [banner(context.say(M("Stopped. Nothing was written.")), "calm")]
    message, steps = failure_words(context, exc)
    code = failure_code(exc)
    parts: list[QWidget] = [banner(breakable(message), "bad"), *(text(breakable(step)) for step in steps)]
    parts.append(text(context.say(M("Code: {code}", code=code)), is_muted=True))
    if search(code, context.language):
        parts.append(line(button(context.say(M("Find in the guide")), lambda: context.open_page("guide", code))))
    return parts
