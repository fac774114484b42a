"""Data that a login key must not sign: with such a signature a login would become somebody's signed document."""

from __future__ import annotations

from typing import Final

from jpki.agent.errors import SignedAttributesError
from jpki.asn1.der import SEQUENCE, SET
from jpki.errors import TlvError
from jpki.iso7816.tlv import read_header

#: So many bytes of the beginning tell what data are.
LOOKED_AT: Final = 16


def require_no_signed_attributes(beginning: bytes, length: int) -> None:
    """Refuse what CMS signs in the place of a document: a ``SET OF Attribute`` and nothing else (RFC 5652, 5.4).

    The first bytes decide: a SET as long as the data, with a SEQUENCE in it, also where its length is not DER, since
    some programs verify what they find and encode nothing again.

    Raises:
        SignedAttributesError: it is one.
    """
    try:
        header = read_header(beginning)
    except TlvError:
        return
    if header.tag == SET and header.total == length and beginning[header.size : header.size + 1] == bytes((SEQUENCE,)):
        raise SignedAttributesError("a login key signs no documents")
