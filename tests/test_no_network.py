"""Nothing opens a network connection but the simulator's own link to the virtual reader (architecture, invariant 6)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("jpki", "cli/jpki_cli", "sim/jpki_sim", "window/jpki_window")
SOURCES = [path for folder in PACKAGES for path in (ROOT / folder).rglob("*.py")]
NETWORK = {
    "socket",
    "socketserver",
    "ssl",
    "http",
    "urllib.request",
    "ftplib",
    "smtplib",
    "asyncio",
    "requests",
    "httpx",
}
#: Who may use sockets, and for what.
ALLOWED = {
    "sim/jpki_sim/serve/vpcd.py": "loopback, to vpcd",
    "sim/jpki_sim/serve/frames.py": "the same link",
    "sim/jpki_sim/serve/control.py": "Unix socket of the owner",
    "jpki/agent/sockets.py": "Unix sockets of the owner",
    "jpki/agent/peers.py": "asks the kernel who is at the other end of one",
    "jpki/signing/time_stamp_service.py": "the time stamp service whose address was given, the one exception",
    "jpki/signing/pdf/sign.py": "asyncio: the library's interface, with nothing to wait for",
}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _uses_network(path: Path) -> set[str]:
    return {name for name in _imports(path) if name in NETWORK or name.split(".")[0] in NETWORK}


def test_only_named_modules_know_sockets() -> None:
    """A module that could reach a network is on the list above, with its reason."""
    assert len(SOURCES) > 100
    found = {path.relative_to(ROOT).as_posix(): _uses_network(path) for path in SOURCES}
    assert {name: used for name, used in found.items() if used and name not in ALLOWED} == {}


def test_the_list_is_not_longer_than_it_must_be() -> None:
    """Every module on it is there and uses sockets."""
    assert [name for name in ALLOWED if not _uses_network(ROOT / name)] == []


def test_the_control_and_agent_sockets_are_unix_sockets() -> None:
    """They name no internet address family."""
    for name in ("sim/jpki_sim/serve/control.py", "jpki/agent/sockets.py"):
        text = (ROOT / name).read_text(encoding="utf-8")

        assert "AF_UNIX" in text
        assert not re.search(r"AF_INET|create_connection|create_server", text)
