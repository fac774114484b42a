"""About this program: versions, the date of the guidance, the mode for counters, and a survey of a card."""

from __future__ import annotations

import json
import platform
from importlib import metadata
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QPlainTextEdit, QWidget

from jpki import __version__
from jpki.advice import freshness
from jpki.card import CardKind
from jpki.certificate import LIST_DATE
from jpki.errors import NotMyNumberCardError
from jpki.outside_text import visible_facts
from jpki.survey import SCHEMA, WHAT_IS_ASKED, WHAT_IT_HOLDS, Survey, SurveyResult
from jpki.words import M, day_words
from jpki_window.look import Look, button, column, line, text, tile
from jpki_window.showing import Page, Results, failure_parts, failure_words, heading, save, saved_words

from .counter import start_counter

if TYPE_CHECKING:
    from jpki import Card
    from jpki_window.reading import Context

_LIBRARIES: Final = ("PySide6_Essentials", "pyscard", "cryptography", "asn1crypto", "pyhanko", "icalendar")
_WHAT_IT_IS: Final = M(
    "This program reads, checks and uses the IC chip of a My Number Card. It is not a program of an authority. It "
    "sends nothing over the network, except to a time stamp service whose address you have typed."
)
_COUNTER: Final = M(
    "For a counter: full screen and large type. Each card is shown as it is laid down, and nothing of it is kept when "
    "it is taken away. Esc ends it."
)


class AboutPage(Page):
    """What this program is, and what is done with it seldom."""

    def __init__(self, context: Context) -> None:
        """Lay it out."""
        super().__init__(context)
        self.result: SurveyResult | None = None
        self.retranslate()
        context.status_changed.connect(lambda _glance: self._enable())

    def build(self) -> None:
        """Lay out versions, counter and survey."""
        self.column.addWidget(heading(self.say(M("About this program")), scale=1.5))
        self.column.addWidget(text(self.say(_WHAT_IT_IS)))
        self.column.addWidget(self._versions())
        self.column.addWidget(self._counter())
        self.column.addWidget(self._survey())
        self._enable()

    def _versions(self) -> QWidget:
        frame = tile(self.say(M("Versions")))
        form = QFormLayout(frame)
        form.setHorizontalSpacing(Look.em)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        rows = [("jpki", __version__), ("Python", platform.python_version())]
        rows += [(name.replace("_", "-"), _version(name) or self.say(M("not installed"))) for name in _LIBRARIES]
        rows.append((self.say(M("CA certificates of J-LIS")), self.say(day_words(LIST_DATE))))
        for name, value in rows:
            form.addRow(QLabel(name), text(value))
        form.addRow(QLabel(self.say(M("Guide"))), text(self.say(freshness(self.context.now()))))
        return frame

    def _counter(self) -> QWidget:
        frame = tile(self.say(M("Counter")))
        inside = column(frame, margin=0.8, spacing=0.5)
        inside.addWidget(heading(self.say(M("Counter"))))
        inside.addWidget(text(self.say(_COUNTER)))
        inside.addWidget(line(button(self.say(M("Begin at the counter")), lambda: start_counter(self.context))))
        return frame

    def _survey(self) -> QWidget:
        frame = tile(self.say(M("Survey of a card")))
        inside = column(frame, margin=0.8, spacing=0.5)
        inside.addWidget(heading(self.say(M("Survey of a card"))))
        for words in (WHAT_IS_ASKED, WHAT_IT_HOLDS):
            inside.addWidget(text(self.say(words)))
        self.consent = QCheckBox(self.say(M("I have read this, and agree")))
        self.consent.toggled.connect(self._enable)
        self.survey = button(self.say(M("Survey the card")), self._begin)
        self.results = Results()
        for part in (self.consent, line(self.survey), self.results):
            inside.addWidget(part)
        if self.result is not None:
            self._show(self.result)
        return frame

    def _enable(self) -> None:
        self.survey.setEnabled(self.consent.isChecked() and self.context.glance.status is not None)

    def _begin(self) -> None:
        words = self.say(M("Asking the card. Leave it where it is."))
        self.consent.setChecked(False)
        self.results.show_parts([text(words, is_muted=True)], words)
        self.context.worker.submit(_survey, self._show, self._failed)

    def _failed(self, exc: BaseException) -> None:
        self.results.show_parts(failure_parts(self.context, exc), failure_words(self.context, exc)[0])

    def _show(self, result: SurveyResult) -> None:
        self.result = result
        written = json.dumps({"schema": SCHEMA, **visible_facts(result.facts())}, ensure_ascii=False, indent=2)
        look = text(self.say(M("Look through it before you pass it on.")))
        shown = QPlainTextEdit(written)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setAccessibleName(self.say(M("Result of the survey")))
        shown.setMinimumHeight(14 * Look.em)
        said = text("")

        def keep() -> None:
            data = (written + "\n").encode()
            said.setText(saved_words(self.context, lambda: save(self.context, self, "jpki-survey.json", data)))

        self.results.show_parts([look, shown, line(button(self.say(M("Save the result …")), keep)), said], look.text())


def _survey(card: Card) -> SurveyResult:
    """Ask the card; without a PIN, and nothing that changes it."""
    survey = Survey(card.raw.card.connection)
    try:
        if survey.identify() is not CardKind.CARD:
            raise NotMyNumberCardError("SELECT", 0x6A82)
        survey.read()
        return survey.result(__version__)
    finally:
        survey.close()


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
