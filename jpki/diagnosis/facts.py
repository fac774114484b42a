"""What a diagnosis asks of the system it runs on, one small interface for each part of it.

Whoever implements these looks and changes nothing: no file is written, no program ended, no network used.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jpki.outside_text import OutsideText

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jpki.card import CardStatus, ExtendedLength
    from jpki.identifiers import CertificateKind
    from jpki.transport import ReaderState


class System(enum.Enum):
    """The kind of operating system."""

    LINUX = "linux"
    WINDOWS = "windows"
    MACOS = "macos"
    OTHER = "other"


class PackageManager(enum.Enum):
    """How programs are installed on this system."""

    APT = "apt"
    DNF = "dnf"
    PACMAN = "pacman"
    APK = "apk"
    ZYPPER = "zypper"
    EMERGE = "emerge"
    XBPS = "xbps"
    NIX = "nix"
    BREW = "brew"
    WINDOWS = "windows"
    UNKNOWN = "unknown"


class ServiceManager(enum.Enum):
    """What starts services on a Linux system."""

    SYSTEMD = "systemd"
    OPENRC = "openrc"
    RUNIT = "runit"
    INIT_SCRIPTS = "init_scripts"
    OTHER = "other"


class Files(Protocol):
    """Files of the system."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file, folder or socket."""
        ...

    def read_text(self, path: str) -> str | None:
        """The beginning of a file as text; None if it cannot be read."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """Names of what is in a folder; empty if it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Program:
    """A running program; ``uses_pcsc``: it has the PC/SC library loaded, as far as this user may see that.

    ``is_own`` tells that it runs as this user, which is taken for true where the system does not tell. Its name and
    arguments become :class:`jpki.outside_text.OutsideText`, whatever is given.
    """

    name: str
    arguments: tuple[str, ...] = ()
    uses_pcsc: bool = False
    pid: int = 0
    is_own: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", OutsideText(self.name))
        object.__setattr__(self, "arguments", tuple(map(OutsideText, self.arguments)))


class Processes(Protocol):
    """Programs that run."""

    def running(self) -> tuple[Program, ...]:
        """Those that this user can see, but not the caller itself."""
        ...


class Environment(Protocol):
    """The environment variables of this process."""

    def get(self, name: str, /) -> str | None:
        """Value of a variable."""
        ...


@dataclass(frozen=True, slots=True)
class UsbInterface:
    """An interface of a USB device: its class (0x0B is a card reader) and the kernel driver that has it."""

    interface_class: int
    driver: str = ""


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A USB device that is plugged in; ``name`` becomes an :class:`jpki.outside_text.OutsideText`.

    ``node_group`` owns its device file on Linux, ``problem`` is Windows' name of what keeps its driver from working;
    empty: not known, or none.
    """

    vendor: int
    product: int
    name: str = ""
    interfaces: tuple[UsbInterface, ...] = ()
    node_group: str = ""
    problem: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", OutsideText(self.name))

    @property
    def usb_id(self) -> str:
        """Vendor and product as lsusb writes them."""
        return f"{self.vendor:04x}:{self.product:04x}"


class UsbTree(Protocol):
    """The USB devices that the system shows."""

    def devices(self) -> tuple[UsbDevice, ...] | None:
        """All that are plugged in; None if this system does not show them."""
        ...


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """What opening a card shows: answer to reset, protocol (0 for T=0, 1 for T=1), and whether the reader has keys."""

    atr: bytes
    protocol: int
    has_pin_pad: bool | None


@dataclass(frozen=True, slots=True)
class CaPeriod:
    """When a CA certificate on the card begins and ends; both None if it could not be read."""

    kind: CertificateKind
    not_before: datetime | None
    not_after: datetime | None


class Pcsc(Protocol):
    """Readers and cards. A failure is raised as the error that it is; asked again, it is the same one."""

    @property
    def is_simulated(self) -> bool:
        """Whether the card is one in software, without PC/SC."""
        ...

    @property
    def wanted(self) -> str | None:
        """The reader that the user named."""
        ...

    def check_library(self) -> None:
        """Load the PC/SC library; raises PcscLibraryMissingError."""
        ...

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers; raises TransportError, NoReaderError among them."""
        ...

    def has_application(self, reader: str) -> bool:
        """Whether the card in a reader has the JPKI application; False too where it cannot be asked."""
        ...

    def open(self, reader: str) -> OpenedCard:
        """Open the card in a reader; raises TransportError."""
        ...

    def status(self, reader: str) -> CardStatus:
        """Read the card without a PIN; raises TransportError, CardError, DataError."""
        ...

    def ca_periods(self, reader: str) -> tuple[CaPeriod, ...]:
        """Read the periods of the two CA certificates; raises TransportError."""
        ...

    def certificate_files(self, reader: str) -> Mapping[CertificateKind, bool | None]:
        """Whether the card has a file of the auth and of the sign certificate; raises TransportError.

        None if it does not tell. A file that needs a PIN is there.
        """
        ...

    def try_extended_length(self, reader: str) -> ExtendedLength:
        """Read with extended length, and say how that ended."""
        ...


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service of the system; None if it is not known."""

    is_installed: bool | None = None
    is_enabled: bool | None = None
    is_running: bool | None = None


class Platform(Protocol):
    """What the system says about itself."""

    @property
    def system(self) -> System:
        """Kind of operating system."""
        ...

    @property
    def release(self) -> str:
        """Its name and version for people; the kernel's release on Linux is part of it."""
        ...

    @property
    def version(self) -> tuple[int, ...]:
        """Version of the operating system, on macOS and Windows."""
        ...

    @property
    def python(self) -> tuple[int, ...]:
        """Version of the Python that runs this program."""
        ...

    @property
    def pyscard(self) -> tuple[int, ...] | None:
        """Version of pyscard; None if it is not installed."""
        ...

    @property
    def package_manager(self) -> PackageManager:
        """How programs are installed here."""
        ...

    @property
    def service_manager(self) -> ServiceManager:
        """What starts services."""
        ...

    @property
    def is_root(self) -> bool:
        """Whether this program runs as root (not on Windows)."""
        ...

    @property
    def is_remote_session(self) -> bool:
        """Whether this is a Remote Desktop session of Windows."""
        ...

    @property
    def now(self) -> datetime:
        """The instant of this diagnosis."""
        ...

    def service(self) -> ServiceState:
        """The PC/SC service."""
        ...

    def pcscd_version(self) -> tuple[int, ...] | None:
        """Version of pcscd; None if it is not there or does not say."""
        ...

    def pcscd_asks_polkit(self) -> bool:
        """Whether pcscd says that it was built to ask polkit who may use it."""
        ...

    def smartcard_settings(self) -> Mapping[str, object]:
        """Settings of macOS for smart cards (com.apple.security.smartcard); empty elsewhere."""
        ...


class Facts(Protocol):
    """Everything that detectors may look at."""

    @property
    def files(self) -> Files:
        """Files of this computer."""
        ...

    @property
    def processes(self) -> Processes:
        """Programs that run."""
        ...

    @property
    def environment(self) -> Environment:
        """The environment variables of this process."""
        ...

    @property
    def usb(self) -> UsbTree:
        """The USB devices that the system shows."""
        ...

    @property
    def pcsc(self) -> Pcsc:
        """Readers and cards."""
        ...

    @property
    def platform(self) -> Platform:
        """The system itself."""
        ...
