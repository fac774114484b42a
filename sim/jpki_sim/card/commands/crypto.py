"""COMPUTE DIGITAL SIGNATURE, INTERNAL AUTHENTICATE and GET CHALLENGE (docs/card.md, 3.4 and 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_sim.card import rsa, sw
from jpki_sim.card.filesystem import EcPrivateKey, KeyFile
from jpki_sim.digests import sha256

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card.filesystem import ElementaryFile, PrivateKey, RsaPrivateKey
    from jpki_sim.card.security import CardState

    from .command import Command

_MESSAGE_MAX: Final = 255
_DEFAULT_KEY: Final = 0x00
_HASH_AS_IT_IS: Final = 0x00
_P384_SIGNATURE: Final = 96


def _sha256(message: bytes) -> bytes:
    if len(message) > _MESSAGE_MAX:
        raise ValueError("the card hashes messages of at most 255 bytes")
    return sha256(message)


def _checked(digest: bytes) -> bytes:
    if len(digest) != rsa.HASH_SIZE:
        raise ValueError("not a SHA-256 hash")
    return digest


def _pss(digest: bytes, key: RsaPrivateKey, random: Callable[[int], bytes]) -> bytes:
    return rsa.pad_pss(digest, random(rsa.HASH_SIZE), key.n.bit_length())


# By P1 (docs/card.md, 3.4): data, key and source of random bytes to the block that the key is applied to.
_SCHEMES: Final[tuple[Callable[[bytes, RsaPrivateKey, Callable[[int], bytes]], bytes], ...]] = (
    lambda data, key, _: rsa.pad_v15(data, key.size),
    lambda data, key, _: rsa.pad_v15(_sha256(data), key.size),
    lambda data, key, _: rsa.pad_v15(rsa.sha256_digest_info(_checked(data)), key.size),
    lambda data, key, _: rsa.pad_v15(rsa.sha256_digest_info(_sha256(data)), key.size),
    lambda data, key, random: _pss(_checked(data), key, random),
    lambda data, key, random: _pss(_sha256(data), key, random),
)


def compute_digital_signature(state: CardState, command: Command) -> bytes:
    """Sign with a private key of the application, with the padding that P1 names."""
    if command.p1 >= len(_SCHEMES):
        return sw.WRONG_P1_P2
    if not command.data or command.le is None:
        return sw.WRONG_LENGTH
    file = _default_key(state) if command.p2 == _DEFAULT_KEY else state.referenced(command.p2)
    if file is None:
        return sw.DATA_NOT_FOUND
    if not isinstance(file, KeyFile):
        return sw.WRONG_FILE_STRUCTURE
    if not file.can_sign:
        return sw.CONDITIONS
    if not file.use.is_met(state.verified):
        return sw.SECURITY_STATUS
    return _sign(state, command, file)


def _default_key(state: CardState) -> ElementaryFile | None:
    """Find the key that P2 = 00 means: the application's first one that signs without a PIN."""
    files = () if state.application is None else state.application.files.values()
    return next((file for file in files if isinstance(file, KeyFile) and file.can_sign and file.use.is_free), None)


def _sign(state: CardState, command: Command, file: KeyFile) -> bytes:
    key = file.key()
    if isinstance(key, EcPrivateKey) and command.p1 != _HASH_AS_IT_IS:
        return sw.WRONG_P1_P2
    size = _P384_SIGNATURE if isinstance(key, EcPrivateKey) else key.size
    if command.le is None or command.le < size:
        return sw.WRONG_LENGTH
    try:
        signature = _signature(state, command, key)
    except ValueError:
        return sw.CONDITIONS
    if command.p2 != _DEFAULT_KEY:
        state.file = file
    state.drop_after_signature(file)
    return signature + sw.OK


def _signature(state: CardState, command: Command, key: PrivateKey) -> bytes:
    if isinstance(key, EcPrivateKey):
        from jpki_sim.card import ecdsa

        return b"".join(number.to_bytes(ecdsa.SIZE) for number in ecdsa.sign(key, command.data))
    return rsa.private_operation(key, _SCHEMES[command.p1](command.data, key, state.random))


def internal_authenticate(state: CardState, command: Command) -> bytes:
    """Sign SHA-256 of a challenge of 1 to 255 bytes, with a key that is meant for it and needs no PIN."""
    if command.p1:
        return sw.WRONG_P1_P2
    if not 1 <= len(command.data) <= _MESSAGE_MAX or command.le is None:
        return sw.WRONG_LENGTH
    file = state.referenced(command.p2)
    if not isinstance(file, KeyFile):
        return sw.WRONG_FILE_STRUCTURE
    if not file.use.is_met(state.verified):
        return sw.SECURITY_STATUS
    if not file.internal_authenticate:
        return sw.CONDITIONS
    key = file.key()
    if isinstance(key, EcPrivateKey):
        return sw.CONDITIONS
    if command.le < key.size:
        return sw.WRONG_LENGTH
    state.file = file
    block = rsa.pad_v15(rsa.sha256_digest_info(_sha256(command.data)), key.size)
    return rsa.private_operation(key, block) + sw.OK


def get_challenge(state: CardState, command: Command) -> bytes:
    """Answer with as many random bytes as Le asks for, 1 to 256; the extended form is refused."""
    if command.p1 or command.p2:
        return sw.WRONG_P1_P2
    if command.extended:
        return sw.CONDITIONS
    if command.data or command.le is None:
        return sw.WRONG_LENGTH
    return state.random(command.le) + sw.OK
