"""Facts of a computer that a test states: everything is well unless it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeVar

from jpki.card import CardKind, CardStatus, CertificateStatus, ExtendedLength, Pin, PinState, PinStatus
from jpki.card.my_number_card import Token
from jpki.certificate import period_of
from jpki.diagnosis.facts import (
    CaPeriod,
    OpenedCard,
    PackageManager,
    Program,
    ServiceManager,
    ServiceState,
    System,
    UsbDevice,
    UsbInterface,
)
from jpki.errors import JpkiError
from jpki.identifiers import CertificateKind
from jpki.iso7816 import StatusWord
from jpki.transport import ReaderState
from jpki.words import Unread

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
READER = ReaderState("Reader 00 00", 0, is_card_present=True)
ACR122U = UsbDevice(0x072F, 0x2200, "ACR122U", (UsbInterface(0x0B),))
RC_S300 = UsbDevice(0x054C, 0x0DC9, "RC-S300/P", (UsbInterface(0x0B, "usbfs"),))
RC_S380 = UsbDevice(0x054C, 0x06C3, "RC-S380/P", (UsbInterface(0xFF, "port100"),))
CCID_BUNDLE = "/usr/lib/pcsc/drivers/ifd-ccid.bundle"
CCID_PLIST = f"{CCID_BUNDLE}/Contents/Info.plist"
UDEV_RULES = "/usr/lib/udev/rules.d/92_pcscd_ccid.rules"


@dataclass
class Period:
    """First and last instant of a certificate."""

    not_before: datetime
    not_after: datetime


def certificate(
    first: int = 2024, last: int = 2029, *, kind: CertificateKind = CertificateKind.AUTH
) -> CertificateStatus:
    """A certificate that runs from the start of one year to the end of another."""
    period = Period(datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, tzinfo=UTC))
    return CertificateStatus(kind, is_present=True, period=period_of(period, NOW), issuer="auth-2023")


SIGN_CLOSED = CertificateStatus(CertificateKind.SIGN, is_present=True, reason=Unread.NEEDS_SIGNATURE_PASSWORD)


def pin(which: Pin, state: PinState = PinState.FULL, sw: int = 0x63C3) -> PinStatus:
    """One PIN in a state."""
    left = {PinState.FULL: which.retry_limit, PinState.BLOCKED: 0, PinState.LAST_TRY: 1}.get(state)
    return PinStatus(which.value, state, left, which.retry_limit, StatusWord(sw))


def card_status(
    *,
    kind: CardKind = CardKind.CARD,
    pins: tuple[PinStatus, ...] | None = None,
    auth: CertificateStatus | None = None,
    sign: CertificateStatus = SIGN_CLOSED,
    expires: date | None = date(2031, 3, 1),
) -> CardStatus:
    """What reading an adult's card gives."""
    four = tuple(pin(p) for p in Pin) if pins is None else pins
    return CardStatus(Token("JPKIAPICCTOKEN2", kind), four, (auth or certificate(), sign), expires, None)


@dataclass
class FakeFiles:
    """Files by path: their text."""

    texts: dict[str, str] = field(default_factory=dict)
    folders: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def exists(self, path: str) -> bool:
        """Whether the test stated it."""
        return path in self.texts or path in self.folders

    def read_text(self, path: str) -> str | None:
        """The stated text."""
        return self.texts.get(path)

    def names(self, folder: str) -> tuple[str, ...]:
        """The stated names."""
        return self.folders.get(folder, ())


@dataclass
class FakeProcesses:
    """Programs."""

    programs: tuple[Program, ...] = ()

    def running(self) -> tuple[Program, ...]:
        """Those stated."""
        return self.programs


@dataclass
class FakeUsb:
    """USB devices; None: not shown."""

    found: tuple[UsbDevice, ...] | None = ()

    def devices(self) -> tuple[UsbDevice, ...] | None:
        """Those stated."""
        return self.found


@dataclass
class FakePlatform:
    """A Debian computer."""

    system: System = System.LINUX
    release: str = "Debian GNU/Linux 13, Linux 6.12"
    version: tuple[int, ...] = ()
    python: tuple[int, ...] = (3, 13, 1)
    pyscard: tuple[int, ...] | None = (2, 3, 1)
    package_manager: PackageManager = PackageManager.APT
    service_manager: ServiceManager = ServiceManager.SYSTEMD
    is_remote_session: bool = False
    is_root: bool = False
    now: datetime = NOW
    state: ServiceState = field(default_factory=lambda: ServiceState(is_enabled=True, is_running=True))
    pcscd: tuple[int, ...] | None = (2, 3, 3)
    asks_polkit: bool = True
    settings: Mapping[str, object] = field(default_factory=dict)

    def service(self) -> ServiceState:
        """The stated service."""
        return self.state

    def pcscd_version(self) -> tuple[int, ...] | None:
        """The stated version."""
        return self.pcscd

    def pcscd_asks_polkit(self) -> bool:
        """As stated."""
        return self.asks_polkit

    def smartcard_settings(self) -> Mapping[str, object]:
        """The stated settings."""
        return self.settings


@dataclass
class FakePcsc:
    """One reader with a healthy card; what is an error is raised."""

    is_simulated: bool = False
    wanted: str | None = None
    library: JpkiError | None = None
    listed: tuple[ReaderState, ...] | JpkiError = (READER,)
    applications: tuple[str, ...] = (READER.name,)
    opened: OpenedCard | JpkiError = field(default_factory=lambda: OpenedCard(b"\x3b\x80", 1, has_pin_pad=False))
    card: CardStatus | JpkiError = field(default_factory=card_status)
    authorities: tuple[CaPeriod, ...] | JpkiError = tuple(
        CaPeriod(kind, datetime(2023, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC))
        for kind in (CertificateKind.AUTH_CA, CertificateKind.SIGN_CA)
    )
    extended: ExtendedLength = ExtendedLength.TAKEN
    files: Mapping[CertificateKind, bool | None] | None = None

    def check_library(self) -> None:
        """Raise what was stated."""
        if self.library is not None:
            raise self.library

    def readers(self) -> tuple[ReaderState, ...]:
        """The stated readers."""
        return _given(self.listed)

    def has_application(self, reader: str) -> bool:
        """Whether it is one of the stated."""
        return reader in self.applications

    def open(self, reader: str) -> OpenedCard:
        """The stated card."""
        assert reader
        return _given(self.opened)

    def status(self, reader: str) -> CardStatus:
        """The stated status."""
        assert reader
        return _given(self.card)

    def ca_periods(self, reader: str) -> tuple[CaPeriod, ...]:
        """The stated periods."""
        assert reader
        return _given(self.authorities)

    def certificate_files(self, reader: str) -> Mapping[CertificateKind, bool | None]:
        """The stated files; else those that the flags tell."""
        if self.files is not None:
            return self.files
        return {c.kind: c.is_present for c in self.status(reader).certificates}

    def try_extended_length(self, reader: str) -> ExtendedLength:
        """As stated."""
        assert reader
        return self.extended


def _given(value: T | JpkiError) -> T:
    if isinstance(value, JpkiError):
        raise value
    return value


@dataclass
class FakeFacts:
    """All of them."""

    files: FakeFiles = field(default_factory=FakeFiles)
    processes: FakeProcesses = field(default_factory=FakeProcesses)
    environment: dict[str, str] = field(default_factory=dict)
    usb: FakeUsb = field(default_factory=FakeUsb)
    pcsc: FakePcsc = field(default_factory=FakePcsc)
    platform: FakePlatform = field(default_factory=FakePlatform)
