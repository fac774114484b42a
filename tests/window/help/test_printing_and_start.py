"""What is printed, and how the counter's processes are started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QWidget

from jpki_window.app.start import arguments_of
from jpki_window.help import run_counter, run_counter_card
from jpki_window.help.counter import CounterWindow
from jpki_window.help.counter_card import CounterCard
from jpki_window.showing.printing import print_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]


def _application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


@pytest.mark.parametrize("is_wanted", [True, False])
def test_it_is_printed_when_a_printer_was_chosen(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, *, is_wanted: bool
) -> None:
    """And not where the dialog was left."""
    desk = sit_down()
    printed: list[str] = []
    code = QPrintDialog.DialogCode.Accepted if is_wanted else QPrintDialog.DialogCode.Rejected
    monkeypatch.setattr(QPrintDialog, "exec", lambda _self: code)
    monkeypatch.setattr(QTextDocument, "print_", lambda self, _printer: printed.append(self.toPlainText()))
    page = QWidget()
    desk.show(page)
    assert print_html(page, "TEST", "<h1>TEST</h1>") is is_wanted
    assert printed == (["TEST"] if is_wanted else [])


@pytest.mark.parametrize("sim", ["adult", None])
def test_the_counter_waits_full_screen_and_reads_no_card(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch, sim: str | None
) -> None:
    """In large type, with the process of a card started for the same simulated card."""
    desk = sit_down(None)
    seen: list[object] = []
    started: list[str] = []

    def run() -> int:
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, CounterWindow))
        desk.wait(lambda: sim is None or bool(started))
        seen.append(window.isFullScreen())
        return 0

    monkeypatch.setattr(CounterWindow, "_begin", lambda _self, reader: started.append(reader))
    monkeypatch.setattr(QApplication, "exec", lambda *_: run())
    options, _ = arguments_of(["--counter", *(["--sim", sim] if sim else [])])
    before = _application().font().pointSizeF()
    assert run_counter(_application(), desk.context, options) == 0
    assert seen == [True]
    assert _application().font().pointSizeF() > before


def test_one_card_is_shown_until_it_is_taken_away(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Full screen and in large type; the process ends with it."""
    desk = sit_down(None)
    before = _application().font().pointSizeF()
    ended: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda *_: ended.append(True))

    def run() -> int:
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, CounterCard))
        desk.wait(lambda: desk.context.glance.status is not None)
        assert window.isFullScreen()
        assert _application().font().pointSizeF() > before
        desk.context.service.remove("Simulated reader")  # type: ignore[union-attr]  # it is a simulated one
        desk.wait(lambda: desk.context.glance.status is None)
        window.close()
        return 0

    monkeypatch.setattr(QApplication, "exec", lambda *_: run())
    options, _ = arguments_of(["--counter-card", "--sim", "adult"])
    assert run_counter_card(_application(), desk.context, options) == 0
    assert ended
