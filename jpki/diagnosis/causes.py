"""What can be wrong, as records: what is wrong, why, what to do in the order in which it is to be tried.

The same records make docs/troubleshooting.md (scripts/generate-docs).
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from jpki.words import M

from .remedies import Remedy

if TYPE_CHECKING:
    from typing import Self

    from jpki.words import Message


class Obstacle(enum.Enum):
    """What a cause keeps from being used."""

    NONE = "none"  # the card can be used anyway
    SETUP = "setup"  # something that was chosen or installed is not right
    WAY = "way"  # the way to the card
    CARD = "card"
    PIN = "pin"
    PERIOD = "period"


class Details(enum.Enum):
    """What the details of an outcome are."""

    TEXT = "text"
    PINS = "pins"
    CERTIFICATES = "certificates"


_R = Remedy
_O = Obstacle
_D = Details
_LAY_BETTER: Final = (_R.HOLD_STILL, _R.CLEAR_SURROUNDINGS)
_MUTE: Final = (_R.TURN_CARD, _R.CLEAR_SURROUNDINGS, _R.TRY_OTHER_CARD)
_SERVICE: Final = (_R.RESTART_SERVICE, _R.SEE_LOG)


class Cause(enum.Enum):
    """What is wrong, or with the verdict pass: what is good to know.

    ``rows`` are those of :mod:`jpki.diagnosis.rows` that it may explain. ``what`` may hold {details}. A detector
    leaves out of ``remedies`` what does not fit the system it looked at.
    """

    _value_: str
    rows: tuple[str, ...]
    what: Message
    why: Message
    remedies: tuple[Remedy, ...]
    obstacle: Obstacle
    details: Details

    def __new__(  # noqa: PLR0913 - one record; the first four are in every one
        cls,
        code: str,
        rows: tuple[str, ...],
        what: Message,
        why: Message,
        remedies: tuple[Remedy, ...],
        obstacle: Obstacle = Obstacle.WAY,
        details: Details = Details.TEXT,
    ) -> Self:
        """Make a record, which always has its sentences."""
        member = object.__new__(cls)
        member._value_ = code
        member.rows = rows
        member.what, member.why, member.remedies = what, why, remedies
        member.obstacle, member.details = obstacle, details
        return member

    PYTHON_TOO_OLD = (
        "python_too_old",
        ("17",),
        M("Python is too old: {details}."),
        M("This program needs Python 3.11 or newer."),
        (_R.UPDATE_PYTHON,),
        _O.SETUP,
    )
    PYSCARD_MISSING = (
        "pyscard_missing",
        ("17",),
        M("The Python module pyscard is not installed, or cannot be loaded."),
        M(
            "It is the bridge to card readers. On Linux it is compiled during installation, which requires some "
            "packages."
        ),
        (_R.INSTALL_PYSCARD,),
    )
    PYSCARD_TOO_OLD = (
        "pyscard_too_old",
        ("17",),
        M("The Python module pyscard is too old: {details}."),
        M("Versions before 2.2.2 keep one connection to the service forever, which fails after a reader is unplugged."),
        (_R.UPDATE_PYSCARD,),
        _O.NONE,
    )
    SANDBOX = (
        "sandbox",
        ("13",),
        M("This program runs in a sandbox or container ({details})."),
        M(
            "A sandbox has its own copy of the PC/SC library, or cannot reach the service outside. If the versions "
            "of library and service do not match, it looks as if the service were not running."
        ),
        (_R.LEAVE_SANDBOX,),
    )
    WSL = (
        "wsl",
        ("2d",),
        M("This is Linux inside Windows (WSL)."),
        M("USB devices are not visible unless Windows passes them on; after that, the service has to be restarted."),
        (_R.WINDOWS_BUILD, _R.WSL_ATTACH, _R.RESTART_SERVICE),
    )
    REMOTE_DESKTOP = (
        "remote_desktop",
        ("2e",),
        M("This is a Remote Desktop session."),
        M(
            "Inside such a session Windows looks for readers at the computer that you sit at, not at the one that you "
            "logged in to."
        ),
        (_R.REDIRECT_READER,),
    )
    LIBRARY_MISSING = (
        "pcsc_library_missing",
        ("1",),
        M("The PC/SC library {details} is not installed."),
        M("Programs reach card readers through this library. Without it, it looks as if the service were not running."),
        (_R.INSTALL_LIBRARY,),
    )
    SERVICE_MISSING = (
        "pcsc_service_missing",
        ("1",),
        M("The smart card service (pcscd) is not installed."),
        M("Programs reach card readers through this service."),
        (_R.INSTALL_SERVICE, _R.ENABLE_SERVICE),
    )
    SERVICE_DISABLED = (
        "pcsc_service_disabled",
        ("1",),
        M("The smart card service is installed but is switched off."),
        M("Some systems install it without starting it (Arch does), and somebody may have disabled it."),
        (_R.ENABLE_SERVICE,),
    )
    SERVICE_STOPPED = (
        "pcsc_service_stopped",
        ("1",),
        M("The smart card service is installed but is not running."),
        M("Nothing is listening where the service should be."),
        (_R.ENABLE_SERVICE, _R.SEE_LOG),
    )
    SERVICE_WAITS_FOR_READER = (
        "pcsc_service_waits_for_reader",
        ("7",),
        M("Windows has not started the smart card service."),
        M(
            "Windows starts it when a reader is connected and stops it when the last one is unplugged; programs that "
            "ran before that have to be started again."
        ),
        (_R.CONNECT_READER, _R.ENABLE_SERVICE),
    )
    PERMISSION_DENIED = (
        "pcsc_permission_denied",
        ("5",),
        M("The smart card service refuses this user."),
        M(
            "The service asks polkit, which by default allows only users who sit at the computer, but no service and "
            "no cron job."
        ),
        (_R.USE_OWN_SCREEN, _R.POLKIT_RULE),
    )
    PERMISSION_REMOTE = (
        "pcsc_permission_remote",
        ("5",),
        M("The smart card service refuses this user, who is logged in from elsewhere (SSH)."),
        M("The service asks polkit, which by default allows only users who sit at the computer."),
        (_R.USE_OWN_SCREEN, _R.POLKIT_RULE),
    )
    PERMISSION_PROC_HIDDEN = (
        "pcsc_permission_proc_hidden",
        ("5",),
        M(
            "The smart card service refuses this user: because of how /proc is mounted, it cannot see who is asking "
            "({details})."
        ),
        M("With hidepid, polkit cannot find out who owns the process, and refuses everybody."),
        (_R.SHOW_PROC,),
    )
    SERVICE_HANGS = (
        "pcsc_service_hangs",
        ("1",),
        M("The smart card service does not respond."),
        M("It may be waiting for a reader or a driver that hangs."),
        _SERVICE,
    )
    SERVICE_FAILED = (
        "pcsc_service_failed",
        ("1",),
        M("The smart card service failed."),
        M("The service was reached, and answered with an error of its own."),
        _SERVICE,
    )
    RC_S380 = (
        "rc_s380",
        ("2b",),
        M("The reader {details} is connected, but PC/SC has no driver for it."),
        M(
            "The Sony RC-S380 is not a reader of the common kind (CCID). Windows needs Sony's software for it; for "
            "Linux and macOS there is no PC/SC driver. RC-S300 and RC-S660 are of the common kind."
        ),
        (_R.SONY_SOFTWARE, _R.USE_OTHER_READER),
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
            _R.UNLOAD_NFC_DRIVERS,
            _R.BLOCK_NFC_DRIVERS,
            _R.REPLUG_READER,
            _R.RESTART_SERVICE,
        ),
    )
    READER_TAKEN_BY_GNUPG = (
        "reader_taken_by_gnupg",
        ("6",),
        M("GnuPG (scdaemon) holds the reader {details}."),
        M("It accesses the USB device directly, bypassing the smart card service, and does not release it."),
        (_R.GNUPG_WITHOUT_CCID,),
    )
    USB_PERMISSION = (
        "usb_permission",
        ("2c",),
        M("The smart card service is not allowed to open the reader {details}."),
        M(
            "From pcsc-lite 2.4.0, the service runs as a separate user and needs the udev rules that come with "
            "ccid 1.7.0 or newer. The log shows LIBUSB_ERROR_ACCESS."
        ),
        (_R.UPDATE_DRIVER, _R.REPLUG_READER, _R.RESTART_SERVICE),
    )
    DRIVER_MISSING = (
        "driver_missing",
        ("2",),
        M("The reader {details} is connected, but its driver (ccid) is not installed."),
        M("The smart card service finds readers through drivers, which are a separate package."),
        (_R.INSTALL_DRIVER, _R.RESTART_SERVICE),
    )
    DRIVER_TOO_OLD = (
        "driver_too_old",
        ("2b",),
        M("The reader {details} is connected, but the installed driver (ccid) does not know it."),
        M(
            "Each version of the driver has a list of readers. RC-S300 and RC-S660 are included from version 1.4.35 "
            "(2021)."
        ),
        (_R.UPDATE_DRIVER,),
    )
    READER_NOT_TAKEN = (
        "reader_not_taken",
        (
            "2",
            "2f",
        ),
        M("The reader {details} is connected, but the smart card service does not show it."),
        M("The driver is installed; the reader may have been connected before it, or it may hang."),
        (_R.REPLUG_READER, _R.RESTART_SERVICE, _R.REINSTALL_WINDOWS_DRIVER),
    )
    NO_READER = (
        "no_reader",
        ("2",),
        M("No card reader is connected."),
        M("The service is running but has no reader, and there is none among the visible USB devices."),
        (_R.CONNECT_READER, _R.REINSTALL_WINDOWS_DRIVER),
    )
    VIRTUAL_READERS_ONLY = (
        "virtual_readers_only",
        ("8",),
        M("There is no reader that a card can be put on, only: {details}."),
        M("Windows Hello, the TPM and security keys look like readers to programs."),
        (_R.CONNECT_READER,),
    )
    VIRTUAL_READERS = (
        "virtual_readers",
        ("8",),
        M("Ignored, because no card can be put on them: {details}."),
        M("Windows Hello, the TPM and security keys look like readers, and other programs may take one of them."),
        (_R.CHOOSE_READER,),
        _O.NONE,
    )
    SEVERAL_READERS = (
        "several_readers",
        ("8",),
        M("There are several readers. Used: {details}."),
        M("Other programs may take the first of them, even if it is empty."),
        (_R.CHOOSE_READER,),
        _O.NONE,
    )
    SEVERAL_CARDS = (
        "several_cards",
        ("8",),
        M("There are My Number Cards on several readers: {details}."),
        M("This program does not guess which one is meant, because a try could be used on the wrong card."),
        (_R.CHOOSE_READER, _R.ONE_CARD_ONLY),
        _O.SETUP,
    )
    UNKNOWN_READER = (
        "unknown_reader",
        ("8",),
        M("There is no such reader, or more than one matches. Available: {details}."),
        M("The name or number given with --reader does not match exactly one reader."),
        (_R.CHOOSE_READER,),
        _O.SETUP,
    )
    NO_CARD = (
        "no_card",
        ("3",),
        M("The reader sees no card."),
        M("The card is not on the reader, is the wrong way round, too far away, or shielded."),
        (_R.PUT_CARD, _R.CLEAR_SURROUNDINGS, _R.RUN_AGAIN),
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
        (_R.CLOSE_PROGRAM,),
    )
    CARD_BUSY = (
        "card_busy",
        ("6",),
        M("Another program is communicating with the card. It may be one of these: {details}."),
        M("It holds a transaction; all other programs wait until it ends."),
        (_R.CLOSE_PROGRAM, _R.RUN_AGAIN),
    )
    PROTOCOL_MISMATCH = (
        "protocol_mismatch",
        ("19",),
        M("The card cannot be opened with this protocol. Programs that may be using it: {details}."),
        M("Another program opened it with another protocol, or the card names no protocol that the reader knows."),
        (_R.CLOSE_PROGRAM, _R.TRY_OTHER_CARD),
    )
    CARD_RESET = (
        "card_reset",
        ("9",),
        M("Another program reset the card. It may be one of these: {details}."),
        M("Windows also resets a card when a program keeps it for more than 5 seconds without using it."),
        (_R.CLOSE_PROGRAM, _R.RUN_AGAIN),
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
        (*_LAY_BETTER, _R.TRY_OTHER_CARD),
    )
    TIMEOUT = (
        "timeout",
        ("10",),
        M("The card did not respond in time."),
        M("The reader or its driver may hang, or the card may be badly placed."),
        (_R.HOLD_STILL, _R.REPLUG_READER),
    )
    SERVICE_GONE = (
        "service_gone",
        ("7",),
        M("The smart card service stopped while it was being used."),
        M("It was stopped or it crashed; Windows stops it when the last reader is unplugged."),
        (_R.REPLUG_READER, *_SERVICE),
    )
    READER_FAILED = (
        "reader_failed",
        ("10",),
        M("The reader or its driver failed."),
        M("The service passed on an error without further details."),
        (_R.REPLUG_READER, _R.RESTART_SERVICE),
    )
    MACOS_DRIVER = (
        "macos_driver",
        ("12",),
        M("macOS uses its own driver for card readers."),
        M(
            "From macOS 14, Apple's driver replaces the common one (ccid). With some contactless readers, reads "
            "are cut short or fail."
        ),
        (_R.MACOS_OLD_DRIVER, _R.REPLUG_READER),
    )
    PIN_PAD = (
        "pin_pad",
        ("18",),
        M("The reader has keys of its own."),
        M("A PIN that is typed there does not reach this computer."),
        (_R.USE_KEYBOARD,),
        _O.NONE,
    )
    PIN_PAD_DOUBTFUL = (
        "pin_pad_doubtful",
        ("18",),
        M("The reader {details} says that it has keys, which readers of this kind do not have."),
        M("Some drivers report keys that do not exist; a program then waits for them to be pressed."),
        (_R.USE_KEYBOARD,),
        _O.NONE,
    )
    NOT_MY_NUMBER_CARD = (
        "not_my_number_card",
        ("14",),
        M("This is not a My Number Card, or its JPKI application does not respond."),
        M(
            "The card refused to select the application that every My Number Card has. Residence cards, driving "
            "licences, bank cards and transport cards do not have it."
        ),
        (_R.USE_MY_NUMBER_CARD,),
        _O.CARD,
    )
    OLD_JUKI_CARD = (
        "old_juki_card",
        ("14",),
        M("This is an old Basic Resident Registration Card."),
        M("It is the predecessor of the My Number Card, and its certificates have expired."),
        (_R.USE_MY_NUMBER_CARD,),
        _O.CARD,
    )
    SMARTPHONE = (
        "smartphone",
        ("14",),
        M("This is not a card but the certificates on a smartphone ({details})."),
        M("A phone has no card-info input and no Basic Resident Register application."),
        (),
        _O.NONE,
    )
    BAD_DATA = (
        "bad_data",
        ("10",),
        M("The card's reply could not be understood."),
        M("The card moved while it was read, the reader cuts answers short, or the chip is damaged."),
        (_R.HOLD_STILL, _R.TRY_OTHER_CARD, _R.REPLACE_CARD),
        _O.CARD,
    )
    CARD_REFUSED = (
        "card_refused",
        ("14",),
        M("The card refused a command that every My Number Card carries out ({details})."),
        M("The card is of a kind that this program does not know, or damaged."),
        (_R.HOLD_STILL, _R.REPLACE_CARD),
        _O.CARD,
    )
    CARD_EXPIRED = (
        "card_expired",
        ("11",),
        M("The card itself expired on {details}."),
        M("Its certificates expired with it, and there is no need to renew or reset anything on it."),
        (_R.CHECK_CLOCK,),
        _O.PERIOD,
    )
    CARD_RENEWABLE = (
        "card_renewable",
        ("11",),
        M("The card itself expires on {details}."),
        M("Its certificates expire with it at the latest and cannot be renewed beyond that day."),
        (),
        _O.NONE,
    )
    PIN_BLOCKED = (
        "pin_blocked",
        ("4",),
        M("Locked: {details}."),
        M("A PIN is locked after too many wrong entries in a row, counted over all programs and computers."),
        (_R.SEE_STATUS,),
        _O.PIN,
        _D.PINS,
    )
    PIN_BLOCKED_OR_PINLESS = (
        "pin_blocked_or_pinless",
        ("4",),
        M("Locked, or never set, because the card was issued without PINs: {details}."),
        M(
            "A card with one certificate belongs to a child or an adult ward, or is a card for face authentication "
            "without PINs. With the latter nothing is wrong, but services that need a PIN cannot be used with it."
        ),
        (_R.SEE_STATUS,),
        _O.NONE,
        _D.PINS,
    )
    PIN_TRIES_USED = (
        "pin_tries_used",
        ("4",),
        M("Some tries have been used: {details}."),
        M("Entering the PIN correctly once restores all its tries."),
        (_R.SEE_STATUS,),
        _O.NONE,
        _D.PINS,
    )
    PIN_ABSENT = (
        "pin_absent",
        ("20",),
        M("Not on this card: {details}."),
        M("The card was issued without it, for example as a card for face authentication only. It is not locked."),
        (_R.SEE_STATUS,),
        _O.NONE,
        _D.PINS,
    )
    CERTIFICATE_EXPIRED = (
        "certificate_expired",
        ("11",),
        M("The user certificate expired on {details}."),
        M(
            "It expires on the fifth birthday after its issue at the latest (on the sixth, if it was renewed in "
            "the last three months of the previous one), or earlier with the card."
        ),
        (_R.CHECK_CLOCK,),
        _O.PERIOD,
    )
    CERTIFICATE_NOT_YET_VALID = (
        "certificate_not_yet_valid",
        ("11",),
        M("The period of the user certificate does not start until {details}."),
        M("Most often the clock of this computer is wrong."),
        (_R.CHECK_CLOCK,),
        _O.PERIOD,
    )
    CERTIFICATE_RENEWABLE = (
        "certificate_renewable",
        ("11",),
        M("The user certificate runs until {details} and can be renewed now."),
        M("It can be renewed from three months before its last day."),
        (),
        _O.NONE,
    )
    CERTIFICATE_ABSENT = (
        "certificate_absent",
        (
            "11",
            "20",
        ),
        M("Certificates that are not on this card: {details}."),
        M("It was declined when the card was issued, or the holder is under 15 or an adult ward."),
        (_R.SEE_STATUS,),
        _O.NONE,
        _D.CERTIFICATES,
    )
    CERTIFICATE_DENIED = (
        "certificate_denied",
        ("21",),
        M(
            "The card gives conflicting information: it says that it does not have this, but has a file for it: "
            "{details}."
        ),
        M(
            "Its flags (EF 0008) and its files do not agree. Programs that rely on the flags, like this one, say "
            "that there is no such certificate; others may find it. This does not mean that a PIN was wrong, and "
            "the rest of the card can be used."
        ),
        (_R.HOLD_STILL, _R.RUN_AGAIN, _R.SHOW_CARD_AT_OFFICE),
        _O.NONE,
        _D.CERTIFICATES,
    )
    CERTIFICATE_MISSING = (
        "certificate_missing",
        ("21",),
        M("The card gives conflicting information: it says that it has this, but has no file for it: {details}."),
        M(
            "Its flags (EF 0008) and its files do not agree. No program can use that certificate. This does not "
            "mean that a PIN was wrong."
        ),
        (_R.HOLD_STILL, _R.RUN_AGAIN, _R.SHOW_CARD_AT_OFFICE),
        _O.CARD,
        _D.CERTIFICATES,
    )
    SIGN_CERTIFICATE_CLOSED = (
        "sign_certificate_closed",
        ("15",),
        M("The dates of the signature certificate were not checked."),
        M(
            "That certificate can be read only with the signature password (status word 6982). A move or a change "
            "of name revokes it, which the card does not show."
        ),
        (_R.SHOW_SIGN_CERTIFICATE,),
        _O.NONE,
    )
    CA_CERTIFICATE_OUT_OF_PERIOD = (
        "ca_certificate_out_of_period",
        ("11",),
        M("CA certificates outside their period: {details}."),
        M("The clock of this computer is wrong, or the card is very old."),
        (_R.CHECK_CLOCK, _R.SEE_STATUS),
        _O.PERIOD,
        _D.CERTIFICATES,
    )
    EXTENDED_APDU = (
        "extended_apdu",
        ("16",),
        M("The reader or its driver does not let commands of extended length through."),
        M(
            "This program sends such commands only with --extended, so it is not affected otherwise. Other "
            "programs may fail with this reader."
        ),
        (_R.SHORT_APDUS_ONLY,),
        _O.NONE,
    )
    EXTENDED_REFUSED_BY_CARD = (
        "extended_refused_by_card",
        ("16",),
        M("The card does not accept commands of extended length."),
        M(
            "The card answered that their length is wrong. This program sends such commands only with --extended, "
            "so it is not affected otherwise."
        ),
        (),
        _O.NONE,
    )
    PIN_LOGGED_BY_SERVICE = (
        "pin_logged_by_service",
        ("privacy",),
        M("The smart card service writes every command to its log, PINs included ({details})."),
        M("It was started or set up with --apdu, which is meant for developers."),
        (_R.SERVICE_WITHOUT_APDU_LOG, _R.RESTART_SERVICE),
        _O.NONE,
    )
    PIN_LOGGED_BY_SPY = (
        "pin_logged_by_spy",
        ("privacy",),
        M("Another library sits between programs and the service, and sees every PIN: {details}."),
        M("These settings replace the real library with one for developers."),
        (_R.UNSET_SPY,),
        _O.NONE,
    )
    PIN_LOGGED_BY_DRIVER = (
        "pin_logged_by_driver",
        ("privacy",),
        M("The reader's driver is set to write every byte to the log, PINs included ({details})."),
        M("A log level with the bit 4 set is meant for developers; the usual one is 0x0003."),
        (_R.DRIVER_LOG_LEVEL,),
        _O.NONE,
    )
    PIN_LOGGED_BY_MACOS = (
        "pin_logged_by_macos",
        ("privacy",),
        M("macOS writes what goes to and from cards to its log, PINs included."),
        M("The setting Logging of com.apple.security.smartcard is meant for developers."),
        (_R.MACOS_LOGGING_OFF,),
        _O.NONE,
    )
    P11_KIT_MISSING = (
        "p11_kit_missing",
        ("22",),
        M("p11-kit-client.so is not installed, so other programs cannot reach the agent."),
        M("jpki pkcs11 install has set this user up for it. The module is a part of p11-kit."),
        (_R.INSTALL_P11_KIT,),
        _O.NONE,
    )
    AGENT_NOT_RUNNING = (
        "agent_not_running",
        ("22",),
        M("The agent does not run, so other programs do not find the card."),
        M("It starts with the desktop. Programs find it when they start, so it has to be there before them."),
        (_R.START_AGENT, _R.RESTART_PROGRAM),
        _O.NONE,
    )
    ROOT_WITHOUT_MODULES = (
        "root_without_modules",
        ("22",),
        M("Programs that run as root do not read the module files of a user."),
        M("p11-kit leaves them out for root, so such a program finds the card only by the path of the module."),
        (_R.GIVE_MODULE_PATH,),
        _O.NONE,
    )
    BROWSER_IN_SANDBOX = (
        "browser_in_sandbox",
        ("22",),
        M("Browsers in a sandbox of their own may not find the card: {details}."),
        M("They see other files than other programs do, so the module and the agent's socket are likely out of reach."),
        (_R.USE_BROWSER_OF_SYSTEM,),
        _O.NONE,
    )
