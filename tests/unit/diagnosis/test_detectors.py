"""Each detector on stated facts: it names its cause where that is the matter, and finds a healthy computer well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from diagnosiscase import NOTE, Case
from diagnosiscases import CASES
from diagnosisfacts import (
    LOST,
    MACOS,
    NO_LIBRARY,
    OWN_USER,
    PCSCD_UNIT,
    REFUSED,
    SCDAEMON,
    SECOND,
    STOPPED,
    WINDOWS,
    with_card,
    with_pcsc,
    with_usb,
)
from diagnosisprograms import CACHE, RELAY, set_up, with_databases
from fakefacts import (
    ACR122U,
    NOW,
    RC_S300,
    RC_S380,
    READER,
    UDEV_RULES,
    FakeFacts,
    FakeFiles,
    FakePcsc,
    FakePlatform,
    FakeProcesses,
    card_status,
    pin,
)

from jpki.card import CertificateStatus, Pin, PinState
from jpki.certificate.checks import Verdict
from jpki.diagnosis import CHECKS, Reason
from jpki.diagnosis.causes import ALL_CAUSES, CardCause, Cause, ComputerCause
from jpki.diagnosis.detectors import card, computer, other_programs, privacy, reader, service, usb
from jpki.diagnosis.facts import CaPeriod, OpenedCard, PackageManager, Program, System
from jpki.diagnosis.remedies import ReaderRemedy
from jpki.diagnosis.rows import ROWS
from jpki.identifiers import CertificateKind
from jpki.words import Unread

if TYPE_CHECKING:
    from jpki.diagnosis.examining import Detector


def case_id(case: Case) -> str:
    """Row, detector and cause."""
    return f"{case.row}-{case.detector.__name__}-{case.cause.value}"


@pytest.mark.parametrize("case", [pytest.param(c, id=case_id(c), marks=pytest.mark.users_row(c.row)) for c in CASES])
def test_a_detector_names_its_cause(case: Case) -> None:
    """Verdict, cause, codes and details are those of the stated facts."""
    outcome = case.detector(case.facts)

    assert outcome is not None
    assert (outcome.verdict, outcome.cause, outcome.details) == (case.verdict, case.cause, case.details)
    assert (outcome.pcsc_code, outcome.status_word) == (case.code, case.sw)
    assert outcome.verdict is NOTE or outcome.remedies


DETECTORS = [detector for specification in CHECKS for detector in specification.detectors]


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.__name__)
def test_a_detector_finds_nothing_wrong_with_a_healthy_computer(detector: Detector) -> None:
    """Nothing fails where all is well."""
    outcome = detector(FakeFacts())

    assert outcome is None or outcome.verdict is not Verdict.FAIL


HEALTHY = [
    (other_programs.not_set_up, set_up(), None),
    (other_programs.p11_kit_missing, set_up(), None),
    (other_programs.agent_not_running, set_up(), None),
    (other_programs.agent_not_running, set_up(programs=(Program("jpki", ("/usr/bin/jpki", "agent")),)), None),
    (other_programs.agent_not_running, set_up(programs=(Program("jpki", ("--sim", "adult", "agent")),)), None),
    (other_programs.agent_elsewhere, set_up(), None),
    (other_programs.agent_elsewhere, set_up("/mnt/home/somebody/.cache x/jpki/pkcs11", remote=CACHE), None),
    (other_programs.agent_elsewhere, set_up("/run/a b/jpki/relay", remote=RELAY), None),
    (other_programs.agent_elsewhere, set_up(remote="|/usr/bin/another"), None),
    (other_programs.agent_elsewhere, set_up(remote="unix:path=%zz"), None),
    (other_programs.root_without_modules, set_up(), None),
    (other_programs.browser_in_sandbox, set_up(), None),
    (other_programs.browser_in_sandbox, with_databases("/mnt/home/somebody/.mozilla/firefox/snap"), None),
    (computer.wsl, FakeFacts(platform=FakePlatform(release="Linux microsoft-WSL2")), ComputerCause.WSL),
    (
        computer.remote_desktop,
        FakeFacts(platform=FakePlatform(system=System.WINDOWS, is_remote_session=True)),
        ComputerCause.REMOTE_DESKTOP,
    ),
    (computer.sandbox, with_pcsc(STOPPED, files=FakeFiles({"/.dockerenv": ""})), ComputerCause.SANDBOX),
    (computer.pyscard_missing, with_pcsc(NO_LIBRARY), None),
    (usb.usb_permission, with_usb(RC_S300, platform=OWN_USER, files=FakeFiles({UDEV_RULES: ""})), None),
    (usb.usb_permission, with_usb(RC_S300, files=FakeFiles({PCSCD_UNIT: "[Service]\n"}), platform=OWN_USER), None),
    (usb.usb_permission, with_usb(RC_S300), None),
    (
        usb.driver_missing,
        with_usb(
            RC_S300,
            files=FakeFiles(
                {"/usr/lib/x86_64-linux-gnu/pcsc/drivers/ifd-ccid.bundle": ""}, {"/usr/lib": ("x86_64-linux-gnu",)}
            ),
        ),
        None,
    ),
    (usb.driver_missing, with_usb(RC_S300, files=FakeFiles(), platform=WINDOWS), None),
    (
        usb.driver_missing,
        with_usb(RC_S300, files=FakeFiles(), platform=FakePlatform(package_manager=PackageManager.NIX)),
        None,
    ),
    (usb.reader_taken_by_gnupg, with_usb(ACR122U, processes=FakeProcesses((SCDAEMON,))), None),
    (usb.kernel_nfc_modules, with_usb(RC_S300, files=FakeFiles({"/proc/modules": "pn533_usb 1 0\n"})), None),
    (usb.no_reader, with_pcsc(STOPPED), None),
    (
        service.permission_proc_hidden,
        with_pcsc(REFUSED, files=FakeFiles({"/proc/mounts": "proc /proc proc rw,hidepid=0 0 0\n"})),
        None,
    ),
    (service.permission_remote, with_pcsc(REFUSED), None),
    (service.service_disabled, with_pcsc(STOPPED), None),
    (service.service_waits_for_reader, with_pcsc(STOPPED), None),
    (card.reader_driver, FakeFacts(platform=FakePlatform(system=System.MACOS, version=(13, 6))), None),
    (
        card.reader_driver,
        with_card(LOST, platform=FakePlatform(system=System.MACOS, version=(15,), settings={"useIFDCCID": True})),
        None,
    ),
    (reader.several_cards, FakeFacts(pcsc=FakePcsc(listed=(READER, SECOND))), None),
    (
        reader.several_cards,
        FakeFacts(pcsc=FakePcsc(listed=(READER, SECOND), wanted="1", applications=(READER.name, SECOND.name))),
        None,
    ),
    (
        card.pins_blocked,
        with_card(
            card_status(
                pins=(pin(Pin.SIGN, PinState.NOT_IN_USE, 0x63C0),),
                sign=CertificateStatus(CertificateKind.SIGN, is_present=False),
            )
        ),
        None,
    ),
    (privacy.logged_by_driver, FakeFacts(environment={"LIBCCID_ifdLogLevel": "0x0003"}), None),
    (privacy.logged_by_driver, FakeFacts(environment={"LIBCCID_ifdLogLevel": "much"}), None),
    (
        privacy.logged_by_driver,
        FakeFacts(files=FakeFiles({"/etc/default/pcscd": "# LIBCCID_ifdLogLevel=0x000F\nLIBCCID_ifdLogLevel=3\n"})),
        None,
    ),
    (
        privacy.logged_by_service,
        FakeFacts(processes=FakeProcesses((Program("pcscd", ("--auto-exit",)), Program("ls", ("-a",))))),
        None,
    ),
    (privacy.logged_by_service, FakeFacts(files=FakeFiles({"/etc/default/pcscd": "# DAEMON_ARGS=--apdu\n"})), None),
    (privacy.logged_by_macos, FakeFacts(platform=MACOS), None),
]


@pytest.mark.parametrize(("detector", "facts", "noted"), HEALTHY)
def test_a_detector_is_not_misled(detector: Detector, facts: FakeFacts, noted: Cause | None) -> None:
    """Facts that look like the fault and are none: nothing fails, though it may be worth a note."""
    outcome = detector(facts)

    assert outcome is None or (outcome.verdict, outcome.cause) == (Verdict.PASS, noted)


@pytest.mark.parametrize(
    ("detector", "facts", "reason"),
    [
        (computer.wsl, FakeFacts(platform=WINDOWS), Reason.OTHER_SYSTEM),
        (computer.remote_desktop, FakeFacts(), Reason.OTHER_SYSTEM),
        (service.permission, FakeFacts(platform=MACOS), Reason.OTHER_SYSTEM),
        (other_programs.not_set_up, FakeFacts(platform=WINDOWS), Reason.OTHER_SYSTEM),
        (other_programs.not_set_up, FakeFacts(), Reason.NOT_HERE),
        (card.reader_driver, FakeFacts(), Reason.OTHER_SYSTEM),
        (card.pin_pad, FakeFacts(pcsc=FakePcsc(opened=OpenedCard(b"", 0, has_pin_pad=None))), Reason.NOT_VISIBLE),
        (
            card.ca_certificates,
            FakeFacts(pcsc=FakePcsc(authorities=(CaPeriod(CertificateKind.AUTH_CA, None, None),))),
            Reason.NOT_VISIBLE,
        ),
        (
            card.certificate_closed,
            with_card(card_status(auth=CertificateStatus(CertificateKind.AUTH, None, reason=Unread.NEEDS_AUTH_PIN))),
            Reason.NEEDS_PIN,
        ),
    ],
)
def test_what_cannot_be_asked_is_said_with_its_reason(detector: Detector, facts: FakeFacts, reason: Reason) -> None:
    """Not checked is neither passed nor failed."""
    outcome = detector(facts)

    assert outcome is not None
    assert (outcome.verdict, outcome.reason) == (Verdict.NOT_CHECKED, reason)


def test_the_remedy_for_an_rc_s380_depends_on_the_system() -> None:
    """Sony's software exists for Windows only."""
    on_linux, on_windows = usb.rc_s380(with_usb(RC_S380)), usb.rc_s380(with_usb(RC_S380, platform=WINDOWS))

    assert on_linux is not None
    assert on_windows is not None
    assert (on_linux.remedies, on_windows.remedies) == ((ReaderRemedy.USE_OTHER_READER,), (ReaderRemedy.SONY_SOFTWARE,))


