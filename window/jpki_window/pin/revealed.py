"""What a PIN opened, shown until the person hides it, or for two minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFormLayout, QLabel

from jpki.words import M
from jpki_window.look import announce
from jpki_window.showing import paragraph

from .pages import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent

    from jpki_window.showing import Say

#: Seconds; whoever copies an address by hand has the time, and whoever leaves the desk leaves it blank.
SHOWN: Final = 120
_HIDDEN: Final = M("Hidden again. To see it once more, enter the PIN again.")


class RevealedPage(Page):
    """Rows of personal data; hidden, their text is gone from the window."""

    def __init__(self, say: Say, title: str, rows: Sequence[tuple[str, str]], notes: Sequence[str] = ()) -> None:
        """Lay out the rows, and start the clock."""
        super().__init__()
        self._say = say
        self.title = paragraph(title, is_strong=True)
        self.column.addWidget(self.title)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._parts: list[QLabel] = []
        for name, value in rows:
            form.addRow(self._part(name), self._part(value, is_value=True))
        self.column.addLayout(form)
        for note in notes:
            self.column.addWidget(self._kept(paragraph(note)))
        limit = M("It is hidden again after {n} seconds.", n=SHOWN)
        self.column.addWidget(self._kept(paragraph(say(limit))))
        self._hide = self.add_button(say(M("Hide")), is_default=True)
        self._hide.setAccessibleDescription("; ".join(f"{name}: {value}" for name, value in rows))
        self._hide.clicked.connect(self.closed)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(SHOWN * 1000)
        self._clock.timeout.connect(self.conceal)
        self._clock.start()

    def _part(self, text: str, *, is_value: bool = False) -> QLabel:
        label = self._kept(paragraph(text))
        if is_value:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return label

    def _kept(self, label: QLabel) -> QLabel:
        self._parts.append(label)
        return label

    def conceal(self) -> None:
        """Take the data off the screen."""
        self._clock.stop()
        for part in self._parts:
            part.clear()
            part.hide()
        self._hide.setAccessibleDescription("")
        self._hide.setText(self._say(M("Close")))
        self._hide.setAccessibleName(self._hide.text())
        self.title.setText(self._say(_HIDDEN))
        announce(self, self.title.text())

    def hideEvent(self, event: QHideEvent, /) -> None:  # noqa: N802 - Qt's name
        """Keep nothing in a page that is not seen."""
        if not event.spontaneous():
            for part in self._parts:
                part.clear()
            self._hide.setAccessibleDescription("")
        super().hideEvent(event)
