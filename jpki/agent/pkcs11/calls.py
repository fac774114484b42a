"""The calls of PKCS #11 as p11-kit numbers them, and what each carries.

A body is the number of the call, a byte array with the signature of what follows, and the values. Only calls that this
server answers with something else than CKR_FUNCTION_NOT_SUPPORTED are read further than their number.

===== ===================================================================
``u`` CK_ULONG
``y`` CK_BYTE
``z`` text
``ay`` byte array: a validity byte, then the array, or only its length
``fy`` room for bytes: uint32; 0: only the size is wanted
``fu`` room for CK_ULONGs, the same
``aA`` attributes of a search
``fA`` attributes that are asked for
``M``  mechanism with its parameters
===== ===================================================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .attributes import read_template, read_wanted
from .mechanisms import read_last_mechanism, read_mechanism
from .wire import NO_ARRAY, Reader, WireError, Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from .constants import Rv

#: Number of the answer that carries a CK_RV instead of values.
ERROR: Final = 0
#: The call whose byte array is a PIN.
C_LOGIN: Final = 18
_DIGEST_INIT: Final = 37
#: The last number that a p11-kit of today sends (C_DeriveKey2).
LAST: Final = 88


class Call(NamedTuple):
    """A call: its name, and the signatures of request and answer."""

    name: str
    request: str
    answer: str


CALLS: Final = {
    1: Call("C_Initialize", "ayyay", ""),
    2: Call("C_Finalize", "", ""),
    3: Call("C_GetInfo", "", "vsusv"),
    4: Call("C_GetSlotList", "yfu", "au"),
    5: Call("C_GetSlotInfo", "u", "ssuvv"),
    6: Call("C_GetTokenInfo", "u", "ssssuuuuuuuuuuuvvs"),
    7: Call("C_GetMechanismList", "ufu", "au"),
    8: Call("C_GetMechanismInfo", "uu", "uuu"),
    10: Call("C_OpenSession", "uu", "u"),
    11: Call("C_CloseSession", "u", ""),
    12: Call("C_CloseAllSessions", "u", ""),
    13: Call("C_GetSessionInfo", "u", "uuuu"),
    16: Call("C_GetOperationState", "ufy", "ay"),
    18: Call("C_Login", "uuay", ""),
    19: Call("C_Logout", "u", ""),
    24: Call("C_GetAttributeValue", "uufA", "aAu"),
    26: Call("C_FindObjectsInit", "uaA", ""),
    27: Call("C_FindObjects", "ufu", "au"),
    28: Call("C_FindObjectsFinal", "u", ""),
    37: Call("C_DigestInit", "uM", ""),
    38: Call("C_Digest", "uayfy", "ay"),
    39: Call("C_DigestUpdate", "uay", ""),
    41: Call("C_DigestFinal", "ufy", "ay"),
    42: Call("C_SignInit", "uMu", ""),
    43: Call("C_Sign", "uayfy", "ay"),
    44: Call("C_SignUpdate", "uay", ""),
    45: Call("C_SignFinal", "ufy", "ay"),
    64: Call("C_SeedRandom", "uay", ""),
    65: Call("C_GenerateRandom", "ufy", "ay"),
    66: Call("C_WaitForSlotEvent", "u", "u"),
    68: Call("C_SessionCancel", "uu", ""),
}
_PARTS: Final = re.compile("ay|fy|fu|aA|fA|[uyzM]")


class Request(NamedTuple):
    """A call that was read: its number, the call, and its arguments in order."""

    number: int
    call: Call
    arguments: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"<Request {self.call.name}>"


class UnknownCallError(Exception):
    """A call that no card can do, or that there is not; ``number`` is as it was sent."""

    def __init__(self, number: int) -> None:
        """Keep the number."""
        super().__init__(f"call {number} is not answered")
        self.number = number


def read_request(body: bytes | bytearray) -> Request:
    """Read the body of a frame.

    Raises:
        UnknownCallError: a call that is not in :data:`CALLS`.
        WireError: the values have another form than the call's signature says, or the signature is another.
    """
    reader = Reader(body)
    number = reader.uint32()
    call = CALLS.get(number)
    if call is None:
        raise UnknownCallError(number)
    if reader.array() != call.request.encode():
        raise WireError("the call has another signature")
    arguments = tuple(_reader_of(number, part)(reader) for part in _PARTS.findall(call.request))
    reader.end()
    return Request(number, call, arguments)


def _reader_of(number: int, part: str) -> Callable[[Reader], Any]:
    if number == C_LOGIN and part == "ay":
        return Reader.secret
    # Only the bytes behind a mechanism tell which of two codings it has; here nothing comes behind it.
    return read_last_mechanism if number == _DIGEST_INIT and part == "M" else _READERS[part]


def _bytes(reader: Reader) -> bytes | None:
    """Read a byte array that may be a null pointer, with or without a length."""
    if reader.byte():
        return reader.array()
    reader.uint32()
    return None


def _room(reader: Reader) -> int | None:
    """Read the room in the caller's buffer; None: there is no buffer, only the size is wanted."""
    length = reader.uint32()
    if length == NO_ARRAY:
        return 0
    return length or None


_READERS: Final[dict[str, Callable[[Reader], Any]]] = {
    "u": Reader.ulong,
    "y": Reader.byte,
    "z": Reader.array,
    "ay": _bytes,
    "fy": _room,
    "fu": _room,
    "aA": read_template,
    "fA": read_wanted,
    "M": read_mechanism,
}


def answer_to(number: int) -> Writer:
    """Begin the body of the answer to a call."""
    return Writer().uint32(number).array(CALLS[number].answer.encode())


def error(rv: Rv) -> bytes:
    """Make the body of an answer that carries a CK_RV."""
    return Writer().uint32(ERROR).array(b"u").ulong(rv).done()
