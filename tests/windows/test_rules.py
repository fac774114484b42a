"""Windows' own rules for programs that use a card."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from winservice import UNPOWER

from jpki_sim.card import CardWrapper
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card
from terminal import ConsoleSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from winreader import VirtualReader

    from jpki_sim.card import SimulatedCard
    from windows.conftest import Windows

#: Asks pyscard itself, with the handles that it gave out.
RAW = """
from smartcard.scard import *
code, context = SCardEstablishContext(SCARD_SCOPE_USER)
assert code == 0 and context > 0xFFFFFFFF, (code, context)
code, card, protocol = SCardConnect(context, "ACME Contactless 0", SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1)
assert code == 0 and card > 0xFFFFFFFF, (code, card)
print(SCardBeginTransaction(card), SCardTransmit(card, SCARD_PCI_T1, [0, 0xA4, 4, 0])[0], flush=True)
input()
code, answer = SCardTransmit(card, SCARD_PCI_T1, [0, 0xA4, 4, 0])
print(code, flush=True)
print(SCardReleaseContext(context), SCardReleaseContext(context), SCardIsValidContext(context))
"""


class MeddledCard(CardWrapper):
    """A card that has something happen before its n-th command."""

    def __init__(self, card: SimulatedCard, at: int, what: Callable[[], None]) -> None:
        super().__init__(card)
        self._left = at
        self._what = what

    def process(self, command: bytes) -> bytes:
        """Count, meddle, and pass on."""
        self._left -= 1
        if not self._left:
            self._what()
        return self.inner.process(command)


def test_an_idle_transaction_is_ended_and_the_card_reset(windows: Windows, card: SimulatedCard) -> None:
    """After five seconds without traffic the holder gets SCARD_W_RESET_CARD, as a negative number."""
    program = windows.popen(["-c", RAW])
    assert program.stdout is not None
    assert program.stdout.readline() == "0 0\n"
    windows.service.pass_time(5.1)
    out, err = program.communicate("\n", ConsoleSession.seconds)
    assert out.splitlines() == [str(0x80100068 - (1 << 32)), "0 6 6"], err


def test_no_transaction_spans_a_question(windows: Windows, card: SimulatedCard) -> None:
    """Somebody who types for longer than Windows lets a transaction idle loses nothing."""
    with windows.at_console("pin", "verify", "auth") as console:
        console.expect("3 of 3 tries left")
        console.expect("digits):")
        assert windows.service.calls.count("begin") == windows.service.calls.count("end")
        windows.service.pass_time(60)
        console.type("2846\r")
        console.expect("Correct")
        assert console.end() == 0


def test_a_card_that_windows_holds_is_waited_for(windows: Windows, reader: VirtualReader) -> None:
    """A card that was just laid down, and that the system has for itself, is used as soon as it is free."""
    windows.service.rules.hold_seconds = 1e9
    windows.lay(reader, open_card("adult").card)
    program = windows.popen(["-m", "jpki_cli", "status", "--json"])
    windows.service.until(lambda: windows.service.calls.count("connect") > 20)
    windows.service.pass_time(1e9)
    out, err = program.communicate(timeout=ConsoleSession.seconds)
    assert (program.returncode, json.loads(out)["pins"][0]["retries_remaining"]) == (0, 3)
    assert "ACME Contactless 0" in err
    assert err.count("\n") <= 3


def test_a_card_that_stays_held_is_in_use(windows: Windows, reader: VirtualReader) -> None:
    """After --timeout it is told that another program has the card."""
    windows.service.rules.hold_seconds = 1e9
    windows.lay(reader, open_card("adult").card)
    result = windows.jpki("--timeout", "1", "status", "--json")
    assert (result.returncode, json.loads(result.stdout)["code"]) == (3, "reader_busy")


def test_without_a_reader_the_service_does_not_run(windows: Windows) -> None:
    """Windows starts the service with the first reader: that it is stopped is told as no reader, or as stopped."""
    result = windows.jpki("status", "--json")
    assert result.returncode == 3
    assert json.loads(result.stdout)["code"] in ("no_reader", "pcsc_service_stopped")
    assert "systemctl" not in result.stderr


def test_a_reader_that_comes_while_it_is_waited_for(windows: Windows) -> None:
    """--wait waits through a stopped service for a reader, and for a card on it."""
    program = windows.popen(["-m", "jpki_cli", "--wait", "60", "status", "--json"])
    windows.service.until(lambda: "establish" in windows.service.calls)
    windows.lay(windows.service.plug("ACME Contactless 0"), open_card("adult").card)
    out, err = program.communicate(timeout=ConsoleSession.seconds)
    assert program.returncode == 0, err
    assert json.loads(out)["reader"] == "ACME Contactless 0"


def test_watching_while_the_last_reader_goes_and_comes_back(windows: Windows, card: SimulatedCard) -> None:
    """The service stops with the last reader and its contexts with it; the watch goes on."""
    program = windows.popen(["-u", "-m", "jpki_cli", "status", "--watch", "--json"])
    assert program.stdout is not None
    first = json.loads(program.stdout.readline())
    windows.service.unplug(windows.service.readers[0])
    second = json.loads(program.stdout.readline())
    windows.lay(windows.service.plug("ACME Contactless 0"), open_card("adult").card)
    third = json.loads(program.stdout.readline())
    while "pins" not in third:  # the reader may be seen before its card
        third = json.loads(program.stdout.readline())
    assert "pins" in first
    assert second["code"] == "pcsc_service_stopped"


@pytest.mark.parametrize("how", [1, UNPOWER])
def test_a_reset_by_another_program_between_transactions(windows: Windows, reader: VirtualReader, how: int) -> None:
    """What another program does to the card while a person types is told once, and passed over."""
    card = open_card("adult").card
    windows.lay(reader, card)
    with windows.at_console("pin", "verify", "auth") as console:
        console.expect("digits):")
        windows.service.reset(reader, how)
        console.type("2846\r")
        console.expect("Correct")
        assert console.end() == 0
    assert card.image.reference_data()["auth"].retries_remaining == 3


@pytest.mark.parametrize("at", ["verify", "change"])
def test_a_card_pulled_amid_a_change(windows: Windows, reader: VirtualReader, at: str) -> None:
    """What is said of the PIN is what the card holds."""
    card = open_card("adult").card
    windows.lay(reader, FaultyCard(card, parse_faults(f"remove-after:{at}")))
    result = windows.jpki("pin", "change", "auth", "--pin-stdin", "--json", stdin="2846\n8517\n")
    told = json.loads(result.stdout)
    assert told["outcome"] == ("unknown" if at == "change" else "unchanged")
    assert card.image.reference_data()["auth"].value == (b"8517" if at == "change" else b"2846")


def test_the_card_of_a_program_that_is_killed_is_reset(windows: Windows, reader: VirtualReader) -> None:
    """Windows ends the transaction of a program that ends, and resets the card; the next one finds it free."""
    card = open_card("adult").card
    program = windows.popen(["-m", "jpki_cli", "pin", "change", "auth", "--pin-stdin"])
    windows.lay(reader, MeddledCard(card, 6, program.kill))
    assert program.stdin is not None
    program.stdin.write("2846\n8517\n")
    program.stdin.close()
    program.wait(ConsoleSession.seconds)
    windows.service.until(lambda: reader.owner is None and not reader.is_busy and card._state.application is None)
    assert windows.jpki("status").returncode == 0


@pytest.mark.parametrize("code", [0x1, 0x1F, 0x6D, 0x80100004, 0x80100006, 0x8010001E, 0x8010002F])
def test_codes_of_windows_are_told(windows: Windows, card: SimulatedCard, code: int) -> None:
    """Any code, negative in pyscard, ends in an error of this program's own and not in "unexpected"."""
    windows.service.rules.failures = {"transmit": [code]}
    told = json.loads(windows.jpki("status", "--json").stdout)
    assert told["exit_code"] == 3
    assert told["code"] != "unexpected"


def test_a_reader_with_a_japanese_name(windows: Windows, card: SimulatedCard) -> None:
    """It takes no other reader away, and its own card can be used, though pyscard itself can list neither."""
    other = open_card("adult").card
    reader = windows.service.plug("ソニー 非接触ICリーダー 1")
    windows.lay(reader, other)
    listed = json.loads(windows.jpki("readers", "--json").stdout)["readers"]
    assert [(found["name"], found["card"]) for found in listed] == [
        ("ACME Contactless 0", "card"),
        ("ソニー 非接触ICリーダー 1", "card"),
    ]
    result = windows.jpki("--reader", "ソニー", "pin", "verify", "auth", "--pin-stdin", stdin="0000\n")
    assert result.returncode == 4, result.stderr
    assert other.image.reference_data()["auth"].retries_remaining == 2
    raw = windows.popen(["-c", "from smartcard.scard import *; SCardListReaders(SCardEstablishContext(0)[1], [])"])
    assert "SystemError" in raw.communicate("", ConsoleSession.seconds)[1]
