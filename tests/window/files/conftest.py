"""Pages by themselves, drawn into memory, with a simulated card."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from windowpages import PageDesk

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)


@pytest.fixture
def sit_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., PageDesk]]:
    """Sit down at a desk with this card; what outlives a crash goes into a folder of the test."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication
    from windowpages import PageDesk

    _ = QApplication.instance() or QApplication(["tests"])
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    desks: list[PageDesk] = []

    def sit(card: str | None = "adult", **settings: Any) -> PageDesk:
        desks.append(PageDesk(tmp_path / f"settings-{len(desks)}.ini", card, **settings))
        return desks[-1]

    yield sit
    for desk in desks:
        desk.close()
