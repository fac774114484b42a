"""The buttons of the window start the flows, and the card is looked at anew afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pindesk import press_keys
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from windowdesk import Desk, settle, wait_until

import jpki
from jpki_window.pin import OutcomePage
from jpki_window.pin.dialog import PinDialog
from jpki_window.pin.pages import ChoicePage, SecretPage
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


def _tries(desk: Desk, reader: str) -> list[int | None]:
    with jpki.connect(reader, service=desk.readers) as card:
        return [found.retries_remaining for found in card.pins().values()]


@pytest.mark.parametrize("secrets", [[], ["3957"], ["3957", "8527"]], ids=["at once", "after one", "after two"])
@pytest.mark.parametrize("other", ["adult", "child"])
def test_a_card_that_was_exchanged_gets_nothing(open_desk: OpenDesk, other: str, secrets: list[str]) -> None:
    """Another one was laid down while the dialog stands: its tries stay, and so does what its PIN is."""
    desk = open_desk({"A": "adult"})
    desk.wait_for_card()
    offered(desk)["Change PIN: card-info input PIN"].click()
    for secret in secrets:
        enter(desk, secret)
    page_of(desk, SecretPage)
    desk.readers.insert("A", other)
    before = _tries(desk, "A")
    sent: list[bytes] = []
    loaded = desk.readers._cards["A"]
    assert loaded is not None
    loaded.card.command_log = sent
    for secret in ["3957", "8527", "8527"][len(secrets) :]:
        enter(desk, secret)
    page = _decided(desk)
    assert not any(command[1] in (0x20, 0x24) and len(command) > 5 for command in sent)
    assert _tries(desk, "A") == before
    told = " ".join(dialog_of(desk).visible_texts())
    assert "is unchanged" in told, told
    page.closed.emit()
    wait_until(lambda: desk.glance.status is not None, desk.context.status_changed)


def _decided(desk: Desk) -> Page:
    """Answer every further question with a no; returns the page that tells what is true."""
    for _ in range(3000):
        QTest.qWait(10)
        page = dialog_of(desk).page
        if isinstance(page, ChoicePage):
            page.buttons[0].click()
        elif isinstance(page, OutcomePage):
            return page
    raise AssertionError(dialog_of(desk).visible_texts())


def test_two_windows_at_once(open_desk: OpenDesk) -> None:
    """Each has its dialog; a try that was used in one is told of in the other before anything is sent there."""
    first = open_desk({"A": "adult"})
    second = open_desk({}, service=first.readers)
    for desk in (first, second):
        desk.wait_for_card()
        offered(desk)["Check PIN: user certificate PIN"].click()
        page_of(desk, SecretPage)
    enter(first, "7391")
    page_of(first, OutcomePage).closed.emit()
    enter(second, "2846")
    page_of(second, SecretPage)
    assert any("2 tries are left now" in line for line in dialog_of(second).visible_texts())
    assert _tries(first, "A")[0] == 2
    enter(second, "2846")
    page_of(second, OutcomePage).closed.emit()
    assert _tries(first, "A")[0] == 3
