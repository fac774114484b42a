"""Command and response APDUs (ISO/IEC 7816-4, 5.1): four cases, short and extended length fields."""

from __future__ import annotations

from dataclasses import dataclass

from jpki.errors import ApduError

from .redact import command_name, describe_command, describe_response
from .status import StatusWord

_SHORT_LC_MAX = 255
_SHORT_LE_MAX = 256
_EXTENDED_LC_MAX = 65535
_EXTENDED_LE_MAX = 65536


@dataclass(frozen=True, slots=True, repr=False)
class CommandApdu:
    """A command. ``le`` is the number of bytes wanted, 1 to 65536; None means that no Le field is sent at all.

    Raises:
        ValueError: a header byte outside 0..255, more than 65535 data bytes, or an Le outside 1..65536.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    def __post_init__(self) -> None:
        for byte in (self.cla, self.ins, self.p1, self.p2):
            if not 0 <= byte <= 0xFF:
                raise ValueError("a header byte is outside 0..255")
        if len(self.data) > _EXTENDED_LC_MAX:
            raise ValueError("more than 65535 data bytes")
        if self.le is not None and not 1 <= self.le <= _EXTENDED_LE_MAX:
            raise ValueError("Le is outside 1..65536")

    @property
    def name(self) -> str:
        """ISO name of the command."""
        return command_name(self.cla, self.ins)

    @property
    def is_extended(self) -> bool:
        """Whether the length fields need the extended form."""
        return len(self.data) > _SHORT_LC_MAX or (self.le or 0) > _SHORT_LE_MAX

    def __bytes__(self) -> bytes:
        """Encode; both length fields are short or both extended, never mixed."""
        out = bytes((self.cla, self.ins, self.p1, self.p2))
        if not self.is_extended:
            if self.data:
                out += bytes((len(self.data),)) + self.data
            return out if self.le is None else out + bytes((self.le & 0xFF,))
        out += b"\0"
        if self.data:
            out += len(self.data).to_bytes(2) + self.data
        return out if self.le is None else out + (self.le & 0xFFFF).to_bytes(2)

    @classmethod
    def from_bytes(cls, raw: bytes) -> CommandApdu:
        """Decode any of the four cases.

        Raises:
            ApduError: the length fields and the number of bytes do not agree.
        """
        if len(raw) < 4:
            raise ApduError("a command APDU has at least four bytes")
        data, le = _split_body(raw[4:])
        return cls(raw[0], raw[1], raw[2], raw[3], data, le)

    def __repr__(self) -> str:
        return f"<{describe_command(self.cla, self.ins, self.p1, self.p2, self.data, self.le)}>"


def _split_body(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    if len(body) == 1:
        return b"", body[0] or _SHORT_LE_MAX
    if body[0]:
        return _split_short(body)
    return _split_extended(body)


def _split_short(body: bytes) -> tuple[bytes, int | None]:
    end = 1 + body[0]
    if len(body) == end:
        return body[1:], None
    if len(body) == end + 1:
        return body[1:end], body[end] or _SHORT_LE_MAX
    raise ApduError("Lc does not agree with the length of the APDU")


def _split_extended(body: bytes) -> tuple[bytes, int | None]:
    if len(body) < 3:
        raise ApduError("an extended length field has three bytes")
    first = int.from_bytes(body[1:3])
    if len(body) == 3:
        return b"", first or _EXTENDED_LE_MAX
    end = 3 + first
    if first and len(body) == end:
        return body[3:], None
    if first and len(body) == end + 2:
        return body[3:end], int.from_bytes(body[end:]) or _EXTENDED_LE_MAX
    raise ApduError("Lc does not agree with the length of the APDU")


@dataclass(frozen=True, slots=True, repr=False)
class ResponseApdu:
    """A response: its data and its status word."""

    data: bytes
    sw: StatusWord

    @classmethod
    def from_bytes(cls, raw: bytes) -> ResponseApdu:
        """Split what the card sent into data and status word.

        Raises:
            ApduError: fewer than two bytes, so there is no status word.
        """
        if len(raw) < 2:
            raise ApduError("the card answered without a status word")
        return cls(raw[:-2], StatusWord(int.from_bytes(raw[-2:])))

    def __bytes__(self) -> bytes:
        """The data followed by the status word, as the card sent them."""
        return self.data + self.sw.to_bytes(2)

    def __repr__(self) -> str:
        return f"<{describe_response(self.data, self.sw)}>"
