"""The card of ``--sim``: a persona or a card file, in this process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.errors import JpkiError
    from jpki.transport import CardConnection
    from jpki_cli.failures import CliError
    from jpki_sim.card import SimulatedConnection
    from jpki_sim.files import LoadedCard


@contextmanager
def open_loaded(name: str) -> Iterator[LoadedCard]:
    """Open a simulated card; a persona's state lives for this call, a card file's state is kept.

    Raises:
        CliError: with exit code 2, no such persona or a card file that cannot be used.
    """
    from jpki_sim.files import open_card

    with sim_errors(), open_card(name) as loaded:
        yield loaded


@contextmanager
def open_simulated(name: str) -> Iterator[CardConnection]:
    """Open a simulated card as a connection in this process."""
    from jpki_sim.card import SimulatedConnection

    with open_loaded(name) as loaded:
        connection = SimulatedConnection(loaded.card)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def open_again(ended: CardConnection) -> Iterator[CardConnection]:
    """Open the card of a simulated connection that has ended, as it is now."""
    connection = cast("SimulatedConnection", ended).again()
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def sim_errors() -> Iterator[None]:
    """Turn the simulator's own errors into usage errors."""
    from jpki_sim.errors import CardFileError, PersonaNotAvailableError, UnknownPersonaError

    try:
        yield
    except (CardFileError, UnknownPersonaError, PersonaNotAvailableError) as exc:
        raise _usage(exc) from exc


def _usage(exc: JpkiError) -> CliError:
    from jpki_cli.failures import usage_error
    from jpki_sim.errors import CardFileInUseError, CardFileMissingError, PersonaNotAvailableError, UnknownPersonaError

    if isinstance(exc, CardFileMissingError):
        how = M("To make one:\n  jpki sim new {path}", path=exc.path)
        return usage_error(M("There is no card file {path}.", path=exc.path), code="card_file", remedy=(how,))
    if isinstance(exc, CardFileInUseError):
        return usage_error(M("Another program is using this card file."), code="card_file")
    if isinstance(exc, UnknownPersonaError):
        remedy = [M("The name of a card file ends in .json. To list the simulated cards:\n  jpki sim personas")]
        if exc.close:
            remedy.insert(0, M("Similar: {names}", names=", ".join(exc.close)))
        message = M("There is no simulated card “{name}”.", name=exc.name)
        return usage_error(message, code="unknown_persona", remedy=tuple(remedy))
    if isinstance(exc, PersonaNotAvailableError):
        return usage_error(
            M("The simulated card “{name}” is only listed; it cannot be used.", name=exc.name), code="unknown_persona"
        )
    return usage_error(M("The card file cannot be used: {reason}", reason=exc), code="card_file")
