"""What ``jpki ssh agent`` does, for itself or beside a command that it runs; for POSIX systems."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final

import click

from jpki_cli.failures import usage_error
from jpki_cli.pin import SecretOptions
from jpki_cli.ssh import CardSigner, OfferedKey, PinCache, card_source
from jpki_cli.words import M

if TYPE_CHECKING:
    from pathlib import Path

    from jpki_cli.app import AppContext

if sys.platform != "win32":  # type checkers leave the rest out there
    from jpki_cli.ssh import AgentServer, Listener, agent_socket, child_signals

assert sys.platform != "win32"  # noqa: S101 - the same

_SIGNAL_EXIT = 128
_PATIENCE_SECONDS = 5.0

#: A person types the PIN, and the last try takes typed words: an agent has no option that uses it.
_NO_OPTIONS: Final = SecretOptions(pin_stdin=False, pin_fd=None, use_last_try=False)


def serve(app: AppContext, command_line: tuple[str, ...], socket_path: str | None, cache: float) -> None:
    """Offer the card's key until Ctrl-C, or as long as a command runs."""
    app.begin("jpki.ssh-agent/1")
    with ExitStack() as stack:
        listener, place = stack.enter_context(agent_socket(socket_path, os.environ))
        kept = PinCache(cache)
        stack.callback(kept.wipe)
        server = _server(app, stack, listener, kept)
        if command_line:
            code = _serve_command(server, kept, command_line, place)
            click.get_current_context().exit(code)
        _announce(app, place)
        while True:
            server.serve_once(kept.seconds_left())


def _server(app: AppContext, stack: ExitStack, listener: Listener, cache: PinCache) -> AgentServer:
    """Read the certificate, whose key is to be offered, and make the server."""
    from jpki.agent.ssh import AgentSession, identity_of
    from jpki.identifiers import CertificateKind
    from jpki.pin import see
    from jpki.signing import require_key
    from jpki_cli.certificate import read_certificate
    from jpki_cli.pin import require_auth_certificate

    open_card = stack.enter_context(card_source(app))
    with open_card() as card:
        require_auth_certificate(card)
        with card.transaction():
            fingerprint = see(card).fingerprint
        certificate = read_certificate(app, card, CertificateKind.AUTH, _NO_OPTIONS, None)
    require_key(certificate)
    key = OfferedKey(certificate, None if fingerprint is None else certificate[: len(fingerprint)])
    identity = identity_of(certificate, "jpki-auth")
    signer = CardSigner(app, open_card, key, cache, os.environ)

    def refused(reason: str) -> None:
        app.note(M("A request was refused: {reason}", reason=reason))

    server = AgentServer(
        listener,
        lambda is_there: AgentSession(identity, lambda request: signer.sign(request) if is_there() else None, refused),
    )
    stack.callback(server.close)
    return server


def _announce(app: AppContext, place: Path) -> None:
    """Say where the socket is, as ssh-agent does, and then let go of a pipe that a shell may be reading to its end."""
    if app.options.json:
        app.facts |= {"socket": str(place), "pid": os.getpid()}
        app.finish()
        app.options.json = False  # one object was promised; how it ends is told in words
    else:
        click.echo(f"SSH_AUTH_SOCK={shlex.quote(str(place))}; export SSH_AUTH_SOCK;")
        click.echo(f"SSH_AGENT_PID={os.getpid()}; export SSH_AGENT_PID;")
    sys.stdout.flush()
    app.note(M("The SSH agent is running; Ctrl-C ends it. It asks for the PIN here when a program wants to log in."))
    if not sys.stdout.isatty():
        from jpki_cli.process import discard

        discard(sys.stdout)  # what waits for the two lines is told that there are no more


def _serve_command(server: AgentServer, cache: PinCache, command_line: tuple[str, ...], place: Path) -> int:
    """Run a command with the agent, and serve until it ends; its exit code."""
    from jpki_cli.process import shielded

    environment = {**os.environ, "SSH_AUTH_SOCK": str(place), "SSH_AGENT_PID": str(os.getpid())}
    with child_signals() as waker:
        server.wake_on(waker)
        with shielded() as check:  # a signal in the middle would leave a command that nobody knows of
            child = _start(command_line, environment)
        try:
            check()
            _serve_until_end(server, cache, child)
        except BaseException:
            _end(child)
            raise
    return child.returncode if child.returncode >= 0 else _SIGNAL_EXIT - child.returncode


def _start(command_line: tuple[str, ...], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command_line, env=environment)  # noqa: S603 - the user's own command
    except OSError as exc:
        reason = exc.strerror or ""
    # Raised here, so that it does not carry the system's error and with it what was typed, which may be a PIN.
    raise usage_error(M("The command cannot be run: {reason}", reason=reason))


def _serve_until_end(server: AgentServer, cache: PinCache, child: subprocess.Popen[bytes]) -> None:
    while child.poll() is None:
        try:
            server.serve_once(cache.seconds_left())
        except KeyboardInterrupt:
            # Ctrl-C is for the command, which is on the same terminal; what it makes of it is its own affair.
            continue


def _end(child: subprocess.Popen[bytes]) -> None:
    """Hang up on the command, as a terminal does that is closed: an interactive shell does not listen to SIGTERM."""
    child.send_signal(signal.SIGHUP)
    child.terminate()
    with suppress(subprocess.TimeoutExpired):
        child.wait(_PATIENCE_SECONDS)
