"""The page that looks for what is in the way: the library's findings in their order, each cause with its remedy."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtWidgets import QApplication
from windowpages import press, texts

import jpki
from jpki.diagnosis import what
from jpki.errors import ServiceStoppedError
from jpki_window.help import DoctorPage, doctor_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from windowpages import PageDesk

    from jpki.diagnosis import Finding

    SitDown = Callable[..., PageDesk]


def _looked(desk: PageDesk) -> DoctorPage:
    page = DoctorPage(desk.context)
    desk.show(page)
    desk.wait(lambda: page.diagnosis is not None)
    return page


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_shows_what_the_library_finds(sit_down: SitDown, language: str) -> None:
    """Every check in order, and each cause with why and code."""
    desk = sit_down("locked-auth", language=language)
    page = _looked(desk)
    found = jpki.diagnose(service=desk.readers)
    assert [finding.check for finding in page.findings] == [finding.check for finding in found.findings]
    shown = texts(page)
    for failure in found.failures:
        cause = failure.outcome.cause
        assert cause is not None
        assert {what(failure.outcome).text(language), cause.why.text(language)} <= set(shown)
        assert any(cause.value in line for line in shown)
    labels = [finding.check.label.text(language) for finding in found.findings]
    places = [shown.index(label) for label in labels]
    assert places == sorted(places)


def test_a_card_that_can_be_used(sit_down: SitDown) -> None:
    """Says so, before anything else."""
    page = _looked(sit_down())
    assert "The card can be used." in texts(page)


def test_it_fills_as_it_looks(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check is seen while the next one is still being made."""
    desk = sit_down()
    real = jpki.diagnose(service=desk.readers)
    seen = Event()

    def slow(*, told: Callable[[Finding], None], **_: object) -> jpki.Diagnosis:
        told(real.findings[0])
        assert seen.wait(30.0)
        for finding in real.findings[1:]:
            told(finding)
        return real

    monkeypatch.setattr(doctor_page, "diagnose", slow)
    page = DoctorPage(desk.context)
    desk.show(page)
    desk.wait(lambda: len(page.findings) == 1)
    shown = texts(page)
    assert (real.findings[0].check.label.text("en") in shown, "Looking …" in shown) == (True, True)
    assert not page.again.isEnabled()
    seen.set()
    desk.wait(lambda: page.diagnosis is not None)
    assert page.findings == list(real.findings)


def test_commands_are_copied(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """A remedy's commands for this system; what a page of the window shows has a button for that page."""
    from jpki.certificate.checks import Verdict
    from jpki.diagnosis import Check, Finding
    from jpki.diagnosis.causes import ALL_CAUSES
    from jpki.diagnosis.findings import Outcome

    cause = next(cause for cause in ALL_CAUSES if cause.value == "pcsc_service_stopped")
    remedy = cause.remedies[0]
    outcome = Outcome(Verdict.FAIL, cause, (remedy,))
    made = jpki.Diagnosis((Finding(Check.SERVICE_RUNNING, outcome),), "Linux", ("apt", "systemd", "linux"))
    monkeypatch.setattr(doctor_page, "diagnose", lambda **_: made)
    page = _looked(sit_down())
    press(page, "Copy")
    assert QApplication.clipboard().text() == "\n".join(remedy.commands_for(made.names))
    assert QApplication.clipboard().text()


def test_looking_again_and_failing(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that fails says why, with its code; the button looks once more."""
    page = _looked(sit_down())

    def fail(**_: object) -> jpki.Diagnosis:
        raise ServiceStoppedError("stopped")

    monkeypatch.setattr(doctor_page, "diagnose", fail)
    before = page.diagnosis
    page.receive("look")
    page.look()  # one at a time
    desk_wait(page, before)
    assert "Code: pcsc_service_stopped" in texts(page)


def desk_wait(page: DoctorPage, before: object) -> None:
    """Wait for another diagnosis."""
    from windowpages import settle

    while page.diagnosis is None or page.diagnosis is before:
        settle()