def test_what_support_asks_of_the_service_is_among_the_details() -> None:
    """Its version, whether it asks polkit, and whether somebody is logged in from elsewhere."""
    plain = FakeFacts(platform=FakePlatform(asks_polkit=False))
    remote = FakeFacts(environment={"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"})

    assert service.service_installed(FakeFacts()).details == ("pcscd 2.3.3", "polkit")
    assert service.service_installed(plain).details == ("pcscd 2.3.3",)
    assert service.permission(FakeFacts()).details == ()
    assert service.permission(remote).details == ("SSH",)


def test_an_unreadable_certificate_is_a_fault() -> None:
    """A file that holds no certificate is not passed over."""
    auth = CertificateStatus(CertificateKind.AUTH, is_present=True, reason=Unread.UNREADABLE)
    outcome = card.certificate_closed(with_card(card_status(auth=auth)))

    assert outcome is not None
    assert outcome.cause is CardCause.BAD_DATA


def test_every_cause_is_in_a_row_and_in_a_case_of_it() -> None:
    """No cause without a row, and no row with a cause that no test provokes."""
    rows = {(row.name, cause) for row in ROWS for cause in row.causes}
    tested = {(case.row, case.cause) for case in CASES} | {
        ("10", CardCause.BAD_DATA),
        ("11", CardCause.CERTIFICATE_ABSENT),
    }

    assert set(ALL_CAUSES) - {cause for _, cause in rows} == set(), "jpki/diagnosis/causes/: these are in no row"
    assert rows - tested == set(), "tests/support/diagnosis*.py: no Case has these found"
    assert tested - rows == set(), "jpki/diagnosis/causes/: no row of these causes has this name"


def test_every_detector_has_a_case() -> None:
    """Each detector is seen to speak, but for those that have nothing to say."""
    silent = {"nothing_logs_pins", "certificate_closed", "not_set_up"}

    spoken = {case.detector.__name__ for case in CASES}
    asked = {detector.__name__ for detector in DETECTORS}
    assert spoken - asked == set(), "jpki/diagnosis/examining.py: no check asks these detectors"
    assert asked - silent - spoken == set(), "tests/support/diagnosis*.py: no Case for these detectors"


def test_the_period_of_ca_certificates_is_judged_at_the_instant_of_the_diagnosis() -> None:
    """The first and the last instant belong to the period."""
    edge = CaPeriod(CertificateKind.SIGN_CA, NOW, NOW)
    outcome = card.ca_certificates(FakeFacts(pcsc=FakePcsc(authorities=(edge,))))

    assert (outcome.verdict, outcome.details) == (Verdict.PASS, ("sign-ca",))
