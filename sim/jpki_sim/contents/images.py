"""The pictures on a TEST card: small PNGs with digits or the word TEST, and a grey photograph in JPEG 2000.

They have the formats of a card's (docs/card.md, 1.4): text as 1-bit greyscale PNG, the photograph as greyscale
JPEG 2000 in the JP2 container. Nothing on them depicts anybody.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

_CELL_WIDTH: Final = 6
_CELL_HEIGHT: Final = 12
_TOP_MARGIN: Final = 2
#: Glyphs five wide and seven high: a byte for each row from the top, its low five bits from left to right.
_GLYPHS: Final = {
    char: bytes.fromhex(rows)
    for char, rows in {
        "0": "0E11131519110E", "1": "040C040404040E", "2": "0E11010204081F", "3": "1F02040201110E",
        "4": "02060A121F0202", "5": "1F101E0101110E", "6": "0608101E11110E", "7": "1F010204080808",
        "8": "0E11110E11110E", "9": "0E11110F01020C", "T": "1F040404040404", "E": "1F10101E10101F",
        "S": "0F10100E01011E", " ": "00000000000000",
    }.items()
}  # fmt: skip
_GLYPH_HEIGHT: Final = 7
_BIT_DEPTH_1_GREY: Final = bytes((1, 0, 0, 0, 0))


def png(text: str) -> bytes:
    """Black digits (or T, E, S) on white, 6 x 12 pixels each: ``2285`` gives the 24 x 12 of a security code."""
    width = _CELL_WIDTH * len(text)
    rows = b"".join(b"\0" + _row(text, y, width) for y in range(_CELL_HEIGHT))
    header = struct.pack(">II", width, _CELL_HEIGHT) + _BIT_DEPTH_1_GREY
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    )


def _row(text: str, y: int, width: int) -> bytes:
    bits = "".join(f"{_glyph_row(char, y - _TOP_MARGIN):05b}0" for char in text)
    ink = int(bits, 2)
    padding = -width % 8
    return (((1 << width) - 1 ^ ink) << padding).to_bytes((width + padding) // 8)


def _glyph_row(char: str, row: int) -> int:
    if not 0 <= row < _GLYPH_HEIGHT:
        return 0
    return _GLYPHS[char][row]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def grey_jp2(width: int, height: int, *, padding: bytes = b"") -> bytes:
    """A uniformly grey picture in JPEG 2000 (ISO/IEC 15444-1): a codestream of one packet that is empty.

    No code block contributes, so every sample decodes to the middle of its range. ``padding`` stands in a comment of
    the codestream, which decoders pass over.
    """
    header = _box(b"ihdr", struct.pack(">IIHBBBB", height, width, 1, 7, 7, 0, 0))
    colour = _box(b"colr", struct.pack(">BBBI", 1, 0, 0, 17))  # enumerated colour space 17: greyscale
    return (
        _box(b"jP  ", b"\r\n\x87\n")
        + _box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
        + _box(b"jp2h", header + colour)
        + _box(b"jp2c", _codestream(width, height, padding))
    )


def _codestream(width: int, height: int, padding: bytes) -> bytes:
    size = struct.pack(">HIIIIIIIIHBBB", 0, width, height, 0, 0, width, height, 0, 0, 1, 7, 1, 1)
    # No precincts, LRCP, one layer, no colour transform; no decomposition, 64 x 64 code blocks, 5-3 reversible.
    coding = struct.pack(">BBHBBBBBB", 0, 0, 1, 0, 0, 4, 4, 0, 1)
    quantization = bytes((0x40, 0x48))  # none, two guard bits; exponent 9 of the only sub-band
    packet = b"\0"
    tile = struct.pack(">HHHIBB", 0xFF90, 10, 0, 14 + len(packet), 0, 1) + b"\xff\x93" + packet
    return (
        b"\xff\x4f"
        + _segment(0xFF51, size)
        + _segment(0xFF52, coding)
        + _segment(0xFF5C, quantization)
        + (_segment(0xFF64, b"\0\0" + padding) if padding else b"")  # COM, binary
        + tile
        + b"\xff\xd9"
    )


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">HH", marker, len(body) + 2) + body


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body
