"""The cards that the agent uses: those of PC/SC, or the one of ``--sim``."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.agent import CardAccess
    from jpki.transport import CardConnection
    from jpki_cli.app import AppContext

_SIMULATED_READER: Final = "Simulated reader"


@contextmanager
def card_access(app: AppContext) -> Iterator[CardAccess]:
    """Reach the card that the global options mean; a simulated one lives as long as the block."""
    from jpki.agent import CardAccess

    options = app.options
    with ExitStack() as stack:

        def traced(connection: CardConnection) -> CardConnection:
            return stack.enter_context(app.traced(connection)) if options.trace else connection

        if options.sim is not None:
            from jpki_cli.app import sim_errors
            from jpki_sim.serve import SimulatedReaders

            with sim_errors():
                simulated = stack.enter_context(SimulatedReaders({_SIMULATED_READER: options.sim}))
            yield CardAccess(simulated, extended_le=options.extended, wrap=traced)
            return
        from jpki.transport import PcscSystem

        system = stack.enter_context(PcscSystem(timeout=options.timeout))
        yield CardAccess(system, reader=options.reader, extended_le=options.extended, wrap=traced)
