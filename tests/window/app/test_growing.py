"""A window that is open for a day does not grow: what is done once more leaves no object of Qt behind."""

from __future__ import annotations

import gc
from collections import Counter
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from windowdesk import Desk, purge, settle
from windowpages import close_dialog, type_pin

from jpki.card import Pin
from jpki_window.app.menus import apply_look
from jpki_window.app.pages import PAGES
from jpki_window.card import SimulatedDialog
from jpki_window.files import SignPage
from jpki_window.pin import start_check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    OpenDesk = Callable[..., Desk]

READER = "Simulated reader"
#: Rounds before the first count, for what is made once and kept, and between both counts.
FIRST, MORE = 2, 2


def count() -> Counter[str]:
    """Every object of Qt that Python knows, and every widget, by its class."""
    purge()
    gc.collect()
    known = Counter(type(found).__name__ for found in gc.get_objects() if isinstance(found, QObject))
    return known + Counter(f"widget {type(found).__name__}" for found in QApplication.allWidgets())


def use_a_pin(desk: Desk, _folder: Path) -> None:
    """Check a PIN, and close the dialog."""
    start_check(desk.context, Pin.AUTH, desk.window)
    type_pin(desk, "2846")
    close_dialog()
    desk.wait(lambda: desk.context.worker.is_idle)


def change_the_language(desk: Desk, _folder: Path) -> None:
    """To Japanese and back."""
    for language in ("ja", "en"):
        desk.context.set_language(language)
        settle()


def change_the_look(desk: Desk, _folder: Path) -> None:
    """Larger text and back."""
    for size in (150, 100):
        desk.context.settings.text_size = size
        apply_look(desk.context)
        settle()


def change_the_card(desk: Desk, _folder: Path) -> None:
    """Take it away, and put it on the reader again."""
    desk.readers.remove(READER)
    desk.wait(lambda: desk.glance.status is None)
    desk.readers.insert(READER, "adult")
    desk.wait(lambda: desk.glance.status is not None)


def look_at_every_page(desk: Desk, _folder: Path) -> None:
    """One after the other."""
    for page in (*PAGES, PAGES[0]):
        desk.window.show_page(page.name)
        settle()
    desk.wait(lambda: desk.context.worker.is_idle)


def look_for_another_card(desk: Desk, _folder: Path) -> None:
    """Open the list of simulated cards, and leave it."""
    dialog = SimulatedDialog(desk.context, desk.window)
    dialog.open()
    settle()
    dialog.reject()


def sign_and_check(desk: Desk, folder: Path) -> None:
    """Sign a file, and have its signature judged."""
    file = folder / "letter.txt"
    file.write_text("TEST")
    desk.window.show_page("sign", [file])
    page = desk.window.page("sign")
    assert isinstance(page, SignPage)
    page.consent.setChecked(True)
    page.begin()
    type_pin(desk, "SIMCARD1")
    close_dialog()
    desk.wait(lambda: not page.files)
    desk.window.show_page("verify", [file.with_name("letter.txt.p7s")])
    desk.wait(lambda: desk.context.worker.is_idle)
    file.with_name("letter.txt.p7s").unlink()
    desk.window.show_page("card")


@pytest.mark.parametrize(
    "act",
    [
        use_a_pin,
        change_the_language,
        change_the_look,
        change_the_card,
        look_at_every_page,
        look_for_another_card,
        sign_and_check,
    ],
)
def test_nothing_is_left_behind(
    open_desk: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Desk, Path], None]
) -> None:
    """As many of each kind after some rounds as before them."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    desk = open_desk({READER: "adult"})
    desk.wait(lambda: desk.glance.status is not None)
    for _ in range(FIRST):
        act(desk, tmp_path)
    before = count()
    for _ in range(MORE):
        act(desk, tmp_path)
    assert count() - before == Counter()
