"""Signatures in PEM (RFC 7468): decoded piece by piece, so that they may be of any size."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, BinaryIO, Final

from jpki.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEGIN: Final = b"-----BEGIN "
_END: Final = b"-----END "
_CHUNK: Final = 1024 * 1024
_LINE: Final = 256
_BLANKS: Final = b"\r\n\t "
_GROUP: Final = 4  # characters of base64 for three bytes


def _no_one(_: int) -> None:
    """Stand-in for a caller that shows no progress."""


def decode_pem(file: BinaryIO, *, advance: Callable[[int], None] = _no_one) -> Iterator[bytes]:
    """Decode the one object in a PEM file, from the file's present position; ``advance`` gets each piece read.

    Raises:
        DataError: it is not PEM, it is cut off, or something follows it.
    """
    begin = file.readline(_LINE)
    end = begin.replace(BEGIN, _END, 1).rstrip()
    rest = ahead = b""
    while _END not in ahead:
        chunk = file.read(_CHUNK)
        if not chunk:
            raise DataError("the PEM is cut off")
        advance(len(chunk))
        ahead += chunk
        # Keep the tail back: it may be part of the END line.
        certain = ahead.find(_END) if _END in ahead else max(0, len(ahead) - len(_END))
        rest += ahead[:certain].translate(None, _BLANKS)
        ahead = ahead[certain:]
        whole = len(rest) - len(rest) % _GROUP
        # Padding ends the data, so what has it is decoded last.
        whole -= _GROUP if rest[:whole].endswith(b"=") else 0
        yield _decode(rest[:whole])
        rest = rest[whole:]
    yield _decode(rest)
    ahead += file.read(_LINE)
    if ahead.strip() != end or any(chunk.strip() for chunk in iter(lambda: file.read(_CHUNK), b"")):
        raise DataError("the PEM has another end than beginning, or something stands behind it")


def _decode(text: bytes) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as exc:
        raise DataError("the PEM is no base64") from exc
