"""Facts that a test states, the detector that is to speak, and what it is to say of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from diagnosisfacts import (
    BUSY,
    FIREFOX,
    HELLO,
    LOST,
    MACOS,
    MISMATCH,
    MISSING,
    NO_LIBRARY,
    NO_PYSCARD,
    NO_READER,
    OWN_USER,
    PCSCD_UNIT,
    REFUSED,
    SCDAEMON,
    SECOND,
    SLOT_WITH_KEYS,
    STOPPED,
    WINDOWS,
    opened,
    with_card,
    with_pcsc,
    with_pins,
    with_usb,
)
from fakefacts import (
    ACR122U,
    CCID_BUNDLE,
    CCID_PLIST,
    RC_S300,
    RC_S380,
    READER,
    UDEV_RULES,
    FakeFacts,
    FakeFiles,
    FakePcsc,
    FakePlatform,
    FakeProcesses,
    FakeUsb,
    card_status,
    certificate,
)

from jpki import errors
from jpki.application.my_number_card import CardKind, CertificateKind
from jpki.application.pin import Pin, PinState
from jpki.application.status import CertificateStatus
from jpki.diagnosis import card, computer, privacy, reader, service, usb
from jpki.diagnosis.codes import Cause, Verdict
from jpki.diagnosis.facts import CaPeriod, OpenedCard, Program, ServiceState, System, UsbDevice, UsbInterface
from jpki.transport.reader_state import ReaderState

if TYPE_CHECKING:
    from jpki.diagnosis.examine import Detector


class Case(NamedTuple):
    """Facts, the detector that is to speak, and what it is to say."""

    row: str
    detector: Detector
    facts: FakeFacts
    cause: Cause
    details: tuple[str, ...] = ()
    verdict: Verdict = Verdict.FAIL
    code: int = 0
    sw: int | None = None


NOTE = Verdict.PASS
CASES = [
    Case(
        "1",
        computer.library,
        FakeFacts(pcsc=FakePcsc(library=NO_LIBRARY)),
        Cause.LIBRARY_MISSING,
        ("libpcsclite.so.1",),
    ),
    Case("1", service.service_installed, with_pcsc(MISSING), Cause.SERVICE_MISSING, code=0x8010001D),
    Case(
        "1",
        service.service_disabled,
        with_pcsc(STOPPED, platform=FakePlatform(state=ServiceState(is_enabled=False))),
        Cause.SERVICE_DISABLED,
        code=0x8010001D,
    ),
    Case("1", service.service_stopped, with_pcsc(STOPPED), Cause.SERVICE_STOPPED, code=0x8010001D),
    Case("1", service.service_hangs, with_pcsc(errors.CardTimeoutError("slow")), Cause.SERVICE_HANGS),
    Case(
        "1",
        service.service_answers,
        with_pcsc(errors.TransportError("internal", pcsc_code=0x80100001)),
        Cause.SERVICE_FAILED,
        code=0x80100001,
    ),
    Case("2", usb.no_reader, with_usb(), Cause.NO_READER, code=0x8010002E),
    Case("2", usb.no_reader, with_pcsc(NO_READER, usb=FakeUsb(None)), Cause.NO_READER, code=0x8010002E),
    Case(
        "2",
        usb.driver_missing,
        with_usb(RC_S300, files=FakeFiles()),
        Cause.DRIVER_MISSING,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "2",
        usb.reader_not_taken,
        with_usb(RC_S300),
        Cause.READER_NOT_TAKEN,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "2a",
        usb.kernel_nfc_driver,
        with_usb(UsbDevice(0x072F, 0x2200, "ACR122U", (UsbInterface(0x0B, "pn533_usb"),))),
        Cause.KERNEL_NFC_DRIVER,
        ("ACR122U (072f:2200)", "pn533_usb"),
        code=0x8010002E,
    ),
    Case(
        "2a",
        usb.kernel_nfc_modules,
        with_usb(ACR122U, files=FakeFiles({"/proc/modules": "pn533_usb 20480 0 - Live\npn533 61440 1 pn533_usb\n"})),
        Cause.KERNEL_NFC_DRIVER,
        ("ACR122U (072f:2200)", "pn533"),
        code=0x8010002E,
    ),
    Case("2b", usb.rc_s380, with_usb(RC_S380), Cause.RC_S380, ("RC-S380/P (054c:06c3)",), code=0x8010002E),
    Case(
        "2b",
        usb.driver_too_old,
        with_usb(RC_S300, files=FakeFiles({CCID_BUNDLE: "", CCID_PLIST: "<string>0x2200</string>"})),
        Cause.DRIVER_TOO_OLD,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "2c",
        usb.usb_permission,
        with_usb(RC_S300, platform=OWN_USER),
        Cause.USB_PERMISSION,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "2c",
        usb.usb_permission,
        with_usb(
            UsbDevice(0x054C, 0x0DC9, "", (UsbInterface(0x0B),), node_group="root"),
            files=FakeFiles({PCSCD_UNIT: "[Service]\nUser=pcscd\n", UDEV_RULES: ""}),
        ),
        Cause.USB_PERMISSION,
        ("054c:0dc9",),
        code=0x8010002E,
    ),
    Case(
        "2d",
        computer.wsl,
        with_pcsc(NO_READER, platform=FakePlatform(release="Linux 5.15.153.1-microsoft-standard-WSL2")),
        Cause.WSL,
        code=0x8010002E,
    ),
    Case(
        "2e",
        computer.remote_desktop,
        with_pcsc(STOPPED, platform=FakePlatform(system=System.WINDOWS, is_remote_session=True)),
        Cause.REMOTE_DESKTOP,
        code=0x8010001D,
    ),
    Case(
        "2e",
        computer.remote_desktop,
        with_pcsc(NO_READER, platform=WINDOWS, environment={"SESSIONNAME": "RDP-Tcp#3"}),
        Cause.REMOTE_DESKTOP,
        code=0x8010002E,
    ),
    Case(
        "2f",
        usb.reader_not_taken,
        with_usb(RC_S300, platform=WINDOWS),
        Cause.READER_NOT_TAKEN,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case("3", reader.card_present, with_pcsc((ReaderState("Reader", 0),)), Cause.NO_CARD),
    Case(
        "3",
        reader.card_answers,
        with_pcsc((ReaderState("Reader", 0, is_card_present=True, is_mute=True),)),
        Cause.CARD_MUTE,
        code=0x80100066,
    ),
    Case(
        "3",
        card.connection,
        opened(errors.CardMuteError("mute", pcsc_code=0x80100067)),
        Cause.CARD_MUTE,
        code=0x80100067,
    ),
    *(
        Case("4", card.pins_blocked, with_pins((Pin.SIGN, PinState.BLOCKED, sw)), Cause.PIN_BLOCKED, ("sign",), sw=sw)
        for sw in (0x63C0, 0x6983, 0x6984)
    ),
    Case("4", card.pins_used, with_pins((Pin.AUTH, PinState.LAST_TRY, 0x63C1)), Cause.PIN_TRIES_USED, ("auth",), NOTE),
    Case("5", service.permission, with_pcsc(REFUSED), Cause.PERMISSION_DENIED, code=0x8010006A),
    Case(
        "5",
        service.permission_remote,
        with_pcsc(REFUSED, environment={"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}),
        Cause.PERMISSION_REMOTE,
        code=0x8010006A,
    ),
    Case(
        "5",
        service.permission_proc_hidden,
        with_pcsc(REFUSED, files=FakeFiles({"/proc/mounts": "proc /proc proc rw,nosuid,hidepid=invisible 0 0\n"})),
        Cause.PERMISSION_PROC_HIDDEN,
        ("rw,nosuid,hidepid=invisible",),
        code=0x8010006A,
    ),
    Case(
        "6",
        reader.card_free,
        with_pcsc(
            (ReaderState("Reader", 0, is_card_present=True, is_exclusive=True),),
            processes=FakeProcesses((FIREFOX, SCDAEMON)),
        ),
        Cause.EXCLUSIVE_USE,
        ("firefox (77)",),
        code=0x8010000B,
    ),
    Case("6", card.connection, opened(BUSY, SCDAEMON), Cause.CARD_BUSY, ("scdaemon (78)",), code=0x8010000A),
    Case(
        "6",
        usb.reader_taken_by_gnupg,
        with_usb(RC_S300, processes=FakeProcesses((SCDAEMON,))),
        Cause.READER_TAKEN_BY_GNUPG,
        ("RC-S300/P (054c:0dc9)",),
        code=0x8010002E,
    ),
    Case(
        "7",
        service.service_waits_for_reader,
        with_pcsc(STOPPED, platform=WINDOWS),
        Cause.SERVICE_WAITS_FOR_READER,
        code=0x8010001D,
    ),
    Case(
        "7",
        card.application_fails,
        with_card(errors.ServiceStoppedError("gone", pcsc_code=0x8010001E)),
        Cause.SERVICE_GONE,
        code=0x8010001E,
    ),
    Case(
        "7",
        card.connection,
        opened(errors.PermissionDeniedError("the socket is left, nobody listens", pcsc_code=0x80100013)),
        Cause.SERVICE_GONE,
        code=0x80100013,
    ),
    Case("8", reader.no_virtual_only, with_pcsc((HELLO,)), Cause.VIRTUAL_READERS_ONLY, (HELLO.name,)),
    Case("8", reader.reader_choice, with_pcsc((HELLO, SECOND)), Cause.VIRTUAL_READERS, (HELLO.name,), NOTE),
    Case(
        "8",
        reader.reader_choice,
        with_pcsc((READER, ReaderState("Slot", 1))),
        Cause.SEVERAL_READERS,
        (READER.name,),
        NOTE,
    ),
    Case(
        "8",
        reader.several_cards,
        FakeFacts(pcsc=FakePcsc(listed=(READER, SECOND), applications=(READER.name, SECOND.name))),
        Cause.SEVERAL_CARDS,
        (READER.name, SECOND.name),
    ),
    Case("8", reader.known_reader, FakeFacts(pcsc=FakePcsc(wanted="nothing")), Cause.UNKNOWN_READER, (READER.name,)),
    Case(
        "9",
        card.application_fails,
        with_card(errors.CardResetError("reset", pcsc_code=0x80100068)),
        Cause.CARD_RESET,
        code=0x80100068,
    ),
    Case(
        "10",
        card.application_fails,
        with_card(errors.CardRemovedError("gone", pcsc_code=0x80100069)),
        Cause.CARD_REMOVED,
        code=0x80100069,
    ),
    Case(
        "10",
        card.connection,
        opened(errors.NoCardError("gone", pcsc_code=0x8010000C)),
        Cause.CARD_REMOVED,
        code=0x8010000C,
    ),
    Case("10", card.application_fails, with_card(LOST), Cause.ANSWER_LOST, code=0x80100016),
    Case("10", card.connection, opened(errors.CardTimeoutError("slow")), Cause.TIMEOUT),
    Case(
        "10",
        card.connection,
        opened(errors.TransportError("failed", pcsc_code=0x80100001)),
        Cause.READER_FAILED,
        code=0x80100001,
    ),
    Case("10", card.application_fails, with_card(errors.TlvError("nonsense")), Cause.BAD_DATA),
    Case(
        "11",
        card.certificate_out_of_period,
        with_card(card_status(auth=certificate(2019, 2024))),
        Cause.CERTIFICATE_EXPIRED,
        ("2024-12-31",),
    ),
    Case(
        "11",
        card.certificate_out_of_period,
        with_card(card_status(auth=certificate(2027, 2031))),
        Cause.CERTIFICATE_NOT_YET_VALID,
        ("2027-01-01",),
    ),
    Case(
        "11",
        card.certificate_out_of_period,
        with_card(card_status(auth=certificate(2022, 2026))),
        Cause.CERTIFICATE_RENEWABLE,
        ("2026-12-31",),
        NOTE,
    ),
    Case(
        "11",
        card.ca_certificates,
        FakeFacts(
            pcsc=FakePcsc(
                authorities=(
                    CaPeriod(
                        CertificateKind.AUTH_CA, datetime(2015, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
                    ),
                )
            )
        ),
        Cause.CA_CERTIFICATE_OUT_OF_PERIOD,
        ("auth-ca",),
    ),
    Case("12", card.reader_driver, with_card(LOST, platform=MACOS), Cause.MACOS_DRIVER, code=0x80100016),
    Case("12", card.reader_driver, FakeFacts(platform=MACOS), Cause.MACOS_DRIVER, verdict=NOTE),
    Case(
        "13",
        computer.sandbox,
        with_pcsc(STOPPED, environment={"SNAP": "/snap/jpki/1"}),
        Cause.SANDBOX,
        ("snap",),
        code=0x8010001D,
    ),
    Case(
        "13",
        computer.sandbox,
        with_pcsc(STOPPED, files=FakeFiles({"/.flatpak-info": ""})),
        Cause.SANDBOX,
        ("flatpak",),
        code=0x8010001D,
    ),
    Case(
        "13",
        computer.sandbox,
        with_pcsc(MISSING, files=FakeFiles({"/.dockerenv": ""})),
        Cause.SANDBOX,
        ("docker",),
        code=0x8010001D,
    ),
    Case("13", computer.sandbox, FakeFacts(environment={"FLATPAK_ID": "x"}), Cause.SANDBOX, ("flatpak",), NOTE),
    Case(
        "14",
        card.not_my_number_card,
        with_card(errors.NotMyNumberCardError("SELECT", 0x6A82)),
        Cause.NOT_MY_NUMBER_CARD,
        sw=0x6A82,
    ),
    Case("14", card.old_juki_card, with_card(card_status(kind=CardKind.OLD_JUKI_CARD)), Cause.OLD_JUKI_CARD),
    Case(
        "14",
        card.application,
        with_card(card_status(kind=CardKind.ANDROID)),
        Cause.SMARTPHONE,
        ("JPKIAPICCTOKEN2",),
        NOTE,
    ),
    Case(
        "14",
        card.application_fails,
        with_card(errors.UnexpectedStatusError("READ BINARY", 0x6F00)),
        Cause.CARD_REFUSED,
        ("READ BINARY",),
        sw=0x6F00,
    ),
    Case("15", card.certificates, FakeFacts(), Cause.SIGN_CERTIFICATE_CLOSED, verdict=NOTE),
    Case("16", card.extended_apdu, FakeFacts(pcsc=FakePcsc(is_extended=False)), Cause.EXTENDED_APDU),
    Case(
        "17",
        computer.python_version,
        FakeFacts(platform=FakePlatform(python=(3, 10, 4))),
        Cause.PYTHON_TOO_OLD,
        ("3.10.4",),
    ),
    Case("17", computer.pyscard_missing, FakeFacts(platform=FakePlatform(pyscard=None)), Cause.PYSCARD_MISSING),
    Case("17", computer.pyscard_missing, with_pcsc(NO_PYSCARD), Cause.PYSCARD_MISSING),
    Case(
        "17",
        computer.pyscard_version,
        FakeFacts(platform=FakePlatform(pyscard=(2, 0, 5))),
        Cause.PYSCARD_TOO_OLD,
        ("2.0.5",),
    ),
    Case(
        "18",
        card.pin_pad,
        FakeFacts(pcsc=FakePcsc(opened=OpenedCard(b"", 1, has_pin_pad=True))),
        Cause.PIN_PAD,
        verdict=NOTE,
    ),
    Case("18", card.pin_pad, FakeFacts(pcsc=SLOT_WITH_KEYS), Cause.PIN_PAD_DOUBTFUL, ("OMNIKEY 3x21 00",)),
    Case("19", card.connection, opened(MISMATCH, FIREFOX), Cause.PROTOCOL_MISMATCH, ("firefox (77)",), code=0x8010000F),
    Case("20", card.pins_absent, with_pins((Pin.AUTH, PinState.ABSENT, 0x6A82)), Cause.PIN_ABSENT, ("auth",), NOTE),
    Case(
        "20",
        card.certificates,
        with_card(card_status(sign=CertificateStatus(CertificateKind.SIGN, is_present=False))),
        Cause.CERTIFICATE_ABSENT,
        ("sign",),
        NOTE,
    ),
    *(
        Case(
            "privacy",
            privacy.logged_by_service,
            FakeFacts(processes=FakeProcesses((Program("pcscd", arguments),))),
            Cause.PIN_LOGGED_BY_SERVICE,
        )
        for arguments in (("--foreground", "--apdu"), ("-fda",), ("-a",))
    ),
    Case(
        "privacy",
        privacy.logged_by_service,
        FakeFacts(files=FakeFiles({"/etc/default/pcscd": 'DAEMON_ARGS="--apdu"\n'})),
        Cause.PIN_LOGGED_BY_SERVICE,
        ("/etc/default/pcscd",),
    ),
    Case(
        "privacy",
        privacy.logged_by_spy,
        FakeFacts(environment={"LIBPCSCLITE_DELEGATE": "/x.so"}),
        Cause.PIN_LOGGED_BY_SPY,
        ("LIBPCSCLITE_DELEGATE",),
    ),
    Case(
        "privacy",
        privacy.logged_by_spy,
        FakeFacts(environment={"LD_PRELOAD": "/usr/lib/libpcscspy.so.0"}),
        Cause.PIN_LOGGED_BY_SPY,
        ("LD_PRELOAD",),
    ),
    Case(
        "privacy",
        privacy.logged_by_driver,
        FakeFacts(environment={"LIBCCID_ifdLogLevel": "0x000F"}),
        Cause.PIN_LOGGED_BY_DRIVER,
        ("0x000F",),
    ),
    Case(
        "privacy",
        privacy.logged_by_macos,
        FakeFacts(platform=FakePlatform(system=System.MACOS, settings={"Logging": True})),
        Cause.PIN_LOGGED_BY_MACOS,
    ),
]
