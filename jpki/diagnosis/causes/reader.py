"""What can be wrong with the reader, and with the way from it to the card."""

from __future__ import annotations

from typing import Final

from jpki.diagnosis.remedies import RESTART_AND_LOG, ReaderRemedy, SetupRemedy
from jpki.words import M

from .record import Cause, Obstacle

_LAY_BETTER: Final = (ReaderRemedy.HOLD_STILL, ReaderRemedy.CLEAR_SURROUNDINGS)
_MUTE: Final = (ReaderRemedy.TURN_CARD, ReaderRemedy.CLEAR_SURROUNDINGS, ReaderRemedy.TRY_OTHER_CARD)


class ReaderCause(Cause):
    """What is wrong with the reader, or on the way from it to the card."""

    RC_S380 = (
        "rc_s380",
        ("2b",),
        M("The reader {details} is connected, but PC/SC has no driver for it."),
        M(
            "The Sony RC-S380 is not a reader of the common kind (CCID). Windows needs Sony's software for it; for "
            "Linux and macOS there is no PC/SC driver. RC-S300 and RC-S660 are of the common kind."
        ),
        (ReaderRemedy.SONY_SOFTWARE, ReaderRemedy.USE_OTHER_READER),
    )
    KERNEL_NFC_DRIVER = (
        "kernel_nfc_driver",
        ("2a",),
        M("A driver of the kernel holds the reader: {details}."),
        M(
            "The kernel's own NFC drivers take this reader before the smart card service can; its light may go off, "
            "and the log says LIBUSB_ERROR_BUSY."
        ),
        (
            ReaderRemedy.UNLOAD_NFC_DRIVERS,
            ReaderRemedy.BLOCK_NFC_DRIVERS,
            ReaderRemedy.REPLUG_READER,
            SetupRemedy.RESTART_SERVICE,
        ),
    )
    READER_TAKEN_BY_GNUPG = (
        "reader_taken_by_gnupg",
        ("6",),
        M("GnuPG (scdaemon) holds the reader {details}."),
        M("It accesses the USB device directly, bypassing the smart card service, and does not release it."),
        (ReaderRemedy.GNUPG_WITHOUT_CCID,),
    )
    USB_PERMISSION = (
        "usb_permission",
        ("2c",),
        M("The smart card service is not allowed to open the reader {details}."),
        M(
            "From pcsc-lite 2.4.0, the service runs as a separate user and needs the udev rules that come with "
            "ccid 1.7.0 or newer. The log shows LIBUSB_ERROR_ACCESS."
        ),
        (ReaderRemedy.UPDATE_DRIVER, ReaderRemedy.REPLUG_READER, SetupRemedy.RESTART_SERVICE),
    )
    DRIVER_MISSING = (
        "driver_missing",
        ("2",),
        M("The reader {details} is connected, but its driver (ccid) is not installed."),
        M("The smart card service finds readers through drivers, which are a separate package."),
        (ReaderRemedy.INSTALL_DRIVER, SetupRemedy.RESTART_SERVICE),
    )
    DRIVER_TOO_OLD = (
        "driver_too_old",
        ("2b",),
        M("The reader {details} is connected, but the installed driver (ccid) does not know it."),
        M(
            "Each version of the driver has a list of readers. RC-S300 and RC-S660 are included from version 1.4.35 "
            "(2021)."
        ),
        (ReaderRemedy.UPDATE_DRIVER,),
    )
    READER_NOT_TAKEN = (
        "reader_not_taken",
        (
            "2",
            "2f",
        ),
        M("The reader {details} is connected, but the smart card service does not show it."),
        M("The driver is installed; the reader may have been connected before it, or it may hang."),
        (ReaderRemedy.REPLUG_READER, SetupRemedy.RESTART_SERVICE, ReaderRemedy.REINSTALL_WINDOWS_DRIVER),
    )
    NO_READER = (
        "no_reader",
        ("2",),
        M("No card reader is connected."),
        M("The service is running but has no reader, and there is none among the visible USB devices."),
        (ReaderRemedy.CONNECT_READER, ReaderRemedy.REINSTALL_WINDOWS_DRIVER),
    )
    VIRTUAL_READERS_ONLY = (
        "virtual_readers_only",
        ("8",),
        M("There is no reader that a card can be put on, only: {details}."),
        M("Windows Hello, the TPM and security keys look like readers to programs."),
        (ReaderRemedy.CONNECT_READER,),
    )
    VIRTUAL_READERS = (
        "virtual_readers",
        ("8",),
        M("Ignored, because no card can be put on them: {details}."),
        M("Windows Hello, the TPM and security keys look like readers, and other programs may take one of them."),
        (ReaderRemedy.CHOOSE_READER,),
        Obstacle.NONE,
    )
    SEVERAL_READERS = (
        "several_readers",
        ("8",),
        M("There are several readers. Used: {details}."),
        M("Other programs may take the first of them, even if it is empty."),
        (ReaderRemedy.CHOOSE_READER,),
        Obstacle.NONE,
    )
    SEVERAL_CARDS = (
        "several_cards",
        ("8",),
        M("There are My Number Cards on several readers: {details}."),
        M("This program does not guess which one is meant, because a try could be used on the wrong card."),
        (ReaderRemedy.CHOOSE_READER, ReaderRemedy.ONE_CARD_ONLY),
        Obstacle.SETUP,
    )
    UNKNOWN_READER = (
        "unknown_reader",
        ("8",),
        M("There is no such reader, or more than one matches. Available: {details}."),
        M("The name or number given with --reader does not match exactly one reader."),
        (ReaderRemedy.CHOOSE_READER,),
        Obstacle.SETUP,
    )
    NO_CARD = (
        "no_card",
        ("3",),
        M("The reader sees no card."),
        M("The card is not on the reader, is the wrong way round, too far away, or shielded."),
        (ReaderRemedy.PUT_CARD, ReaderRemedy.CLEAR_SURROUNDINGS, ReaderRemedy.RUN_AGAIN),
    )
    CARD_MUTE = (
        "card_mute",
        ("3",),
        M("The reader sees a card that does not respond."),
        M(
            "In a slot, the card may be upside down or its contacts dirty. On a contactless reader, metal, a phone "
            "case or a second card may weaken the signal. The chip may be damaged."
        ),
        _MUTE,
    )
    EXCLUSIVE_USE = (
        "exclusive_use",
        ("6",),
        M("Another program keeps the card for itself. It may be one of these: {details}."),
        M("It has opened the card for exclusive use, and no other program can use it until it is closed."),
        (ReaderRemedy.CLOSE_PROGRAM,),
    )
    CARD_BUSY = (
        "card_busy",
        ("6",),
        M("Another program is communicating with the card. It may be one of these: {details}."),
        M("It holds a transaction; all other programs wait until it ends."),
        (ReaderRemedy.CLOSE_PROGRAM, ReaderRemedy.RUN_AGAIN),
    )
    PROTOCOL_MISMATCH = (
        "protocol_mismatch",
        ("19",),
        M("The card cannot be opened with this protocol. Programs that may be using it: {details}."),
        M("Another program opened it with another protocol, or the card names no protocol that the reader knows."),
        (ReaderRemedy.CLOSE_PROGRAM, ReaderRemedy.TRY_OTHER_CARD),
    )
    CARD_RESET = (
        "card_reset",
        ("9",),
        M("Another program reset the card. It may be one of these: {details}."),
        M("Windows also resets a card when a program keeps it for more than 5 seconds without using it."),
        (ReaderRemedy.CLOSE_PROGRAM, ReaderRemedy.RUN_AGAIN),
    )
    CARD_REMOVED = (
        "card_removed",
        ("10",),
        M("The card or the reader went away while it was read."),
        M("On a contactless reader a small movement is enough."),
        _LAY_BETTER,
    )
    ANSWER_LOST = (
        "answer_lost",
        ("10",),
        M("The card is there, but its answer did not arrive."),
        M("The card moved, the contact is weak, or the reader or its driver failed. A read uses no try."),
        (*_LAY_BETTER, ReaderRemedy.TRY_OTHER_CARD),
    )
    TIMEOUT = (
        "timeout",
        ("10",),
        M("The card did not respond in time."),
        M("The reader or its driver may hang, or the card may be badly placed."),
        (ReaderRemedy.HOLD_STILL, ReaderRemedy.REPLUG_READER),
    )
    SERVICE_GONE = (
        "service_gone",
        ("7",),
        M("The smart card service stopped while it was being used."),
        M("It was stopped or it crashed; Windows stops it when the last reader is unplugged."),
        (ReaderRemedy.REPLUG_READER, *RESTART_AND_LOG),
    )
    READER_FAILED = (
        "reader_failed",
        ("10",),
        M("The reader or its driver failed."),
        M("The service passed on an error without further details."),
        (ReaderRemedy.REPLUG_READER, SetupRemedy.RESTART_SERVICE),
    )
    MACOS_DRIVER = (
        "macos_driver",
        ("12",),
        M("macOS uses its own driver for card readers."),
        M(
            "From macOS 14, Apple's driver replaces the common one (ccid). With some contactless readers, reads "
            "are cut short or fail."
        ),
        (ReaderRemedy.MACOS_OLD_DRIVER, ReaderRemedy.REPLUG_READER),
    )
    PIN_PAD = (
        "pin_pad",
        ("18",),
        M("The reader has keys of its own."),
        M("A PIN that is typed there does not reach this computer."),
        (ReaderRemedy.USE_KEYBOARD,),
        Obstacle.NONE,
    )
    PIN_PAD_DOUBTFUL = (
        "pin_pad_doubtful",
        ("18",),
        M("The reader {details} says that it has keys, which readers of this kind do not have."),
        M("Some drivers report keys that do not exist; a program then waits for them to be pressed."),
        (ReaderRemedy.USE_KEYBOARD,),
        Obstacle.NONE,
    )
