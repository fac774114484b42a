"""Colours and sizes: light, dark and high contrast, at any text size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class Mood(NamedTuple):
    """The colours of a part that says something good, urgent or bad; the words and a drawn mark say it too."""

    back: str
    text: str


class Colours(NamedTuple):
    """Every colour of the window. Text on ``window``, ``surface`` and a mood has 4.5:1 (7:1 in high contrast).

    ``border``, ``accent`` and ``track`` are told from what is beside them at 3:1 where they mean something.
    """

    window: str
    surface: str
    text: str
    muted: str
    border: str
    accent: str
    on_accent: str
    hover: str
    track: str
    calm: Mood
    good: Mood
    warn: Mood
    bad: Mood

    def mood(self, name: str) -> Mood:
        """The mood of this name: ``calm``, ``good``, ``warn`` or ``bad``."""
        return {"calm": self.calm, "good": self.good, "warn": self.warn, "bad": self.bad}[name]


def _theme(number: int) -> Colours:
    """Every colour as it is in light, in dark and in high contrast, of which the theme of this number is taken."""

    def of(light: str, dark: str, contrast: str) -> str:
        return (light, dark, contrast)[number]

    return Colours(
        window=of("#f3f4f6", "#15181c", "#000000"),
        surface=of("#ffffff", "#1f242a", "#000000"),
        text=of("#1b1f24", "#eceff3", "#ffffff"),
        muted=of("#555d67", "#aab3be", "#ffffff"),
        border=of("#7d8691", "#7a848f", "#ffffff"),
        accent=of("#0b5cad", "#82b9ff", "#ffff00"),
        on_accent=of("#ffffff", "#08192c", "#000000"),
        hover=of("#e4edf7", "#2a323b", "#3a3a00"),
        track=of("#d9dee4", "#3a424c", "#404040"),
        calm=Mood(of("#e6ecf3", "#232d39", "#000000"), of("#1f3550", "#d5e2f2", "#ffffff")),
        good=Mood(of("#e2f2e5", "#17321c", "#000000"), of("#14531b", "#a9e3b2", "#7dff8f")),
        warn=Mood(of("#fff1cf", "#3b2d0c", "#000000"), of("#623c00", "#ffdc92", "#ffff00")),
        bad=Mood(of("#fde3e1", "#431b18", "#000000"), of("#87160f", "#ffb9b1", "#ff9d94")),
    )


LIGHT, DARK, CONTRAST = _theme(0), _theme(1), _theme(2)

#: Below this the letters of Japanese run together; a system that has smaller ones is not followed.
_LEAST_POINTS: Final = 10.5
_SHEET: Final = """
QWidget {{ color: {c.text}; }}
QMainWindow, QDialog, QScrollArea, #body {{ background: {c.window}; }}
#tile {{ background: {c.surface}; border: 1px solid {c.track}; border-radius: {r}px; }}
#advice {{ background: {c.surface}; border: 1px solid {c.track}; border-left: {r}px solid {c.accent}; }}
#muted {{ color: {c.muted}; }}
#menu {{ background: {c.surface}; border: 2px solid {c.surface}; outline: none; }}
#menu:focus {{ border: 2px solid {c.accent}; }}
#menu::item {{ padding: {h}px {p}px; border-left: {q}px solid transparent; }}
#menu::item:hover {{ background: {c.hover}; }}
#menu::item:selected {{ background: {c.hover}; color: {c.text}; border-left: {q}px solid {c.accent}; }}
QPushButton {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: {q}px; padding: {q}px {p}px; }}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: {q1}px {p1}px; }}
QPushButton:disabled {{ color: {c.muted}; border: 1px dashed {c.border}; }}
QPushButton:default, QPushButton#main {{ background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent}; }}
QPushButton:default:focus, QPushButton#main:focus {{ border: 2px solid {c.text}; }}
QMenuBar, QMenu {{ background: {c.surface}; }}
QMenuBar::item {{ padding: {q}px {p}px; background: transparent; }}
QMenu::item {{ padding: {q}px {w}px {q}px {w}px; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
QLineEdit, QPlainTextEdit, QListWidget {{ border: 1px solid {c.border}; }}
QLineEdit:focus, QPlainTextEdit:focus, QListWidget:focus {{ border: 2px solid {c.accent}; }}
QToolTip {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.border}; }}
"""


def colours_of(theme: str, application: QApplication) -> Colours:
    """The colours of a theme; ``system`` is dark where the system says so."""
    chosen = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}.get(theme)
    if chosen is not None:
        return chosen
    is_dark = application.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if is_dark else LIGHT


class Look:
    """How the window looks now; of the whole process, as the application's palette and font are."""

    colours: Colours = LIGHT
    #: Height of a line, in pixels: what all distances are counted in.
    em: int = 16
    _system_font: QFont | None = None

    @classmethod
    def apply(cls, application: QApplication, theme: str, text_size: int) -> None:
        """Have everything drawn in a theme, with letters of so many per cent of the system's size."""
        if cls._system_font is None:
            cls._system_font = QFont(application.font())
        font = QFont(cls._system_font)
        font.setPointSizeF(max(cls._system_font.pointSizeF(), _LEAST_POINTS) * text_size / 100)
        application.setFont(font)
        cls.colours = colours_of(theme, application)
        cls.em = round(QFontMetricsF(font).height())
        application.setStyle("Fusion")
        application.setPalette(_palette(cls.colours))
        application.setStyleSheet(_sheet(cls.colours, cls.em))

    @classmethod
    def font(cls, application: QApplication, scale: float, *, is_bold: bool = False) -> QFont:
        """The window's font at another scale."""
        font = QFont(application.font())
        font.setPointSizeF(font.pointSizeF() * scale)
        font.setBold(is_bold)
        return font


def _sheet(colours: Colours, em: int) -> str:
    quarter = max(2, em // 4)
    return _SHEET.format(
        c=colours,
        r=max(3, em // 3),
        q=quarter,
        q1=quarter - 1,
        h=em // 2,
        p=em // 2 + quarter,
        p1=em // 2 + quarter - 1,
        w=em + quarter,
    )


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for roles, colour in (
        ((role.Window, role.AlternateBase), colours.window),
        ((role.Base, role.Button, role.ToolTipBase), colours.surface),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), colours.text),
        ((role.PlaceholderText,), colours.muted),
        ((role.Highlight, role.Link), colours.accent),
        ((role.HighlightedText,), colours.on_accent),
    ):
        for each in roles:
            palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(colours.muted))
    return palette
