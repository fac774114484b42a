"""The only way to turn an APDU into text: what is not known to be harmless is hidden.

Shown are data and Lc of commands whose data field names a file, an offset or nothing at all. Every other command —
VERIFY, CHANGE REFERENCE DATA, the Juki application's CHANGE KEY, RESET RETRY COUNTER, chained and secured commands,
and any command that this table does not know — hides both, because the length of a PIN is a secret too. Response data
is personal on this card and is shown as a length unless the caller asks for it, and never after a VERIFY.
"""

from __future__ import annotations

from typing import Final

# (CLA, INS) of commands whose data field may be shown. ISO/IEC 7816-4 names.
_SHOWN: Final = {
    (0x00, 0xA4): "SELECT",
    (0x00, 0xB0): "READ BINARY",
    (0x00, 0xB2): "READ RECORD",
    (0x00, 0x84): "GET CHALLENGE",
    (0x00, 0xCA): "GET DATA",
    (0x00, 0xC0): "GET RESPONSE",
}
# Names of the others that this card family knows (card.md, sections 2 and 3).
_HIDDEN: Final = {
    (0x00, 0x20): "VERIFY",
    (0x00, 0x24): "CHANGE REFERENCE DATA",
    (0x00, 0x2C): "RESET RETRY COUNTER",
    (0x00, 0x82): "EXTERNAL AUTHENTICATE",
    (0x00, 0x88): "INTERNAL AUTHENTICATE",
    (0x80, 0x2A): "COMPUTE DIGITAL SIGNATURE",
    (0x80, 0x32): "CHANGE KEY",
    (0x80, 0x54): "UNLOCK KEY",
    (0x80, 0xAE): "SET SESSION KEY",
    (0x80, 0xA2): "VERIFY CERTIFICATE",
}
_INS_VERIFY: Final = 0x20
#: Commands after which response data is never shown: from then on the card gives out what a PIN protects.
SECRET_INSTRUCTIONS: Final = frozenset({0x20, 0x21, 0x24, 0x25, 0x2C, 0x2D, 0x32, 0xAE})


def command_name(cla: int, ins: int) -> str:
    """Name of a command, or its CLA and INS in hex."""
    key = (cla, ins)
    return _SHOWN.get(key) or _HIDDEN.get(key) or f"{cla:02X} {ins:02X}"


def is_shown(cla: int, ins: int) -> bool:
    """Whether a command's data field is shown, because it names a file, an offset or nothing at all."""
    return (cla, ins) in _SHOWN


def describe_command(cla: int, ins: int, p1: int, p2: int, data: bytes, le: int | None) -> str:
    """One line for a command APDU; data and Lc only where they cannot be secret."""
    head = f"{command_name(cla, ins)} {cla:02X} {ins:02X} {p1:02X} {p2:02X}"
    if not data:
        body = " (no data)" if ins == _INS_VERIFY else ""
    elif is_shown(cla, ins):
        body = f" {len(data):02X} {data.hex(' ').upper()}"
    else:
        body = " [hidden]"
    return f"{head}{body}{'' if le is None else f' Le={le}'}"


def describe_raw(command: bytes) -> str:
    """One line for bytes that are no APDU: their header at most, never what follows it."""
    return f"[no APDU] {command[:4].hex(' ').upper()}{' [hidden]' if len(command) > 4 else ''}"


def describe_response(data: bytes, sw: int, *, show_data: bool = False) -> str:
    """One line for a response APDU; the data as a length unless ``show_data``."""
    if not data:
        return f"{sw:04X}"
    return f"{data.hex(' ').upper() if show_data else f'[{len(data)} bytes]'} {sw:04X}"
