"""The trace: one line before and one after each APDU, and never a PIN, its length, or data that a PIN opened."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardRemovedError
from jpki.iso7816 import CommandApdu, Iso7816Card, TraceWriter, TracingConnection

if TYPE_CHECKING:
    from unit.iso7816.conftest import Answer, ScriptedConnection

_PIN = b"7391"
_PASSWORD = b"CANARY73910ABCDE"


class _Trace:
    """Lines of one traced connection whose clock goes on 1.5 ms at each look."""

    def __init__(self, inner: ScriptedConnection, *, show_data: bool = False) -> None:
        ticks = itertools.count(0, 1.5e-3)
        self.lines: list[str] = []
        self.connection = TracingConnection(inner, self.lines.append, show_data=show_data, clock=lambda: next(ticks))


def _secret_commands(secret: bytes) -> dict[str, bytes]:
    lc = bytes((len(secret),))
    extended = b"\0" + len(secret).to_bytes(2)
    half = len(secret) // 2
    return {
        "VERIFY": b"\x00\x20\x00\x80" + lc + secret,
        "VERIFY by short EF identifier": b"\x00\x20\x00\x98" + lc + secret,
        "VERIFY with Le": b"\x00\x20\x00\x80" + lc + secret + b"\0",
        "VERIFY, extended": b"\x00\x20\x00\x80" + extended + secret,
        "VERIFY, extended with Le": b"\x00\x20\x00\x80" + extended + secret + b"\0\0",
        "VERIFY, odd INS": b"\x00\x21\x00\x80" + lc + secret,
        "VERIFY, chained": b"\x10\x20\x00\x80" + bytes((half,)) + secret[:half],
        "VERIFY, secure messaging": b"\x0c\x20\x00\x80" + lc + secret,
        "VERIFY, other class": b"\x80\x20\x00\x80" + lc + secret,
        "VERIFY, channel 1": b"\x01\x20\x00\x80" + lc + secret,
        "VERIFY, Lc too large": b"\x00\x20\x00\x80\xff" + secret,
        "VERIFY, Lc too small": b"\x00\x20\x00\x80\x01" + secret,
        "CHANGE REFERENCE DATA": b"\x00\x24\x01\x80" + lc + secret,
        "CHANGE REFERENCE DATA, both": b"\x00\x24\x00\x80" + bytes((2 * len(secret),)) + secret + secret,
        "CHANGE REFERENCE DATA, chained": b"\x10\x24\x01\x80" + bytes((half,)) + secret[:half],
        "CHANGE KEY": b"\x80\x32\x00\x80" + lc + secret,
        "CHANGE KEY, secure messaging": b"\x8c\x32\x00\x80" + lc + secret,
        "RESET RETRY COUNTER": b"\x00\x2c\x00\x80" + lc + secret,
        "SET SESSION KEY": b"\x80\xae\x00\x00" + lc + secret,
        "SELECT, secure messaging": b"\x0c\xa4\x04\x0c" + lc + secret,
        "SELECT, chained": b"\x10\xa4\x04\x0c" + bytes((half,)) + secret[:half],
        "EXTERNAL AUTHENTICATE": b"\x00\x82\x00\x80" + lc + secret,
        "unknown command": b"\x90\x42\x00\x80" + lc + secret,
    }


def _forms(secret: bytes) -> list[str]:
    """Every form in which three bytes in a row of a secret could stand in a line."""
    pieces = [secret[i : i + 3] for i in range(len(secret) - 2)]
    forms = [(p.decode(), p.hex(), p.hex(" "), ", ".join(map(str, p))) for p in pieces]
    return [form.upper() for group in forms for form in group]


@pytest.mark.parametrize("kind", _secret_commands(_PIN))
@pytest.mark.parametrize("show_data", [False, True])
def test_no_secret_is_in_any_line(scripted: type[ScriptedConnection], kind: str, *, show_data: bool) -> None:
    """No command that carries a PIN shows it or its length, whatever class, chaining or length form it has."""
    lines = []
    for secret in (_PIN, _PASSWORD):
        trace = _Trace(scripted(["63C2"]), show_data=show_data)
        trace.connection.transmit(_secret_commands(secret)[kind])
        text = "\n".join(trace.lines).upper()
        assert "[HIDDEN]" in text
        assert not [form for form in _forms(secret) if form in text]
        lines.append(text)
    assert lines[0] == lines[1]


def test_secrets_are_hidden_for_every_class_and_instruction(scripted: type[ScriptedConnection]) -> None:
    """For all 65,536 pairs of CLA and INS, only the six harmless commands of class 00 show their data in a trace."""
    trace = _Trace(scripted(lambda _: "9000"))
    shown = set()
    for cla, ins in itertools.product(range(256), repeat=2):
        trace.lines.clear()
        trace.connection.transmit(bytes((cla, ins, 0x00, 0x80, 4)) + _PIN)
        if "37 33 39 31" in trace.lines[0]:
            shown.add((cla, ins))
        else:
            assert trace.lines[0].endswith("[hidden]")
    assert shown == {(0x00, 0xA4), (0x00, 0xB0), (0x00, 0xB2), (0x00, 0x84), (0x00, 0xCA), (0x00, 0xC0)}


def test_lines_of_an_exchange(scripted: type[ScriptedConnection]) -> None:
    """A line begins with its direction, names the command, and gives answer, time and meaning."""
    trace = _Trace(scripted(["9000", b"name\x90\x00", "6A82"]))
    trace.connection.transmit(bytes.fromhex("00A4020C020018"))
    trace.connection.transmit(bytes.fromhex("00B0000004"))
    trace.connection.transmit(bytes.fromhex("00A4020C020099"))
    assert trace.lines == [
        "> SELECT 00 A4 02 0C 02 00 18",
        "< 9000 no error (1.5 ms)",
        "> READ BINARY 00 B0 00 00 Le=4",
        "< [4 bytes] 9000 no error (1.5 ms)",
        "> SELECT 00 A4 02 0C 02 00 99",
        "< 6A82 file or application not found (1.5 ms)",
    ]


def test_response_data_is_shown_on_request_until_a_secret_was_sent(scripted: type[ScriptedConnection]) -> None:
    """With show_data, response data is there before the first VERIFY and never again after it, even a refused one."""
    read = bytes.fromhex("00B0000004")
    trace = _Trace(scripted([b"name\x90\x00", "63C3", b"name\x90\x00", "63C2", b"name\x90\x00"]), show_data=True)
    trace.connection.transmit(read)
    trace.connection.transmit(bytes.fromhex("00200080"))
    trace.connection.transmit(read)
    trace.connection.transmit(b"\x00\x20\x00\x80\x04" + _PIN)
    trace.connection.transmit(read)
    answers = [line for line in trace.lines if line.startswith("<")]
    assert ["6E 61 6D 65" in line for line in answers] == [True, False, True, False, False]
    assert "[4 bytes]" in answers[4]


@pytest.mark.parametrize(
    "kind", [k for k in _secret_commands(_PIN) if k.startswith(("VERIFY", "CHANGE", "RESET", "SET"))]
)
def test_every_secret_command_ends_the_showing_of_data(scripted: type[ScriptedConnection], kind: str) -> None:
    """Response data of a secret command itself, and of all after it, stays hidden although it was asked for."""
    trace = _Trace(scripted([b"name\x90\x00"] * 2), show_data=True)
    trace.connection.transmit(_secret_commands(_PIN)[kind])
    trace.connection.transmit(bytes.fromhex("00B0000004"))
    assert not [line for line in trace.lines if "6E 61 6D 65" in line]


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("002000", "> [no APDU] 00 20 00"),
        ("00A4040C0A3733", "> [no APDU] 00 A4 04 0C [hidden]"),
        ("00200080", "> VERIFY 00 20 00 80"),
    ],
)
def test_malformed_commands_are_reported_by_their_header(
    scripted: type[ScriptedConnection], command: str, line: str
) -> None:
    """Bytes that are no command still leave a line, without what follows the header."""
    trace = _Trace(scripted(["6700"]))
    trace.connection.transmit(bytes.fromhex(command))
    assert trace.lines[0] == line


@pytest.mark.parametrize(("answer", "shown"), [("", "[no status word, 0 bytes]"), ("90", "[no status word, 1 bytes]")])
def test_short_answers_are_reported(scripted: type[ScriptedConnection], answer: str, shown: str) -> None:
    """An answer without a status word is told by its length."""
    trace = _Trace(scripted([answer]))
    assert trace.connection.transmit(bytes.fromhex("00200080")) == bytes.fromhex(answer)
    assert trace.lines[1] == f"< {shown} (1.5 ms)"


def test_failures_are_reported_and_passed_on(scripted: type[ScriptedConnection]) -> None:
    """A transport error leaves a line with its kind and reaches the caller."""
    trace = _Trace(scripted([CardRemovedError("gone")]))
    with pytest.raises(CardRemovedError):
        trace.connection.transmit(b"\x00\x20\x00\x80\x04" + _PIN)
    assert trace.lines == ["> VERIFY 00 20 00 80 [hidden]", "! CardRemovedError (1.5 ms)"]


def test_interruptions_are_passed_on(scripted: type[ScriptedConnection]) -> None:
    """Ctrl-C inside a command leaves the line of the command and goes its way."""
    trace = _Trace(scripted([KeyboardInterrupt()]))
    with pytest.raises(KeyboardInterrupt):
        trace.connection.transmit(b"\x00\x20\x00\x80\x04" + _PIN)
    assert trace.lines == ["> VERIFY 00 20 00 80 [hidden]"]


def test_everything_else_is_passed_on(scripted: type[ScriptedConnection]) -> None:
    """Reader, ATR, transaction, unpower and close are those of the inner connection."""
    inner = scripted([])
    trace = _Trace(inner)
    with trace.connection.transaction():
        pass
    trace.connection.unpower()
    trace.connection.close()
    assert (trace.connection.reader, trace.connection.atr) == (inner.reader, inner.atr)
    assert inner.events == ["begin", "end", "unpower", "close"]
    assert trace.lines == ["! card unpowered"]


def test_the_secret_buffer_reaches_the_inner_connection_itself(scripted: type[ScriptedConnection]) -> None:
    """The trace hands the caller's buffer on without a copy, so that overwriting it reaches everywhere."""
    inner = scripted(["9000"])
    trace = _Trace(inner)
    Iso7816Card(trace.connection).verify(bytearray(_PIN))
    assert inner.sent_hex == ["0020008004" + _PIN.hex().upper()]
    assert inner.buffers == [bytearray(9)]


