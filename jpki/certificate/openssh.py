"""A certificate's public key as a line for ``authorized_keys``."""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from jpki.errors import CertificateError

from .summary import split


def openssh_public_key(certificate: bytes, comment: str = "") -> str:
    """Write a certificate's public key in the form of OpenSSH, in one line without its end.

    The line holds the key and ``comment`` only, nothing else of the certificate.

    Raises:
        CertificateError: not a certificate, or a key of a kind that OpenSSH does not know.
        ValueError: the comment is longer than a line.
    """
    if not comment.isprintable():
        raise ValueError("the comment of an OpenSSH key is one line of printable characters")
    encoded = split(certificate).public_key
    try:
        key = load_der_public_key(encoded)
        if not isinstance(key, (RSAPublicKey, EllipticCurvePublicKey)):
            raise CertificateError("public key: OpenSSH takes RSA and EC keys from certificates")
        line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise CertificateError("public key: not one that OpenSSH knows") from exc
    return f"{line} {comment}" if comment else line
