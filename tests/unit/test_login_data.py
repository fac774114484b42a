"""What the login key does not sign: the attributes of a document signature."""

from __future__ import annotations

import pytest
from cmsforge import NOW, attribute, binding, holder, oid, time
from hypothesis import given, strategies as st

from jpki.errors import DocumentDataError
from jpki.iso7816 import encode
from jpki.signing.cms import is_attribute_set, require_login_data

MEMBERS = (
    attribute("content_type", oid("data")),
    attribute("message_digest", encode(0x04, bytes(32))),
    attribute("signing_time", time(NOW)),
    attribute("signing_certificate_v2", binding(holder().certificate)),
)
ALL = b"".join(sorted(MEMBERS))


@pytest.mark.parametrize(
    "data",
    [
        encode(0x31, ALL),
        encode(0x31, MEMBERS[0] + MEMBERS[1]),
        encode(0x31, MEMBERS[1]),
        encode(0x31, b"".join(MEMBERS)),  # not in DER's order: some verifiers sort
        encode(0xA0, ALL),  # as it is stored
        b"\x31\x80" + ALL + b"\0\0",  # no length given
        b"\x31\x83\x00" + len(ALL).to_bytes(2) + ALL,  # a length longer than it need be
    ],
    ids=["usual", "fewest", "hash only", "unsorted", "as stored", "indefinite", "long length"],
)
def test_attributes_are_refused_in_every_form(data: bytes) -> None:
    """Whatever encoding a verifier might accept."""
    assert is_attribute_set(data)
    with pytest.raises(DocumentDataError):
        require_login_data(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(32),
        b"SSHSIG" + bytes(40),
        encode(0x31, ALL) + b"x",
        b"x" + encode(0x31, ALL),
        encode(0x31, ALL)[:-1],
        encode(0x30, ALL),
        encode(0x31, encode(0x02, b"\1")),
        encode(0x31, encode(0x30, oid("data"))),
        encode(0x31, ALL + encode(0x04, b"x")),
    ],
    ids=["empty", "zeros", "SSHSIG", "longer", "later", "cut", "sequence", "number", "no values", "something else"],
)
def test_other_data_are_signed(data: bytes) -> None:
    """No verifier takes these for attributes."""
    assert not is_attribute_set(data)
    require_login_data(data)


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    """Never an error but the refusal."""
    assert is_attribute_set(b"\x31" + data) in (True, False)


def test_endless_nesting_has_an_answer() -> None:
    """Deeper than any signature is nothing that one accepts."""
    assert not is_attribute_set(b"\x31\x80" * 2000)
