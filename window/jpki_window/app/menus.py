"""The menu bar: language, text size, colours, simulated cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu

from jpki.words import M
from jpki_window.look import TEXT_SIZES, THEMES, Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtWidgets import QMainWindow

    from jpki.words import Message
    from jpki_window.reading import Context

_THEME_NAMES: Final = {
    "system": M("As the system"),
    "light": M("Light"),
    "dark": M("Dark"),
    "contrast": M("High contrast"),
}
#: Each in its own language, so that whoever does not read the present one finds it.
_LANGUAGE_NAMES: Final = {"ja": "日本語", "en": "English"}


class Menus:
    """The menus of a window; :meth:`say` makes them anew in the language of now."""

    def __init__(self, window: QMainWindow, context: Context) -> None:
        """Make them."""
        self._window = window
        self._context = context
        self._made: list[QMenu] = []
        self.say()

    def say(self) -> None:
        """Make the menus in the language of now."""
        bar = self._window.menuBar()
        bar.clear()
        for menu in self._made:  # the bar lets go of them and keeps them
            menu.deleteLater()
        say = self._context.say
        card, view = QMenu(say(M("&Card")), bar), QMenu(say(M("&View")), bar)
        self._made = [card, view]
        for menu in self._made:
            bar.addMenu(menu)
        self._add(card, M("&Read the card again"), self._context.look_again, QKeySequence("F5"))
        self._add(card, M("&Simulated card …"), self._choose_simulated)
        self._add(card, M("&Back to the reader"), self.back_to_reader)
        line = QAction(card)
        line.setSeparator(True)
        card.addAction(line)
        self._add(card, M("&Close the window"), self._window.close, QKeySequence(QKeySequence.StandardKey.Quit))
        self._choices(
            view,
            say(M("&Language")) + (" / Language" if self._context.language != "en" else " / 言語"),
            _LANGUAGE_NAMES.items(),
            self._context.language,
            self._context.set_language,
        )
        self._choices(
            view,
            say(M("&Text size")),
            [(str(size), say(M("{n} %", n=size))) for size in TEXT_SIZES],
            str(self._context.settings.text_size),
            self._set_text_size,
        )
        self._choices(
            view,
            say(M("&Colours")),
            [(theme, say(_THEME_NAMES[theme])) for theme in THEMES],
            self._context.settings.theme,
            self._set_theme,
        )

    def back_to_reader(self) -> None:
        """Show real cards again."""
        if self._context.glance.is_simulated:
            self._context.use(None, is_simulated=False)

    def _add(self, menu: QMenu, title: Message, do: Callable[[], object], keys: QKeySequence | None = None) -> None:
        action = QAction(self._context.say(title), menu)
        action.triggered.connect(lambda _checked=False: do())
        if keys is not None:
            action.setShortcut(keys)
        menu.addAction(action)

    def _choices(
        self,
        above: QMenu,
        title: str,
        choices: Iterable[tuple[str, str]],
        chosen: str,
        choose: Callable[[str], object],
    ) -> None:
        menu = QMenu(title, above)
        above.addMenu(menu)
        group = QActionGroup(menu)
        for value, words in choices:
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.triggered.connect(lambda _checked=False, value=value: choose(value))
            group.addAction(action)
            menu.addAction(action)

    def _set_text_size(self, value: str) -> None:
        self._context.settings.text_size = int(value)
        apply_look(self._context)

    def _set_theme(self, value: str) -> None:
        self._context.settings.theme = value
        apply_look(self._context)

    def _choose_simulated(self) -> None:
        from jpki_window.card import SimulatedDialog

        SimulatedDialog(self._context, self._window).open()


def apply_look(context: Context) -> None:
    """Draw with the theme and text size that the settings say."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        Look.apply(application, context.settings.theme, context.settings.text_size)
        context.look_changed.emit()
