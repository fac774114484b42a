"""What one does with a PIN in the window: check it, change it, see what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.attributes import LIMIT, attribute_rows, check_integrity, check_rows, read_four_attributes, read_text_files
from jpki.card import Pin
from jpki.certificate import period_of, period_sentence, personal_rows, read_details, read_summary
from jpki.identifiers import CertificateKind
from jpki.outside_text import visible
from jpki.pin import PinChange, PinRequest
from jpki.words import CERTIFICATES, REVOCATION, M

from .flow import PinFlow, Use
from .outcomes import changed_outcome, correct_outcome
from .pages import OutcomePage
from .revealed import RevealedPage

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from jpki import Card
    from jpki.attributes import TextFiles
    from jpki.pin import ChangeReport, PinOptions
    from jpki.words import Message

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


def show_sign_certificate(
    around: Surroundings, parent: QWidget | None = None, *, notes: Path | None = None
) -> PinFlow[bytes]:
    """Read the signature certificate with its password, and show whom it names."""
    say = around.say

    def work(card: Card, person: WindowPerson, options: PinOptions) -> bytes:
        request = PinRequest(card.raw, Pin.SIGN, person, options)
        return request.run(lambda opened: opened.read_certificate(CertificateKind.SIGN))

    def show(der: bytes) -> RevealedPage:
        rows = [(say(name), value) for name, value in certificate_rows(der, around.now())]
        return RevealedPage(say, say(CERTIFICATES["sign"]), rows, (say(REVOCATION),))

    return PinFlow(around, Use(Pin.SIGN, M("Show the signature certificate"), work, show), parent, notes=notes)


def certificate_rows(der: bytes, at: datetime) -> list[tuple[Message, str]]:
    """Whom a certificate names, its number and until when it runs."""
    details = read_details(der)
    period = str(period_sentence(period_of(read_summary(der), at)))
    rows = [
        *personal_rows(details.personal),
        (M("Serial number"), f"{details.serial:X}"),
        (M("Issuer"), details.issuer.to_text()),
        (M("Period"), period),
    ]
    return [(name, visible(value)) for name, value in rows]


def show_attributes(
    around: Surroundings, parent: QWidget | None = None, *, notes: Path | None = None
) -> PinFlow[TextFiles]:
    """Read name, address, birth date and sex with their PIN, and show them."""
    say = around.say

    def work(card: Card, person: WindowPerson, options: PinOptions) -> TextFiles:
        return PinRequest(card.raw, Pin.INPUT, person, options).run(read_text_files)

    def show(files: TextFiles) -> RevealedPage:
        attributes = read_four_attributes(files.attributes)
        report = check_integrity(attributes, files.my_number, files.integrity, files.cv_certificate)
        rows = [(say(name), value) for name, value in attribute_rows(attributes, None)]
        checks = [(say(name), say(verdict)) for name, verdict in check_rows(report)]
        return RevealedPage(say, say(M("What the card holds about you")), [*rows, *checks], (say(LIMIT),))

    return PinFlow(around, Use(Pin.INPUT, M("Show name and address"), work, show), parent, notes=notes)
