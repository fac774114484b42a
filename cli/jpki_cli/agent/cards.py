"""The cards that the agent uses: those of PC/SC, or the one of ``--sim``."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.agent import CardAccess
    from jpki.transport import CardConnection, ReaderSystem
    from jpki_cli.app import AppContext

_SIMULATED_READER: Final = "Simulated reader"


@contextmanager
def card_access(app: AppContext) -> Iterator[CardAccess]:
    """Connect to the card chosen by the global options; a simulated one lives as long as the block."""
    from jpki.agent import CardAccess

    options = app.options
    with ExitStack() as stack:

        def traced(connection: CardConnection) -> CardConnection:
            return stack.enter_context(app.traced(connection)) if options.trace else connection

        system = stack.enter_context(reader_system(app))
        reader = None if options.sim is not None else options.reader
        yield CardAccess(system, reader=reader, extended_le=options.extended, wrap=traced)


@contextmanager
def reader_system(app: AppContext) -> Iterator[ReaderSystem]:
    """Give the readers: those of PC/SC, or one with a simulated card."""
    if app.options.sim is not None:
        from jpki_cli.app import sim_errors
        from jpki_sim.serve import SimulatedReaders

        with ExitStack() as stack:
            with sim_errors():
                simulated = stack.enter_context(SimulatedReaders({_SIMULATED_READER: app.options.sim}))
            yield simulated
        return
    from jpki.transport import PcscSystem

    with PcscSystem(timeout=app.options.timeout) as system:
        yield system
