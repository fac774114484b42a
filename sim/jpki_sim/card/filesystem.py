"""What a simulated card holds: applications (DF), elementary files (EF) and internal files (IEF) with PINs and keys.

These are plain data. What a command does with them is in :mod:`jpki_sim.card.card`; where the bytes come from is
in :mod:`jpki_sim.contents.profile`. Identifiers are written from docs/card.md, never imported from
:mod:`jpki.identifiers`: a wrong identifier must not be able to pass on both sides.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

#: The bytes of a transparent EF, or a function that makes them when they are read for the first time.
Content = bytes | Callable[[], bytes]


class ReadCondition(NamedTuple):
    """Which reference data open a file: any one of these IEF identifiers of the same DF.

    ``FREE`` needs none; an empty set that is not FREE means that nothing opens the file.
    """

    any_of: frozenset[int] = frozenset()
    is_free: bool = False

    def is_met(self, verified: set[int]) -> bool:
        """Whether one of the verified IEFs opens the file."""
        return self.is_free or not self.any_of.isdisjoint(verified)


FREE = ReadCondition(is_free=True)
NEVER = ReadCondition()


def any_of(*ef_ids: int) -> ReadCondition:
    """Condition that one of these IEFs has been verified."""
    return ReadCondition(frozenset(ef_ids))


@dataclass(slots=True)
class TransparentFile:
    """An EF read with READ BINARY."""

    ef_id: int
    content: Content
    read: ReadCondition = FREE

    def data(self) -> bytes:
        """Bytes of the file, made once and kept."""
        if not isinstance(self.content, bytes):
            self.content = self.content()
        return self.content


@dataclass(slots=True)
class RecordFile:
    """An EF read with READ RECORD; record 1 is ``records[0]``."""

    ef_id: int
    records: tuple[bytes, ...]
    read: ReadCondition = FREE


class ChangeCommand(enum.Enum):
    """Which command replaces reference data after its VERIFY (card.md, 2.5)."""

    ISO = "00 24 01 80"
    JICSAP = "80 32 00 80"


@dataclass(slots=True)
class ReferenceData:
    """An IEF that holds a PIN, with its retry counter.

    ``pin`` is its key in the card file (``auth``, ``visual-b`` …). ``retry_limit`` None means without limit.
    ``is_blocked_as_issued`` marks the key that answers 63C0 to an empty VERIFY and 6984 to any other, from
    the factory.
    """

    ef_id: int
    pin: str
    value: bytes = field(repr=False)
    retry_limit: int | None
    retries_remaining: int
    change: ChangeCommand | None = None
    length: tuple[int, int] = (1, 16)
    alphabet: bytes = b"0123456789"
    is_blocked_as_issued: bool = False


class RsaPrivateKey(NamedTuple):
    """An RSA private key as plain numbers, in CRT form."""

    n: int
    e: int
    d: int
    p: int
    q: int
    dp: int
    dq: int
    qinv: int

    def __repr__(self) -> str:
        return "<RsaPrivateKey>"

    @property
    def size(self) -> int:
        """Length of the modulus in bytes."""
        return (self.n.bit_length() + 7) // 8


class EcPrivateKey(NamedTuple):
    """A private key of P-384 as plain numbers, with its public point."""

    d: int
    x: int
    y: int

    def __repr__(self) -> str:
        return "<EcPrivateKey>"


PrivateKey = RsaPrivateKey | EcPrivateKey


@dataclass(slots=True)
class KeyFile:
    """An IEF that holds a private key.

    ``use`` is the condition for COMPUTE DIGITAL SIGNATURE; ``internal_authenticate`` says whether the key
    answers INTERNAL AUTHENTICATE (no PIN needed).
    """

    ef_id: int
    key: Callable[[], PrivateKey]
    use: ReadCondition = FREE
    internal_authenticate: bool = False
    can_sign: bool = True


@dataclass(slots=True)
class OpaqueKeyFile:
    """An IEF that exists and whose use is not known; it answers as a key that was never verified."""

    ef_id: int
    status_sw: int = 0x63C0


ElementaryFile = TransparentFile | RecordFile | ReferenceData | KeyFile | OpaqueKeyFile


@dataclass(slots=True)
class DedicatedFile:
    """A card application: its name (AID) and its files."""

    df_name: bytes
    label: str
    files: dict[int, ElementaryFile]
    fci: bytes = b""

    @classmethod
    def of(cls, df_name: str, label: str, files: list[ElementaryFile], fci: bytes = b"") -> DedicatedFile:
        """Build from the name in hex and a list of files."""
        return cls(bytes.fromhex(df_name), label, {file.ef_id: file for file in files}, fci)


@dataclass(slots=True)
class CardImage:
    """Everything that a card holds, in the order in which partial selection finds the applications.

    ``data_objects`` are the answers to GET DATA at the MF, by tag. ``last_command_indicator`` is the answer to
    ``80 FC 00 00``, which only the iPhone profile knows; None refuses the command as a plastic card does.
    """

    applications: list[DedicatedFile]
    data_objects: dict[int, bytes] = field(default_factory=dict)
    last_command_indicator: bytes | None = None

    def reference_data(self) -> dict[str, ReferenceData]:
        """All PINs by their key in the card file."""
        return {
            file.pin: file
            for application in self.applications
            for file in application.files.values()
            if isinstance(file, ReferenceData)
        }
