"""The buttons of the window start the flows, and the card is looked at anew afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pindesk import press_keys
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from windowdesk import Desk, settle, wait_until

from jpki_window.pin import OutcomePage
from jpki_window.pin.dialog import PinDialog
from jpki_window.pin.pages import SecretPage
from jpki_window.pin.revealed import RevealedPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jpki_window.pin.pages import Page

    OpenDesk = Callable[..., Desk]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's own for what outlives the window."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def offered(desk: Desk) -> dict[str, QPushButton]:
    """The buttons that are to be seen, by what a screen reader calls them."""
    settle()
    return {b.accessibleName(): b for b in desk.window.findChildren(QPushButton) if b.isVisible()}


def dialog_of(desk: Desk) -> PinDialog:
    """The dialog above the window."""
    return next(found for found in desk.window.findChildren(PinDialog) if found.isVisible())


def page_of(desk: Desk, kind: type[Page]) -> Page:
    """Wait until the dialog shows a page of this kind."""
    for _ in range(3000):
        QTest.qWait(10)
        page = dialog_of(desk).page
        if isinstance(page, kind):
            return page
    raise AssertionError("it never came")


def enter(desk: Desk, secret: str) -> None:
    """Type a secret and go on."""
    page = page_of(desk, SecretPage)
    assert isinstance(page, SecretPage)
    press_keys(page.field, secret)
    page.buttons[0].click()


@pytest.mark.parametrize(
    ("button", "secrets", "kind"),
    [
        ("Check PIN: user certificate PIN", ["7391"], OutcomePage),
        ("Change PIN: card-info input PIN", ["3957", "8527", "8527"], OutcomePage),
        ("Show name and address", ["3957"], RevealedPage),
        ("Show the signature certificate", ["SIMCARD1"], RevealedPage),
    ],
)
def test_a_button_starts_its_flow(open_desk: OpenDesk, button: str, secrets: list[str], kind: type[Page]) -> None:
    """Its dialog stands above the window; when it is closed, the tries left are read again."""
    desk = open_desk({"A": "adult"})
    desk.wait_for_card()
    offered(desk)[button].click()
    for secret in secrets:
        enter(desk, secret)
    page = page_of(desk, kind)
    before = desk.context.glance
    page.closed.emit()
    wait_until(lambda: desk.context.glance is not before, desk.context.status_changed)
    status = desk.context.glance.status
    assert status is not None
    assert status.pins[0].retries_remaining == (2 if secrets == ["7391"] else 3)


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("all-locked", set()),
        ("locked-auth-and-sign", {"Check PIN: card-info input PIN", "Show name and address"}),
        ("child", {"Check PIN: user certificate PIN", "Check PIN: card-info input PIN", "Show name and address"}),
    ],
)
def test_what_cannot_be_done_is_not_offered(open_desk: OpenDesk, card: str, expected: set[str]) -> None:
    """A locked PIN, and one whose certificate is not on the card, have no buttons."""
    desk = open_desk({"A": card})
    desk.wait_for_card()
    ours = ("Check PIN", "Show name", "Show the signature")
    assert {name for name in offered(desk) if name.startswith(ours) and "Basic" not in name} == expected


def test_ending_the_program_is_a_no(open_desk: OpenDesk, state: Path) -> None:
    """A question that is open then is answered, so that the thread of the card can end; nothing was sent."""
    desk = open_desk({"A": "adult"})
    desk.wait_for_card()
    offered(desk)["Check PIN: user certificate PIN"].click()
    page_of(desk, SecretPage)
    application = QApplication.instance()
    assert application is not None
    application.aboutToQuit.emit()
    wait_until(lambda: desk.context.worker.is_idle, desk.context.status_changed)
    assert not list(state.rglob("*.json"))
