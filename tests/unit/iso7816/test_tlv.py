"""BER-TLV: what is written is read back, and any bytes give data objects or a TlvError."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from jpki.errors import TlvError
from jpki.iso7816 import MAX_HEADER, Tlv, encode, expect, read_all, read_header, read_one

_ONE_BYTE = st.integers(0, 255).filter(lambda byte: byte & 0x1F != 0x1F)
_LEADING = st.integers(0, 7).map(lambda bits: bits << 5 | 0x1F)
_TWO_BYTES = st.builds(lambda first, last: first << 8 | last, _LEADING, st.integers(0, 0x7F))
_THREE_BYTES = st.builds(
    lambda first, middle, last: first << 16 | middle << 8 | last,
    _LEADING,
    st.integers(0x80, 0xFF),
    st.integers(0, 0x7F),
)
_TAGS = _ONE_BYTE | _TWO_BYTES | _THREE_BYTES
_OBJECTS = st.builds(Tlv, _TAGS, st.binary(max_size=300))


@given(_TAGS, st.binary(max_size=300), st.binary(max_size=20))
def test_an_object_is_read_back(tag: int, value: bytes, behind: bytes) -> None:
    """Tag and value survive a round trip, and the end is where what follows begins."""
    raw = encode(tag, value)
    assert read_one(raw + behind) == (Tlv(tag, value), len(raw))
    assert expect(raw + behind, tag) == (value, len(raw))


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_at_the_borders(length: int) -> None:
    """Each form of the length field is minimal when written, and its header says how much there is."""
    raw = encode(0x30, bytes(length))
    header = read_header(raw[:MAX_HEADER])
    assert (header.tag, header.length, header.total) == (0x30, length, len(raw))
    assert header.size == {0: 2, 1: 2, 127: 2, 128: 3, 255: 3, 256: 4, 65535: 4, 65536: 5}[length]


@given(st.lists(_OBJECTS, max_size=8))
def test_objects_in_a_row_are_read_back(objects: list[Tlv]) -> None:
    """A concatenation is read as the same objects, up to the very end."""
    raw = b"".join(encode(tlv.tag, tlv.value) for tlv in objects)
    assert read_all(raw) == tuple(objects)


@given(st.lists(_OBJECTS, min_size=1, max_size=4), st.data())
def test_a_cut_row_is_refused(objects: list[Tlv], data: st.DataObject) -> None:
    """Cutting inside an object is noticed; cutting between two gives those before the cut."""
    raw = b"".join(encode(tlv.tag, tlv.value) for tlv in objects)
    cut = data.draw(st.integers(0, len(raw)))
    ends = [0]
    for tlv in objects:
        ends.append(ends[-1] + len(encode(tlv.tag, tlv.value)))
    if cut in ends:
        assert read_all(raw[:cut]) == tuple(objects[: ends.index(cut)])
    else:
        with pytest.raises(TlvError):
            read_all(raw[:cut])


@given(st.binary(max_size=400))
def test_any_bytes_are_objects_or_an_error(raw: bytes) -> None:
    """Reading never fails in another way than TlvError; what it accepts covers the bytes without gap or overlap."""
    try:
        objects = read_all(raw)
    except TlvError:
        return
    offset = 0
    for tlv in objects:
        found, offset = read_one(raw, offset)
        assert found == tlv
    assert offset == len(raw)


@given(st.binary(max_size=40), st.integers(0, 45))
def test_a_header_at_any_offset_is_read_or_refused(raw: bytes, offset: int) -> None:
    """A header lies within the bytes and takes at most MAX_HEADER of them."""
    try:
        header = read_header(raw, offset)
    except TlvError:
        return
    assert 2 <= header.size <= MAX_HEADER
    assert offset + header.size <= len(raw)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("", "missing"),
        ("30", "length"),
        ("3080", "indefinite"),
        ("3085", "oversized"),
        ("308500000000010000", "oversized"),
        ("30FF", "oversized"),
        ("3082", "length"),
        ("308201", "length"),
        ("3002AA", "longer"),
        ("30820100", "longer"),
        ("3084FFFFFFFF", "longer"),
        ("1F", "tag"),
        ("1F80", "tag"),
        ("1F8080", "tag"),
        ("1F808001", "tag"),
        ("FFFFFFFFFF", "tag"),
    ],
)
def test_malformed_objects_are_refused(raw: str, fault: str) -> None:
    """Cut, indefinite and oversized tags and lengths are TlvErrors that name the fault."""
    with pytest.raises(TlvError, match=fault):
        read_one(bytes.fromhex(raw))


@pytest.mark.parametrize("raw", ["308101AA", "30820001AA", "3083000001AA", "308400000001AA"])
def test_lengths_need_not_be_minimal(raw: str) -> None:
    """Cards of this family write 82 lengths for short data too (docs/card.md, 1.3)."""
    assert read_all(bytes.fromhex(raw)) == (Tlv(0x30, b"\xaa"),)


@pytest.mark.parametrize(
    ("raw", "tag"), [("DF2108", 0xDF21), ("5F4E00", 0x5F4E), ("7F2100", 0x7F21), ("FF1000", 0xFF10)]
)
def test_tags_of_two_bytes(raw: str, tag: int) -> None:
    """The tags of this card are read as the numbers that the documents print."""
    assert read_header(bytes.fromhex(raw)).tag == tag


def test_another_tag_is_refused() -> None:
    """An object with another tag than the expected one is an error that names both."""
    with pytest.raises(TlvError, match="expected the data object 1, found 2"):
        expect(bytes.fromhex("020155"), 0x01)


def test_deep_nesting_is_no_matter() -> None:
    """A hundred thousand nested objects are read without recursion."""
    raw = b"\x30\x80" * 100_000
    with pytest.raises(TlvError):
        read_all(raw)
    nested = b""
    for _ in range(2000):
        nested = encode(0x30, nested)
    assert read_one(nested)[1] == len(nested)


def test_text_shows_no_value() -> None:
    """The text of a data object is its tag and length, never its value."""
    assert repr(Tlv(0xDF22, b"name")) == "<Tlv DF22 [4 bytes]>"
