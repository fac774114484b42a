"""What users run into, row by row, and which causes stand behind it (docs/troubleshooting.md has the sentences)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jpki.diagnosis.codes import Cause


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that users report; ``codes`` are what other programs show for it (PC/SC codes, SW: status words)."""

    name: str
    causes: tuple[Cause, ...]
    codes: tuple[str, ...] = ()


_NO_SERVICE: Final = "SCARD_E_NO_SERVICE 0x8010001D"
_NO_READERS: Final = "SCARD_E_NO_READERS_AVAILABLE 0x8010002E"
_STOPPED: Final = "SCARD_E_SERVICE_STOPPED 0x8010001E"
_LOST: Final = "SCARD_E_NOT_TRANSACTED 0x80100016"

ROWS: Final = (
    Row(
        "1",
        (
            Cause.LIBRARY_MISSING,
            Cause.SERVICE_MISSING,
            Cause.SERVICE_DISABLED,
            Cause.SERVICE_STOPPED,
            Cause.SERVICE_HANGS,
            Cause.SERVICE_FAILED,
        ),
        (_NO_SERVICE,),
    ),
    Row("2", (Cause.NO_READER, Cause.DRIVER_MISSING, Cause.READER_NOT_TAKEN), (_NO_READERS,)),
    Row("2a", (Cause.KERNEL_NFC_DRIVER,), (_NO_READERS,)),
    Row("2b", (Cause.RC_S380, Cause.DRIVER_TOO_OLD), (_NO_READERS,)),
    Row("2c", (Cause.USB_PERMISSION,), (_NO_READERS,)),
    Row("2d", (Cause.WSL,), (_NO_SERVICE, _NO_READERS)),
    Row("2e", (Cause.REMOTE_DESKTOP,), (_NO_SERVICE, _NO_READERS)),
    Row("2f", (Cause.READER_NOT_TAKEN,), (_NO_READERS,)),
    Row(
        "3",
        (Cause.NO_CARD, Cause.CARD_MUTE),
        (
            "SCARD_E_NO_SMARTCARD 0x8010000C",
            "SCARD_W_UNRESPONSIVE_CARD 0x80100066",
            "SCARD_W_UNPOWERED_CARD 0x80100067",
        ),
    ),
    Row("4", (Cause.PIN_BLOCKED, Cause.PIN_TRIES_USED), ("SW 63Cx", "SW 6983", "SW 6984")),
    Row(
        "5",
        (Cause.PERMISSION_DENIED, Cause.PERMISSION_REMOTE, Cause.PERMISSION_PROC_HIDDEN),
        ("SCARD_W_SECURITY_VIOLATION 0x8010006A", "SCARD_F_COMM_ERROR 0x80100013"),
    ),
    Row(
        "6",
        (Cause.EXCLUSIVE_USE, Cause.CARD_BUSY, Cause.READER_TAKEN_BY_GNUPG),
        ("SCARD_E_SHARING_VIOLATION 0x8010000B",),
    ),
    Row("7", (Cause.SERVICE_WAITS_FOR_READER, Cause.SERVICE_GONE), (_STOPPED, "SCARD_E_SYSTEM_CANCELLED 0x80100012")),
    Row(
        "8",
        (
            Cause.VIRTUAL_READERS_ONLY,
            Cause.VIRTUAL_READERS,
            Cause.SEVERAL_READERS,
            Cause.SEVERAL_CARDS,
            Cause.UNKNOWN_READER,
        ),
        ("SW 6A82",),
    ),
    Row("9", (Cause.CARD_RESET,), ("SCARD_W_RESET_CARD 0x80100068",)),
    Row(
        "10",
        (Cause.CARD_REMOVED, Cause.ANSWER_LOST, Cause.TIMEOUT, Cause.READER_FAILED, Cause.BAD_DATA),
        ("SCARD_W_REMOVED_CARD 0x80100069", _LOST),
    ),
    Row(
        "11",
        (
            Cause.CERTIFICATE_EXPIRED,
            Cause.CERTIFICATE_NOT_YET_VALID,
            Cause.CERTIFICATE_RENEWABLE,
            Cause.CERTIFICATE_ABSENT,
            Cause.CA_CERTIFICATE_OUT_OF_PERIOD,
        ),
    ),
    Row("12", (Cause.MACOS_DRIVER,), (_LOST,)),
    Row("13", (Cause.SANDBOX,), (_STOPPED, _NO_SERVICE)),
    Row(
        "14",
        (Cause.NOT_MY_NUMBER_CARD, Cause.OLD_JUKI_CARD, Cause.SMARTPHONE, Cause.CARD_REFUSED),
        ("SW 6A82", "SW 6E00", "SW 6D00"),
    ),
    Row("15", (Cause.SIGN_CERTIFICATE_CLOSED,), ("SW 6982",)),
    Row("16", (Cause.EXTENDED_APDU,), (_LOST, "SW 6700")),
    Row("17", (Cause.PYTHON_TOO_OLD, Cause.PYSCARD_MISSING, Cause.PYSCARD_TOO_OLD)),
    Row("18", (Cause.PIN_PAD, Cause.PIN_PAD_DOUBTFUL)),
    Row("19", (Cause.PROTOCOL_MISMATCH,), ("SCARD_E_PROTO_MISMATCH 0x8010000F",)),
    Row("20", (Cause.PIN_ABSENT, Cause.CERTIFICATE_ABSENT), ("SW 6A82",)),
    Row("21", (Cause.CERTIFICATE_DENIED, Cause.CERTIFICATE_MISSING), ("SW 6A82",)),
    Row(
        "privacy",
        (
            Cause.PIN_LOGGED_BY_SERVICE,
            Cause.PIN_LOGGED_BY_SPY,
            Cause.PIN_LOGGED_BY_DRIVER,
            Cause.PIN_LOGGED_BY_MACOS,
        ),
    ),
)
