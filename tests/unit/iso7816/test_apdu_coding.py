"""Command and response APDUs: the four cases of ISO/IEC 7816-4, 5.1, in both forms of the length fields."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from jpki.errors import ApduError
from jpki.iso7816 import CommandApdu, ResponseApdu, StatusWord

_HEAD = bytes.fromhex("00B00102")


def _command(data: bytes, le: int | None) -> CommandApdu:
    return CommandApdu(0x00, 0xB0, 0x01, 0x02, data, le)


# Data, Le and the whole APDU without its header, in hex.
_CASES = {
    "case 1": (b"", None, ""),
    "case 2 short, Le 1": (b"", 1, "01"),
    "case 2 short, Le 255": (b"", 255, "FF"),
    "case 2 short, Le 256": (b"", 256, "00"),
    "case 2 extended, Le 257": (b"", 257, "000101"),
    "case 2 extended, Le 65535": (b"", 65535, "00FFFF"),
    "case 2 extended, Le 65536": (b"", 65536, "000000"),
    "case 3 short, Lc 1": (b"\xaa", None, "01AA"),
    "case 3 short, Lc 255": (b"\xaa" * 255, None, "FF" + "AA" * 255),
    "case 3 extended, Lc 256": (b"\xaa" * 256, None, "000100" + "AA" * 256),
    "case 3 extended, Lc 65535": (b"\xaa" * 65535, None, "00FFFF" + "AA" * 65535),
    "case 4 short": (b"\xaa\xbb", 2, "02AABB02"),
    "case 4 short, Lc 255 and Le 256": (b"\xaa" * 255, 256, "FF" + "AA" * 255 + "00"),
    "case 4 extended for Le 257": (b"\xaa", 257, "000001AA0101"),
    "case 4 extended for Lc 256, Le 1": (b"\xaa" * 256, 1, "000100" + "AA" * 256 + "0001"),
    "case 4 extended for Lc 256, Le 256": (b"\xaa" * 256, 256, "000100" + "AA" * 256 + "0100"),
    "case 4 extended, Le 65536": (b"\xaa", 65536, "000001AA0000"),
}


@pytest.mark.parametrize(("data", "le", "body"), _CASES.values(), ids=_CASES)
def test_encoding_and_decoding_agree(data: bytes, le: int | None, body: str) -> None:
    """Each case has exactly these bytes, and they are read back as the same command."""
    command = _command(data, le)
    assert bytes(command) == _HEAD + bytes.fromhex(body)
    assert CommandApdu.from_bytes(bytes(command)) == command
    assert command.is_extended == ("extended" in _name_of(body))


def _name_of(body: str) -> str:
    return next(name for name, case in _CASES.items() if case[2] == body)


_COMMANDS = st.builds(
    CommandApdu,
    *[st.integers(0, 255)] * 4,
    st.binary(max_size=600),
    st.none() | st.integers(1, 65536),
)


@given(_COMMANDS)
def test_every_command_survives_a_round_trip(command: CommandApdu) -> None:
    """What was encoded decodes to an equal command."""
    assert CommandApdu.from_bytes(bytes(command)) == command


@pytest.mark.parametrize(
    ("body", "data", "le"),
    [("000001AA", b"\xaa", None), ("000001AA0001", b"\xaa", 1), ("000001AA0100", b"\xaa", 256), ("000001", b"", 1)],
)
def test_extended_fields_are_read_where_short_ones_would_do(body: str, data: bytes, le: int | None) -> None:
    """A sender may use the extended form for small numbers too."""
    assert CommandApdu.from_bytes(_HEAD + bytes.fromhex(body)) == _command(data, le)


def test_short_bodies_are_read_exactly_when_their_length_says_so() -> None:
    """For every first byte and every length of a body up to 260 bytes, only the lengths of the four cases pass."""
    for first in range(1, 256):
        good = {1: (0, first), first + 1: (first, None), first + 2: (first, 256)}
        for size in range(1, 261):
            raw = _HEAD + bytes((first,)) + bytes(size - 1)
            if size in good:
                decoded = CommandApdu.from_bytes(raw)
                assert (len(decoded.data), decoded.le) == good[size]
            else:
                with pytest.raises(ApduError):
                    CommandApdu.from_bytes(raw)


def test_extended_bodies_are_read_exactly_when_their_length_says_so() -> None:
    """After 00 and a two-byte number, only nothing, that many bytes, or those and a two-byte Le pass."""
    for count in [*range(130), 256, 0xFFFF]:
        good = {0: (0, count or 65536)} | ({count: (count, None), count + 2: (count, 0x5555)} if count else {})
        for size in range(140):
            raw = _HEAD + b"\0" + count.to_bytes(2) + b"\x55" * size
            if size in good:
                decoded = CommandApdu.from_bytes(raw)
                assert (len(decoded.data), decoded.le) == good[size]
            else:
                with pytest.raises(ApduError):
                    CommandApdu.from_bytes(raw)


@given(st.binary(max_size=700))
def test_any_bytes_are_a_command_or_an_error(raw: bytes) -> None:
    """Decoding never fails in another way than ApduError, and what it accepts keeps header and data."""
    try:
        command = CommandApdu.from_bytes(raw)
    except ApduError:
        return
    assert bytes((command.cla, command.ins, command.p1, command.p2)) == raw[:4]
    assert command.data in raw[4:]


@pytest.mark.parametrize("raw", ["", "00", "00A4", "00A404", "00B000000000", "00B0000002AA", "00B00000000000AA"])
def test_cut_commands_are_refused(raw: str) -> None:
    """Fewer than four bytes, cut length fields and an extended Lc of zero are no command."""
    with pytest.raises(ApduError):
        CommandApdu.from_bytes(bytes.fromhex(raw))


@pytest.mark.parametrize("header", [(-1, 0, 0, 0), (256, 0, 0, 0), (0, 256, 0, 0), (0, 0, -1, 0), (0, 0, 0, 256)])
def test_a_header_byte_has_eight_bits(header: tuple[int, int, int, int]) -> None:
    """A header byte outside 0..255 is a programming mistake."""
    cla, ins, p1, p2 = header
    with pytest.raises(ValueError, match="header"):
        CommandApdu(cla, ins, p1, p2)


@pytest.mark.parametrize(("data", "le"), [(b"", 0), (b"", -1), (b"", 65537), (bytes(65536), None)])
def test_lengths_beyond_the_fields_are_refused(data: bytes, le: int | None) -> None:
    """Le is 1 to 65536 and the data field holds at most 65535 bytes."""
    with pytest.raises(ValueError, match=r"Le|data"):
        CommandApdu(0, 0, 0, 0, data, le)


@given(st.binary(max_size=300), st.integers(0, 0xFFFF))
def test_a_response_splits_into_data_and_status_word(data: bytes, sw: int) -> None:
    """The last two bytes are the status word, what is before them is data."""
    raw = data + sw.to_bytes(2)
    response = ResponseApdu.from_bytes(raw)
    assert (response.data, response.sw) == (data, sw)
    assert bytes(response) == raw


@pytest.mark.parametrize("raw", [b"", b"\x90"])
def test_a_response_without_a_status_word_is_refused(raw: bytes) -> None:
    """Fewer than two bytes are no response."""
    with pytest.raises(ApduError):
        ResponseApdu.from_bytes(raw)


def test_text_forms_are_redacted() -> None:
    """The text of a command or response shows no secret data, and its name is the ISO name."""
    verify = CommandApdu(0x00, 0x20, 0x00, 0x80, b"2846")
    assert verify.name == "VERIFY"
    assert repr(verify) == "<VERIFY 00 20 00 80 [hidden]>"
    assert repr(CommandApdu(0x00, 0xA4, 0x02, 0x0C, b"\x00\x18")) == "<SELECT 00 A4 02 0C 02 00 18>"
    assert repr(ResponseApdu(b"name", StatusWord(0x9000))) == "<[4 bytes] 9000>"
