"""The page that signs files: which ones, how a PDF shows it, a yes to what the signature holds, and the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox

from jpki.card import Pin, PinState
from jpki.client import FilesToSign, SignedKind
from jpki.files import HOLDS_PERSONAL_DATA, PARTS, parts_of, turns_words
from jpki.signing import MAX_SIGNATURES
from jpki.words import MN, M
from jpki_window.look import Choices, Look, breakable, button, line, text
from jpki_window.showing import Page, Results, banner, failure_parts, failure_words, heading, why_no_card

from .dropping import DropArea
from .more_part import MorePart
from .signing import start_signing
from .stamp_part import StampPart
from .steps import Steps, StepsView
from .wishes import Wishes, Writing, signing_jobs, usual_kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jpki.files import SigningJob
    from jpki.words import Message
    from jpki_window.reading import Context

_EXPLAINED = M(
    "Drop the files here that you want to sign. A PDF is signed inside, into a new file; any other file gets its "
    "signature in a file beside it. No file is ever replaced."
)
#: Files in the list that are seen without scrolling.
_MOST_LINES = 8
_NO_CARD = M("To sign, put your card on the reader.")
_NO_NAME = M("The form for the Legal Affairs Bureau needs your name: type it above.")
#: What is said before anybody types a password for nothing; pressed all the same, the page says what to do.
_CANNOT_SIGN = {
    PinState.BLOCKED: M("The signature password of this card is locked, so it cannot sign now."),
    PinState.NOT_IN_USE: M("This card has no signature certificate, so it cannot sign."),
}
_NETWORK = M("Over the network, a hash of the signature goes to the time stamp service {address}, and nothing else.")


class SignPage(Page):
    """Collects files and signs them, all with one entry of the password."""

    #: A file was signed (its :class:`jpki.files.SigningJob`); sent from the thread of the card.
    written = Signal(object)

    def __init__(self, context: Context) -> None:
        """Wait for files."""
        super().__init__(context)
        #: The files to sign, and how each is usually signed.
        self.files: dict[Path, SignedKind] = {}
        self._wishes = Wishes()
        self._is_unfolded = False
        self._done: dict[Path, Path] = {}
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
        self.more = MorePart(self.context, self._wishes, is_open=self._is_unfolded)
        self.column.addWidget(self.more)
        self.stamp.set_wishes(self._wishes)
        self.stamp.toggled.connect(self._show_more)
        self.more.changed.connect(self._choose)
        self.parts = Results()
        self._named: tuple[Path, ...] = ()
        self.network = text("")
        self.warning = text(self.say(HOLDS_PERSONAL_DATA))
        self.consent = QCheckBox(self.say(M("I agree, and want to sign")))
        self.consent.toggled.connect(self._enable)
        self.sign = button(self.say(M("Sign")), self.begin, is_main=True)
        self.missing = text("", is_muted=True)
        self.results = Results()
        for part in (
            *(self.parts, self.network, self.warning, self.consent),
            *(line(self.sign, self.missing), self.results),
        ):
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
        self.files.update({file: usual_kind(file) for file in files if file.is_file() and file not in self.files})
        self.results.show_parts([])
        self._show_files()

    def _remove(self) -> None:
        number = self.list.currentRow()
        if 0 <= number < len(self.files):
            del self.files[list(self.files)[number]]
            self._show_files()

    def _choose(self) -> None:
        """Something else was chosen beside the files."""
        self._is_unfolded = self.more.is_open
        self._wishes = self.more.wishes
        self.stamp.set_wishes(self._wishes)
        self._show_files()

    def _pdfs(self) -> tuple[Path, ...]:
        """Those that are signed inside."""
        return tuple(file for file, usual in self.files.items() if self._wishes.kind(usual) is SignedKind.PDF)

    def _show_files(self) -> None:
        row = self.list.currentRow()
        self.list.clear()
        for file, usual in self.files.items():
            target = self._wishes.target(file, usual).name
            self.list.addItem(self.say(M("{source}  →  {target}", source=file.name, target=target)))
        self.list.setCurrentRow(row)
        lines = max(2, min(_MOST_LINES, len(self.files)))
        self.list.setFixedHeight(int((lines + 0.5) * 1.2 * Look.em))
        for part in (self.list, self.remove, self.more, self.warning, self.consent, self.sign):
            part.setVisible(bool(self.files))
        pdfs = self._pdfs()
        is_pdf = len(self.files) == len(pdfs) == 1
        self.stamp.setVisible(is_pdf)
        if is_pdf:
            self.stamp.open(pdfs[0])
        else:
            self.stamp.leave()
        self._show_more()
        self._name_parts()
        self._enable()

    def _show_more(self) -> None:
        has_pdf = SignedKind.PDF in self.files.values()
        self.more.show_for(has_pdf=has_pdf, has_stamp=self.stamp.seen() is not None)
        address = self._wishes.time_stamps
        self.network.setText(breakable(self.say(_NETWORK.with_values(address=address))))
        self.network.setVisible(bool(self.files and address))

    def _name_parts(self) -> None:
        """Name what the PDF files hold beside their pages: it is signed too."""
        files = self._pdfs()
        if files == self._named:
            return
        self._named = files

        self.parts.show_parts([])
        if files:
            self.context.worker.run(lambda: (files, _parts(files)), self._show_parts, lambda _exc: None)

    def _show_parts(self, found: tuple[tuple[Path, ...], list[Message]]) -> None:
        files, parts = found
        if files == self._named:
            self.parts.show_parts([banner(self.say(words), "warn") for words in parts])

    def _enable(self) -> None:
        has_card = self.context.glance.status is not None
        lacks = "" if has_card else why_no_card(self.context, _NO_CARD)
        if self._wishes.lacks_name:
            lacks = self.say(_NO_NAME)
        said = lacks or self._why_it_cannot_sign()
        self.missing.setText(said)
        self.missing.setVisible(bool(self.files) and bool(said))
        is_ready = bool(self.files) and not lacks and self._reading is None
        self.sign.setEnabled(is_ready and self.consent.isChecked())

    def _why_it_cannot_sign(self) -> str:
        """What the counter of the signature password says against it; empty where it says nothing."""
        status = self.context.glance.status
        states = [] if status is None else [pin.state for pin in status.pins if pin.name == Pin.SIGN.value]
        return "".join(self.say(_CANNOT_SIGN[state]) for state in states if state in _CANNOT_SIGN)

    def begin(self) -> None:
        """Read the files, then ask for the password."""
        self._done = {}
        files, wishes, seen = dict(self.files), self._wishes, self.stamp.seen()
        writing = Writing(self.context.language, self.context.now())
        steps = self._reading = Steps(self.context.now)
        self._enable()
        task = self.say(MN("Reading {n} file", "Reading {n} files", len(files)))
        self.results.show_parts([StepsView(self.context, steps, task)], task)

        def read() -> FilesToSign:
            return FilesToSign(signing_jobs(files, wishes, seen, writing), steps.following)

        self.context.worker.run(read, self._read, self._failed)

    def _read(self, files: FilesToSign) -> None:
        self._reading = None
        self._enable()
        count = -(-len(self.files) // MAX_SIGNATURES)
        notes = [text(self.say(turns_words(count)))] if count > 1 else []
        self.results.show_parts(notes)
        flow = start_signing(self.context, files, self.written.emit, self)
        flow.dialog.finished.connect(files.close)
        flow.dialog.finished.connect(self._show_written)

    def _note_written(self, job: SigningJob) -> None:
        if job.target.path is not None:
            self._done[job.source] = job.target.path

    def _show_written(self) -> None:
        """What is signed leaves the list, also where a later file failed."""
        if not self._done:
            return
        words = self.say(MN("{n} file signed.", "{n} files signed.", len(self._done)))
        places = list(self._done.values())
        source, first = next(iter(self._done.items()))
        to_check = [source, first] if first.suffix == ".p7s" else [first]
        self.files = {file: usual for file, usual in self.files.items() if file not in self._done}
        self.consent.setChecked(False)
        self._show_files()
        check = button(self.say(M("Check the signature")), lambda: self.context.open_page("verify", to_check))
        self.results.show_parts(
            [banner(words, "good", [text(breakable(str(place))) for place in places]), check], words
        )

    def _failed(self, exc: BaseException) -> None:
        self._reading = None
        self._enable()
        self.results.show_parts(failure_parts(self.context, exc), failure_words(self.context, exc)[0])


def _parts(files: Iterable[Path]) -> list[Message]:
    return [PARTS[part].with_values(path=file.name) for file in files for part in parts_of(file)]