def test_a_card_traced_from_above_shows_no_pin(scripted: type[ScriptedConnection]) -> None:
    """All secret commands of Iso7816Card leave only hidden lines."""

    def answer(_: bytes) -> Answer:
        return "9000"

    trace = _Trace(scripted(answer), show_data=True)
    card = Iso7816Card(trace.connection)
    for send in (card.verify, card.change_reference_data, card.change_key):
        send(bytearray(_PASSWORD))
    card.exchange(CommandApdu(0x00, 0x20, 0x00, 0x80, _PASSWORD))
    sent = [line for line in trace.lines if line.startswith(">")]
    assert all(line.endswith("[hidden]") for line in sent)
    assert len(sent) == 4


@pytest.mark.parametrize("failing_line", [1, 2, 3])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("I/O operation on closed file")])
def test_a_trace_that_cannot_be_written_loses_no_answer(
    scripted: type[ScriptedConnection], failing_line: int, error: OSError | ValueError
) -> None:
    """A full disk ends the trace, not the exchange: every answer still arrives, and the trace says why it ended."""
    lines: list[str] = []

    def write(line: str) -> None:
        if len(lines) + 1 == failing_line:
            raise error
        lines.append(line)

    inner = scripted(["9000", "63C2"])
    connection = TracingConnection(inner, write)
    assert connection.failure is None
    assert connection.transmit(bytes.fromhex("00A4020C020018")) == b"\x90\x00"
    assert Iso7816Card(connection).verify(bytearray(_PIN)) == 0x63C2
    assert len(inner.sent) == 2
    assert len(lines) == failing_line - 1
    assert connection.failure is error


