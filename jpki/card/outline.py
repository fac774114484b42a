"""The outline of a certificate: its period, and whether it is there to its end, for three short reads of it.

The period stands in the first 256 bytes of a certificate of this card, which has about 1.6 KB (docs/card.md, 1.2). On
the contact interface a byte takes about a millisecond, so who wants the period only reads no more than this; what is
between is not looked at, and nothing here is proved. Everything else begins with the whole certificate
(:mod:`jpki.certificate.summary`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.asn1 import DerReader, der
from jpki.certificate import MAX_CERTIFICATE, Validity, read_tbs_prefix
from jpki.errors import CertificateError, TlvError
from jpki.iso7816 import read_header

if TYPE_CHECKING:
    from jpki.identifiers import CertificateKind
    from jpki.iso7816 import TlvHeader

    from .my_number_card import MyNumberCard

#: The signature algorithm of RSA has 15 bytes and that of ECDSA 12; the header of the signature has at most 5.
_SEAM: Final = 32


class CertificateOutline(NamedTuple):
    """Period and lengths, as the first bytes tell them: the ends of what is signed, and of all."""

    validity: Validity
    tbs_end: int
    end: int


def read_outline(beginning: bytes) -> CertificateOutline | None:
    """Read the outline from the first bytes of a certificate; None where more are needed.

    Raises:
        CertificateError: all bytes are there, and they do not begin as a DER certificate of version 3 does.
    """
    is_cut = True
    try:
        outer = read_header(beginning)
        is_cut = outer.total > len(beginning)
        inner = read_header(beginning, outer.size)
        return CertificateOutline(
            read_tbs_prefix(_tbs(beginning, outer, inner)).validity, outer.size + inner.total, outer.total
        )
    except TlvError as exc:
        if is_cut:
            return None
        raise CertificateError(f"not a certificate: {exc}") from exc


def _tbs(beginning: bytes, outer: TlvHeader, inner: TlvHeader) -> DerReader:
    if (outer.tag, inner.tag) != (der.SEQUENCE, der.SEQUENCE) or outer.total > MAX_CERTIFICATE:
        raise TlvError("it is no sequence of sequences, or too long")
    start = outer.size + inner.size
    return DerReader(beginning[start : start + inner.length])


def check_total_length(outline: CertificateOutline, seam: bytes) -> None:
    """Compare what follows the signed part, its algorithm and the header of its signature, with the certificate's end.

    Raises:
        CertificateError: the lengths do not add up.
    """
    try:
        algorithm = read_header(seam)
        signature = read_header(seam, algorithm.total)
    except TlvError as exc:
        raise CertificateError(f"not a certificate: {exc}") from exc
    end = outline.tbs_end + algorithm.total + signature.total
    if (algorithm.tag, signature.tag, end) != (der.SEQUENCE, der.BIT_STRING, outline.end):
        raise CertificateError("not a certificate: its parts do not make up the whole")


def read_validity(card: MyNumberCard, kind: CertificateKind) -> Validity:
    """Read a certificate's period from the card: three reads where it stands in the first 256 bytes, as it does.

    Raises:
        SecurityStatusError: the PIN has not been verified.
        FileNotFoundOnCardError: the card has no such file.
        DataError: the file holds something else, or ends too early.
    """
    beginning = card.read_certificate(kind, is_enough=lambda data: read_outline(data) is not None)
    outline = read_outline(beginning)
    if outline is None:
        raise CertificateError("not a certificate: it ends before its period does")
    check_total_length(outline, card.card.read_current_ef(outline.tbs_end, _SEAM))
    card.card.read_current_ef(outline.end - 1, 1)
    return outline.validity
