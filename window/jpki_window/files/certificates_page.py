"""The certificates that a card gives without a PIN: as text, copied and saved as PEM, and their end for a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QWidget

from jpki.certificate import notes, period_calendar, rows
from jpki.errors import ExtraMissingError, FileNotFoundOnCardError, SecurityStatusError
from jpki.identifiers import CertificateKind
from jpki.words import CERTIFICATES, M
from jpki_window.look import Look, breakable, button, capital, column, line, text, tile
from jpki_window.showing import Page, Results, failure_parts, failure_words, heading, save, saved_words

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from jpki import Card
    from jpki.certificate import Certificate
    from jpki_window.reading import Context, Glance

_KINDS: Final = (CertificateKind.AUTH, CertificateKind.AUTH_CA, CertificateKind.SIGN_CA)
_EXPLAINED: Final = M(
    "These are readable without a PIN. The signature certificate, with your name and address, is shown on the page of "
    "the card after its password."
)
_COPIED: Final = M("Copied.")


class _Read(NamedTuple):
    certificates: tuple[Certificate, ...]
    card_expires: date | None


class CertificatesPage(Page):
    """Reads them when the card that is shown changes; what was read of a card goes away with it."""

    def __init__(self, context: Context) -> None:
        """Read the card that lies there."""
        super().__init__(context)
        self._read: _Read | BaseException | None = None
        self._turn = 0
        self.results = Results()
        self.retranslate()
        context.status_changed.connect(self._look)
        self._look(context.glance)

    def build(self) -> None:
        """Lay out what was read."""
        self.column.addWidget(heading(self.say(M("Certificates")), scale=1.5))
        self.column.addWidget(text(self.say(_EXPLAINED)))
        self.results = Results()
        self.column.addWidget(self.results)
        self._show()

    def _look(self, glance: Glance) -> None:
        self._turn += 1
        turn = self._turn
        self._read = glance.failure
        if glance.status is None:
            self._show()
            return
        expires = glance.status.card_expires

        def tell(found: _Read | BaseException) -> None:
            if turn == self._turn:
                self._read = found
                self._show()

        self.context.worker.submit(lambda card: _Read(_all(card), expires), tell, tell)

    def _show(self) -> None:
        if self._read is None:
            self.results.show_parts([text(self.say(M("Looking for the card …")), is_muted=True)])
        elif isinstance(self._read, BaseException):
            self.results.show_parts(failure_parts(self.context, self._read), failure_words(self.context, self._read)[0])
        else:
            self.results.show_parts(self._tile(found, self._read.card_expires) for found in self._read.certificates)

    def _tile(self, certificate: Certificate, expires: date | None) -> QWidget:
        kind, at = certificate.kind, self.context.now()
        name = capital(self.say(CERTIFICATES[kind.value]))
        frame = tile(name)
        inside = column(frame, margin=0.8, spacing=0.5)
        inside.addWidget(text(name, scale=1.1, is_bold=True))
        form = QFormLayout()
        form.setHorizontalSpacing(Look.em)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for label, value in rows(kind, certificate.der, at, expires):
            form.addRow(QLabel(self.say(label)), text(breakable(value)))
        inside.addLayout(form)
        for note in notes(kind, certificate.der, at, expires):
            inside.addWidget(text(self.say(note), is_muted=True))
        said = text("")
        said.hide()
        inside.addWidget(line(*self._buttons(certificate, name, said, expires)))
        inside.addWidget(said)
        return frame

    def _buttons(self, certificate: Certificate, name: str, said: QLabel, expires: date | None) -> list[QWidget]:
        kind = certificate.kind.value

        def tell(words: str) -> None:
            said.setText(words)
            said.setVisible(bool(words))

        def copy() -> None:
            QApplication.clipboard().setText(certificate.pem())
            tell(self.say(_COPIED))

        def keep(ending: str, data: bytes) -> Path | None:
            return save(self.context, self, f"jpki-{kind}.{ending}", data)

        def calendar() -> Path | None:
            period = certificate.period(at=self.context.now())
            return keep("ics", period_calendar(certificate.kind, period, self.context.now(), expires))

        def add_calendar() -> None:
            try:
                tell(saved_words(self.context, calendar))
            except ExtraMissingError as exc:
                tell(failure_words(self.context, exc)[0])

        found = [
            (M("Copy as PEM"), copy),
            (
                M("Save as PEM …"),
                lambda: tell(saved_words(self.context, lambda: keep("pem", certificate.pem().encode()))),
            ),
        ]
        if certificate.kind is CertificateKind.AUTH:
            found.append((M("Calendar file …"), add_calendar))
        return [button(self.say(title), act, name=f"{self.say(title)}: {name}") for title, act in found]


def _all(card: Card) -> tuple[Certificate, ...]:
    """Every certificate that this card holds and gives without a PIN."""
    found = []
    for kind in _KINDS:
        try:
            found.append(card.certificate(kind))
        except (FileNotFoundOnCardError, SecurityStatusError):  # a phone gives none without its PIN
            continue
    return tuple(found)
