"""Cards that give what they have as slowly as they can: each command is done with them after some hundred APDUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clidesk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

    from jpki.transport import CardConnection

#: The largest file that is read: 16 KiB with its header.
LARGE = b"\x30\x82\x3f\xfc" + b"\xa5" * 16380
#: Two files of this size, which is what signing reads, each with a command for 32 bytes; and what else it asks.
CAP = 2 * (16384 // 32 + 16) + 30
COMMANDS = [
    (("status",), None),
    (("pin", "status", "--all"), None),
    (("pin", "verify", "auth"), "2846"),
    (("pin", "change", "auth", "--yes"), "2846\n8517\n"),
    (("cert", "show", "auth"), None),
    (("cert", "show", "sign"), "SIMCARD1"),
    (("cert", "check", "auth"), None),
    (("attributes",), "3957"),
    (("auth", "test"), "2846"),
    (("sign", "--yes", "FILE"), "SIMCARD1"),
]


class Holding:
    """A card that answers READ BINARY with a large file as ``give`` does; everything else is the card's inside.

    ``give`` gets the whole answer that is due and says how much of it comes first; the rest waits for GET RESPONSE.
    """

    def __init__(self, inner: CardConnection, give: Callable[[bytes], tuple[bytes, bytes]]) -> None:
        """Lie around the card."""
        self._inner = inner
        self._give = give
        self._waiting = b""
        self.count = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Count the command and answer."""
        self.count += 1
        if command[1] == 0xC0:
            return self._piece(self._waiting)
        if command[1] != 0xB0:
            return self._inner.transmit(command)
        offset = command[3] if command[2] & 0x80 else int.from_bytes(command[2:4])
        le = int.from_bytes(command[4:]) or (65536 if len(command) > 5 else 256)
        return self._piece(LARGE[offset : offset + le])

    def _piece(self, due: bytes) -> bytes:
        given, self._waiting = self._give(due)
        return given + (bytes((0x61, min(len(self._waiting), 255))) if self._waiting else b"\x90\x00")


def _by_get_response(size: int) -> Callable[[bytes], tuple[bytes, bytes]]:
    return lambda due: (due[:size], due[size:])


def _by_read(size: int) -> Callable[[bytes], tuple[bytes, bytes]]:
    return lambda due: (due[:size], b"")


GIVING = {
    "61 01, byte by byte": _by_get_response(1),
    "61 xx, 31 bytes at a time": _by_get_response(31),
    "one byte for each READ": _by_read(1),
    "31 bytes for each READ": _by_read(31),
    "61 xx without end": lambda _due: (b"\xa5" * 256, b"\xa5" * 256),
    "61 xx, one byte without end": lambda _due: (b"\xa5", b"\xa5"),
    "one byte of progress, and much that was not asked for": lambda due: (due[:1] + b"\xa5" * 999, due[1:]),
}


@pytest.mark.parametrize("extended", [(), ("--extended",)])
@pytest.mark.parametrize("giving", GIVING)
@pytest.mark.parametrize(("command", "secret"), COMMANDS)
def test_it_is_left_after_a_few_commands(
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    contract: Path,
    command: tuple[str, ...],
    secret: str | None,
    giving: str,
    extended: tuple[str, ...],
) -> None:
    """However little it gives at a time, the card does not make the host send more than an honest one could."""
    desk = Desk(run_cli, monkeypatch)
    cards: list[Holding] = []

    def hold(inner: CardConnection) -> CardConnection:
        cards.append(Holding(inner, GIVING[giving]))
        return cards[-1]  # type: ignore[return-value] # the rest is passed on

    desk.lay(hold)
    words = [str(contract) if word == "FILE" else word for word in command]
    options = ["--pin-stdin"] if secret else []
    result = desk.run(*extended, *words, *options, stdin=secret)
    assert result.code in (0, 3, 6, 7)
    assert sum(card.count for card in cards) <= CAP
