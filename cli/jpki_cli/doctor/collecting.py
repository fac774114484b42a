"""The facts of this computer for ``jpki doctor`` and ``jpki report``, with the readers that the global options mean."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jpki.diagnosis.system import LiveCards, Look, SimulatedCards, collect
from jpki_cli.app import clock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager, ExitStack
    from datetime import datetime

    from jpki.diagnosis import Pcsc
    from jpki.diagnosis.system import CollectedFacts
    from jpki_cli.app import AppContext


def collect_facts(app: AppContext) -> AbstractContextManager[CollectedFacts]:
    """Look at this computer, and let go of its readers and cards afterwards."""
    now = clock.now()
    return collect(lambda stack: _cards(app, stack, now), os.environ, now)


def _cards(app: AppContext, stack: ExitStack, now: datetime) -> Pcsc:
    if app.options.sim is not None:
        from jpki_cli.app import open_simulated

        connection = stack.enter_context(open_simulated(app.options.sim))
        return SimulatedCards(stack.enter_context(app.traced(connection)), now)
    from jpki_cli.app import open_system

    look = Look(app.options.reader, app.options.wait, app.countdown(), app.traced)
    return LiveCards(look, stack.enter_context(open_system(app)), stack, now)
