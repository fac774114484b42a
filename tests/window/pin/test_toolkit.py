"""What the window needs of the toolkit's release, beside its functions."""

from __future__ import annotations

import sys

import pytest

pytest.importorskip("PySide6.QtCore", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from PySide6.QtCore import QObject, Signal


class _Sender(QObject):
    sent = Signal(object)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True cannot be freed any more")
def test_a_signal_does_not_free_true() -> None:
    """PySide6 6.12.0 gives a reference of True away at each emit, and Python 3.11 ends for it amid its work."""
    sender = _Sender()
    sender.sent.connect(lambda _value: None)
    before = sys.getrefcount(True)  # noqa: FBT003 - the object itself is meant
    for _ in range(100):
        sender.sent.emit(sender)
    assert sys.getrefcount(True) > before - 50  # noqa: FBT003
