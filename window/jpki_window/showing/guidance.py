"""Lines of the guide as the window says them: where the library names a command, the window has a button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import east_asian_width

from jpki.advice import TITLES
from jpki.words import M
from jpki_window.look import button, without_commands

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from jpki.advice import GuideRule
    from jpki.words import Message
    from jpki_window.reading import Context

#: What the window says in the place of a line that speaks of commands or their options, by the line's id.
_OWN: Final = {
    "pins.see-tries": M("The page of the card shows how many tries are left. That needs no PIN and uses no try."),
    "change.check-new": M("Whether a new PIN is a good one is said while you type it."),
    "expired.which": M(
        "Card and certificate: check which of them has expired. The date printed on the card is that of the card. The "
        "page of the card shows both."
    ),
    "reset.who-else": M(
        "For somebody else's card other documents are needed. Choose in the guide, under “Who acts”, who will go: a "
        "legal representative (parent or guardian), or somebody whom the holder has chosen."
    ),
    "reader.place": M(
        "Place only one card on the reader, out of its case and away from metal, and do not move it until the program "
        "is done."
    ),
    "hot.own-words": M(
        "The wording of this guide is this program's own. Each statement has a source, which is shown while the mouse "
        "rests on it. Texts of J-LIS may be quoted if the source is named, but not altered."
    ),
}
_GUIDE: Final = "guide "


class Way(NamedTuple):
    """A page of the window that does what a command does."""

    title: Message
    page: str
    argument: str | None = None


#: Columns of a terminal that a button has room for at 200 % in a window of 800 pixels.
_COLUMNS: Final = 32

_CARD: Final = Way(M("Show the card"), "card")
_CAUSE: Final = Way(M("Look for the cause"), "doctor", "look")
_WAYS: Final = {"status": _CARD, "pin": _CARD, "doctor": _CAUSE, "readers": _CAUSE}


def rule_words(context: Context, rule: GuideRule) -> str:
    """Say a line of the guide without a command in it."""
    return without_commands(context.say(_OWN.get(rule.rule_id, rule.text)))


def ways_of(message: Message) -> tuple[Way, ...]:
    """Where the window does what the commands below a sentence do, each once; of a command without a page nothing."""
    found = []
    for line in message.text("en").split("\n"):
        if not line.startswith("  jpki "):
            continue
        command = line.removeprefix("  jpki ")
        if command.startswith(_GUIDE):
            topic = command.removeprefix(_GUIDE)
            found.append(Way(M("Guide: {topic}", topic=TITLES[topic]), "guide", topic))
        else:
            found += filter(None, [_WAYS.get(command.split()[0])])
    return tuple(dict.fromkeys(found))


def way_buttons(context: Context, message: Message, here: str = "") -> list[QWidget]:
    """A button for each of them that leads to another page than ``here``."""
    return [_button(context, way) for way in ways_of(message) if way.page != here]


def _button(context: Context, way: Way) -> QWidget:
    words = context.say(way.title)
    return button(_in_two_lines(words), lambda: context.open_page(way.page, way.argument), name=words)


def _in_two_lines(words: str) -> str:
    """Break what is too long for a small window with large letters: a button does not do so itself."""
    if sum(2 if east_asian_width(character) in "WF" else 1 for character in words) <= _COLUMNS:
        return words
    middle = len(words) // 2
    blanks = [at for at, character in enumerate(words) if character == " "]
    if not blanks:
        return f"{words[:middle]}\n{words[middle:]}"
    at = min(blanks, key=lambda blank: abs(blank - middle))
    return f"{words[:at]}\n{words[at + 1 :]}"
