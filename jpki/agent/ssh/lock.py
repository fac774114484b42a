"""The lock of the SSH agent (``ssh-add -x``): a passphrase of which a slow hash is kept, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SALT: Final = 16
#: Cost of scrypt (RFC 7914): 16 MiB and some ten milliseconds.
_COST: Final = 2**14
_BLOCK: Final = 8
#: Each wrong passphrase makes the next answer later, by so much, up to ten seconds.
_DELAY: Final = 0.1
_MAX_DELAYS: Final = 100


class Lock:
    """Locks and unlocks; safe to use from several threads, which wait for each other's answer."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Begin unlocked."""
        self._sleep = sleep
        self._guard = threading.Lock()
        self._salt = b""
        self._hash: bytes | None = None
        self._mistakes = 0

    @property
    def is_locked(self) -> bool:
        """Whether it is locked."""
        return self._hash is not None

    def lock(self, passphrase: bytes) -> bool:
        """Lock; False where it is locked already."""
        with self._guard:
            if self._hash is not None:
                return False
            self._salt = os.urandom(_SALT)
            self._hash = self._hashed(passphrase)
            return True

    def unlock(self, passphrase: bytes) -> bool:
        """Unlock; False where it is not locked, or this is not the passphrase."""
        with self._guard:
            if self._hash is None:
                return False
            if not hmac.compare_digest(self._hashed(passphrase), self._hash):
                self._mistakes += 1
                self._sleep(_DELAY * min(self._mistakes, _MAX_DELAYS))
                return False
            self._hash, self._mistakes = None, 0
            return True

    def _hashed(self, passphrase: bytes) -> bytes:
        return hashlib.scrypt(passphrase, salt=self._salt, n=_COST, r=_BLOCK, p=1)
