"""A second Ctrl-C, while the card is being closed behind a PIN: its answer is told, and it is closed all the same."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from clidesk import Desk
from openings import probe

from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from clitest import RunCli

    from jpki.transport import CardConnection

RIGHT = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
WRONG = {"auth": "7391", "sign": "WRONGPW7", "input": "7392", "juki": "7393"}
NEW = "8517"
COMMANDS = [
    *((("pin", "verify", pin), pin) for pin in RIGHT),
    (("pin", "change", "auth", "--yes"), "auth"),
    (("cert", "show", "sign"), "sign"),
    (("attributes",), "input"),
    (("auth", "test"), "auth"),
    (("sign", "--yes", "FILE"), "sign"),
]


class _PressedTwice:
    """Ctrl-C is pressed when VERIFY was answered, and again in the first SELECT of an application behind it."""

    def __init__(self, inner: CardConnection, *, is_after: bool) -> None:
        self._inner = inner
        self._is_after = is_after
        self.pressed = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Pass on, and press."""
        is_closing = self.pressed == 1 and bytes(command[:3]) == b"\x00\xa4\x04"
        if is_closing and not self._is_after:
            self._press()
        answer = self._inner.transmit(command)
        if (command[1] == 0x20 and len(command) > 5) or is_closing:
            self._press()
        return answer

    def _press(self) -> None:
        self.pressed += 1
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("is_right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_what_the_card_answered_is_told(
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    validate: Callable[[dict[str, Any]], None],
    contract: Path,
    command: tuple[str, ...],
    pin: str,
    *,
    is_right: bool,
    is_after: bool,
) -> None:
    """Right or wrong, and whether a try was used; never "not sent". Nothing is open, and the PIN was sent once."""
    desk = Desk(run_cli, monkeypatch)
    cards: list[_PressedTwice] = []

    def press(inner: CardConnection) -> CardConnection:
        cards.append(_PressedTwice(inner, is_after=is_after))
        return cards[-1]  # type: ignore[return-value] # the rest is passed on

    desk.lay(press)
    before = desk.tries(pin)
    told = desk.run_script(command, contract, (RIGHT if is_right else WRONG)[pin], NEW).json
    validate(told)
    assert sum(card.pressed for card in cards) == 2
    assert told["try_used"] == ("yes" if desk.tries(pin) < before else "no")
    expected = "unchanged" if "change" in command else "right" if is_right else "wrong"
    assert told.get("outcome" if command[0] == "pin" else "pin", expected) == expected
    assert len(desk.presented) == 1
    if not is_right and "change" not in command:  # the refusal is told, and not that somebody stopped
        assert told["code"] == "wrong_pin"
    desk.port.insert()
    commands, closed = probe(pin, is_phone=False)
    other = SimulatedConnection(desk.card)
    assert [other.transmit(bytes.fromhex(one))[-2:].hex().upper() for one in commands] == closed
