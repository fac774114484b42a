"""What a login key does not sign: the attributes of a document signature.

A document signature is made over a SET OF Attribute that holds the document's hash (RFC 5652, 5.4). Whoever has a
login key sign these very bytes as a challenge has a document signature of its holder. No protocol that logs anybody in
signs such bytes, so nothing is lost by refusing them.
"""

from __future__ import annotations

from typing import Final

from jpki.asn1 import DerReader, der
from jpki.errors import DocumentDataError, TlvError

from .ber import to_der

_SET_IN_PLACE: Final = 0xA0


def require_login_data(data: bytes) -> None:
    """Refuse data that are, as a whole, the signed attributes of a document.

    Raises:
        DocumentDataError: they are.
    """
    if is_attribute_set(data):
        raise DocumentDataError("the data are the attributes of a document signature")


def is_attribute_set(data: bytes) -> bool:
    """Whether all of ``data`` is one SET OF Attribute, in BER or DER, also tagged as it is stored (``[0]``)."""
    try:
        whole = DerReader(to_der(data))
        tag, content, _ = whole.take_any()
        return tag in (der.SET, _SET_IN_PLACE) and _are_attributes(content)
    except TlvError:
        return False


def _are_attributes(content: bytes) -> bool:
    """Whether each is a SEQUENCE of a type and a set of values."""
    attributes = DerReader(content)
    while not attributes.is_empty:
        attribute = attributes.enter(der.SEQUENCE)
        attribute.take(der.OBJECT_IDENTIFIER)
        attribute.take(der.SET)
        attribute.finish()
    return True
