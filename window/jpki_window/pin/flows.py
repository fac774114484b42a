"""What one does with a PIN in the window: check it, change it, see what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.pin import PinChange, PinRequest
from jpki.words import M

from .flow import PinFlow, Use
from .outcomes import changed_outcome, correct_outcome
from .pages import OutcomePage

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from jpki import Card
    from jpki.card import Pin
    from jpki.pin import ChangeReport, PinOptions

    from .flow import Surroundings
    from .person import WindowPerson


def check_pin(
    around: Surroundings, pin: Pin, parent: QWidget | None = None, *, notes: Path | None = None
) -> PinFlow[None]:
    """Ask the card whether this is the PIN; one attempt."""

    def work(card: Card, person: WindowPerson, options: PinOptions) -> None:
        PinRequest(card.raw, pin, person, options).run(lambda _card: None)

    def show(_result: None) -> OutcomePage:
        return OutcomePage(around.say, correct_outcome(pin, around.say))

    return PinFlow(around, Use(pin, M("Check a PIN"), work, show), parent, notes=notes)


def change_pin(
    around: Surroundings, pin: Pin, parent: QWidget | None = None, *, notes: Path | None = None
) -> PinFlow[ChangeReport]:
    """Change a PIN whose current value is known."""

    def work(card: Card, person: WindowPerson, options: PinOptions) -> ChangeReport:
        change = PinChange(pin, person, None, options)
        return change.settle(lambda: change.run(card.raw))

    def show(report: ChangeReport) -> OutcomePage:
        return OutcomePage(around.say, changed_outcome(report, around.say))

    return PinFlow(around, Use(pin, M("Change a PIN"), work, show, changes=True), parent, notes=notes)
