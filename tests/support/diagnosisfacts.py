"""Computers on which something is the matter, as the tests of the diagnosis state them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakefacts import (
    CCID_BUNDLE,
    CCID_PLIST,
    FakeFacts,
    FakeFiles,
    FakePcsc,
    FakePlatform,
    FakeProcesses,
    FakeUsb,
    card_status,
    pin,
)

from jpki import errors
from jpki.card import Pin, PinState
from jpki.diagnosis.facts import OpenedCard, Program, System, UsbDevice
from jpki.transport import ReaderState

if TYPE_CHECKING:
    from jpki.errors import JpkiError

STOPPED = errors.ServiceStoppedError("stopped", pcsc_code=0x8010001D)
MISSING = errors.ServiceMissingError("missing", pcsc_code=0x8010001D)
REFUSED = errors.PermissionDeniedError("refused", pcsc_code=0x8010006A)
NO_READER = errors.NoReaderError("none", pcsc_code=0x8010002E)
NO_LIBRARY = errors.PcscLibraryMissingError("none", component="libpcsclite.so.1")
NO_PYSCARD = errors.PcscLibraryMissingError("none", component="pyscard")
BUSY = errors.ReaderBusyError("busy", pcsc_code=0x8010000A)
MISMATCH = errors.ReaderBusyError("protocol", pcsc_code=0x8010000F)
LOST = errors.AnswerLostError("lost", pcsc_code=0x80100016)
FIREFOX = Program("firefox", uses_pcsc=True, pid=77)
SCDAEMON = Program("scdaemon", ("--multi-server",), pid=78)
HELLO = ReaderState("Windows Hello for Business 1", 0, is_card_present=True, is_virtual=True)
SECOND = ReaderState("Reader 00 01", 1, is_card_present=True)
PCSCD_UNIT = "/usr/lib/systemd/system/pcscd.service"


def with_pcsc(listed: tuple[ReaderState, ...] | JpkiError, **more: object) -> FakeFacts:
    """A computer whose PC/SC answers this when it is asked for readers."""
    facts = FakeFacts(pcsc=FakePcsc(listed=listed))
    for name, value in more.items():
        setattr(facts, name, value)
    return facts


def with_usb(*devices: UsbDevice, **more: object) -> FakeFacts:
    """A computer with these USB devices, the driver of CCID readers, and no reader in PC/SC."""
    files = FakeFiles({CCID_BUNDLE: "", CCID_PLIST: "<string>0x2200</string><string>0x0DC9</string>"})
    return with_pcsc(NO_READER, **{"usb": FakeUsb(devices), "files": files, **more})


def with_card(answer: object, **more: object) -> FakeFacts:
    """A computer with a card that is read with this result."""
    facts = FakeFacts(pcsc=FakePcsc(card=answer))  # type: ignore[arg-type] # a status or an error, as stated
    for name, value in more.items():
        setattr(facts, name, value)
    return facts


def with_pins(*changed: tuple[Pin, PinState, int]) -> FakeFacts:
    """A card on which these PINs are not full."""
    states = {which: (state, sw) for which, state, sw in changed}
    return with_card(card_status(pins=tuple(pin(p, *states.get(p, (PinState.FULL, 0x63C3))) for p in Pin)))


def opened(error: JpkiError, *programs: Program) -> FakeFacts:
    """A card that cannot be opened."""
    return FakeFacts(pcsc=FakePcsc(opened=error), processes=FakeProcesses(programs))


MACOS = FakePlatform(system=System.MACOS, version=(14, 2))
WINDOWS = FakePlatform(system=System.WINDOWS)
OWN_USER = FakePlatform(pcscd=(2, 4, 1))
SLOT_WITH_KEYS = FakePcsc(
    listed=(ReaderState("OMNIKEY 3x21 00", 0, is_card_present=True),),
    opened=OpenedCard(b"\x3b\x80", 1, has_pin_pad=True),
)
