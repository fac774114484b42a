"""Opening the agent's doors and running it, with what the command line says when that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jpki.agent import Agent


def open_door(place: Path, door: Callable[[], None]) -> None:
    """Open a door of the agent.

    Raises:
        CliError: exit code 2, an agent runs there, or the socket cannot be made.
    """
    from jpki.agent import SocketInUseError

    try:
        door()
    except SocketInUseError as exc:
        raise usage_error(M("An agent is already running: {path}", path=place), code="agent_runs") from exc
    except OSError as exc:
        reason = exc.strerror or str(exc)
        raise usage_error(M("The socket {path} cannot be made: {reason}", path=place, reason=reason)) from exc


def run_until_end(agent: Agent) -> None:
    """Run the agent until Ctrl-C; one while somebody is asked for a PIN is a no to that question only."""
    while True:
        try:
            agent.run()
        except KeyboardInterrupt:
            if agent.desk.is_busy:
                continue
            raise
        return
