"""``jpki pkcs11 relay``: bytes between p11-kit's pipe and the agent's socket."""

from __future__ import annotations

import sys
from pathlib import Path

from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.words import M


@pass_app
def _relay(_app: AppContext, /, socket_path: str | None, signature: bool) -> None:  # noqa: FBT001 - Click hands it over
    if sys.platform == "win32":
        raise usage_error(M("The agent is not available on Windows."), code="not_offered")
    from jpki.agent import UnsafeFolderError, relay
    from jpki_cli.agent import connect_or_start, own_places, unsafe_folder

    found = own_places()
    place = Path(socket_path) if socket_path else (found.relay_signature if signature else found.relay)
    try:
        connection = connect_or_start(place)
    except UnsafeFolderError as exc:
        raise unsafe_folder(exc) from exc
    if connection is None:
        raise usage_error(M("The agent is not running: {path}", path=place), code="no_agent")
    with connection:
        relay(0, 1, connection)


command = Command(
    "relay",
    params=[
        Option(["--socket", "socket_path"], metavar="PATH", help=M("Where the agent listens for relays.")),
        Option(["--signature"], is_flag=True, help=M("Reach the signature token.")),
    ],
    callback=_relay,
    text=M(
        "Connect one program to the agent.\n\np11-kit runs this for a program if jpki pkcs11 install --relay was "
        "used. If the agent is not running, the user's service manager starts it."
    ),
    examples=("jpki pkcs11 relay",),
)
