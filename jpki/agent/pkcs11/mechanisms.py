"""Mechanisms: the two codings of p11-kit, which of them the card's keys do, and with which parameters.

Until 0.25.5 p11-kit writes the type and then the parameters, and an empty byte array where there are none. From 0.25.6
on it writes the type alone, or the type, a byte that says that parameters follow, and the parameters. No version number
tells the two apart; the bytes that are left before the key handle do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jpki.crypto import Digest

from .constants import MGF1_SHA256, Mechanism, Rv
from .wire import NO_ARRAY, Reader, WireError

#: Bytes of the key handle that comes after the mechanism in C_SignInit.
_KEY_HANDLE: Final = 8
_PSS_PARAMETERS: Final = 24
#: The only salt length that the card's PSS has (docs/card.md, 3.4): as long as the hash.
PSS_SALT: Final = 32
#: What the two forms leave between the type and the key handle.
_NONE: Final = (0, 1, 4)
_GIVEN: Final = {_PSS_PARAMETERS: False, 1 + _PSS_PARAMETERS: True}

#: By mechanism: the hash function that is done here, None where the program does it.
_SCHEMES: Final = {
    Mechanism.RSA_PKCS: (False, None),
    Mechanism.SHA256_RSA_PKCS: (False, Digest.SHA256),
    Mechanism.SHA384_RSA_PKCS: (False, Digest.SHA384),
    Mechanism.SHA512_RSA_PKCS: (False, Digest.SHA512),
    Mechanism.RSA_PKCS_PSS: (True, None),
    Mechanism.SHA256_RSA_PKCS_PSS: (True, Digest.SHA256),
}

KEY_MECHANISMS: Final = tuple(_SCHEMES)


@dataclass(frozen=True, slots=True)
class MechanismValue:
    """A mechanism as it was sent: its type, and the three parameters of RSA-PSS where they came with it."""

    type: int
    pss: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a key is to sign; ``digest`` is the hash function that is done here, None: the program has done it."""

    is_pss: bool
    digest: Digest | None


def read_mechanism(reader: Reader) -> MechanismValue:
    """Read a mechanism that only a key handle follows.

    Raises:
        WireError: what is left is neither coding.
    """
    return _read(reader, _KEY_HANDLE)


def read_last_mechanism(reader: Reader) -> MechanismValue:
    """Read a mechanism that nothing follows; raises as :func:`read_mechanism`."""
    return _read(reader, 0)


def _read(reader: Reader, behind: int) -> MechanismValue:
    kind = reader.uint32()
    left = reader.remaining - behind
    if left in _GIVEN:
        if _GIVEN[left] and not reader.byte():
            raise WireError("a mechanism announces no parameters and has some")
        return MechanismValue(kind, (reader.ulong(), reader.ulong(), reader.ulong()))
    if left not in _NONE:
        raise WireError("a mechanism has parameters of an unknown form")
    _require_nothing(reader.take(left))
    return MechanismValue(kind)


def _require_nothing(rest: bytes) -> None:
    """Accept an empty byte array, none, or a byte that says that nothing follows."""
    if rest not in (b"", b"\0", NO_ARRAY.to_bytes(4), bytes(4)):
        raise WireError("a mechanism has parameters of an unknown form")


def scheme_of(mechanism: MechanismValue) -> Scheme | Rv:
    """Return how a key is to sign, or why it cannot."""
    if mechanism.type not in _SCHEMES:
        return Rv.MECHANISM_INVALID
    is_pss, digest = _SCHEMES[Mechanism(mechanism.type)]
    wanted = (Mechanism.SHA256, MGF1_SHA256, PSS_SALT) if is_pss else None
    return Scheme(is_pss, digest) if mechanism.pss == wanted else Rv.MECHANISM_PARAM_INVALID


def offered(client_version: int) -> list[int]:
    """List the mechanisms for a client.

    p11-kit before 0.25 does not carry PSS with the hash done here. SHA-256 alone is there for Java, which does PSS only
    with a token that has the hash function too.
    """
    found = [*KEY_MECHANISMS, Mechanism.SHA256]
    if client_version < 1:
        found.remove(Mechanism.SHA256_RSA_PKCS_PSS)
    return [int(mechanism) for mechanism in found]
