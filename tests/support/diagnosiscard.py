"""Cases of the card, of Python, and of privacy (rows 9 to 20)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from diagnosiscase import NOTE, Case
from diagnosisfacts import (
    FIREFOX,
    LOST,
    MACOS,
    MISMATCH,
    MISSING,
    NO_PYSCARD,
    SLOT_WITH_KEYS,
    STOPPED,
    opened,
    with_card,
    with_pcsc,
    with_pins,
)
from fakefacts import (
    CCID_BUNDLE,
    CCID_PLIST,
    FakeFacts,
    FakeFiles,
    FakePcsc,
    FakePlatform,
    FakeProcesses,
    card_status,
    certificate,
    pin,
)

from jpki import errors
from jpki.card import CardKind, CertificateStatus, ExtendedLength, Pin, PinState
from jpki.diagnosis.causes import CardCause, ComputerCause, ProgramsCause, ReaderCause
from jpki.diagnosis.detectors import card, computer, privacy
from jpki.diagnosis.facts import CaPeriod, OpenedCard, Program, System
from jpki.identifiers import CertificateKind

CARD_CASES = [
    Case(
        "9",
        card.application_fails,
        with_card(errors.CardResetError("reset", pcsc_code=0x80100068)),
        ReaderCause.CARD_RESET,
        code=0x80100068,
    ),
    Case(
        "10",
        card.application_fails,
        with_card(errors.CardRemovedError("gone", pcsc_code=0x80100069)),
        ReaderCause.CARD_REMOVED,
        code=0x80100069,
    ),
    Case(
        "10",
        card.connection,
        opened(errors.NoCardError("gone", pcsc_code=0x8010000C)),
        ReaderCause.CARD_REMOVED,
        code=0x8010000C,
    ),
    Case("10", card.application_fails, with_card(LOST), ReaderCause.ANSWER_LOST, code=0x80100016),
    Case("10", card.connection, opened(errors.CardTimeoutError("slow")), ReaderCause.TIMEOUT),
    Case(
        "10",
        card.connection,
        opened(errors.TransportError("failed", pcsc_code=0x80100001)),
        ReaderCause.READER_FAILED,
        code=0x80100001,
    ),
    Case("10", card.application_fails, with_card(errors.TlvError("nonsense")), CardCause.BAD_DATA),
    Case(
        "11",
        card.card_period,
        with_card(card_status(expires=date(2026, 11, 21))),
        CardCause.CARD_EXPIRED,
        ("2026-11-21",),
    ),
    Case(
        "11",
        card.card_period,
        with_card(card_status(expires=date(2026, 12, 31), auth=certificate(2022, 2026))),
        CardCause.CARD_RENEWABLE,
        ("2026-12-31",),
        NOTE,
    ),
    Case(
        "4",
        card.pins_blocked,
        with_card(
            card_status(
                pins=(pin(Pin.AUTH, PinState.BLOCKED), pin(Pin.SIGN, PinState.NOT_IN_USE)),
                sign=CertificateStatus(CertificateKind.SIGN, is_present=False),
            )
        ),
        CardCause.PIN_BLOCKED_OR_PINLESS,
        ("auth",),
        NOTE,
    ),
    Case(
        "11",
        card.certificate_out_of_period,
        with_card(card_status(auth=certificate(2019, 2024))),
        CardCause.CERTIFICATE_EXPIRED,
        ("2024-12-31",),
    ),
    Case(
        "11",
        card.certificate_out_of_period,
        with_card(card_status(auth=certificate(2027, 2031))),
        CardCause.CERTIFICATE_NOT_YET_VALID,
        ("2027-01-01",),
    ),
    Case(
        "11",
        card.certificate_out_of_period,
        with_card(card_status(auth=certificate(2022, 2026))),
        CardCause.CERTIFICATE_RENEWABLE,
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
        CardCause.CA_CERTIFICATE_OUT_OF_PERIOD,
        ("auth-ca",),
    ),
    Case("12", card.reader_driver, with_card(LOST, platform=MACOS), ReaderCause.MACOS_DRIVER, code=0x80100016),
    Case("12", card.reader_driver, FakeFacts(platform=MACOS), ReaderCause.MACOS_DRIVER, verdict=NOTE),
    Case(
        "13",
        computer.sandbox,
        with_pcsc(STOPPED, environment={"SNAP": "/snap/jpki/1"}),
        ComputerCause.SANDBOX,
        ("snap",),
        code=0x8010001D,
    ),
    Case(
        "13",
        computer.sandbox,
        with_pcsc(STOPPED, files=FakeFiles({"/.flatpak-info": ""})),
        ComputerCause.SANDBOX,
        ("flatpak",),
        code=0x8010001D,
    ),
    Case(
        "13",
        computer.sandbox,
        with_pcsc(MISSING, files=FakeFiles({"/.dockerenv": ""})),
        ComputerCause.SANDBOX,
        ("docker",),
        code=0x8010001D,
    ),
    Case("13", computer.sandbox, FakeFacts(environment={"FLATPAK_ID": "x"}), ComputerCause.SANDBOX, ("flatpak",), NOTE),
    Case(
        "14",
        card.not_my_number_card,
        with_card(errors.NotMyNumberCardError("SELECT", 0x6A82)),
        CardCause.NOT_MY_NUMBER_CARD,
        sw=0x6A82,
    ),
    Case("14", card.old_juki_card, with_card(card_status(kind=CardKind.OLD_JUKI_CARD)), CardCause.OLD_JUKI_CARD),
    Case(
        "14",
        card.application,
        with_card(card_status(kind=CardKind.ANDROID)),
        CardCause.SMARTPHONE,
        ("JPKIAPICCTOKEN2",),
        NOTE,
    ),
    Case(
        "14",
        card.application_fails,
        with_card(errors.UnexpectedStatusError("READ BINARY", 0x6F00)),
        CardCause.CARD_REFUSED,
        ("READ BINARY",),
        sw=0x6F00,
    ),
    Case("15", card.certificates, FakeFacts(), CardCause.SIGN_CERTIFICATE_CLOSED, verdict=NOTE),
    Case(
        "16",
        card.extended_apdu,
        FakeFacts(pcsc=FakePcsc(extended=ExtendedLength.LOST)),
        CardCause.EXTENDED_APDU,
        verdict=NOTE,
    ),
    Case(
        "16",
        card.extended_apdu,
        FakeFacts(pcsc=FakePcsc(extended=ExtendedLength.REFUSED_BY_CARD)),
        CardCause.EXTENDED_REFUSED_BY_CARD,
        verdict=NOTE,
    ),
    Case(
        "17",
        computer.python_version,
        FakeFacts(platform=FakePlatform(python=(3, 10, 4))),
        ComputerCause.PYTHON_TOO_OLD,
        ("3.10.4",),
    ),
    Case("17", computer.pyscard_missing, FakeFacts(platform=FakePlatform(pyscard=None)), ComputerCause.PYSCARD_MISSING),
    Case("17", computer.pyscard_missing, with_pcsc(NO_PYSCARD), ComputerCause.PYSCARD_MISSING),
    Case(
        "17",
        computer.pyscard_version,
        FakeFacts(platform=FakePlatform(pyscard=(2, 0, 5))),
        ComputerCause.PYSCARD_TOO_OLD,
        ("2.0.5",),
    ),
    Case(
        "18",
        card.pin_pad,
        FakeFacts(pcsc=FakePcsc(opened=OpenedCard(b"", 1, has_pin_pad=True))),
        ReaderCause.PIN_PAD,
        verdict=NOTE,
    ),
    Case("18", card.pin_pad, FakeFacts(pcsc=SLOT_WITH_KEYS), ReaderCause.PIN_PAD_DOUBTFUL, ("OMNIKEY 3x21 00",)),
    Case(
        "19",
        card.connection,
        opened(MISMATCH, FIREFOX),
        ReaderCause.PROTOCOL_MISMATCH,
        ("firefox (77)",),
        code=0x8010000F,
    ),
    Case("20", card.pins_absent, with_pins((Pin.AUTH, PinState.ABSENT, 0x6A82)), CardCause.PIN_ABSENT, ("auth",), NOTE),
    Case(
        "20",
        card.certificates,
        with_card(card_status(sign=CertificateStatus(CertificateKind.SIGN, is_present=False))),
        CardCause.CERTIFICATE_ABSENT,
        ("sign",),
        NOTE,
    ),
    Case(
        "21",
        card.certificate_denied,
        FakeFacts(
            pcsc=FakePcsc(
                card=card_status(sign=CertificateStatus(CertificateKind.SIGN, is_present=False)),
                files={CertificateKind.AUTH: True, CertificateKind.SIGN: True},
            )
        ),
        CardCause.CERTIFICATE_DENIED,
        ("sign",),
    ),
    Case(
        "21",
        card.certificate_missing,
        FakeFacts(pcsc=FakePcsc(files={CertificateKind.AUTH: False, CertificateKind.SIGN: False})),
        CardCause.CERTIFICATE_MISSING,
        ("auth", "sign"),
    ),
    *(
        Case(
            "privacy",
            privacy.logged_by_service,
            FakeFacts(processes=FakeProcesses((Program("pcscd", arguments),))),
            ProgramsCause.PIN_LOGGED_BY_SERVICE,
            (" ".join(["pcscd", *arguments]),),
        )
        for arguments in (("--foreground", "--apdu"), ("-fda",), ("-a",))
    ),
    Case(
        "privacy",
        privacy.logged_by_service,
        FakeFacts(files=FakeFiles({"/etc/default/pcscd": 'DAEMON_ARGS="--apdu"\n'})),
        ProgramsCause.PIN_LOGGED_BY_SERVICE,
        ("/etc/default/pcscd",),
    ),
    Case(
        "privacy",
        privacy.logged_by_spy,
        FakeFacts(environment={"LIBPCSCLITE_DELEGATE": "/x.so"}),
        ProgramsCause.PIN_LOGGED_BY_SPY,
        ("LIBPCSCLITE_DELEGATE",),
    ),
    Case(
        "privacy",
        privacy.logged_by_spy,
        FakeFacts(environment={"LD_PRELOAD": "/usr/lib/libpcscspy.so.0"}),
        ProgramsCause.PIN_LOGGED_BY_SPY,
        ("LD_PRELOAD",),
    ),
    Case(
        "privacy",
        privacy.logged_by_driver,
        FakeFacts(environment={"LIBCCID_ifdLogLevel": "0x000F"}),
        ProgramsCause.PIN_LOGGED_BY_DRIVER,
        ("LIBCCID_ifdLogLevel: 0x000F",),
    ),
    Case(
        "privacy",
        privacy.logged_by_driver,
        FakeFacts(files=FakeFiles({"/etc/default/pcscd": 'LIBCCID_ifdLogLevel="0x0007"\n'})),
        ProgramsCause.PIN_LOGGED_BY_DRIVER,
        ("/etc/default/pcscd: 0x0007",),
    ),
    Case(
        "privacy",
        privacy.logged_by_driver,
        FakeFacts(
            files=FakeFiles(
                {CCID_BUNDLE: "", CCID_PLIST: "\t<key>ifdLogLevel</key>\n\t<string>0x000F</string>\n"},
            )
        ),
        ProgramsCause.PIN_LOGGED_BY_DRIVER,
        (f"{CCID_PLIST}: 0x000F",),
    ),
    Case(
        "privacy",
        privacy.logged_by_macos,
        FakeFacts(platform=FakePlatform(system=System.MACOS, settings={"Logging": True})),
        ProgramsCause.PIN_LOGGED_BY_MACOS,
    ),
]
