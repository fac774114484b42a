"""What is told first: that a PIN was used when the window ended, and that nobody saw what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.certificate import JST
from jpki.words import M, pin_name

from .dialog import PinDialog
from .pages import Outcome, OutcomePage
from .unseen import default_folder, forget, left_behind

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from jpki.words import Message
    from jpki_window.showing import Say

    from .unseen import Unseen

_WHAT_TO_DO: Final = (
    M("If it was being changed, either the old or the new one holds. If it was checked, a try may have been used."),
    M("Put the card on the reader to see the tries left. Check the new PIN once; if it is refused, the old one holds."),
)


def tell_unseen(say: Say, parent: QWidget | None, *, folder: Path | None = None) -> PinDialog | None:
    """Tell of every use of a PIN whose outcome nobody saw; None where there is none. Closing it forgets them."""
    notes = left_behind(folder or default_folder())
    if not notes:
        return None
    dialog = PinDialog(say, say(M("When this program was last open")), parent)
    lines = tuple(say(_sentence(note)) for note in notes[1:])
    page = OutcomePage(say, Outcome(say(_sentence(notes[0])), (*lines, *map(say, _WHAT_TO_DO)), "outcome_unseen"))

    def close() -> None:
        forget(notes)
        dialog.accept()

    page.closed.connect(close)
    dialog.finish()
    dialog.show_page(page)
    dialog.open()
    return dialog


def _sentence(note: Unseen) -> Message:
    if note.pin is None or note.at is None:
        return M("A PIN was being used, and what came of it was not shown.")
    time = f"{note.at.astimezone(JST):%Y-%m-%d %H:%M}"
    return M(
        "At {time} (Japan time) the {pin} was being used, and what came of it was not shown.",
        time=time,
        pin=pin_name(note.pin.value),
    )
