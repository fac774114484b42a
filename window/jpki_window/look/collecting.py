"""Garbage is collected in the thread of the windows and in no other.

Python's collector runs in whichever thread makes the next object. In the thread that talks to the card it would take
widgets apart that belong to the thread of the windows, and Qt ends the process for that.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

#: Milliseconds between two looks at how much there is.
_INTERVAL: Final = 1000


class Collector(QObject):
    """Takes the place of Python's own times of collection, for as long as the application lives."""

    def __init__(self, parent: QObject) -> None:
        """Begin; made in the thread of the windows."""
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_if_due)
        self._timer.start(_INTERVAL)


def collect_if_due() -> None:
    """Collect what Python itself would have collected by now: by its own thresholds, the oldest first."""
    for generation, (count, threshold) in reversed(
        list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
    ):
        if count > threshold > 0:
            gc.collect(generation)
            return
