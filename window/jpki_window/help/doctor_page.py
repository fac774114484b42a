"""Everything between this program and the card, looked at in order; what to do about each fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget

from jpki.advice import freshness
from jpki.certificate.checks import VERDICTS, Verdict
from jpki.client import Diagnosis, diagnose
from jpki.diagnosis import check_codes as codes, first_obstacle, what
from jpki.outside_text import visible
from jpki.words import M
from jpki_window.look import announce, breakable, button, column, line, text, tile, without_commands
from jpki_window.showing import (
    Page,
    Results,
    add_row,
    banner,
    failure_parts,
    failure_words,
    heading,
    verdict_grid,
)

if TYPE_CHECKING:
    from jpki.advice import Advice
    from jpki.diagnosis import Finding
    from jpki.diagnosis.remedies import Remedy
    from jpki_window.reading import Context

_EXPLAINED: Final = M(
    "This looks at everything between this program and the card, in order. It only looks: nothing is changed, no PIN "
    "is needed, and no try is used."
)
_USABLE: Final = M("The card can be used.")
_MOODS: Final = {Verdict.PASS: "good", Verdict.FAIL: "bad", Verdict.NOT_CHECKED: "calm"}


class DoctorPage(Page):
    """Looks when it is opened, and again when that is asked for."""

    #: One check was made: its finding; sent from the thread that looks.
    found = Signal(object)

    def __init__(self, context: Context) -> None:
        """Begin to look."""
        super().__init__(context)
        self.findings: list[Finding] = []
        self.diagnosis: Diagnosis | BaseException | None = None
        self.is_looking = False
        self.found.connect(self._add, Qt.ConnectionType.QueuedConnection)
        self.retranslate()
        self.look()

    def receive(self, _argument: object) -> None:
        """Look again: another page sent here."""
        self.look()

    def build(self) -> None:
        """Lay out what was found so far."""
        self.column.addWidget(heading(self.say(M("What is in the way")), scale=1.5))
        self.column.addWidget(text(self.say(_EXPLAINED)))
        self.again = button(self.say(M("Look again")), self.look, is_main=True)
        self.column.addWidget(line(self.again))
        self.results = Results()
        self.column.addWidget(self.results)
        self.list = tile(self.say(M("Checks")))
        self._grid = verdict_grid(self.list)
        self.column.addWidget(self.list)
        for finding in self.findings:
            self._add_row(finding)
        self.again.setEnabled(not self.is_looking)
        if self.diagnosis is not None:
            self._show()

    def look(self) -> None:
        """Look at everything, unless that is being done."""
        if self.is_looking:
            return
        self.is_looking = True
        self.findings, self.diagnosis = [], None
        self.retranslate()
        words = self.say(M("Looking …"))
        self.results.show_parts([text(words, is_muted=True)], words)
        service, reader = self.context.service, self.context.reader
        self.context.worker.run(
            lambda: diagnose(service=service, reader=reader, told=self.found.emit), self._done, self._done
        )

    def _add(self, finding: Finding) -> None:
        if self.is_looking:
            self.findings.append(finding)
            self._add_row(finding)

    def _add_row(self, finding: Finding) -> None:
        verdict = finding.outcome.verdict
        words, row = self.say(VERDICTS[verdict]), self._grid.rowCount()
        name = text(self.say(finding.check.label), is_bold=verdict is Verdict.FAIL)
        name.setAccessibleName(f"{name.text()}: {words}")
        remark = text(breakable(_remark(self, finding)), is_muted=True)
        add_row(self._grid, row, _MOODS[verdict], QLabel(words), (name, remark))

    def _done(self, diagnosis: Diagnosis | BaseException) -> None:
        self.is_looking = False
        self.diagnosis = diagnosis
        self.again.setEnabled(True)
        self._show()

    def _show(self) -> None:
        diagnosis = self.diagnosis
        if isinstance(diagnosis, BaseException):
            self.results.show_parts(failure_parts(self.context, diagnosis), failure_words(self.context, diagnosis)[0])
            return
        if diagnosis is None:
            return
        obstacle = first_obstacle(list(diagnosis.findings))
        words = self.say(_USABLE if obstacle is None else what(obstacle.outcome))
        parts: list[QWidget] = [banner(words, "good" if obstacle is None else "bad")]
        parts += [self._explained(finding, diagnosis.names) for finding in diagnosis.failures]
        notes = [f for f in diagnosis.findings if f.outcome.verdict is Verdict.PASS and f.outcome.cause is not None]
        parts += [self._explained(finding, diagnosis.names, is_note=True) for finding in notes]
        parts.append(text(diagnosis.system, is_muted=True))
        if any(finding.outcome.advice for finding in diagnosis.findings):
            parts.append(text(self.say(freshness(self.context.now())), is_muted=True))
        self.results.show_parts(parts, words)

    def _explained(self, finding: Finding, names: tuple[str, ...], *, is_note: bool = False) -> QFrame:
        """A cause: what is the matter, why, its codes, and each thing to do with its commands to copy."""
        outcome = finding.outcome
        assert outcome.cause is not None  # noqa: S101 - each failure has one, and notes are chosen by it
        said = self.say(what(outcome))
        frame = tile(said, kind="tile" if is_note else "advice")
        inside = column(frame, margin=0.8, spacing=0.5)
        inside.addWidget(text(said, is_bold=True))
        if not is_note:
            inside.addWidget(text(self.say(outcome.cause.why)))
            known = ", ".join(filter(None, (outcome.cause.value, codes(outcome))))
            inside.addWidget(text(breakable(self.say(M("Code: {codes}", codes=known))), is_muted=True))
        for advice in outcome.advice:
            inside.addWidget(self._advice(advice))
        for remedy in outcome.remedies:
            for part in self._remedy(remedy, names):
                inside.addWidget(part)
        return frame

    def _advice(self, advice: Advice) -> QWidget:
        part = QWidget()
        inside = column(part, margin=0, spacing=0.3)
        inside.addWidget(text(without_commands(self.say(advice.message))))
        topic = advice.rule.topic
        inside.addWidget(line(button(self.say(M("Open the guide")), lambda: self.context.open_page("guide", topic))))
        return part

    def _remedy(self, remedy: Remedy, names: tuple[str, ...]) -> list[QWidget]:
        commands = "\n".join(remedy.commands_for(names))
        if commands.startswith(_OWN_COMMAND):
            return [line(button(self.say(M("Show the card")), lambda: self.context.open_page("card")))]
        parts: list[QWidget] = [text(f"→ {self.say(remedy.text)}")]
        if commands:
            shown = text(breakable(commands))
            shown.setStyleSheet("font-family: monospace")
            copy = button(self.say(M("Copy")), lambda: self._copy(commands), name=self.say(_COPY_COMMANDS))
            copy.setAccessibleDescription(commands)
            parts += [shown, line(copy)]
        return parts

    def _copy(self, commands: str) -> None:
        QApplication.clipboard().setText(commands)
        announce(self, self.say(M("Copied.")))


#: A command of the terminal that shows what the page of the card shows.
_OWN_COMMAND: Final = "jpki "
_COPY_COMMANDS: Final = M("Copy these commands")


def _remark(page: DoctorPage, finding: Finding) -> str:
    """What stands behind a check: why it was not made, its code, or what was seen."""
    outcome = finding.outcome
    if finding.because_of is not None:
        return page.say(M("after “{check}”", check=finding.because_of.label))
    if outcome.reason is not None:
        return page.say(outcome.reason.label)
    if outcome.verdict is Verdict.FAIL:
        return codes(outcome)
    return "" if outcome.cause is not None else visible(", ".join(outcome.details))
