"""The card of ``--sim``: a persona or a card file, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki_cli.failures import usage_error
from jpki_cli.i18n import M

if TYPE_CHECKING:
    from jpki.transport.base import CardConnection


def open_simulated(name: str) -> CardConnection:
    """Open a simulated card; a persona's state lives for this call, a card file's state is kept."""
    from jpki_sim.connection import SimulatedConnection
    from jpki_sim.errors import CardFileError, UnknownPersonaError
    from jpki_sim.loading import open_card

    try:
        loaded = open_card(name)
    except UnknownPersonaError as exc:
        remedy = (M("jpki sim personas lists them; a card file's name ends in .json."),)
        raise usage_error(
            M("There is no simulated card “{name}”.", name=name), code="unknown_persona", remedy=remedy
        ) from exc
    except CardFileError as exc:
        raise usage_error(M("The card file cannot be used: {reason}", reason=exc), code="card_file") from exc
    return SimulatedConnection(loaded.card)
