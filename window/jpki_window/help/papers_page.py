"""Papers to take along: the sheet for the card's holder, and the report for support; saved or printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki import __version__
from jpki.client import support_report
from jpki.report import TITLE, document, document_html as render, render_html, sheet
from jpki.words import M
from jpki_window.look import button, column, line, text, tile
from jpki_window.showing import (
    SMALL,
    Page,
    Results,
    failure_parts,
    failure_words,
    heading,
    print_html,
    save,
    saved_words,
    why_no_card,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

    from jpki.report import Sheet
    from jpki.words import Message
    from jpki_window.reading import Context

_SHEET: Final = M(
    "One page for the card's holder: what is the matter, where to go, what to bring, what to ask. It holds no name and "
    "no number."
)
_REPORT: Final = M(
    "For whoever helps you: versions, checks, readers, tries left, states of the certificates. It holds no personal "
    "data: no name, address, birth date, number of a card or certificate, no PIN."
)
_NO_CARD: Final = M("To make the sheet, put the card on the reader.")


class PapersPage(Page):
    """Shows the sheet as it will be, and makes the report when it is wanted."""

    def __init__(self, context: Context) -> None:
        """Lay out what can be made now."""
        super().__init__(context)
        context.status_changed.connect(lambda _glance: self.retranslate())
        self.retranslate()

    def build(self) -> None:
        """Lay out both papers."""
        self.column.addWidget(heading(self.say(M("Papers to take along")), scale=1.5))
        self.column.addWidget(self._sheet())
        self.column.addWidget(self._report())

    def page(self) -> Sheet | None:
        """The sheet about the card that is shown; None where there is none."""
        glance = self.context.glance
        if glance.status is None:
            return None
        return sheet(glance.advice, self.context.now(), is_simulated=glance.is_simulated)

    def _sheet(self) -> QWidget:
        frame, inside = self._paper(M("Sheet for the card's holder"), _SHEET)
        made = self.page()
        if made is None:
            inside.addWidget(text(why_no_card(self.context, _NO_CARD), is_muted=True))
            return frame
        said = _said()
        buttons = [
            self._button(M("Print the sheet …"), lambda: print_html(self, str(TITLE), render_html(made))),
            self._button(
                M("Save the sheet …"),
                lambda: self._tell(
                    said,
                    saved_words(
                        self.context, lambda: save(self.context, self, "jpki-sheet.html", render_html(made).encode())
                    ),
                ),
            ),
        ]
        inside.addWidget(line(*buttons))
        inside.addWidget(said)
        for part in sheet_parts(made):
            inside.addWidget(part)
        return frame

    def _report(self) -> QWidget:
        frame, inside = self._paper(M("Report for support"), _REPORT)
        self.results = Results()
        inside.addWidget(
            line(
                self._button(M("Print the report …"), lambda: self._make(self._print)),
                self._button(M("Save the report …"), lambda: self._make(self._save)),
            )
        )
        inside.addWidget(self.results)
        return frame

    def _paper(self, title: Message, about: Message) -> tuple[QWidget, QVBoxLayout]:
        words = self.say(title)
        frame = tile(words)
        inside = column(frame, margin=0.8, spacing=0.5)
        inside.addWidget(heading(words))
        inside.addWidget(text(self.say(about)))
        return frame, inside

    def _button(self, title: Message, act: Callable[[], object]) -> QWidget:
        return button(self.say(title), act)

    def _make(self, use: Callable[[str], None]) -> None:
        """Collect what the report holds, which takes some seconds, then use it."""
        words = self.say(M("Looking …"))
        self.results.show_parts([text(words, is_muted=True)], words)
        service, reader = self.context.service, self.context.reader

        def done(facts: dict[str, Any]) -> None:
            self.results.show_parts([])
            use(render(document(facts)))

        def failed(exc: BaseException) -> None:
            self.results.show_parts(failure_parts(self.context, exc), failure_words(self.context, exc)[0])

        self.context.worker.run(lambda: support_report(__version__, service=service, reader=reader), done, failed)

    def _print(self, html: str) -> None:
        print_html(self, self.say(M("Report for support")), html, SMALL)

    def _save(self, html: str) -> None:
        words = saved_words(self.context, lambda: save(self.context, self, "jpki-report.html", html.encode()))
        self.results.show_parts([text(words)] if words else [], words)

    @staticmethod
    def _tell(said: QLabel, words: str) -> None:
        said.setText(words)
        said.setVisible(bool(words))


def sheet_parts(page: Sheet) -> list[QWidget]:
    """The sheet as parts of a page: its verdict, then each heading with what stands below it."""
    parts: list[QWidget] = [text(page.verdict, scale=1.2, is_bold=True)]
    for title, items in page.parts:
        parts.append(text(title, is_bold=True, is_muted=True))
        parts += [text(f"• {item}") for item in items]
    return [*parts, text(page.footer, is_muted=True)]


def _said() -> QLabel:
    label = text("")
    label.hide()
    return label
