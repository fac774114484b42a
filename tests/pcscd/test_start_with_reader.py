"""What a command loads that uses a reader: pyscard's compiled module, and nothing heavy."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from loadedmodules import asking, heavy, loaded

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd, ServedCard


@pytest.mark.parametrize("arguments", [("status",), ("status", "--json"), ("pin", "status")], ids=" ".join)
def test_with_a_reader_nothing_heavy_is_loaded(
    pcscd: Pcscd, served_adult: ServedCard, arguments: tuple[str, ...]
) -> None:
    """No dialogs or threads of pyscard, no certificate library, and nothing of the simulator."""
    names = loaded(pcscd.run([sys.executable, *asking(*arguments)]).stderr)
    assert "smartcard.scard" in names
    assert heavy(names) == set()
    assert {name for name in names if name.startswith("jpki_sim")} == set()
