"""The page that shows the card at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from jpki_window.look import Body, Look, announce, clear, column, scrolled

from .banner import looking_view
from .verdict import headline

if TYPE_CHECKING:
    from jpki_window.reading import Context, Glance


class CardPage(QWidget):
    """Shows the card, or what is in the way of one, and every change of it."""

    def __init__(self, context: Context) -> None:
        """Show what is known now."""
        super().__init__()
        self._context = context
        self._body = Body()
        self._body.setObjectName("body")
        self._column = column(self._body, margin=1.2, spacing=1.0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._area = scrolled(self._body)
        whole.addWidget(self._area)
        self._said = ""
        context.status_changed.connect(self._show)
        self._show(context.glance)

    def retranslate(self) -> None:
        """Say everything anew, in the language, size and colours of now."""
        edge = int(1.2 * Look.em)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._said = ""
        self._show(self._context.glance)

    def _show(self, glance: Glance) -> None:
        focus = self._place_of_focus()
        parts = _parts(self._context, glance)
        clear(self._column)
        for part in parts:
            self._column.addWidget(part)
        self._column.addStretch(1)
        _put_focus(focus, parts)
        words = headline(self._context, glance)
        if words != self._said:
            announce(self, words)
            self._said = words

    def _place_of_focus(self) -> str | None:
        """What the focused part is called, so that its successor gets the focus."""
        focused = self.window().focusWidget()  # which it has in the background too
        return focused.accessibleName() if focused is not None and self._body.isAncestorOf(focused) else None


def _put_focus(name: str | None, parts: list[QWidget]) -> None:
    """Focus what is called so in the new parts: those before are below the page still, until they are taken apart.

    Where nothing is (a locked PIN has no buttons), the first of the page takes the keyboard, which would leave it else.
    """
    if name is None:
        return
    reached = [
        one for part in parts for one in part.findChildren(QWidget) if one.focusPolicy().value and one.isEnabled()
    ]
    for widget in [one for one in reached if one.accessibleName() == name] or reached[:1]:
        widget.setFocus()


def _parts(context: Context, glance: Glance) -> list[QWidget]:
    """What is shown; modules are imported when they are needed, so that the window is there before the card."""
    if glance.failure is not None:
        from .in_the_way import failure_view

        return failure_view(context, glance)
    if glance.status is not None:
        from .view import card_view

        return card_view(context, glance, glance.status)
    return looking_view(context)
