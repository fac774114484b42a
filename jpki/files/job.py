"""One file to sign, and where its signature goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from jpki.crypto import Digest
    from jpki.signing import SigningKey, TimeStampService
    from jpki.signing.pdf import SignaturePlace


class Target(Protocol):
    """Where a signature is written: a file (:class:`jpki.files.target.FileTarget`), or something like one."""

    @property
    def path(self) -> Path | None:
        """The file; None if it is not one."""
        ...

    def write_made(self, make: Callable[[], Iterable[bytes]]) -> None:
        """Write pieces that cannot be made again; whole, or not at all."""
        ...


@dataclass(frozen=True, slots=True)
class SigningJob:
    """One file to sign, and where its signature goes; with a ``place`` it is a PDF, and is signed inside.

    ``time_stamps`` is the service that states when, asked once the card has signed.
    """

    source: Path
    target: Target
    digest_name: Digest
    is_attached: bool = False
    is_pem: bool = False
    place: SignaturePlace | None = None
    time_stamps: TimeStampService | None = None


class Prepared(Protocol):
    """A file of which everything but the signature is made."""

    @property
    def job(self) -> SigningJob:
        """What is signed."""
        ...

    def sign(self, key: SigningKey, now: datetime) -> Callable[[], Iterator[bytes]]:
        """Have the card sign; the result gives the pieces of the signed file, after the transaction."""
        ...
