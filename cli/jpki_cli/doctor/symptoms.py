"""What people see when something is wrong, by the rows of docs/troubleshooting.md."""

from __future__ import annotations

from typing import Final

from jpki_cli.words.i18n import M, Message

SYMPTOMS: Final[dict[str, Message]] = {
    "1": M("“Service not available”, “resource manager is not running”, or no reader is found at all"),
    "2": M("The reader is plugged in, and no program sees it"),
    "2a": M("The light of a contactless reader (ACR122U, other PN53x) is off; LIBUSB_ERROR_BUSY in the log"),
    "2b": M("A Sony PaSoRi works on Windows and never on Linux"),
    "2c": M("The reader worked until an update; LIBUSB_ERROR_ACCESS in the log"),
    "2d": M("In Linux inside Windows (WSL) there is no reader"),
    "2e": M("Over Remote Desktop there is no reader, although the service runs"),
    "2f": M("On Windows the reader was connected before its driver came, or several makers' drivers are there"),
    "3": M("“The card cannot be read”, or nothing happens when it is put on the reader"),
    "4": M("“Wrong password”, then “locked”; it is not clear which PIN is asked for"),
    "5": M("The service runs, and yet “access denied”: through SSH, from cron, in a container, as a service"),
    "6": M("“Sharing violation”, or the program hangs"),
    "7": M("After the reader was unplugged and connected again, every program fails until it is started again"),
    "8": M("A program talks to the wrong reader: Windows Hello, a security key, an empty slot"),
    "9": M("It fails in the middle, and works when it is tried again"),
    "10": M("“Card removed”, “transaction failed”, or an error that says “command successful”"),
    "11": M("e-Tax and others say that the certificate has ended, although the card works"),
    "12": M("macOS 14 or newer: reading fails or is cut short on a contactless reader"),
    "13": M("“Service is not running” inside a snap, a flatpak or a container, although it runs"),
    "14": M("“Unknown card” for a genuine card, or another card is on the reader"),
    "15": M("“Security status not satisfied” for the signature certificate"),
    "16": M("Large files or signatures fail with one reader only"),
    "17": M("Installing fails: winscard.h, libpcsclite or swig is not found"),
    "18": M("A PIN is asked for on the computer although the reader has keys, or on keys that are not there"),
    "19": M("“Card protocol mismatch”"),
    "20": M("A PIN “does not exist”"),
    "21": M("One program finds a certificate on the card, and another says that there is none"),
    "privacy": M("PINs could be written to a log"),
}
