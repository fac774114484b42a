"""``jpki agent``: lets other programs use the card, by PKCS #11 and as an SSH agent."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from errno import EADDRINUSE
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from jpki_cli.agent import DialogKind, not_made, open_door, run_until_end, unsafe_folder, use_options
from jpki_cli.app import AppContext, Command, Option, Seconds, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.process import send_out
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.agent import Agent
    from jpki_cli.results.agent import AgentResult


@pass_app
def _agent(app: AppContext, /, **values: Any) -> None:
    if sys.platform == "win32":
        raise usage_error(M("The agent is not available on Windows."), code="not_offered")
    from jpki.agent import Agent, Faces, LearnedCertificates
    from jpki.hygiene import shield_memory
    from jpki_cli.agent import DialogWords, TokenLabels, card_access, dialogs, learned_folder

    result: AgentResult = {"schema": "jpki.agent/1"}
    app.start_result(result)
    dialog, dialog_program = DialogKind(values["dialog"]), values["dialog_program"]
    if dialog_program is not None and dialog in (DialogKind.AUTO, DialogKind.TERMINAL):
        raise usage_error(M("--dialog-program needs --dialog pinentry or --dialog askpass."))
    if dialog_program is not None:
        dialog_program = _found(dialog_program)
    shield_memory()
    asking = dialogs(dialog, dialog_program, os.environ, terminal_first=False)
    with ExitStack() as stack:
        cards = stack.enter_context(card_access(app))
        learned = LearnedCertificates(learned_folder(os.environ))
        faces = Faces(asking, DialogWords(), TokenLabels())
        agent = stack.enter_context(
            Agent(cards, faces, cache_seconds=values["cache"], confirms=values["confirms"], learned=learned)
        )
        opened = _open_doors(app, agent, values["socket_path"], with_signature=values["with_signature"])
        result.update({"pid": os.getpid(), "sockets": opened})
        if values["socket_path"] is None:
            opened["ssh"] = _open_ssh(app, agent, with_forwarded=values["with_forwarded"])
        _announce(app, opened)
        run_until_end(agent)


def _found(program: str) -> str:
    """Find the program that is to ask: at its path, from here as a shell takes it, or by its name in fixed folders.

    Raises:
        CliError: there is none; each request would be refused, and nothing would say why.
    """
    from jpki.agent.dialogs import find_program

    found = find_program((os.path.abspath(program) if os.sep in program else program,))
    if found is None:
        raise usage_error(
            M("The program that is to ask for the PIN was not found, or cannot be run: {path}", path=program)
        )
    return found


class _Door(NamedTuple):
    """A socket for PKCS #11 clients: its name in the output, and what :meth:`jpki.agent.Agent.open_pkcs11` takes."""

    name: str
    place: Path
    is_signature: bool = False
    for_relays: bool = False


def _open_doors(app: AppContext, agent: Agent, socket_path: str | None, *, with_signature: bool) -> dict[str, str]:
    """Open the doors, and name their places; the one where p11-kit looks is left to whoever has it."""
    from jpki_cli.agent import places

    found = places(os.environ)
    if socket_path is None:
        doors = [
            _Door("pkcs11", found.pkcs11),
            _Door("relay", found.relay, for_relays=True),
            _Door("signature", found.signature, is_signature=True),
            _Door("relay_signature", found.relay_signature, is_signature=True, for_relays=True),
        ]
    else:
        own = Path(socket_path).absolute()
        beside = own.parent / f"{own.name}-signature"
        doors = [_Door("pkcs11", own), _Door("signature", beside, is_signature=True)]
    doors = [door for door in doors if with_signature or not door.is_signature]
    for door in doors:
        _open(agent, door)
    opened = {door.name: str(door.place) for door in doors}
    if socket_path is None and _is_opened_for_p11_kit(app, agent, found.p11_kit, found.pkcs11):
        opened["p11_kit"] = str(found.p11_kit)
    return opened


def _open(agent: Agent, door: _Door) -> None:
    def open_pkcs11() -> None:
        agent.open_pkcs11(door.place, is_signature=door.is_signature, for_relays=door.for_relays)

    open_door(door.place, open_pkcs11)


def _open_ssh(app: AppContext, agent: Agent, *, with_forwarded: bool) -> str:
    """Open the door for SSH, beside those for PKCS #11, and name its place."""
    from jpki_cli.agent import TerminalJournal, places

    place, journal, wait = places(os.environ).ssh, TerminalJournal(app), app.options.wait
    open_door(place, lambda: agent.open_ssh(place, journal, with_forwarded=with_forwarded, wait=wait))
    return str(place)


def _is_opened_for_p11_kit(app: AppContext, agent: Agent, place: Path, own: Path) -> bool:
    """Open the door where p11-kit looks by itself; if that cannot be, say how programs find the agent all the same."""
    from jpki.agent import SocketInUseError, UnsafeFolderError
    from jpki_cli.agent import address

    try:
        agent.open_pkcs11(place)
    except UnsafeFolderError as exc:
        why = unsafe_folder(exc).failure.message
    except (SocketInUseError, OSError) as exc:
        why = M("Another program uses {path}, where p11-kit-client.so looks by default.", path=place)
        if isinstance(exc, OSError) and exc.errno != EADDRINUSE:
            why = not_made(place, exc)
    else:
        return True
    app.note(why)
    app.note(
        M(
            "For programs to find this agent, run jpki pkcs11 install, or set P11_KIT_SERVER_ADDRESS={own}.",
            own=address(own),
        )
    )
    return False


def _announce(app: AppContext, opened: dict[str, str]) -> None:
    if app.options.json:
        app.print_result()
        app.options.json = False  # one object was promised; how it ends is said in a sentence
    else:
        for name, place in opened.items():
            click.echo(f"{name}: {place}")
    send_out(sys.stdout)
    app.note(M("The agent is running; Ctrl-C ends it. It asks for the PIN when a program wants to use the card."))


command = Command(
    "agent",
    params=[
        Option(
            ["--socket", "socket_path"],
            metavar="PATH",
            help=M("Listen only there. Default: in the user's runtime folder."),
        ),
        Option(
            ["--cache"],
            type=Seconds(),
            default=0,
            metavar="SECONDS",
            help=M(
                "Keep a correct login PIN for this many seconds, for the program that asked. Default 0: ask every time."
            ),
        ),
        Option(
            ["--with-signature"],
            is_flag=True,
            help=M("Also offer the signature key, on a separate socket; see jpki pkcs11 remember."),
        ),
        Option(
            ["--dialog"],
            type=click.Choice([kind.value for kind in DialogKind]),
            default=DialogKind.AUTO.value,
            help=M("How to ask for a PIN. Default: the first of these that works here."),
        ),
        Option(
            ["--dialog-program"],
            metavar="PATH",
            help=M("The program of the window, pinentry or ssh-askpass to ask with."),
        ),
        *use_options(),
    ],
    callback=_agent,
    text=M(
        "Let browsers, SSH and other programs log in with the card.\n\nThe agent runs until Ctrl-C. Programs reach it "
        "through p11-kit-client.so, a part of p11-kit, by PKCS #11; jpki pkcs11 install tells them so. SSH programs "
        "find it where SSH_AUTH_SOCK says. They never see the PIN: the agent asks for it in a window of its own."
    ),
    examples=("jpki agent", "jpki agent --cache 300", "jpki --sim adult agent --socket ./card.sock"),
)
