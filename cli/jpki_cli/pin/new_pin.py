"""Asking for a new PIN: form is refused, weakness is the holder's decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.pin.rules import Weakness, weaknesses
from jpki.words.names import pin_name
from jpki_cli.failures.explain import usage_error
from jpki_cli.words.i18n import M, Message

if TYPE_CHECKING:
    from jpki.card.pin import Pin
    from jpki.pin.secret import Secret
    from jpki_cli.app.context import AppContext

_WEAKNESSES: Final = {
    Weakness.SAME_AS_OLD: M("Weak: it is the one that you have now."),
    Weakness.REPETITION: M("Weak: it repeats itself."),
    Weakness.RUN: M("Weak: it is a plain run of characters."),
    Weakness.DATE: M("Weak: it reads as a month and a day."),
    Weakness.YEAR: M("Weak: it reads as a year."),
}
_NOT_YOUR_DATA: Final = M(
    "Do not take your birth date or your address (house number, post code); this program cannot know them."
)
_MAY_BE_EQUAL: Final = M(
    "The three 4-digit PINs may be the same. Then whoever learns one knows all three. Never write a PIN on the card."
)
_NOT_ON_THE_CARD: Final = M("Never write the password on the card.")


def hints(pin: Pin) -> tuple[Message, ...]:
    """Say what cannot be judged here."""
    return (_NOT_YOUR_DATA, _NOT_ON_THE_CARD if pin.is_password else _MAY_BE_EQUAL)


def weakness_text(weakness: Weakness) -> Message:
    """Say what is weak."""
    return _WEAKNESSES[weakness]


def ask_new(app: AppContext, pin: Pin, current: Secret, *, allow_weak: bool) -> Secret:
    """Ask for a new PIN, twice, until both entries agree and weakness is accepted."""
    from jpki_cli.pin.entry import ask_secret
    from jpki_cli.terminal.prompts import confirm

    for hint in hints(pin):
        app.note(hint)
    while True:
        new = ask_secret(app, pin, M("New {pin}: ", pin=pin_name(pin.value)), is_new=True)
        found = weaknesses(pin, new, current=current)
        for weakness in found:
            app.note(weakness_text(weakness))
        if found and not allow_weak and not confirm(str(M("Use it all the same? [y/N] "))):
            new.wipe()
            continue
        with ask_secret(app, pin, M("New {pin} again: ", pin=pin_name(pin.value)), is_new=True) as again:
            if new == again:
                return new
        new.wipe()
        app.note(M("The two entries differ; nothing was sent. Type the new one again."))


def check_batch(pin: Pin, current: Secret, new: Secret, *, allow_weak: bool) -> None:
    """Refuse a script's weak new PIN unless it was allowed; before the card is touched."""
    found = weaknesses(pin, new, current=current)
    if found and not allow_weak:
        raise usage_error(
            weakness_text(found[0]),
            code="weak_pin",
            remedy=(M("Nothing was sent to the card."), M("Use --allow-weak to set it anyway.")),
        )
