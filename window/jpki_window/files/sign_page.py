"""The page that signs files: which ones, how a PDF shows it, a yes to what the signature holds, and the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox

from jpki.client import FilesToSign, SignedKind, default_target, kind_of, signing_job
from jpki.files import HOLDS_PERSONAL_DATA, turns_words
from jpki.signing import MAX_SIGNATURES
from jpki.words import MN, M
from jpki_window.app import Choices, Look, button, text
from jpki_window.help import Page, Results, banner, breakable, failure_parts, failure_words, heading, line

from .dropping import DropArea
from .signing import start_signing
from .stamp_part import StampPart
from .steps import Steps, StepsView

if TYPE_CHECKING:
    from pathlib import Path

    from jpki_window.app import Context

_EXPLAINED = M(
    "Drop the files that you want to sign here. A PDF is signed inside, into a new file; any other file gets its "
    "signature in a file beside it. No file is ever replaced."
)
#: Files in the list that are seen without scrolling.
_MOST_LINES = 8
_NO_CARD = M("To sign, put your card on the reader.")


class SignPage(Page):
    """Collects files and signs them, all with one entry of the password."""

    #: A file was signed (its path); sent from the thread of the card.
    written = Signal(object)

    def __init__(self, context: Context) -> None:
        """Wait for files."""
        super().__init__(context)
        self.files: list[Path] = []
        self._done: list[Path] = []
        self._reading: Steps | None = None
        self.written.connect(self._note_written, Qt.ConnectionType.QueuedConnection)
        context.status_changed.connect(lambda _glance: self._enable())
        self.retranslate()

    def build(self) -> None:
        """Lay out the page for the files that were chosen."""
        self.column.addWidget(heading(self.say(M("Sign files")), scale=1.5))
        drop = DropArea(self.context, _EXPLAINED)
        drop.chosen.connect(self.receive)
        self.column.addWidget(drop)
        self._lay_out_files()
        self.stamp = StampPart(self.context)
        self.stamp.failed.connect(self._failed)
        self.column.addWidget(self.stamp)
        self.consent = QCheckBox(self.say(M("I agree, and want to sign")))
        self.consent.toggled.connect(self._enable)
        self.warning = text(self.say(HOLDS_PERSONAL_DATA))
        self.sign = button(self.say(M("Sign")), self.begin, is_main=True)
        self.missing = text(self.say(_NO_CARD), is_muted=True)
        self.results = Results()
        for part in (self.warning, self.consent, line(self.sign, self.missing), self.results):
            self.column.addWidget(part)
        self._show_files()

    def _lay_out_files(self) -> None:
        self.list = Choices()
        self.list.setAccessibleName(self.say(M("Files to sign, and where the result goes")))
        self.remove = button(self.say(M("Remove from the list")), self._remove)
        self.column.addWidget(self.list)
        self.column.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)

    def receive(self, files: list[Path]) -> None:
        """Add files to the list, each once; folders are left out."""
        self.files += [file for file in files if file.is_file() and file not in self.files]
        self.results.show_parts([])
        self._show_files()

    def _remove(self) -> None:
        number = self.list.currentRow()
        if 0 <= number < len(self.files):
            del self.files[number]
            self._show_files()

    def _show_files(self) -> None:
        self.list.clear()
        for file in self.files:
            target = default_target(file, _kind(file)).name
            self.list.addItem(self.say(M("{source}  →  {target}", source=file.name, target=target)))
        lines = max(2, min(_MOST_LINES, len(self.files)))
        self.list.setFixedHeight(int((lines + 0.5) * 1.2 * Look.em))
        has_files = bool(self.files)
        for part in (self.list, self.remove, self.warning, self.consent, self.sign, self.missing):
            part.setVisible(has_files)
        one = self.files[0] if len(self.files) == 1 else None
        is_pdf = one is not None and _kind(one) is SignedKind.PDF
        self.stamp.setVisible(is_pdf)
        if one is not None and is_pdf:
            self.stamp.open(one)
        else:
            self.stamp.is_wanted.setChecked(False)
        self._enable()

    def _enable(self) -> None:
        has_card = self.context.glance.status is not None
        self.missing.setVisible(bool(self.files) and not has_card)
        self.sign.setEnabled(bool(self.files) and has_card and self.consent.isChecked() and self._reading is None)

    def begin(self) -> None:
        """Read the files, then ask for the password."""
        self._done = []
        place = self.stamp.signature_place()
        try:
            jobs = [signing_job(file, place=place) for file in self.files]
        except Exception as exc:  # noqa: BLE001 - whatever it is, it is told on the page
            self._failed(exc)
            return
        steps = self._reading = Steps(self.context.now)
        self._enable()
        task = self.say(MN("Reading {n} file", "Reading {n} files", len(jobs)))
        self.results.show_parts([StepsView(self.context, steps, task)], task)
        self.context.worker.run(lambda: FilesToSign(jobs, steps.following), self._read, self._failed)

    def _read(self, files: FilesToSign) -> None:
        self._reading = None
        self._enable()
        count = -(-len(self.files) // MAX_SIGNATURES)
        notes = [text(self.say(turns_words(count)))] if count > 1 else []
        self.results.show_parts(notes)
        flow = start_signing(self.context, files, self.written.emit, self)
        flow.dialog.finished.connect(files.close)
        flow.dialog.finished.connect(self._show_written)

    def _note_written(self, file: Path) -> None:
        self._done.append(file)

    def _show_written(self) -> None:
        """What is signed leaves the list, also where a later file failed."""
        if not self._done:
            return
        words = self.say(MN("{n} file signed.", "{n} files signed.", len(self._done)))
        places = [default_target(file, _kind(file)) for file in self._done]
        self.files = [file for file in self.files if file not in self._done]
        self.consent.setChecked(False)
        self._show_files()
        check = button(self.say(M("Check the signature")), lambda: self.context.open_page("verify", [places[0]]))
        self.results.show_parts(
            [banner(words, "good", [text(breakable(str(place))) for place in places]), check], words
        )

    def _failed(self, exc: BaseException) -> None:
        self._reading = None
        self._enable()
        self.results.show_parts(failure_parts(self.context, exc), failure_words(self.context, exc)[0])


def _kind(file: Path) -> SignedKind:
    """How a file is signed; one that cannot be read is told of when it is."""
    try:
        return kind_of(file)
    except OSError:
        return SignedKind.BESIDE