class _Namer:
    """Names every command by its P2 and the data that it was given; keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def about(self, header: bytes, data: bytes) -> str:
        self.heard.append(data)
        return f"file {header[3]:02X}"

    def answered(self, sw: int) -> None:
        self.heard.append(sw)

    def reset(self) -> None:
        self.heard.append("reset")


def test_lines_for_people_have_the_time_of_day_and_the_file(scripted: type[ScriptedConnection]) -> None:
    """With a clock of the day and a namer, each line has the time and each command says what it is about."""
    noon = datetime(2026, 4, 1, 12, 0, 0, 5000, timezone(timedelta(hours=9)))
    lines: list[str] = []
    namer = _Namer()
    trace = TracingConnection(
        scripted(["9000", "63C3"]), lines.append, clock=lambda: 0.0, now=lambda: noon, namer=namer
    )
    trace.transmit(bytes.fromhex("00A4020C020018"))
    trace.transmit(bytes.fromhex("00200080"))
    trace.unpower()
    assert lines == [
        "12:00:00.005 > SELECT 00 A4 02 0C 02 00 18 (file 0C)",
        "12:00:00.005 < 9000 no error (0.0 ms)",
        "12:00:00.005 > VERIFY 00 20 00 80 (file 80)",
        "12:00:00.005 < 63C3 tries left: 3 (0.0 ms)",
        "12:00:00.005 ! card unpowered",
    ]
    assert namer.heard == [b"\x00\x18", 0x9000, b"", 0x63C3, "reset"]


@pytest.mark.parametrize("kind", _secret_commands(_PIN))
def test_a_namer_is_told_no_secret(scripted: type[ScriptedConnection], kind: str) -> None:
    """Whoever names files gets the header of a command that may carry a secret, and nothing of its data."""
    namer = _Namer()
    trace = TracingConnection(scripted(["63C2"]), lambda _: None, namer=namer)
    trace.transmit(_secret_commands(_PIN)[kind])
    assert namer.heard == [b"", 0x63C2]


def test_a_wrong_secret_is_told_apart_from_a_question(scripted: type[ScriptedConnection]) -> None:
    """63C2 says that the verification failed only where something was verified."""
    lines: list[str] = []
    writer = TraceWriter(lines.append, clock=lambda: 0.0)
    for command in (b"\x00\x20\x00\x80", b"\x00\x20\x00\x80\x04" + _PIN):
        writer.command(command)
        writer.answer(b"\x63\xc2")
    assert lines[1::2] == ["< 63C2 tries left: 2 (0.0 ms)", "< 63C2 verification failed, tries left: 2 (0.0 ms)"]


def test_data_are_shown_only_where_that_was_asked_for(scripted: type[ScriptedConnection]) -> None:
    """A trace of which nothing was said holds lengths, and no byte of what a card answered."""
    lines: list[str] = []
    read_binary = b"\x00\xb0\x00\x00\x02"
    writer = TraceWriter(lines.append, clock=lambda: 0.0)
    writer.command(read_binary)
    writer.answer(b"\x73\x91\x90\x00")
    TracingConnection(scripted(["73919000"]), lines.append, clock=lambda: 0.0).transmit(read_binary)
    assert lines[1::2] == ["< [2 bytes] 9000 no error (0.0 ms)"] * 2
