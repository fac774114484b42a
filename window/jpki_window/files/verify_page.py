"""The page that judges a signed file: dropped or chosen; whose signature it is stands first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from jpki.certificate import Issuers
from jpki.files import VerifyReport, judge
from jpki.signing.cms import Trust
from jpki.words import M
from jpki_window.look import breakable, button, line, text
from jpki_window.showing import Page, Results, failure_parts, failure_words, heading

from .dropping import DropArea
from .steps import Steps, StepsView
from .verdicts import spoken, verdict_parts

if TYPE_CHECKING:
    from pathlib import Path

    from jpki_window.reading import Context

_EXPLAINED = M(
    "Drop a signed file here: a PDF, a file with its signature beside it (.p7s), or a signature with the file inside "
    "(.p7m). No card is needed."
)


class VerifyPage(Page):
    """Judges one file after another; needs no card."""

    def __init__(self, context: Context) -> None:
        """Wait for a file."""
        super().__init__(context)
        self._file: Path | None = None
        #: What was found out about the last file; None while it is looked at.
        self.found: VerifyReport | BaseException | None = None
        self.results = Results()
        self.retranslate()

    def build(self) -> None:
        """Lay out the place for files, and what was found out last."""
        self.column.addWidget(heading(self.say(M("Check a signed file")), scale=1.5))
        drop = DropArea(self.context, _EXPLAINED)
        drop.chosen.connect(self.receive)
        self.column.addWidget(drop)
        self.results = Results()
        self.column.addWidget(self.results)
        self._show()

    def receive(self, files: list[Path]) -> None:
        """Judge the first of these files; a second one is the signature of the first."""
        signature = files[1] if len(files) > 1 else None
        self._begin(files[0], signature)

    def _begin(self, file: Path, signature: Path | None) -> None:
        steps = Steps(self.context.now)
        trust = self._trust()
        self._file, self.found = file, None
        task = self.say(M("Checking {path}", path=file.name))
        self.results.show_parts([StepsView(self.context, steps, task)], task)
        self.context.worker.run(lambda: judge(file, signature, trust, steps.following), self._done, self._failed)

    def _trust(self) -> Trust:
        """TEST issuers count where a simulated card is shown, which is said above everything."""
        if not self.context.glance.is_simulated:
            return Trust()
        from jpki_sim.pki import anchors

        return Trust(Issuers(test=anchors()))

    def _done(self, report: VerifyReport) -> None:
        self.found = report
        self._show()

    def _failed(self, exc: BaseException) -> None:
        self.found = exc
        self._show()

    def _show(self) -> None:
        if self._file is None or self.found is None:
            return
        if isinstance(self.found, BaseException):
            words = failure_words(self.context, self.found)[0]
            self.results.show_parts(failure_parts(self.context, self.found), words)
            return
        title = text(breakable(self._file.name), is_bold=True)
        again = button(self.say(M("Check it again")), self._again)
        parts = [line(title, again), *verdict_parts(self.context, self.found)]
        self.results.show_parts(parts, spoken(self.context, self.found))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _again(self) -> None:
        if self._file is not None:
            self._begin(self._file, None)
