"""What a PIN opens is shown after it, and hidden again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pindesk import PinDesk
from PySide6.QtWidgets import QApplication

from jpki_window.pin.flows import show_attributes, show_sign_certificate
from jpki_window.pin.revealed import SHOWN, RevealedPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jpki_window.pin import PinFlow

NAME = "テスト"


def shown(flow: PinFlow[Any]) -> RevealedPage:
    """The page with what was opened."""
    page = flow.dialog.page
    assert isinstance(page, RevealedPage)
    return page


@pytest.mark.parametrize(
    ("make", "secret", "expected"),
    [
        (show_sign_certificate, "SIMCARD1", ("Name", "Address", "Serial number", "until ")),
        (show_attributes, "3957", ("Name", "Address", "Birth date", "Sex", "matches the hash in the card's record")),
    ],
)
def test_it_is_shown_and_hidden(
    application: QApplication,
    tmp_path: Path,
    make: Callable[..., PinFlow[Any]],
    secret: str,
    expected: tuple[str, ...],
) -> None:
    """After the time is over its text is gone from the window and from what screen readers are told."""
    desk = PinDesk(tmp_path)
    desk.secrets = [secret]
    flow = make(desk, notes=desk.notes)
    screen = desk.run(flow)
    for words in expected:
        assert words in screen
    page = shown(flow)
    personal = page._parts[1].text()
    assert personal in screen
    assert personal in page.buttons[0].accessibleDescription()
    assert page._clock.isActive()
    assert page._clock.interval() == SHOWN * 1000
    page._clock.timeout.emit()
    screen = desk.screen(flow)
    assert personal not in screen
    assert [part.text() for part in page._parts if part.text()] == []  # nor in a label that is only hidden
    assert "Hidden again." in screen
    assert page.buttons[0].accessibleDescription() == ""
    page.closed.emit()
    assert not flow.dialog.isVisible()
    desk.leave()


def test_closing_hides_it(application: QApplication, tmp_path: Path) -> None:
    """The button and the window's own leave nothing in the labels."""
    desk = PinDesk(tmp_path)
    desk.secrets = ["3957"]
    flow = show_attributes(desk, notes=desk.notes)
    desk.run(flow)
    page = shown(flow)
    assert page._parts[1].text()
    flow.dialog.close()
    QApplication.processEvents()
    assert [part.text() for part in page._parts if part.text()] == []
    assert page.buttons[0].accessibleDescription() == ""
    desk.leave()


def test_a_wrong_pin_opens_nothing(application: QApplication, tmp_path: Path) -> None:
    """The verdict is said instead."""
    desk = PinDesk(tmp_path)
    desk.secrets = ["1111"]
    flow = show_attributes(desk, notes=desk.notes)
    screen = desk.run(flow)
    assert "⚠ Wrong card-info input PIN" in screen
    assert "Address" not in screen
    desk.close(flow)
    desk.leave()
