"""Opening the agent's doors and running it, with what the command line says when that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jpki.agent import Agent, UnsafeFolderError
    from jpki_cli.failures import CliError
    from jpki_cli.words import Message


def open_door(place: Path, door: Callable[[], None]) -> None:
    """Open a door of the agent.

    Raises:
        CliError: exit code 2, an agent runs there, or the socket cannot be made there, or is not safe there.
    """
    from jpki.agent import SocketInUseError, UnsafeFolderError

    try:
        door()
    except SocketInUseError as exc:
        raise usage_error(M("An agent is already running: {path}", path=place), code="agent_runs") from exc
    except UnsafeFolderError as exc:
        raise unsafe_folder(exc) from exc
    except OSError as exc:
        raise usage_error(not_made(place, exc)) from exc


def not_made(place: Path, exc: OSError) -> Message:
    """Say that a socket cannot be made, with the system's reason."""
    return M("The socket {path} cannot be made: {reason}", path=place, reason=exc.strerror or str(exc))


def unsafe_folder(exc: UnsafeFolderError) -> CliError:
    """Say why a socket is not opened or used in a folder, and what to do."""
    if exc.is_foreign:
        message = M("{path} belongs to another user, who could take the place of the agent.", path=exc.path)
    else:
        message = M("Other users can write to {path}, and so could take the place of the agent.", path=exc.path)
    remedy = M("Name a folder that only you can write to. To make one:\n  mkdir -m 700 ~/card-agent")
    return usage_error(message, code="unsafe_folder", remedy=(remedy,))


def run_until_end(agent: Agent) -> None:
    """Run the agent until Ctrl-C; the first one while somebody is asked is a no to that question only."""
    from jpki_cli.process import heard, insistent

    with insistent():
        while True:
            try:
                agent.run()
            except KeyboardInterrupt:
                if not agent.desk.decline():
                    raise
                heard()
                continue
            return
