"""ECDSA on P-384 in plain integers, for the experimental card of the next generation (docs/certificates.md, 3.6).

Nonces are made from key and hash (RFC 6979), so that the same card signs the same bytes again. It computes in a time
that depends on the key: its keys are TEST keys, and a real one must never be used with it.
"""

from __future__ import annotations

import hmac
from typing import Final

from .filesystem import EcPrivateKey

#: P-384 of FIPS 186-4, D.1.2.4: field, order, coefficient b and base point; a is -3.
FIELD: Final = 2**384 - 2**128 - 2**96 + 2**32 - 1
ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973
B: Final = 0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF
BASE: Final = (
    0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
)
#: Bytes of a number of the field, and of a SHA-384 hash.
SIZE: Final = 48

_Point = tuple[int, int] | None  # None is the point at infinity


def _add(first: _Point, second: _Point) -> _Point:
    if first is None:
        return second
    if second is None:
        return first
    (x1, y1), (x2, y2) = first, second
    if x1 == x2 and (y1 + y2) % FIELD == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, FIELD) if first == second else (y2 - y1) * pow(x2 - x1, -1, FIELD)
    x3 = (slope * slope - x1 - x2) % FIELD
    return x3, (slope * (x1 - x3) - y1) % FIELD


def _multiply(factor: int, point: _Point) -> _Point:
    result: _Point = None
    for bit in f"{factor:b}":
        result = _add(result, result)
        if bit == "1":
            result = _add(result, point)
    return result


def private_key(d: int) -> EcPrivateKey:
    """A private key with its public point.

    Raises:
        ValueError: no private key of this curve.
    """
    public = _multiply(d, BASE) if 0 < d < ORDER else None
    if public is None:
        raise ValueError("not a private key of P-384")
    return EcPrivateKey(d, *public)


def sign(key: EcPrivateKey, digest: bytes) -> tuple[int, int]:
    """The two numbers of a signature over a SHA-384 hash.

    Raises:
        ValueError: not a hash of 48 bytes.
    """
    if len(digest) != SIZE:
        raise ValueError("not a SHA-384 hash")
    number = int.from_bytes(digest)
    state, key_bytes = b"\x01" * SIZE, bytes(SIZE)
    seed = key.d.to_bytes(SIZE) + (number % ORDER).to_bytes(SIZE)
    for mark in (b"\x00", b"\x01"):
        key_bytes = _hmac(key_bytes, state + mark + seed)
        state = _hmac(key_bytes, state)
    while True:
        state = _hmac(key_bytes, state)
        nonce = int.from_bytes(state)
        if 0 < nonce < ORDER and (point := _multiply(nonce, BASE)) is not None:
            r = point[0] % ORDER
            s = pow(nonce, -1, ORDER) * (number + r * key.d) % ORDER
            if r and s:
                return r, s
        key_bytes = _hmac(key_bytes, state + b"\x00")
        state = _hmac(key_bytes, state)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha384")
