"""What a file is, by its beginning and regardless of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

#: RFC 7468, and what gpgsm and old versions of OpenSSL write.
_PEM_LABELS: Final = tuple(
    b"-----BEGIN " + name + b"-----" for name in (b"CMS", b"PKCS7", b"SIGNED MESSAGE", b"PKCS #7 SIGNED DATA")
)
SEQUENCE: Final = b"\x30"
_OID_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
#: What is examined to recognise a file: a PEM may have text before it, and a mail headers.
LOOKED_AT: Final = 64 * 1024
_DER_LOOKED_AT: Final = 32


def looks_like_cms(path: Path) -> bool:
    """Whether a file is a SignedData by its beginning, in PEM, DER or mail, regardless of its name."""
    from jpki.signing.cms import looks_like_mail

    with path.open("rb") as file:
        begin = file.read(LOOKED_AT)
    is_binary = begin[:1] == SEQUENCE and _OID_SIGNED_DATA in begin[:_DER_LOOKED_AT]
    return is_binary or pem_start(begin) is not None or looks_like_mail(begin)


def pem_start(begin: bytes) -> int | None:
    """Where a PEM begins, at the beginning of a line; or None."""
    found = [at for label in _PEM_LABELS if (at := (b"\n" + begin).find(b"\n" + label)) >= 0]
    return min(found, default=None)
