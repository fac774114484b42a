"""Text forms of APDUs: data and Lc are hidden unless the command is known to carry nothing secret."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, strategies as st

from jpki.iso7816 import CommandApdu, ResponseApdu, StatusWord, command_name, describe_raw, describe_response
from jpki.iso7816.redact import describe_command

# The allow-list, written anew: SELECT, the two READs, GET CHALLENGE, GET DATA, GET RESPONSE, all of the plain class.
_HARMLESS = {(0x00, 0xA4), (0x00, 0xB0), (0x00, 0xB2), (0x00, 0x84), (0x00, 0xCA), (0x00, 0xC0)}
_ALL = list(itertools.product(range(256), repeat=2))
_PIN = b"7391"
_PASSWORD = b"CANARY73910ABCDE"


def test_data_is_hidden_unless_the_command_is_on_the_list() -> None:
    """For all 65,536 pairs of CLA and INS, data is shown for six commands and no byte of it for any other."""
    shown = set()
    for cla, ins in _ALL:
        line = describe_command(cla, ins, 0x01, 0x80, _PIN, None)
        if "37 33 39 31" in line:
            shown.add((cla, ins))
        else:
            assert line == f"{command_name(cla, ins)} {cla:02X} {ins:02X} 01 80 [hidden]"
    assert shown == _HARMLESS


def test_length_is_hidden_with_the_data() -> None:
    """Lc is not shown where the data is not: a 4-byte and a 16-byte secret have the same line."""
    for cla, ins in _ALL:
        short = describe_command(cla, ins, 0x00, 0x80, _PIN, None)
        long = describe_command(cla, ins, 0x00, 0x80, _PASSWORD, None)
        assert (short == long) == ((cla, ins) not in _HARMLESS)


@pytest.mark.parametrize(
    ("cla", "ins", "name"),
    [
        (0x00, 0x20, "VERIFY"),
        (0x00, 0x24, "CHANGE REFERENCE DATA"),
        (0x80, 0x32, "CHANGE KEY"),
        (0x00, 0x2C, "RESET RETRY COUNTER"),
        (0x80, 0x2A, "COMPUTE DIGITAL SIGNATURE"),
        (0x00, 0xA4, "SELECT"),
        (0x0C, 0x20, "0C 20"),
        (0x80, 0xA4, "80 A4"),
    ],
)
def test_names(cla: int, ins: int, name: str) -> None:
    """Commands of this card family have their ISO or JICSAP name, others their two bytes."""
    assert command_name(cla, ins) == name


def test_commands_without_data() -> None:
    """A status query is told apart from a VERIFY with a PIN, and Le is shown."""
    assert describe_command(0x00, 0x20, 0x00, 0x80, b"", None) == "VERIFY 00 20 00 80 (no data)"
    assert describe_command(0x00, 0xB0, 0x8A, 0x00, b"", 256) == "READ BINARY 00 B0 8A 00 Le=256"
    assert (
        describe_command(0x80, 0x2A, 0x00, 0x80, b"x", 256) == "COMPUTE DIGITAL SIGNATURE 80 2A 00 80 [hidden] Le=256"
    )


@pytest.mark.parametrize("raw", ["", "00", "002000", "0020008000", "002000800437333931FFFF", "00A4040C0A3733"])
def test_bytes_that_are_no_command_show_their_header_at_most(raw: str) -> None:
    """What follows the first four bytes of a malformed command is hidden."""
    line = describe_raw(bytes.fromhex(raw))
    assert line.startswith("[no APDU]")
    assert "37" not in line
    assert ("[hidden]" in line) == (len(raw) > 8)


@given(st.integers(0, 255), st.integers(0, 255), st.sampled_from([_PIN, _PASSWORD]), st.none() | st.integers(1, 65536))
def test_the_text_of_a_command_object_is_the_redacted_one(cla: int, ins: int, secret: bytes, le: int | None) -> None:
    """A CommandApdu in a log line or traceback shows what describe_command shows."""
    command = CommandApdu(cla, ins, 0x00, 0x80, secret, le)
    line = describe_command(cla, ins, 0x00, 0x80, secret, le)
    assert repr(command) == str(command) == f"{command}" == f"<{line}>"


def test_response_data_is_a_length() -> None:
    """Response data is personal: a length, unless it is asked for."""
    assert describe_response(b"", 0x9000) == "9000"
    assert describe_response(b"name", 0x9000) == "[4 bytes] 9000"
    assert describe_response(b"name", 0x9000, show_data=True) == "6E 61 6D 65 9000"
    assert str(ResponseApdu(b"name", StatusWord(0x6282))) == "<[4 bytes] 6282>"
