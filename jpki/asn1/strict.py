"""The one way into asn1crypto, which by itself reads lazily and forgives much.

What comes out of :func:`parse` has been read to its last byte, and writing it again gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from jpki.errors import CertificateError, TlvError

from .der import check_nesting

if TYPE_CHECKING:
    from collections.abc import Callable

    from asn1crypto import core

_T = TypeVar("_T")

#: The deepest nesting in these certificates is 9, in the distribution points.
MAX_NESTING: Final = 16
# What asn1crypto raises over bytes of the wrong form; it ships no types, so what it returns is Any.
_FAULTS: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


def parse(kind: type[core.Asn1Value], data: bytes, what: str, take: Callable[[Any], _T]) -> _T:
    """Read ``data`` as an asn1crypto type, completely, and ``take`` from it what is wanted.

    ``what`` names the type in errors. ``take`` runs in here because asn1crypto can raise over every value that is asked
    of it.

    Raises:
        CertificateError: not DER, not this type, bytes left over, or nested deeper than any certificate of this card.
    """
    try:
        check_nesting(data, MAX_NESTING)
        value = kind.load(data, strict=True)
        _ = value.native
        if value.copy().dump(force=True) == data:
            return take(value)
    except TlvError as exc:
        raise CertificateError(f"{what}: {exc}") from exc
    except _FAULTS:
        # The cause is left out: asn1crypto quotes the bytes, which are personal data.
        raise CertificateError(f"{what}: not of the form that X.509 wants") from None
    raise CertificateError(f"{what}: not written as DER wants it")
