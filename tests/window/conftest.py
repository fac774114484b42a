"""The window in this process, drawn into memory, with simulated cards in the place of readers."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from windowdesk import Desk
    from windowpages import PageDesk

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)


@pytest.fixture(autouse=True)
def _collecting_in_this_thread() -> Iterator[None]:
    """Garbage of Qt is taken apart in this thread only, as in the window (jpki_window.look.collecting)."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(scope="session")
def application() -> QApplication:
    """The one application of this process."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(["tests"])


@pytest.fixture
def open_desk(application: QApplication, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Open windows at a desk with these readers, and close them afterwards with all their threads."""
    from windowdesk import Desk

    desks: list[Desk] = []

    def open_one(cards: dict[str, str | None], **settings: Any) -> Desk:
        desks.append(Desk(cards, tmp_path / f"settings-{len(desks)}.ini", **settings))
        return desks[-1]

    yield open_one
    for desk in desks:
        desk.close()


@pytest.fixture
def sit_down(
    application: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., PageDesk]]:
    """Sit down at a desk with this card and single pages; what outlives a crash goes into a folder of the test."""
    from windowpages import PageDesk

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    desks: list[PageDesk] = []

    def sit(card: str | None = "adult", **settings: Any) -> PageDesk:
        desks.append(PageDesk(tmp_path / f"settings-{len(desks)}.ini", card, **settings))
        return desks[-1]

    yield sit
    for desk in desks:
        desk.close()
