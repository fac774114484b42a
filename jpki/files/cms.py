"""Signing a file as CMS: hashed once, signed, and refused where it changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.errors import FileError
from jpki.signing.cms import frame, signed_attributes, signer_info
from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from jpki.signing import SigningKey
    from jpki.signing.cms import SignedDataFrame

    from .following import Following
    from .job import SigningJob

_CHUNK: Final = 1024 * 1024
_PEM_LINE_BYTES: Final = 48  # they make a line of 64 characters


@dataclass(frozen=True, slots=True)
class _FileState:
    """By what a file is seen to be the same as before: its size in bytes, and when it was last changed."""

    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file to be signed as CMS, as it was before it was hashed."""

    job: SigningJob
    seen: _FileState
    digest: bytes
    following: Following

    def sign(self, key: SigningKey, now: datetime) -> Callable[[], Iterator[bytes]]:
        """Have the card sign the attributes; the result gives the pieces of the signature file."""
        certificates = [key.certificate] + ([key.ca_certificate] if key.ca_certificate else [])
        attributes = signed_attributes(self.digest, self.job.digest_name, key.certificate, now)
        signature = key.sign(self.job.digest_name, attributes.digest)

        def pieces() -> Iterator[bytes]:
            # The service is asked when the transaction is over: the card does not have to wait.
            info = signer_info(attributes, key.certificate, signature, _time_stamp(self.job, signature))
            length = self.seen.size if self.job.is_attached else None
            return _pieces(self, frame(info, self.job.digest_name, certificates, content_length=length))

        return pieces


def _time_stamp(job: SigningJob, signature: bytes) -> bytes:
    """What stands beside the signature and is not signed: its time stamp, if one is wanted."""
    if job.time_stamps is None:
        return b""
    from jpki.signing.cms import unsigned_attributes

    return unsigned_attributes(job.time_stamps.stamp(job.digest_name, signature))


def hash_file(job: SigningJob, following: Following) -> Hashed:
    """Hash a file, once, as it is now."""
    from jpki.signing.cms import hash_stream

    seen = _state(job.source)
    with (
        following.show(M("Reading {path}", path=job.source.name), seen.size) as shown,
        job.source.open("rb") as file,
    ):
        digest = hash_stream(file, job.digest_name, advance=shown.advance)
    return Hashed(job, seen, digest, following)


def _state(source: Path) -> _FileState:
    found = source.stat()
    return _FileState(found.st_size, found.st_mtime_ns)


def _pieces(item: Hashed, built: SignedDataFrame) -> Iterator[bytes]:
    pieces = _with_content(item, built) if item.job.is_attached else _without_content(item, built)
    return _pem(pieces) if item.job.is_pem else pieces


def _without_content(item: Hashed, built: SignedDataFrame) -> Iterator[bytes]:
    """A signature beside a file that is another one meanwhile would not be this file's."""
    if _state(item.job.source) != item.seen:
        raise FileError("file_changed", item.job.source)
    yield built.head


def _with_content(item: Hashed, built: SignedDataFrame) -> Iterator[bytes]:
    """The content between head and tail; a file that changed since it was hashed makes no signature."""
    import hashlib

    digest = hashlib.new(item.job.digest_name.value)
    yield built.head
    with (
        item.following.show(M("Writing {path}", path=item.job.source.name), item.seen.size) as shown,
        item.job.source.open("rb") as file,
    ):
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            shown.advance(len(chunk))
            yield chunk
    if digest.digest() != item.digest:
        raise FileError("file_changed", item.job.source)
    yield built.tail


def _pem(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Write PEM (RFC 7468) as the pieces come."""
    from base64 import b64encode

    yield b"-----BEGIN CMS-----\n"
    rest = b""
    for piece in pieces:
        data = rest + piece
        whole = len(data) - len(data) % _PEM_LINE_BYTES
        rest = data[whole:]
        lines = (b64encode(data[i : i + _PEM_LINE_BYTES]) for i in range(0, whole, _PEM_LINE_BYTES))
        yield b"".join(line + b"\n" for line in lines)
    yield b64encode(rest) + b"\n" if rest else b""
    yield b"-----END CMS-----\n"
