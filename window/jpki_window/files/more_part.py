"""The part of the sign page that most signatures do not need, folded away until it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QWidget

from jpki.words import M
from jpki_window.look import Look, breakable, button, column, line, text

from .wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QVBoxLayout

    from jpki.words import Message
    from jpki_window.reading import Context

_MORE: Final = M("More options")
_FEWER: Final = M("Fewer options")
_READABLE: Final = M(
    "Everybody who gets the PDF can read what you type here, and it proves nothing. If there is a stamp, it shows your "
    "name too."
)
_REGISTRY: Final = M(
    "Filing online with the Legal Affairs Bureau takes another form of signature, with your name in it. This "
    "program's makers know that form second-hand only, and have filed nothing with it."
)
_BESIDE: Final = M("As any other file: the PDF stays as it is, and its signature goes into a file of its own (.p7s).")
_AROUND: Final = M(
    "The result (.p7m) then holds both the file and its signature. A PDF signed inside needs no such thing."
)
_TIME_STAMP: Final = M(
    "A time stamp service states when the signature was there. This uses the network: a hash of the signature goes to "
    "that address, but neither the file nor your name. Leave it empty if you were not given an address."
)
#: Width of a line to type in, in characters.
_ENTRY: Final = 30
_PICTURES: Final = M("Pictures")
_PICTURE_FILES: Final = "(*.png *.jpg *.jpeg)"


class MorePart(QWidget):
    """What goes into the signature of a PDF, how it is signed otherwise, and where the results go."""

    #: Something else was chosen.
    changed = Signal()

    def __init__(self, context: Context, wishes: Wishes, *, is_open: bool = False) -> None:
        """Show what was chosen before; ``is_open``: unfolded."""
        super().__init__()
        self._context = context
        self._folder, self._seal = wishes.folder, wishes.seal
        inside = column(self, margin=0, spacing=0.5)
        self.toggle = button("", self._turn)
        inside.addWidget(self.toggle)
        self._body = QWidget()
        self._column: QVBoxLayout = column(self._body, margin=0.5, spacing=0.5)
        inside.addWidget(self._body)
        self.is_open = is_open
        self._of_pdf: list[QWidget] = []
        self._of_any_pdf: list[QWidget] = []
        self._lay_out_pdf(wishes)
        self._lay_out_files(wishes)
        self._fold(is_open=is_open)
        self._say_places()

    @property
    def wishes(self) -> Wishes:
        """What is chosen now."""
        return Wishes(
            self.name.text().strip(),
            self.reason.text().strip(),
            self.location.text().strip(),
            self._seal,
            for_registry=self.registry.isChecked(),
            is_beside=self.beside.isChecked(),
            is_around=self.around.isChecked(),
            folder=self._folder,
            time_stamps=self.time_stamps.text().strip(),
        )

    def show_for(self, *, has_pdf: bool, has_stamp: bool) -> None:
        """Show what is about PDF files where there is one, and the seal where there is a stamp."""
        is_inside = has_pdf and not self.beside.isChecked()
        for part in self._of_pdf:
            part.setVisible(is_inside)
        self._seal_part.setVisible(is_inside and has_stamp)
        for part in self._of_any_pdf:
            part.setVisible(has_pdf)

    def _turn(self) -> None:
        self._fold(is_open=not self.is_open)
        self.changed.emit()

    def _fold(self, *, is_open: bool) -> None:
        self.is_open = is_open
        self._body.setVisible(is_open)
        words = self._context.say(_FEWER if is_open else _MORE)
        self.toggle.setText(words)
        self.toggle.setAccessibleName(words)

    def _lay_out_pdf(self, wishes: Wishes) -> None:
        self.name = self._entry(M("Your &name"), M("Your name"), wishes.name, self._of_pdf)
        self.reason = self._entry(M("&Reason"), M("Reason"), wishes.reason, self._of_pdf)
        self.location = self._entry(M("P&lace"), M("Place"), wishes.location, self._of_pdf)
        readable = text(self._context.say(_READABLE), is_muted=True)
        self._column.addWidget(readable)
        self._of_pdf.append(readable)
        self.seal = text("")
        self.no_seal = self._button(M("Without a seal"), lambda: self._set_seal(None))
        choose = self._button(M("Image of a seal …"), self._choose_seal)
        self._seal_part = line(choose, self.no_seal, self.seal)
        self._column.addWidget(self._seal_part)
        self.registry = self._tick(M("For the Legal Affairs Bureau"), _REGISTRY, wishes.for_registry, self._of_pdf)

    def _lay_out_files(self, wishes: Wishes) -> None:
        self.beside = self._tick(M("Sign a PDF from outside"), _BESIDE, wishes.is_beside, self._of_any_pdf)
        self.around = self._tick(M("Put the file inside"), _AROUND, wishes.is_around, [])
        self.folder = text("")
        self.no_folder = self._button(M("Beside the files"), lambda: self._set_folder(None))
        choose = self._button(M("Folder for the results …"), self._choose_folder)
        self._column.addWidget(line(choose, self.no_folder, self.folder))
        self.time_stamps = self._entry(
            M("&Time stamp service (address)"), M("Time stamp service (address)"), wishes.time_stamps, []
        )
        self.time_stamps.setPlaceholderText("https://")
        self.time_stamps.setAccessibleDescription(self._context.say(_TIME_STAMP))
        self._column.addWidget(text(self._context.say(_TIME_STAMP), is_muted=True))

    def _entry(self, label: Message, name: Message, value: str, group: list[QWidget]) -> QLineEdit:
        entry = QLineEdit(value)
        entry.setMaximumWidth(_ENTRY * Look.em)
        entry.setAccessibleName(self._context.say(name))
        shown = QLabel(self._context.say(label))
        shown.setBuddy(entry)
        entry.textChanged.connect(self.changed)
        for part in (shown, entry):
            self._column.addWidget(part)
            group.append(part)
        return entry

    def _tick(self, words: Message, about: Message, is_on: bool, group: list[QWidget]) -> QCheckBox:  # noqa: FBT001
        box = QCheckBox(self._context.say(words))
        box.setChecked(is_on)
        box.setAccessibleDescription(self._context.say(about))
        box.toggled.connect(self.changed)
        for part in (box, text(self._context.say(about), is_muted=True)):
            self._column.addWidget(part)
            group.append(part)
        return box

    def _button(self, words: Message, act: Callable[[], object]) -> QWidget:
        return button(self._context.say(words), act)

    def _choose_seal(self) -> None:
        say = self._context.say
        kinds = f"{say(_PICTURES)} {_PICTURE_FILES}"
        name, _ = QFileDialog.getOpenFileName(self, say(M("Image of a seal, PNG or JPEG")), "", kinds)
        if name:
            self._set_seal(Path(name))

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self._context.say(M("Folder for the results")))
        if name:
            self._set_folder(Path(name))

    def _set_seal(self, seal: Path | None) -> None:
        self._seal = seal
        self._say_places()
        self.changed.emit()

    def _set_folder(self, folder: Path | None) -> None:
        self._folder = folder
        self._say_places()
        self.changed.emit()

    def _say_places(self) -> None:
        for label, back, chosen in (
            (self.seal, self.no_seal, None if self._seal is None else self._seal.name),
            (self.folder, self.no_folder, None if self._folder is None else str(self._folder)),
        ):
            label.setText(breakable(chosen or ""))
            label.setVisible(chosen is not None)
            back.setVisible(chosen is not None)
