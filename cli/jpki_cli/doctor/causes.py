"""What each cause of a diagnosis means, in words: what is the matter, and why.

The same sentences make docs/troubleshooting.md (scripts/generate-docs).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from jpki.diagnosis.codes import Cause
from jpki_cli.failures.explain import EXIT_BLOCKED, EXIT_CARD, EXIT_CHECK, EXIT_TRANSPORT, EXIT_USAGE
from jpki_cli.words.i18n import M, Message


class CauseText(NamedTuple):
    """``what`` may hold {details}; ``exit_code`` 0: the card can be used all the same."""

    what: Message
    why: Message
    exit_code: int = EXIT_TRANSPORT


CAUSES: Final[dict[Cause, CauseText]] = {
    Cause.PYTHON_TOO_OLD: CauseText(
        M("Python is too old: {details}."), M("This program needs Python 3.11 or newer."), EXIT_USAGE
    ),
    Cause.PYSCARD_MISSING: CauseText(
        M("The Python module pyscard is not installed, or cannot be loaded."),
        M("It is the bridge to card readers. On Linux it is compiled when it is installed, which takes some packages."),
    ),
    Cause.PYSCARD_TOO_OLD: CauseText(
        M("The Python module pyscard is too old: {details}."),
        M("Before 2.2.2 one connection to the service was kept for good, and failed after a reader was unplugged."),
        0,
    ),
    Cause.SANDBOX: CauseText(
        M("This program runs in a sandbox or container ({details})."),
        M(
            "A sandbox brings its own copy of the PC/SC library, or has no way to the service outside. Copy and "
            "service can be of versions that do not understand each other; it then looks as if the service did not run."
        ),
    ),
    Cause.WSL: CauseText(
        M("This is Linux inside Windows (WSL)."),
        M("USB devices are not there unless Windows hands them over, and the service has to be started after that."),
    ),
    Cause.REMOTE_DESKTOP: CauseText(
        M("This is a Remote Desktop session."),
        M(
            "Inside such a session Windows looks for readers at the computer that you sit at, not at the one that you "
            "logged in to."
        ),
    ),
    Cause.LIBRARY_MISSING: CauseText(
        M("The PC/SC library {details} is not installed."),
        M("Programs reach card readers through it. Without it, it looks as if the service did not run."),
    ),
    Cause.SERVICE_MISSING: CauseText(
        M("The smart card service (pcscd) is not installed."), M("Programs reach card readers through this service.")
    ),
    Cause.SERVICE_DISABLED: CauseText(
        M("The smart card service is installed, and is switched off."),
        M("Some systems install it without starting it (Arch does), and somebody may have disabled it."),
    ),
    Cause.SERVICE_WAITS_FOR_READER: CauseText(
        M("Windows has not started the smart card service."),
        M(
            "Windows starts it when a reader is connected and stops it when the last one is unplugged; programs that "
            "ran before that have to be started again."
        ),
    ),
    Cause.SERVICE_STOPPED: CauseText(
        M("The smart card service is installed and does not run."), M("Nothing listens where it should.")
    ),
    Cause.PERMISSION_DENIED: CauseText(
        M("The smart card service refuses this user."),
        M("It asks polkit, which by default lets only those in who sit at the computer: no service, no cron job."),
    ),
    Cause.PERMISSION_REMOTE: CauseText(
        M("The smart card service refuses this user, who is logged in from elsewhere (SSH)."),
        M("It asks polkit, which by default lets only those in who sit at the computer."),
    ),
    Cause.PERMISSION_PROC_HIDDEN: CauseText(
        M("The smart card service refuses this user: /proc is mounted so that it cannot see who asks ({details})."),
        M("With hidepid, polkit cannot find out whose process it is, and refuses everybody."),
    ),
    Cause.SERVICE_HANGS: CauseText(
        M("The smart card service does not answer."), M("It may wait for a reader or a driver that hangs.")
    ),
    Cause.SERVICE_FAILED: CauseText(
        M("The smart card service failed."), M("It was reached, and answered with an error of its own.")
    ),
    Cause.RC_S380: CauseText(
        M("The reader {details} is connected, and PC/SC has no driver for it."),
        M(
            "The Sony RC-S380 is not a reader of the common kind (CCID). Windows needs Sony's software for it; for "
            "Linux and macOS there is no PC/SC driver. RC-S300 and RC-S660 are of the common kind."
        ),
    ),
    Cause.KERNEL_NFC_DRIVER: CauseText(
        M("A driver of the kernel holds the reader: {details}."),
        M(
            "The kernel's own NFC drivers take this reader before the smart card service can; its light may go off, "
            "and the log says LIBUSB_ERROR_BUSY."
        ),
    ),
    Cause.READER_TAKEN_BY_GNUPG: CauseText(
        M("GnuPG (scdaemon) holds the reader {details}."),
        M("It goes to the USB device by itself, past the smart card service, and keeps it."),
    ),
    Cause.USB_PERMISSION: CauseText(
        M("The smart card service may not open the reader {details}."),
        M(
            "From pcsc-lite 2.4.0 on it runs as a user of its own, and needs the udev rules that come with ccid 1.7.0 "
            "or newer. The log says LIBUSB_ERROR_ACCESS."
        ),
    ),
    Cause.DRIVER_MISSING: CauseText(
        M("The reader {details} is connected, and its driver (ccid) is not installed."),
        M("The smart card service finds readers through drivers, which are a package of their own."),
    ),
    Cause.DRIVER_TOO_OLD: CauseText(
        M("The reader {details} is connected, and the installed driver (ccid) does not know it."),
        M("Each version of the driver has a list of readers. RC-S300 and RC-S660 are in it from 1.4.35 (2021) on."),
    ),
    Cause.READER_NOT_TAKEN: CauseText(
        M("The reader {details} is connected, and the smart card service does not show it."),
        M("The driver is there; the reader may have been connected before it, or hangs."),
    ),
    Cause.NO_READER: CauseText(
        M("No card reader is connected."),
        M("The service runs and has no reader, and among the USB devices that can be seen there is none either."),
    ),
    Cause.VIRTUAL_READERS_ONLY: CauseText(
        M("There is no reader that a card can be put on, only: {details}."),
        M("Windows Hello, the TPM and security keys look like readers to programs."),
    ),
    Cause.VIRTUAL_READERS: CauseText(
        M("Passed over, because no card can be put on them: {details}."),
        M("Windows Hello, the TPM and security keys look like readers, and other programs may take one of them."),
        0,
    ),
    Cause.SEVERAL_READERS: CauseText(
        M("There are several readers; the one that counts: {details}."),
        M("Other programs may take the first of them, even if it is empty."),
        0,
    ),
    Cause.SEVERAL_CARDS: CauseText(
        M("My Number Cards lie on several readers: {details}."),
        M("Which one is meant is not guessed, since a try could be used on the wrong card."),
        EXIT_USAGE,
    ),
    Cause.UNKNOWN_READER: CauseText(
        M("There is no such reader, or more than one. There are: {details}."),
        M("The name or number that was given with --reader does not name one reader."),
        EXIT_USAGE,
    ),
    Cause.NO_CARD: CauseText(
        M("The reader sees no card."),
        M("The card is not on the reader, lies the wrong way round, or is too far away or shielded."),
    ),
    Cause.CARD_MUTE: CauseText(
        M("The reader sees a card that does not answer."),
        M(
            "In a slot the card may be upside down or its contacts dirty. On a contactless reader metal, a phone case "
            "or a second card may weaken it. The chip may be damaged."
        ),
    ),
    Cause.EXCLUSIVE_USE: CauseText(
        M("Another program keeps the card for itself. Programs that may be it: {details}."),
        M("It has opened the card for exclusive use, and nobody else gets to it until it is closed."),
    ),
    Cause.CARD_BUSY: CauseText(
        M("Another program is in the middle of something with the card. Programs that may be it: {details}."),
        M("It holds a transaction; all others wait until it ends."),
    ),
    Cause.PROTOCOL_MISMATCH: CauseText(
        M("The card cannot be opened in this way of speaking (protocol). Programs that may hold it: {details}."),
        M("Another program opened it in another protocol, or the card names none that the reader knows."),
    ),
    Cause.CARD_RESET: CauseText(
        M("Another program reset the card. Programs that may be it: {details}."),
        M("Windows also resets a card when a program keeps it for more than 5 seconds without using it."),
    ),
    Cause.CARD_REMOVED: CauseText(
        M("The card or the reader went away while it was read."),
        M("On a contactless reader a small movement is enough."),
    ),
    Cause.ANSWER_LOST: CauseText(
        M("The card is there, and its answer did not arrive."),
        M("The card moved, the contact is weak, or the reader or its driver failed. A read uses no try."),
    ),
    Cause.TIMEOUT: CauseText(
        M("The card did not answer in time."), M("The reader or its driver may hang; or the card lies badly.")
    ),
    Cause.SERVICE_GONE: CauseText(
        M("The smart card service stopped while it was used."),
        M("It was ended or it crashed; Windows ends it when the last reader is unplugged."),
    ),
    Cause.READER_FAILED: CauseText(
        M("The reader or its driver failed."), M("The service passed on an error that says no more than that.")
    ),
    Cause.MACOS_DRIVER: CauseText(
        M("macOS uses its own driver for card readers."),
        M(
            "From macOS 14 on Apple's driver takes the place of the common one (ccid), and with some contactless "
            "readers reads are cut short or end in errors."
        ),
    ),
    Cause.PIN_PAD: CauseText(
        M("The reader has keys of its own."), M("A PIN that is typed there does not come to this computer."), 0
    ),
    Cause.PIN_PAD_DOUBTFUL: CauseText(
        M("The reader {details} says that it has keys, which readers of this kind do not have."),
        M("Some drivers report it wrongly; a program then waits for keys that are not there."),
        0,
    ),
    Cause.NOT_MY_NUMBER_CARD: CauseText(
        M("This is not a My Number Card, or its JPKI application does not answer."),
        M(
            "The card refused to select the application that every My Number Card has. Residence cards, driver's "
            "licences, bank cards and transport cards do not have it."
        ),
        EXIT_CARD,
    ),
    Cause.OLD_JUKI_CARD: CauseText(
        M("This is an old Basic Resident Registration Card."),
        M("It came before the My Number Card, and its certificates have ended."),
        EXIT_CARD,
    ),
    Cause.SMARTPHONE: CauseText(
        M("This is not a card but the certificates on a smartphone ({details})."),
        M("A phone has no card-info input and no Basic Resident Register application."),
        0,
    ),
    Cause.BAD_DATA: CauseText(
        M("The card answered with data that make no sense."),
        M("The card moved while it was read, the reader cuts answers short, or the chip is damaged."),
        EXIT_CARD,
    ),
    Cause.CARD_REFUSED: CauseText(
        M("The card refused a command that every My Number Card carries out ({details})."),
        M("The card is of a kind that this program does not know, or damaged."),
        EXIT_CARD,
    ),
    Cause.PIN_BLOCKED: CauseText(
        M("Locked: {details}."),
        M("A PIN is locked after too many wrong entries in a row, of all programs and all computers together."),
        EXIT_BLOCKED,
    ),
    Cause.PIN_TRIES_USED: CauseText(
        M("Some tries have been used: {details}."),
        M("The counter goes back to full with the next right entry of that PIN."),
        0,
    ),
    Cause.PIN_ABSENT: CauseText(
        M("Not on this card: {details}."),
        M("The card was issued without it, for example as a card with face authentication only. It is not locked."),
        0,
    ),
    Cause.CERTIFICATE_EXPIRED: CauseText(
        M("The user certificate expired on {details}."),
        M("It ends on the fifth birthday after its issue at the latest, and with the card."),
        EXIT_CHECK,
    ),
    Cause.CERTIFICATE_NOT_YET_VALID: CauseText(
        M("The period of the user certificate begins on {details} only."),
        M("Most often the clock of this computer is wrong."),
        EXIT_CHECK,
    ),
    Cause.CERTIFICATE_RENEWABLE: CauseText(
        M("The user certificate runs until {details} and can be renewed now."),
        M("Renewal opens three months before the end."),
        0,
    ),
    Cause.CERTIFICATE_ABSENT: CauseText(
        M("Certificates that are not on this card: {details}."),
        M("It was declined when the card was issued, or its holder is under 15 or an adult ward."),
        0,
    ),
    Cause.CERTIFICATE_DENIED: CauseText(
        M("The card contradicts itself: it says that this is not on it, and has a file of it: {details}."),
        M(
            "Its flags (EF 0008) and its files differ. Programs that believe the flags, as this one does, say that "
            "there is no such certificate; others may find it. No PIN is wrong, and the rest of the card can be used."
        ),
        0,
    ),
    Cause.CERTIFICATE_MISSING: CauseText(
        M("The card contradicts itself: it says that this is on it, and has no file of it: {details}."),
        M(
            "Its flags (EF 0008) and its files differ. No program can use that certificate, and its PIN opens nothing: "
            "no PIN is wrong."
        ),
        EXIT_CARD,
    ),
    Cause.SIGN_CERTIFICATE_CLOSED: CauseText(
        M("The dates of the signature certificate were not looked at."),
        M(
            "The card gives that certificate out only after the signature password (status word 6982). A move or a "
            "change of name revokes it, which the card does not show."
        ),
        0,
    ),
    Cause.CA_CERTIFICATE_OUT_OF_PERIOD: CauseText(
        M("CA certificates that are not in their period: {details}."),
        M("The clock of this computer is wrong, or the card is very old."),
        EXIT_CHECK,
    ),
    Cause.EXTENDED_APDU: CauseText(
        M("The reader does not let commands of extended length through."),
        M(
            "This program sends them with --extended only, so it is not affected otherwise. Other programs may fail "
            "with this reader."
        ),
        0,
    ),
    Cause.PIN_LOGGED_BY_SERVICE: CauseText(
        M("The smart card service writes every command to its log, PINs included ({details})."),
        M("It was started or set up with --apdu, which is meant for developers."),
        0,
    ),
    Cause.PIN_LOGGED_BY_SPY: CauseText(
        M("Another library stands between programs and the service, and sees every PIN: {details}."),
        M("These settings put a library of a developer in the place of the real one."),
        0,
    ),
    Cause.PIN_LOGGED_BY_DRIVER: CauseText(
        M("The reader's driver is set to write every byte to the log, PINs included ({details})."),
        M("A log level with the bit 4 set is meant for developers; the usual one is 0x0003."),
        0,
    ),
    Cause.PIN_LOGGED_BY_MACOS: CauseText(
        M("macOS writes what goes to and from cards to its log, PINs included."),
        M("The setting Logging of com.apple.security.smartcard is meant for developers."),
        0,
    ),
}
