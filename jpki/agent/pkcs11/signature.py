"""A signature that is under way in a session: what came so far, and what the key is to sign in the end."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, Final

from jpki.agent.cards import SignatureOrder
from jpki.crypto import Digest
from jpki.errors import DocumentDataError
from jpki.identifiers import CertificateKind
from jpki.signing.cms import require_login_data

from .call_error import CallError
from .constants import Rv

if TYPE_CHECKING:
    from .mechanisms import Scheme

#: Every key has 2048 bits.
SIGNATURE_BYTES: Final = 256
_MAX_DIGEST_INFO: Final = 256
#: So much is kept to see whether the data are the signed attributes of a document, which have some hundred bytes.
_LOOKED_AT: Final = 64 * 1024
#: What such attributes begin with, as they are signed and as they are stored.
_ATTRIBUTES: Final = (0x31, 0xA0)


class SignOperation:
    """One signature with one key: data come at once or in parts, and are hashed here if the mechanism says so."""

    def __init__(self, key: CertificateKind, certificate: bytes, scheme: Scheme) -> None:
        """Begin with no data."""
        self._key = key
        self._certificate = certificate
        self._scheme = scheme
        self._hash = hashlib.new(scheme.digest.value) if scheme.digest else None
        self._beginning = bytearray()
        self._length = 0
        #: Whether parts have come: then C_SignFinal ends it and not C_Sign.
        self.is_in_parts = False
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """Whether nobody has ended it before: of two threads of a program one gets the signature."""
        return self._claim.acquire(blocking=False)

    def add(self, data: bytes) -> None:
        """Take data.

        Raises:
            CallError: more than a hash where the program does the hashing.
        """
        self._length += len(data)
        if self._hash is None:
            if self._length > _MAX_DIGEST_INFO:
                raise CallError(Rv.DATA_LEN_RANGE)
            self._beginning += data
            return
        self._hash.update(data)
        if len(self._beginning) < _LOOKED_AT:
            self._beginning += data[: _LOOKED_AT - len(self._beginning)]

    def order(self) -> SignatureOrder:
        """Return what is to be signed.

        Raises:
            CallError: the program's hash has another form than it must have.
            DocumentDataError: the login key was to sign a document.
        """
        if self._hash is not None and self._scheme.digest is not None:
            if self._key is CertificateKind.AUTH:
                self._require_login_data()
            digest_name, digest = self._scheme.digest, self._hash.digest()
        else:
            digest_name, digest = self._given_digest(bytes(self._beginning))
        return SignatureOrder(self._key, self._certificate, digest_name, digest, self._scheme.is_pss)

    def _require_login_data(self) -> None:
        if self._length <= _LOOKED_AT:
            require_login_data(bytes(self._beginning))
        elif self._beginning[0] in _ATTRIBUTES:  # made long, so that nobody looks
            raise DocumentDataError("the data may be the attributes of a document signature")

    def _given_digest(self, data: bytes) -> tuple[Digest, bytes]:
        """Take the hash out of what the program made: with PSS it is the hash, else a DigestInfo of SHA-2."""
        if self._scheme.is_pss:
            if len(data) != hashlib.sha256().digest_size:
                raise CallError(Rv.DATA_LEN_RANGE)
            return Digest.SHA256, data
        for digest_name in Digest:
            size = hashlib.new(digest_name.value).digest_size
            if data == digest_name.info(data[-size:].rjust(size, b"\0")):
                return digest_name, data[-size:]
        raise CallError(Rv.DATA_INVALID)


class DigestOperation:
    """A SHA-256 hash that is being made here, for programs that want it from the token that signs."""

    def __init__(self) -> None:
        """Begin with no data."""
        self._hash = hashlib.sha256()
        self.size = self._hash.digest_size

    def add(self, data: bytes) -> None:
        """Take data."""
        self._hash.update(data)

    def result(self) -> bytes:
        """Return the hash of all data."""
        return self._hash.digest()
