"""The window with a simulated card that is lost at a command.

Usage: losing_card.py FAULT ARGUMENT..., of which the last ones are the window's.
"""

from __future__ import annotations

import sys

from jpki_sim.card import SimulatedConnection
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.serve import SimulatedReaders
from jpki_window.app import start
from jpki_window.card import simulated


class LosingReaders(SimulatedReaders):
    """Its card comes back with the next connection, as if a person had put it back."""

    _faulty: FaultyCard | None = None

    def connect(self, reader: str, *, patience: float | None = None) -> SimulatedConnection:
        """Open the one card, whose faults are counted over all connections."""
        if self._faulty is None:
            card = super().connect(reader, patience=patience)._card
            self._faulty = FaultyCard(card, parse_faults(sys.argv[1]))
        self._faulty.insert()
        return SimulatedConnection(self._faulty, reader)


setattr(simulated, "SimulatedReaders", LosingReaders)  # noqa: B010 - in its place, which is not exported
sys.exit(start.main(sys.argv[2:]))
