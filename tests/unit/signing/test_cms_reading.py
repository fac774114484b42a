"""Reading CMS files: any bytes have an answer, in bounded time and memory."""

from __future__ import annotations

import io

import pytest
from cmsforge import CONTENT, File, Signer, revocation_list
from hypothesis import given, strategies as st

from jpki.crypto import Digest
from jpki.errors import DataError, TlvError, UnsupportedSignatureError
from jpki.iso7816 import encode
from jpki.signing.cms import hash_pieces, locate, read_signers
from jpki.signing.cms.ber import MAX_DEPTH, first_object, objects_to_der, to_der
from jpki.signing.cms.content import MAX_SIGNATURE

FORMS = {
    "DER": File().build(),
    "attached": File(is_attached=True).build(),
    "streaming": File(is_attached=True).build_streaming(pieces=64),
    "direct": File((Signer(has_attributes=False),)).build_streaming(),
}
#: An answer of an OCSP responder that says no more than that it is busy, as RFC 5940 has it among the lists.
OCSP_ANSWER = encode(0xA1, encode(0x06, bytes.fromhex("2b06010505071002")) + encode(0x30, b"\x0a\x01\x03"))


def _read(data: bytes) -> None:
    found = locate(io.BytesIO(data), len(data))
    read_signers(found.signed_data)
    if found.content is not None:
        hash_pieces(found.content.pieces(io.BytesIO(data)), (Digest.SHA256,))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but a DataError."""
    for given_bytes in (data, b"\x30\x80" + data, FORMS["DER"][:40] + data):
        try:
            _read(given_bytes)
        except DataError:
            continue


@given(st.sampled_from(sorted(FORMS)), st.integers(0, 1500), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused(form: str, place: int, byte: int) -> None:
    """Anywhere in a signature, in every form."""
    data = bytearray(FORMS[form])
    data[place % len(data)] = byte
    try:
        _read(bytes(data))
    except DataError:
        return


@pytest.mark.parametrize("form", FORMS)
def test_a_cut_file_is_refused(form: str) -> None:
    """At every place."""
    data = FORMS[form]
    for end in range(0, len(data), 29):
        with pytest.raises(DataError):
            _read(data[:end])


@pytest.mark.parametrize("pieces", [1, 7, 1000, len(CONTENT), len(CONTENT) + 1])
def test_a_content_in_pieces_is_the_content(pieces: int) -> None:
    """Whatever their length."""
    data = File(is_attached=True).build_streaming(pieces=pieces)
    found = locate(io.BytesIO(data), len(data))

    assert found.content is not None
    assert b"".join(found.content.pieces(io.BytesIO(data))) == CONTENT


@pytest.mark.parametrize("data", [b"\x30\x80" * 100, b"\x24\x80" * 100, b"\x30\x80" + b"\x24\x80" * 60 + b"\0\0" * 61])
def test_nesting_is_bounded(data: bytes) -> None:
    """Deeper than any signature is refused, without recursion getting in the way."""
    with pytest.raises(TlvError):
        to_der(data)


def nested(depth: int) -> bytes:
    """An empty sequence, inside so many others."""
    data = b"\x30\x00"
    for _ in range(depth):
        data = encode(0x30, data)
    return data


def test_nesting_is_bounded_where_it_says() -> None:
    """The deepest that is read, and one more, whichever way it comes."""
    deepest = nested(MAX_DEPTH)
    assert (to_der(deepest), objects_to_der(deepest)) == (deepest, deepest)
    assert first_object(deepest) == (deepest, len(deepest))
    for convert in (to_der, objects_to_der, first_object):
        with pytest.raises(TlvError, match="nested too deeply"):
            convert(nested(MAX_DEPTH + 1))


def test_many_small_objects_take_no_time_by_the_square() -> None:
    """As many as fit into the largest signature are read in one pass over the bytes."""
    data = b"\x30\x80" + b"\x05\x00" * (MAX_SIGNATURE // 2) + b"\0\0"

    assert len(to_der(data)) == MAX_SIGNATURE + 5


def test_a_signature_is_no_larger_than_any_is() -> None:
    """A megabyte of certificates is refused before it is read."""
    data = File(certificates=(b"\x30\x83\x20\x00\x00" + bytes(0x200000),)).build()
    with pytest.raises(DataError, match="larger"):
        _read(data)


def test_der_stays_as_it_is() -> None:
    """What is DER already is not changed by writing it again."""
    assert to_der(FORMS["DER"]) == FORMS["DER"]
    assert to_der(FORMS["attached"]) == FORMS["attached"]


@pytest.mark.parametrize(
    ("data", "written"),
    [
        (b"\x24\x80\x04\x02\xab\xcd\x04\x01\xef\0\0", b"\x04\x03\xab\xcd\xef"),
        (b"\x24\x07\x04\x02\xab\xcd\x04\x01\xef", b"\x04\x03\xab\xcd\xef"),
        (b"\x24\x80\x24\x80\x04\x01\xab\0\0\x04\x01\xcd\0\0", b"\x04\x02\xab\xcd"),
        (b"\x24\x80\0\0", b"\x04\x00"),
    ],
    ids=["to its end", "of a length", "in pieces of pieces", "empty"],
)
def test_an_octet_string_in_pieces_is_written_in_one(data: bytes, written: bytes) -> None:
    """However the pieces come; a piece of anything else is refused."""
    assert to_der(data) == written
    with pytest.raises(TlvError, match="piece"):
        to_der(b"\x24\x80\x04\x01\xab\x0c\x01\xcd\0\0")


@pytest.mark.parametrize(
    ("crls", "version"),
    [(revocation_list(), 1), (OCSP_ANSWER, 5), (revocation_list() + OCSP_ANSWER, 5)],
    ids=["a list", "an answer", "both"],
)
def test_what_is_said_of_revocation_decides_the_version(crls: bytes, version: int) -> None:
    """A responder's answer is another form than a list (RFC 5652, 5.1); every other version is refused."""
    for number in range(1, 6):
        data = File(crls=encode(0xA1, crls), version=number).build()
        if number == version:
            _read(data)
        else:
            with pytest.raises(DataError):
                _read(data)


@pytest.mark.parametrize(
    "kind",
    ["2a864886f70d010703", "2a864886f70d0109100102", "2a864886f70d0109100109", "2a864886f70d0109100117"],
    ids=["encrypted", "authenticated", "compressed", "encrypted and authenticated"],
)
def test_another_kind_of_cms_is_called_so(kind: str) -> None:
    """It may well be as it should be, and is no signature."""
    with pytest.raises(UnsupportedSignatureError):
        _read(encode(0x30, encode(0x06, bytes.fromhex(kind)) + encode(0xA0, encode(0x30, b""))))
