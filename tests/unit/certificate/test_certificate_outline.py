"""The outline gives the period that the whole certificate has, and takes none that is not there to its end."""

import pytest

from jpki.card.outline import CertificateOutline, check_total_length, read_outline
from jpki.certificate import MAX_CERTIFICATE, Validity, read_summary
from jpki.errors import CertificateError
from jpki.iso7816 import encode

_ALGORITHM = bytes.fromhex("300D06092A864886F70D01010B0500")
_PERIOD = encode(0x30, encode(0x17, b"230101000000Z") * 2)


def _certificate(
    version: str = "A003020102",
    serial: str = "020105",
    issuer: bytes = b"\x30\x00",
    period: bytes = _PERIOD,
    behind: bytes = b"",
    signature: bytes = bytes.fromhex("030100"),
) -> bytes:
    tbs = bytes.fromhex(version + serial) + _ALGORITHM + issuer + period + behind
    return encode(0x30, encode(0x30, tbs) + _ALGORITHM + signature)


def test_the_first_256_bytes_of_every_persona_hold_it(persona_certificates: dict[str, bytes]) -> None:
    """For every beginning there is nothing, or the period and lengths of the whole; the seam is where it should be."""
    for name, certificate in persona_certificates.items():
        found = [read_outline(certificate[:length]) for length in range(len(certificate) + 1)]
        first = next(length for length, outline in enumerate(found) if outline is not None)
        (outline,) = set(found[first:])
        assert outline is not None
        assert first <= 256, name
        summary = read_summary(certificate)
        assert outline.validity == Validity(summary.not_before, summary.not_after), name
        assert outline.end == len(certificate), name
        check_total_length(outline, certificate[outline.tbs_end :][:32])


@pytest.mark.parametrize(
    "certificate",
    [
        _certificate(version="A003020101"),
        _certificate(serial="020100"),
        _certificate(issuer=b"\x30\x01"),
        _certificate(issuer=b"\x31\x00"),
        _certificate(period=encode(0x30, encode(0x17, b"230101000000Z"))),
        _certificate(period=encode(0x30, encode(0x17, b"231301000000Z") * 2)),
        _certificate(behind=bytes(MAX_CERTIFICATE)),
        bytes.fromhex("3003020105"),
        bytes.fromhex("31053003020105"),
    ],
)
def test_a_beginning_that_is_none_is_refused_when_all_is_there(certificate: bytes) -> None:
    """Before that more bytes are asked for, as they might be what is missing."""
    with pytest.raises(CertificateError):
        read_outline(certificate)
    assert read_outline(certificate[:-1]) is None


@pytest.mark.parametrize("data", ["", "30", "3082", "308206293082"])
def test_a_cut_header_has_no_outline_yet(data: str) -> None:
    """More bytes may come."""
    assert read_outline(bytes.fromhex(data)) is None


def test_a_long_issuer_is_waited_for() -> None:
    """Where the period stands behind the first 256 bytes it is found there."""
    issuer = encode(0x30, encode(0x31, encode(0x30, bytes.fromhex("060355040A") + encode(0x0C, b"x" * 300))))
    certificate = _certificate(issuer=issuer)
    assert read_outline(certificate[:256]) is None
    assert read_outline(certificate[:400]) is not None


def _outline(certificate: bytes) -> CertificateOutline:
    outline = read_outline(certificate)
    assert outline is not None
    return outline


@pytest.mark.parametrize(
    ("seam", "is_right"),
    [
        (_ALGORITHM + bytes.fromhex("030100"), True),
        (_ALGORITHM + bytes.fromhex("030200"), False),
        (_ALGORITHM + bytes.fromhex("040100"), False),
        (b"\x31" + _ALGORITHM[1:] + bytes.fromhex("030100"), False),
        (_ALGORITHM, False),
        (_ALGORITHM[:4], False),
        (b"", False),
    ],
)
def test_what_follows_the_signed_part_must_reach_the_end(seam: bytes, *, is_right: bool) -> None:
    """Algorithm and signature fill what the whole certificate's length leaves, or its length is wrong."""
    outline = _outline(_certificate())
    if is_right:
        check_total_length(outline, seam)
        return
    with pytest.raises(CertificateError):
        check_total_length(outline, seam)
