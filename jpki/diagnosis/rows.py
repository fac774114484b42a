"""What users run into, row by row; which causes explain, each of which names its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jpki.diagnosis.causes import ALL_CAUSES, Cause
from jpki.words import M, Message


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that users report; ``codes`` are what other programs show for it (PC/SC codes, SW: status words)."""

    name: str
    symptom: Message
    codes: tuple[str, ...] = ()

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What may be behind it."""
        return tuple(cause for cause in ALL_CAUSES if self.name in cause.rows)


_NO_SERVICE: Final = "SCARD_E_NO_SERVICE 0x8010001D"
_NO_READERS: Final = "SCARD_E_NO_READERS_AVAILABLE 0x8010002E"
_STOPPED: Final = "SCARD_E_SERVICE_STOPPED 0x8010001E"
_LOST: Final = "SCARD_E_NOT_TRANSACTED 0x80100016"

ROWS: Final = (
    Row(
        "1",
        M("“Service not available”, “resource manager is not running”, or no reader is found at all"),
        (_NO_SERVICE,),
    ),
    Row("2", M("The reader is plugged in, but no program sees it"), (_NO_READERS,)),
    Row(
        "2a",
        M("The light of a contactless reader (ACR122U, other PN53x) is off; LIBUSB_ERROR_BUSY in the log"),
        (_NO_READERS,),
    ),
    Row("2b", M("A Sony PaSoRi works on Windows and never on Linux"), (_NO_READERS,)),
    Row("2c", M("The reader worked until an update; LIBUSB_ERROR_ACCESS in the log"), (_NO_READERS,)),
    Row("2d", M("In Linux inside Windows (WSL) there is no reader"), (_NO_SERVICE, _NO_READERS)),
    Row("2e", M("Over Remote Desktop there is no reader, although the service runs"), (_NO_SERVICE, _NO_READERS)),
    Row(
        "2f",
        M(
            "On Windows, the reader was connected before its driver was installed, or drivers of several makers are "
            "installed"
        ),
        (_NO_READERS,),
    ),
    Row(
        "3",
        M("“The card cannot be read”, or nothing happens when it is put on the reader"),
        (
            "SCARD_E_NO_SMARTCARD 0x8010000C",
            "SCARD_W_UNRESPONSIVE_CARD 0x80100066",
            "SCARD_W_UNPOWERED_CARD 0x80100067",
        ),
    ),
    Row(
        "4",
        M("“Wrong password”, then “locked”; it is not clear which PIN is asked for"),
        ("SW 63Cx", "SW 6983", "SW 6984"),
    ),
    Row(
        "5",
        M("The service is running, but access is denied: through SSH, from cron, in a container, as a service"),
        ("SCARD_W_SECURITY_VIOLATION 0x8010006A", "SCARD_F_COMM_ERROR 0x80100013"),
    ),
    Row("6", M("“Sharing violation”, or the program hangs"), ("SCARD_E_SHARING_VIOLATION 0x8010000B",)),
    Row(
        "7",
        M("After the reader was unplugged and connected again, every program fails until it is restarted"),
        (_STOPPED, "SCARD_E_SYSTEM_CANCELLED 0x80100012"),
    ),
    Row("8", M("A program uses the wrong reader: Windows Hello, a security key, an empty slot"), ("SW 6A82",)),
    Row("9", M("It fails in the middle, and works when it is tried again"), ("SCARD_W_RESET_CARD 0x80100068",)),
    Row(
        "10",
        M("“Card removed”, “transaction failed”, or an error that says “command successful”"),
        ("SCARD_W_REMOVED_CARD 0x80100069", _LOST),
    ),
    Row("11", M("e-Tax and others say that the certificate has expired, although the card works")),
    Row("12", M("macOS 14 or newer: reading fails or is cut short on a contactless reader"), (_LOST,)),
    Row(
        "13",
        M("“Service is not running” inside a snap, a flatpak or a container, although it runs"),
        (_STOPPED, _NO_SERVICE),
    ),
    Row(
        "14",
        M("“Unknown card” for a genuine card, or another card is on the reader"),
        ("SW 6A82", "SW 6E00", "SW 6D00"),
    ),
    Row("15", M("“Security status not satisfied” for the signature certificate"), ("SW 6982",)),
    Row("16", M("Large files or signatures fail with one reader only"), (_LOST, "SW 6700")),
    Row("17", M("Installation fails: winscard.h, libpcsclite or swig is not found")),
    Row("18", M("A PIN is asked for on the computer although the reader has keys, or on keys that do not exist")),
    Row("19", M("“Card protocol mismatch”"), ("SCARD_E_PROTO_MISMATCH 0x8010000F",)),
    Row("20", M("A PIN “does not exist”"), ("SW 6A82",)),
    Row("21", M("One program finds a certificate on the card, and another says that there is none"), ("SW 6A82",)),
    Row("22", M("A browser, or another program, does not find the card by PKCS #11, although jpki finds it")),
    Row("privacy", M("PINs could be written to a log")),
)
