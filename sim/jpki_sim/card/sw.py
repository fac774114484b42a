"""Status words that the card answers with, as the two bytes on the wire (docs/card.md, section 4)."""

from __future__ import annotations

from typing import Final

OK: Final = b"\x90\x00"
END_OF_FILE_WARNING: Final = b"\x62\x82"
UNLIMITED: Final = b"\x63\x00"
MEMORY_FAILURE: Final = b"\x65\x81"
NOT_CONFIGURED: Final = b"\x66\xf1"
WRONG_LENGTH: Final = b"\x67\x00"
NO_LOGICAL_CHANNEL: Final = b"\x68\x81"
NO_SECURE_MESSAGING: Final = b"\x68\x82"
WRONG_FILE_STRUCTURE: Final = b"\x69\x81"
SECURITY_STATUS: Final = b"\x69\x82"
BLOCKED: Final = b"\x69\x84"
CONDITIONS: Final = b"\x69\x85"
NO_CURRENT_EF: Final = b"\x69\x86"
NO_SECURE_MESSAGING_HERE: Final = b"\x69\xfc"
BAD_DATA: Final = b"\x6a\x80"
NOT_SUPPORTED: Final = b"\x6a\x81"
FILE_NOT_FOUND: Final = b"\x6a\x82"
RECORD_NOT_FOUND: Final = b"\x6a\x83"
WRONG_P1_P2: Final = b"\x6a\x86"
DATA_NOT_FOUND: Final = b"\x6a\x88"
OFFSET_OUTSIDE: Final = b"\x6b\x00"
UNKNOWN_INS: Final = b"\x6d\x00"
UNKNOWN_CLA: Final = b"\x6e\x00"
NO_DIAGNOSIS: Final = b"\x6f\x00"

_MAX_COUNTER: Final = 15


def counter(tries: int) -> bytes:
    """63Cx with the number of tries left; the counter has four bits."""
    return bytes((0x63, 0xC0 | min(tries, _MAX_COUNTER)))


def of(value: int | str) -> bytes:
    """Two bytes of a status word given as a number or in hex."""
    return bytes.fromhex(value) if isinstance(value, str) else value.to_bytes(2)
