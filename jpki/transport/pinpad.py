"""Readers on whose own keys a PIN is typed, so that it never comes to this computer (PC/SC v2, part 10).

A reader reports its features and the control code of each. Two of them are used: it asks for a PIN, puts it into a
command, and sends that to the card (VERIFY_PIN_DIRECT); and it asks for a new PIN twice and does the same
(MODIFY_PIN_DIRECT). Sections in comments are those of PC/SC part 10, revision 2.02.09.

pyscard's own PCSCPart10 is not used: it works on pyscard's connection objects, which this package avoids, trusts the
lengths that a reader gives, and builds neither of the two structures.
"""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from jpki.errors import AnswerLostError, CardTimeoutError, TransportError

if TYPE_CHECKING:
    from .base import CardConnection

#: Seconds after which the reader gives up when nothing is typed: as much as every reader takes.
ENTRY_SECONDS: Final = 60

_FUNCTION: Final = 3400  # CM_IOCTL_GET_FEATURE_REQUEST, 2.2
_VERIFY_PIN_DIRECT: Final = 0x06
_MODIFY_PIN_DIRECT: Final = 0x07
_FEATURE_BYTES: Final = 6  # tag, length 4, control code in big-endian order
_CODE_BYTES: Final = 4

# 2.5.2 and 2.5.3. Units are bytes, the PIN begins at the first data byte, on the left, in ASCII.
_FORMAT_STRING: Final = 0x82
_LENGTH_NOT_INSERTED: Final = 0x00
_VALIDATION_KEY: Final = 0x02  # the entry ends with the key for it, so that a slip can be corrected
_CONFIRM_NEW: Final = 0x01  # the new PIN twice; the current one was verified before
_ENGLISH: Final = 0x0409
_ASK: Final = 0
_ASK_NEW: Final = 1
_ASK_AGAIN: Final = 2
_NO_PROLOGUE: Final = bytes(3)  # of T=1; drivers fill it in

# How long the call may take: the reader ends each entry by itself, and the card gets its time after that.
_MARGIN_SECONDS: Final = 30.0


@runtime_checkable
class ReaderControl(Protocol):
    """What a connection offers beside a :class:`jpki.transport.base.CardConnection`: a way to the reader itself."""

    def control(self, code: int, data: bytes | bytearray, *, timeout: float | None = None) -> bytes:
        """Send a control code to the reader; ``timeout`` in seconds for what a person does there."""
        ...


def control_code(function: int) -> int:
    """Number of a reader's function on this system (SCARD_CTL_CODE)."""
    return 0x31 << 16 | function << 2 if sys.platform == "win32" else 0x42000000 + function


@dataclass(frozen=True, slots=True)
class PinPadReader:
    """A reader with keys; ``modify_code`` is None if it cannot ask for a new PIN."""

    connection: ReaderControl
    verify_code: int
    modify_code: int | None

    def verify(self, command: bytes, digits: int) -> bytes:
        """Have a PIN of exactly ``digits`` digits typed and sent in ``command``; the reader's or the card's answer.

        ``command`` is the whole APDU, whose data field, of as many bytes, the reader fills in.
        """
        return self._ask(self.verify_code, verify_structure(command, digits), entries=1)

    def modify(self, command: bytes, digits: int) -> bytes:
        """Have a new PIN typed twice and sent in ``command``; as :meth:`verify`.

        Raises:
            TransportError: the reader cannot do this.
        """
        if self.modify_code is None:
            raise TransportError("this reader cannot ask for a new PIN")
        return self._ask(self.modify_code, modify_structure(command, digits), entries=2)

    def _ask(self, code: int, structure: bytes, *, entries: int) -> bytes:
        answer = self.connection.control(code, structure, timeout=entries * ENTRY_SECONDS + _MARGIN_SECONDS)
        if not answer:
            raise AnswerLostError("the reader gave no answer (SCardControl)")
        return answer


def verify_structure(command: bytes, digits: int) -> bytes:
    """Build PIN_VERIFY_STRUCTURE (2.5.2), little-endian as drivers take it on every machine."""
    head = struct.pack(
        "<BBBBBHBBHB3s",
        ENTRY_SECONDS,
        0,  # no other time after the first key
        _FORMAT_STRING,
        digits,  # bytes of the block that the PIN fills
        _LENGTH_NOT_INSERTED,
        digits << 8 | digits,  # shortest and longest
        _VALIDATION_KEY,
        1,
        _ENGLISH,
        _ASK,
        _NO_PROLOGUE,
    )
    return head + struct.pack("<I", len(command)) + command


def modify_structure(command: bytes, digits: int) -> bytes:
    """Build PIN_MODIFY_STRUCTURE (2.5.3) for a command that carries the new PIN alone."""
    head = struct.pack(
        "<BBBBBBBHBBBHBBB3s",
        ENTRY_SECONDS,
        0,
        _FORMAT_STRING,
        digits,
        _LENGTH_NOT_INSERTED,
        0,  # where the current PIN would go
        0,  # where the new one goes
        digits << 8 | digits,
        _CONFIRM_NEW,
        _VALIDATION_KEY,
        2,
        _ENGLISH,
        _ASK_NEW,
        _ASK_AGAIN,
        0,
        _NO_PROLOGUE,
    )
    return head + struct.pack("<I", len(command)) + command


def parse_features(answer: bytes) -> dict[int, int]:
    """Control code of each feature; none where the answer is not a list of features."""
    if len(answer) % _FEATURE_BYTES:
        return {}
    entries = [answer[i : i + _FEATURE_BYTES] for i in range(0, len(answer), _FEATURE_BYTES)]
    if any(entry[1] != _CODE_BYTES for entry in entries):
        return {}
    return {entry[0]: int.from_bytes(entry[2:]) for entry in entries}


def find_pin_pad(connection: CardConnection) -> PinPadReader | None:
    """Ask the reader of an open card for its keys; None if it has none.

    A reader that does not know the question answers with an error, each with its own; so any error means none, except
    where the reader or the service did not come back in time.
    """
    if not isinstance(connection, ReaderControl):
        return None
    try:
        features = parse_features(connection.control(control_code(_FUNCTION), b""))
    except CardTimeoutError:
        raise
    except TransportError:
        return None
    verify_code = features.get(_VERIFY_PIN_DIRECT)
    if verify_code is None:
        return None
    return PinPadReader(connection, verify_code, features.get(_MODIFY_PIN_DIRECT))
