"""How a signature says that it was made: which parameters of PSS are accepted."""

from __future__ import annotations

import pytest
from cmsforge import algorithm, oid

from jpki.asn1 import der
from jpki.crypto import Digest, Padding, Scheme
from jpki.iso7816 import encode
from jpki.signing.cms.schemes import read_scheme

SHA256 = der.read_only(algorithm("sha256"), der.SEQUENCE).take(der.OBJECT_IDENTIFIER)


def pss(*, salt: bytes | None = None, trailer: bytes = b"") -> Scheme | None:
    """The scheme of PSS with SHA-256, this salt length and this trailer, both as the bytes of a number."""
    mask = encode(0x30, oid("mgf1") + algorithm("sha256"))
    members = encode(0xA0, algorithm("sha256")) + encode(0xA1, mask)
    members += encode(0xA2, encode(0x02, salt)) if salt is not None else b""
    members += encode(0xA3, encode(0x02, trailer)) if trailer else b""
    return read_scheme(SHA256, algorithm("rsa_pss", encode(0x30, members)))


@pytest.mark.parametrize(
    ("salt", "length"), [(None, 20), (b"\x00", 0), (b"\x01", 1), (b"\x20", 32), (b"\x04\x00", 1024)]
)
def test_a_salt_has_any_length_that_fits(salt: bytes | None, length: int) -> None:
    """None at all and the longest included; left out it is 20 (RFC 8017, A.2.3)."""
    assert pss(salt=salt) == Scheme(Padding.PSS, Digest.SHA256, Digest.SHA256, length)


@pytest.mark.parametrize("salt", [b"\xff", b"\x04\x01"])
def test_no_salt_is_negative_or_longer_than_a_key(salt: bytes) -> None:
    """Such a signature names no scheme that is accepted."""
    assert pss(salt=salt) is None


def test_the_trailer_is_the_one_there_is() -> None:
    """It may be written out."""
    assert pss(salt=b"\x20", trailer=b"\x01") == pss(salt=b"\x20")
    assert pss(salt=b"\x20", trailer=b"\x02") is None
