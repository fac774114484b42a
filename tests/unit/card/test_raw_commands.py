"""Which commands ``jpki apdu`` sends without leave: the list of docs/cli.md, and nothing beside it."""

from __future__ import annotations

import pytest

from jpki.card import is_risky

#: SELECT, READ BINARY, READ RECORD, GET DATA, GET CHALLENGE, GET RESPONSE.
LOOKING = {0xA4, 0xB0, 0xB1, 0xB2, 0xB3, 0xCA, 0xCB, 0x84, 0xC0}
#: Nothing, Le, short data, extended Le, extended data.
BODIES = [
    b"",
    b"\x00",
    b"\x04",
    b"\x02\x32\x38",
    b"\x0432" + b"84",
    b"\x00\x00\x00",
    b"\x00\x00\x02\x32\x38",
    b"2" * 300,
]


@pytest.mark.parametrize("p1_p2", ["0000", "0080", "040C", "FFFF"])
@pytest.mark.parametrize("body", BODIES)
def test_every_class_and_instruction(body: bytes, p1_p2: str) -> None:
    """Classes 00 and 80 alone, instructions that only look; VERIFY in its four bytes and in no other form."""
    for cla in range(0x100):
        for ins in range(0x100):
            does_look = ins in LOOKING or (ins == 0x20 and not body)
            command = bytes((cla, ins)) + bytes.fromhex(p1_p2) + body
            assert is_risky(command) is not (cla in (0x00, 0x80) and does_look), command[:4].hex()


@pytest.mark.parametrize("length", range(4))
def test_what_is_no_command_needs_leave(length: int) -> None:
    """Fewer bytes than a header are not known to look."""
    assert is_risky(bytes.fromhex("00A404")[:length])
