"""Simulated cards in the place of the reader: the list to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QListWidgetItem

from jpki.words import M
from jpki_sim.personas import personas
from jpki_sim.serve import SimulatedReaders
from jpki_window.look import Choices, Look, column, resize_on_screen, text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from jpki_window.reading import Context


def use_simulated(context: Context, card: str) -> None:
    """Put a simulated card, by its name or its file, into a simulated reader, and show that in place of PC/SC.

    Raises:
        UnknownPersonaError, CardFileError: there is no such card.
    """
    context.use(SimulatedReaders({context.say(M("Simulated reader")): card}), is_simulated=True)


class SimulatedDialog(QDialog):
    """Lists the simulated cards by what they are, and narrows the list while a word is typed."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        """List them all."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        say = context.say
        self.setWindowTitle(say(M("Simulated card")))
        inside = column(self)
        inside.addWidget(
            text(say(M("A simulated card exists in this program only. It belongs to nobody and holds no real data.")))
        )
        label = QLabel(say(M("&Search")))
        self.search = QLineEdit()
        self.search.setAccessibleName(say(M("Search")))
        label.setBuddy(self.search)
        self.list = Choices()
        self.list.setAccessibleName(say(M("Simulated cards")))
        for persona in personas():
            if not persona.unavailable:
                item = QListWidgetItem(persona.title[context.language])
                item.setData(Qt.ItemDataRole.UserRole, persona.name)
                item.setToolTip(persona.says[context.language])
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(self.accept)
        self.search.textChanged.connect(self._narrow)
        buttons = QDialogButtonBox()
        buttons.addButton(say(M("Use this card")), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(say(M("Cancel")), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        for part in (label, self.search, self.list, buttons):
            inside.addWidget(part)
        resize_on_screen(self, 34 * Look.em, 30 * Look.em)

    def accept(self) -> None:
        """Use the card that is chosen, if one is."""
        item = self.list.currentItem()
        if item is None or item.isHidden():
            return
        super().accept()
        use_simulated(self._context, str(item.data(Qt.ItemDataRole.UserRole)))
        self._context.open_page("card")

    def _narrow(self, words: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            name = str(item.data(Qt.ItemDataRole.UserRole))
            item.setHidden(words.casefold() not in f"{item.text()} {name}".casefold())
        shown = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
        if shown and self.list.currentRow() not in shown:
            self.list.setCurrentRow(shown[0])
