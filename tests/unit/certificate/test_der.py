"""The rules of DER, against asn1crypto and cryptography's own encoders."""

import pytest
from asn1crypto import core
from hypothesis import given, strategies as st

from jpki.asn1 import der
from jpki.errors import TlvError
from jpki.iso7816 import encode

_ARCS = st.tuples(
    st.tuples(st.integers(0, 1), st.integers(0, 39)) | st.tuples(st.just(2), st.integers(0, 2**40)),
    st.lists(st.integers(0, 2**64), max_size=4),
)


@given(_ARCS)
def test_identifiers_are_read_as_asn1crypto_writes_them(arcs: tuple[tuple[int, int], list[int]]) -> None:
    """Every object identifier comes back as it was written, large arcs and second roots above 39 included."""
    dotted = ".".join(map(str, (*arcs[0], *arcs[1])))
    assert der.decode_oid(core.ObjectIdentifier(dotted).contents) == dotted


@given(st.integers(-(2**159), 2**159 - 1))
def test_numbers_are_read_as_asn1crypto_writes_them(value: int) -> None:
    """Every INTEGER of up to 20 bytes comes back as it was written."""
    assert der.decode_integer(core.Integer(value).contents) == value


@pytest.mark.parametrize("content", ["", "0000", "007F", "FF80", "FFFF", "00" * 21, "7F" * 21])
def test_other_numbers_are_refused(content: str) -> None:
    """An empty INTEGER, one with needless leading bytes and one longer than 20 bytes are refused."""
    with pytest.raises(TlvError):
        der.decode_integer(bytes.fromhex(content))


@pytest.mark.parametrize("content", ["0080", "FF7F", "7F", "80", "00", "FF"])
def test_shortest_numbers_are_taken(content: str) -> None:
    """A leading byte that only keeps the sign is no needless one."""
    assert der.decode_integer(bytes.fromhex(content)) == int.from_bytes(bytes.fromhex(content), signed=True)


@pytest.mark.parametrize(
    ("tag", "content", "text"),
    [
        (0x0C, "テスト".encode(), "テスト"),
        (0x13, b"JP", "JP"),
        (0x16, b"http://ocsp.invalid", "http://ocsp.invalid"),
        (0x1E, "試験".encode("utf-16-be"), "試験"),
        (0x0C, "\U00020bb7".encode(), "\U00020bb7"),
        (0x0C, b"", ""),
    ],
)
def test_text_is_read_by_its_type(tag: int, content: bytes, text: str) -> None:
    """Each string type has its own encoding; characters outside the basic plane are read too."""
    assert der.decode_text(tag, content) == text


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (0x0C, b"\xc3\x28"),
        (0x0C, b"\xed\xa0\x80"),
        (0x13, "é".encode()),
        (0x16, b"\xff"),
        (0x1E, b"\x00"),
        (0x1E, b"\xd8\x00"),
        (0x14, b"teletex"),
        (0x04, b"octets"),
        (0x0C, b"a\x1b[2J"),
        (0x0C, b"a\x00"),
        (0x0C, b"\x7f"),
        (0x0C, "\x9b2J".encode()),
        (0x13, b"a\n"),
    ],
)
def test_other_text_is_refused(tag: int, content: bytes) -> None:
    """Another type, a broken encoding and control characters (C0, DEL, C1) are refused."""
    with pytest.raises(TlvError):
        der.decode_text(tag, content)


def test_nesting_is_counted() -> None:
    """What is nested as deep as the limit passes, one level more does not."""
    nested = encode(0x04, b"")
    for _ in range(4):
        nested = encode(0x30, nested)
    der.check_nesting(nested, 5)
    with pytest.raises(TlvError, match="too deep"):
        der.check_nesting(nested, 4)


@pytest.mark.parametrize("data", ["2403040141", "2C030C0141", "30030C0541", "30040500", "3080", "308105040300000000"])
def test_nesting_is_der_throughout(data: str) -> None:
    """Strings in pieces, wrong lengths, indefinite and needlessly long ones are refused at every level."""
    with pytest.raises(TlvError):
        der.check_nesting(bytes.fromhex(data), 16)


@given(st.binary(max_size=200))
def test_nesting_of_any_bytes_is_an_answer(data: bytes) -> None:
    """Any bytes pass or are a TlvError."""
    try:
        der.check_nesting(data, 16)
    except TlvError:
        return


def test_reader_refuses_leftovers_and_absent_objects() -> None:
    """What is read must be there, have the tag asked for, and be all."""
    reader = der.DerReader(bytes.fromhex("0500 0500"))
    assert reader.take(0x05) == b""
    with pytest.raises(TlvError, match="left over"):
        reader.finish()
    with pytest.raises(TlvError, match="expected"):
        reader.take(0x30)
    with pytest.raises(TlvError):
        reader.take(0x05)
