"""While a person types, another card comes to lie on the reader of the real PC/SC service: it gets nothing.

Another program that resets the new card makes pcsc-lite report a reset where it reported a removal. All of the cases
where JPKI_LONG is set (``.ci/long``), else the ones where the other card has the same PINs and was reset.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from faultworld import NEW, RIGHT
from pdfsamples import plain

from jpki_sim.dates import japan_today
from jpki_sim.files import load, save
from jpki_sim.personas import find_persona, new_card
from jpki_sim.serve import send_command
from terminal import TerminalSession

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]
ALL = bool(os.environ.get("JPKI_LONG"))
NO_CARD = 3
PHONE = "phone"

#: Commands that present a PIN, with the PIN.
COMMANDS = [
    *((f"pin verify {pin}", pin) for pin in RIGHT),
    *((f"pin change {pin} --yes", pin) for pin in RIGHT),
    ("cert show sign", "sign"),
    ("cert check sign", "sign"),
    ("attributes", "input"),
    ("auth test", "auth"),
    ("auth sign --challenge 0011223344556677", "auth"),
    ("sign --cms --yes FILE", "sign"),
    ("sign --yes FILE", "sign"),
]


class Exchange:
    """Two cards in files, of which one lies in the reader and the other one is put into its place."""

    def __init__(self, pcscd: Pcscd, folder: Path) -> None:
        self._pcscd = pcscd
        self._folder = folder
        self._control = folder / "control.sock"
        self._files: dict[Path, Any] = {}

    def serve(self, first: str) -> None:
        """Put the first persona's card into the reader."""
        self._served = self._pcscd.start_card(self._file(first), 0x8C7B, "--control", str(self._control))

    def exchange(self, second: str, *, is_reset: bool) -> None:
        """Take it out, put another one in, and let another program reset that one."""
        send_command(self._control, "remove")
        self._pcscd.await_empty()
        send_command(self._control, "insert", card=str(self._file(second)))
        self._pcscd.await_card()
        if is_reset:
            self._pcscd.reset_card()

    @contextmanager
    def program(self, command: str) -> Iterator[TerminalSession]:
        """Run a command at a terminal; its stdout goes to a file."""
        document = self._folder / "contract.pdf"
        document.write_bytes(plain())
        words = [str(document) if word == "FILE" else word for word in command.split()]
        with (self._folder / "stdout").open("w") as out:
            argv = [*JPKI, "--timeout", "20", *words, "--json"]
            with TerminalSession(lambda fd: self._pcscd.popen(argv, terminal=fd, stdout=out, stderr=fd)) as session:
                yield session

    def json(self) -> dict[str, Any]:
        """The JSON object of the program."""
        value = json.loads((self._folder / "stdout").read_text(encoding="utf-8"))
        assert isinstance(value, dict)
        return value

    def are_untouched(self) -> bool:
        """Whether the PINs of both cards are what they were, once both are out of the server's hands."""
        self._served.stop()
        return all(load(path).pins == pins for path, pins in self._files.items())

    def _file(self, persona: str) -> Path:
        path = self._folder / f"{persona}-{len(self._files)}.json"
        card = new_card(find_persona(persona), today=japan_today(), generate_keys=False)
        save(card, path)
        self._files[path] = card.pins
        return path


@pytest.fixture
def exchange(pcscd: Pcscd, tmp_path: Path) -> Exchange:
    """A reader in which cards are exchanged."""
    return Exchange(pcscd, tmp_path)


def cases() -> Iterator[tuple[str, str, str, bool]]:
    """Command, PIN, what lies there afterwards, and whether another program has reset it."""
    for command, pin in COMMANDS:
        yield command, pin, "youth", True
        if ALL:
            yield command, pin, "youth", False
            yield command, pin, "other-card", True
            if pin in ("auth", "sign"):
                yield command, pin, PHONE, True


@pytest.mark.parametrize(("command", "pin", "second", "is_reset"), list(cases()))
def test_another_card_gets_nothing(exchange: Exchange, command: str, pin: str, second: str, *, is_reset: bool) -> None:
    """Neither card is sent a secret: exit 3 and its code, no try used, and both PINs are what they were."""
    exchange.serve("adult")
    with exchange.program(command) as session:
        is_change = "change" in command
        if is_change:
            for question, entry in (("Current ", RIGHT[pin]), ("New ", NEW[pin])):
                session.expect(question)
                session.answer("): ", entry)
        session.expect(" again: " if is_change else "): ")
        exchange.exchange(second, is_reset=is_reset)
        session.type((NEW if is_change else RIGHT)[pin] + "\n")
        assert session.end() == NO_CARD, session.shown
    told = exchange.json()
    assert told["code"] == ("another_card" if is_reset else "card_removed")
    assert told.get("try_used", "no") == "no"
    assert exchange.are_untouched()


@pytest.mark.parametrize(("is_reset", "code", "outcome"), [(True, 0, "right"), (False, NO_CARD, "not_sent")])
def test_the_same_card_put_back(exchange: Exchange, code: int, outcome: str, *, is_reset: bool) -> None:
    """After a reset it shows the fingerprint that was seen, and gets it; a removal alone ends the command."""
    exchange.serve("adult")
    with exchange.program("pin verify auth") as session:
        session.expect("): ")
        exchange.exchange("adult", is_reset=is_reset)
        session.type(RIGHT["auth"] + "\n")
        assert session.end() == code, session.shown
    assert exchange.json()["outcome"] == outcome
    assert exchange.are_untouched()
