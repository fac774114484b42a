"""What ``jpki ssh agent`` does, for itself or beside a command that it runs; for POSIX systems."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from jpki_cli.agent import open_door, run_until_end
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jpki.agent import Agent
    from jpki_cli.app import AppContext
    from jpki_cli.results.agent import SshAgentResult

assert sys.platform != "win32"  # noqa: S101 - for type checkers, which leave the rest out there

_SIGNAL_EXIT = 128
_PATIENCE_SECONDS = 5.0


class Rules(NamedTuple):
    """How the key may be used: seconds that a PIN is kept, a yes for each use, and use from other computers."""

    cache: float
    confirms: bool
    with_forwarded: bool


def serve(app: AppContext, command_line: tuple[str, ...], socket_path: str | None, rules: Rules) -> None:
    """Offer the card's key until Ctrl-C, or as long as a command runs."""
    from jpki.agent import Agent, Faces
    from jpki.hygiene import shield_memory
    from jpki_cli.agent import DialogWords, TerminalJournal, TokenLabels, card_access, require_ssh_key, ssh_dialogs

    result: SshAgentResult = {"schema": "jpki.ssh-agent/1"}
    app.start_result(result)
    shield_memory()
    with ExitStack() as stack:
        place = stack.enter_context(_place(socket_path, os.environ))
        cards = stack.enter_context(card_access(app))
        faces = Faces(ssh_dialogs(os.environ), DialogWords(), TokenLabels())
        agent = stack.enter_context(Agent(cards, faces, cache_seconds=rules.cache, confirms=rules.confirms))
        journal = TerminalJournal(app)
        wait = app.options.wait
        open_door(place, lambda: agent.open_ssh(place, journal, with_forwarded=rules.with_forwarded, wait=wait))
        require_ssh_key(app, result, cards, agent.signer)
        if command_line:
            click.get_current_context().exit(_serve_command(agent, command_line, place))
        result.update({"socket": str(place), "pid": os.getpid()})
        _announce(app, place)
        run_until_end(agent)


@contextmanager
def _place(named: str | None, environment: Mapping[str, str]) -> Iterator[Path]:
    """Give the place of the socket: the one that was named, or one in a new folder of mode 0700."""
    if named is not None:
        yield Path(named).absolute()
        return
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    is_usable = runtime.startswith("/") and os.access(runtime, os.W_OK | os.X_OK)
    folder = runtime if is_usable else None  # a relative one would mean another folder to programs elsewhere
    made = tempfile.mkdtemp(prefix="jpki-ssh-", dir=folder)
    try:
        yield Path(made) / f"agent.{os.getpid()}"
    finally:
        with suppress(OSError):
            os.rmdir(made)


def _announce(app: AppContext, place: Path) -> None:
    """Say where the socket is, as ssh-agent does, and then let go of a pipe that a shell may be reading to its end."""
    from jpki_cli.process import discard, send_out

    if app.options.json:
        app.print_result()
        app.options.json = False  # one object was promised; how it ends is said in a sentence
    else:
        click.echo(f"SSH_AUTH_SOCK={shlex.quote(str(place))}; export SSH_AUTH_SOCK;")
        click.echo(f"SSH_AGENT_PID={os.getpid()}; export SSH_AGENT_PID;")
    send_out(sys.stdout)
    app.note(M("The SSH agent is running; Ctrl-C ends it. It asks for the PIN here when a program wants to log in."))
    if sys.stdout is not None and not sys.stdout.isatty():
        discard(sys.stdout)  # whatever reads the two lines learns that there are no more


def _serve_command(agent: Agent, command_line: tuple[str, ...], place: Path) -> int:
    """Run a command with the agent, and serve until it ends; its exit code."""
    from jpki_cli.process import shielded

    environment = {**os.environ, "SSH_AUTH_SOCK": str(place), "SSH_AGENT_PID": str(os.getpid())}
    watching = threading.Thread(target=agent.run, name="agent", daemon=True)
    watching.start()
    try:
        with shielded() as check:  # a signal in the middle would leave a command that nothing keeps track of
            child = _start(command_line, environment)
        try:
            check()
            _await(child)
        except BaseException:
            _end(child)
            raise
    finally:
        agent.end()
        watching.join()
    return child.returncode if child.returncode >= 0 else _SIGNAL_EXIT - child.returncode


def _start(command_line: tuple[str, ...], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command_line, env=environment)  # noqa: S603 - the user's own command
    except OSError as exc:
        reason = exc.strerror or ""
    # Raised here, so that it does not carry the system's error and with it what was typed, which may be a PIN.
    raise usage_error(M("The command cannot be run: {reason}", reason=reason))


def _await(child: subprocess.Popen[bytes]) -> None:
    """Wait for the command in a thread, which no signal reaches: one here could lose what the command ended with."""
    from jpki_cli.process import TURN_SECONDS, heard, insistent

    has_ended = threading.Event()

    def wait() -> None:
        child.wait()
        has_ended.set()

    threading.Thread(target=wait, name="command", daemon=True).start()
    with insistent():
        while not has_ended.is_set():
            try:
                has_ended.wait(TURN_SECONDS)
            except KeyboardInterrupt:
                heard()  # it is for the command, which is on the same terminal; what it makes of it is its own affair


def _end(child: subprocess.Popen[bytes]) -> None:
    """Hang up on the command, as a terminal does that is closed: an interactive shell does not listen to SIGTERM."""
    child.send_signal(signal.SIGHUP)
    child.terminate()
    with suppress(subprocess.TimeoutExpired):
        child.wait(_PATIENCE_SECONDS)
