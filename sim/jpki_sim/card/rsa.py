"""The private-key operation of a TEST card: plain RSA with the Chinese remainder theorem.

Python's ``pow`` takes a time that depends on the key, so a real key must never be used here. Padding follows
RFC 8017: EMSA-PKCS1-v1_5 around whatever data is given (9.2, without looking at the DigestInfo), and EMSA-PSS
with SHA-256, MGF1 with SHA-256 and a salt as long as the hash (9.1.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_sim.digests import sha256

if TYPE_CHECKING:
    from .filesystem import RsaPrivateKey

#: EMSA-PKCS1-v1_5 takes this many bytes of the block: 00 01, at least eight FF, 00.
V15_OVERHEAD: Final = 11
#: Length of a SHA-256 hash, and of the salt that PSS uses with it.
HASH_SIZE: Final = 32
#: DigestInfo of SHA-256 up to the hash, with its NULL parameter (RFC 8017, 9.2, note 1).
SHA256_DIGEST_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")


def private_operation(key: RsaPrivateKey, block: bytes) -> bytes:
    """Raise the block to the private exponent; the result is as long as the modulus.

    Raises:
        ValueError: the block as a number is not below the modulus.
    """
    number = int.from_bytes(block)
    if number >= key.n:
        raise ValueError("the block is not below the modulus")
    at_p = pow(number % key.p, key.dp, key.p)
    at_q = pow(number % key.q, key.dq, key.q)
    quotient = (key.qinv * (at_p - at_q)) % key.p
    return (at_q + quotient * key.q).to_bytes(key.size)


def pad_v15(data: bytes, size: int) -> bytes:
    """Put EMSA-PKCS1-v1_5 padding before the data.

    Raises:
        ValueError: more than ``size`` - 11 bytes.
    """
    if len(data) > size - V15_OVERHEAD:
        raise ValueError("too many bytes for PKCS#1 v1.5 padding")
    return b"\0\1" + b"\xff" * (size - 3 - len(data)) + b"\0" + data


def sha256_digest_info(digest: bytes) -> bytes:
    """Wrap a SHA-256 hash in its DigestInfo."""
    return SHA256_DIGEST_INFO + digest


def pad_pss(digest: bytes, salt: bytes, modulus_bits: int) -> bytes:
    """Encode a SHA-256 hash with EMSA-PSS; the block is one bit shorter than the modulus.

    Raises:
        ValueError: the modulus is too short for the hash and the salt.
    """
    bits = modulus_bits - 1
    size = (bits + 7) // 8
    zeros = size - len(salt) - HASH_SIZE - 2
    if zeros < 0:
        raise ValueError("the modulus is too short for PSS")
    check = sha256(bytes(8) + digest + salt)
    plain = bytes(zeros) + b"\1" + salt
    masked = bytearray(a ^ b for a, b in zip(plain, _mgf1(check, len(plain)), strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + check + b"\xbc"


def _mgf1(seed: bytes, size: int) -> bytes:
    """Mask generation function of RFC 8017, B.2.1, with SHA-256."""
    blocks = -(-size // HASH_SIZE)
    return b"".join(sha256(seed + index.to_bytes(4)) for index in range(blocks))[:size]
