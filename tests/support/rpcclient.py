"""A client of p11-kit's remote procedure calls that is not p11-kit's own: it sends what that one never would.

Written from the description in docs/pkcs11.md and p11-kit's rpc-message.h, not from the program under test.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

HANDSHAKE = b"PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1"
RSA_PKCS, RSA_PKCS_PSS, SHA256_RSA_PKCS, SHA256_RSA_PKCS_PSS = 0x1, 0xD, 0x40, 0x43
INITIALIZE, FINALIZE, GET_SLOT_LIST, GET_TOKEN_INFO, GET_MECHANISM_LIST, OPEN_SESSION = 1, 2, 4, 6, 7, 10
CLOSE_SESSION, CLOSE_ALL, SESSION_INFO, LOGIN, LOGOUT, GET_ATTRIBUTES = 11, 12, 13, 18, 19, 24
FIND_INIT, FIND, FIND_FINAL, SIGN_INIT, SIGN, SIGN_UPDATE, SIGN_FINAL, WAIT = 26, 27, 28, 42, 43, 44, 45, 66
SIGNATURES = {
    INITIALIZE: "ayyay",
    FINALIZE: "",
    3: "",
    GET_SLOT_LIST: "yfu",
    5: "u",
    GET_TOKEN_INFO: "u",
    GET_MECHANISM_LIST: "ufu",
    8: "uu",
    OPEN_SESSION: "uu",
    CLOSE_SESSION: "u",
    CLOSE_ALL: "u",
    SESSION_INFO: "u",
    16: "ufy",
    LOGIN: "uuay",
    LOGOUT: "u",
    GET_ATTRIBUTES: "uufA",
    FIND_INIT: "uaA",
    FIND: "ufu",
    FIND_FINAL: "u",
    37: "uM",
    38: "uayfy",
    39: "uay",
    41: "ufy",
    SIGN_INIT: "uMu",
    SIGN: "uayfy",
    SIGN_UPDATE: "uay",
    SIGN_FINAL: "ufy",
    64: "uay",
    65: "ufy",
    WAIT: "u",
    68: "uu",
}

#: Values of CK_RV that tests ask for by name (PKCS #11 3.1, 5.1).
CKR_FUNCTION_CANCELED, CKR_PIN_INCORRECT, CKR_PIN_LOCKED = 0x50, 0xA0, 0xA4


class RvError(Exception):
    """The answer is a CK_RV."""

    def __init__(self, rv: int) -> None:
        """Keep it."""
        super().__init__(hex(rv))
        self.rv = rv


def uint32(value: int) -> bytes:
    """Four bytes."""
    return struct.pack(">I", value)


def ulong(value: int) -> bytes:
    """A CK_ULONG."""
    return struct.pack(">Q", value)


def array(value: bytes) -> bytes:
    """A byte array with its length."""
    return uint32(len(value)) + value


def given(value: bytes | None) -> bytes:
    """An ``ay``: validity, then the array or its length."""
    return b"\0" + uint32(0) if value is None else b"\1" + array(value)


def body(number: int, *values: bytes) -> bytes:
    """The body of a call."""
    return uint32(number) + array(SIGNATURES[number].encode()) + b"".join(values)


def mechanism(kind: int, pss: tuple[int, int, int] | None = None, *, new_coding: bool = False) -> bytes:
    """A mechanism in the coding before or from p11-kit 0.25.6."""
    parameters = b"" if pss is None else b"".join(map(ulong, pss))
    if new_coding:
        return uint32(kind) + (b"\1" + parameters if pss else b"")
    return uint32(kind) + (parameters if pss else uint32(0xFFFFFFFF))


class RpcClient:
    """Calls a module by ``ask``, which takes a body and gives the body of the answer."""

    def __init__(self, ask: Callable[[bytes], bytes]) -> None:
        """Initialise."""
        self._ask = ask
        self.call(INITIALIZE, given(HANDSHAKE), b"\0", given(b"\0"))

    def call(self, number: int, *values: bytes) -> bytes:
        """Make a call and return the values of its answer."""
        answer = self._ask(body(number, *values))
        found, length = struct.unpack_from(">II", answer)
        values_at = 8 + length
        if found == 0:
            assert answer[8:values_at] == b"u"
            raise RvError(struct.unpack(">Q", answer[values_at:])[0])
        assert found == number
        return answer[values_at:]

    def slots(self) -> list[int]:
        """Slots with a token."""
        return self._numbers(self.call(GET_SLOT_LIST, b"\1", uint32(16)))

    @staticmethod
    def _numbers(answer: bytes) -> list[int]:
        valid, count = struct.unpack_from(">BI", answer)
        return list(struct.unpack_from(f">{count}Q", answer, 5)) if valid else [count]

    def mechanisms(self, slot: int) -> list[int]:
        """Mechanisms of a slot."""
        return self._numbers(self.call(GET_MECHANISM_LIST, ulong(slot), uint32(16)))

    def open(self, slot: int = 1, flags: int = 4) -> int:
        """Open a session."""
        return self._ulong(self.call(OPEN_SESSION, ulong(slot), ulong(flags)))

    @staticmethod
    def _ulong(answer: bytes) -> int:
        return int.from_bytes(answer)

    def token_flags(self, slot: int = 1) -> int:
        """Flags of a token."""
        answer = self.call(GET_TOKEN_INFO, ulong(slot))
        flags_at = (4 + 32) * 2 + (4 + 16) * 2
        return int.from_bytes(answer[flags_at : flags_at + 8])

    def find(self, session: int, **template: bytes) -> list[int]:
        """Find objects by their class: ``cls`` is the value."""
        items = b"".join(uint32(0) + b"\1" + uint32(8) + value for value in template.values())
        self.call(FIND_INIT, ulong(session), uint32(len(template)) + items)
        found = self._numbers(self.call(FIND, ulong(session), uint32(16)))
        self.call(FIND_FINAL, ulong(session))
        return found

    def private_key(self, session: int) -> int:
        """Find the private key."""
        return self.find(session, cls=ulong(3))[0]

    def bytes_attribute(self, session: int, handle: int, attribute: int) -> bytes:
        """Read an attribute that is bytes."""
        answer = self.call(GET_ATTRIBUTES, ulong(session), ulong(handle), uint32(1) + uint32(attribute) + uint32(4096))
        length = struct.unpack_from(">I", answer, 4 + 4 + 1 + 4)[0]
        return answer[17 : 17 + length]

    def login(self, session: int, pin: bytes | None, user: int = 1) -> None:
        """Log in."""
        self.call(LOGIN, ulong(session), ulong(user), given(pin))

    def sign_init(self, session: int, kind: int = SHA256_RSA_PKCS, **kwargs: Any) -> None:
        """Begin a signature with the private key."""
        key = self.private_key(session)
        self.call(SIGN_INIT, ulong(session), mechanism(kind, **kwargs) + ulong(key))

    def sign(self, session: int, data: bytes = b"data", kind: int = SHA256_RSA_PKCS, **kwargs: Any) -> bytes:
        """Sign in one part."""
        self.sign_init(session, kind, **kwargs)
        return self.sign_only(session, data)

    def rv_of_sign(self, session: int) -> int:
        """Sign; 0 or the CK_RV."""
        try:
            self.sign(session)
        except RvError as exc:
            return exc.rv
        return 0

    def sign_only(self, session: int, data: bytes = b"data", room: int = 256) -> bytes:
        """End a signature that was begun."""
        answer = self.call(SIGN, ulong(session), given(data), uint32(room))
        valid, length = struct.unpack_from(">BI", answer)
        return answer[5 : 5 + length] if valid else b""
