"""When garbage is collected in the window: in the thread of the windows, and not by whichever thread makes objects."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from PySide6.QtCore import QObject

from jpki_window.look.collecting import Collector, collect_if_due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


class _Knot:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(application: QApplication) -> Iterator[Collector]:
    """The collector of a window that is open."""
    owner = QObject(application)
    yield Collector(owner)
    owner.deleteLater()


def test_another_thread_collects_nothing(collector: Collector) -> None:
    """However many objects it makes."""
    assert collector is not None
    knot = _Knot()
    lost = ref(knot)
    del knot

    def work() -> None:
        kept = [[number] for number in range(200_000)]
        assert kept

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not gc.isenabled()
    assert lost() is not None


def test_the_thread_of_the_windows_collects_when_it_is_due(collector: Collector) -> None:
    """By Python's own thresholds; not before."""
    assert collector is not None
    gc.collect()
    knot = _Knot()
    lost = ref(knot)
    del knot
    collect_if_due()
    assert lost() is not None
    kept = [[number] for number in range(200_000)]
    collect_if_due()
    assert kept
    assert lost() is None
