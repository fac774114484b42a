"""What the conformance suite runs on: a simulated card made by hand from docs/card.md, or a real one (``--reader``).

Tests talk to the card in raw APDUs through a CardConnection. Each names the row of docs/card.md that it covers with
``@pytest.mark.card_md(section, row)``; ``real=True`` marks those that neither send nor change a secret, and hold on any
card of the family, so that they may run on a real one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import tables
from cryptography.hazmat.primitives.asymmetric import rsa

from jpki_sim.card import (
    FREE,
    NEVER,
    CardImage,
    ChangeCommand,
    DedicatedFile,
    KeyFile,
    OpaqueKeyFile,
    ReadCondition,
    RecordFile,
    ReferenceData,
    RsaPrivateKey,
    SimulatedCard,
    SimulatedConnection,
    TransparentFile,
    any_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.transport import CardConnection
    from jpki_sim.card import Settings

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
VISUAL = "D3921000310001010402"
JUKI = "D3921000310001010401"
COMMON = "D3921000310001010100"
CAPITALS_AND_DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Length of both user certificates; the example of the recorded client traces.
CERTIFICATE_SIZE = 1584
CA_CERTIFICATE_SIZE = 1100


@dataclass(frozen=True)
class Reply:
    """Data and status word of a response."""

    data: bytes
    sw: int


@dataclass
class CardUnderTest:
    """A connection to a card, and APDUs as they stand in docs/card.md; ``simulated`` is None with a real card."""

    connection: CardConnection
    simulated: SimulatedCard | None
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)

    def send(self, apdu: str) -> Reply:
        """Send an APDU given in hex; the response always has a status word.

        To a real card nothing goes that could cost a try or change it, whatever a test's mark says.
        """
        command = bytes.fromhex(apdu)
        if self.simulated is None and may_change(command):
            pytest.fail(f"not to be sent to a real card: {command[:4].hex()} and {len(command) - 4} bytes")
        answer = self.connection.transmit(command)
        assert len(answer) >= 2
        return Reply(answer[:-2], int.from_bytes(answer[-2:]))

    def sw(self, *apdus: str) -> int:
        """Send APDUs; the status word of the last one."""
        return [self.send(apdu).sw for apdu in apdus][-1]

    def select(self, aid: str, ef: str = "") -> None:
        """Select an application and, with ``ef``, one of its files."""
        assert self.sw(f"00A4040C{len(aid) // 2:02X}{aid}") == 0x9000
        if ef:
            assert self.sw(f"00A4020C02{ef}") == 0x9000

    def verify(self, aid: str, ef: str, value: str) -> int:
        """Select an IEF and present a value to it; the status word of the VERIFY."""
        self.select(aid, ef)
        return self.sw(f"00200080{len(value):02X}{value.encode().hex()}")

    def status(self, aid: str, ef: str) -> int:
        """Select an IEF and ask for its counter; the status word."""
        self.select(aid, ef)
        return self.sw("00200080")

    def read(self, ef: str) -> Reply:
        """Select a file of the current application and read its first bytes."""
        assert self.sw(f"00A4020C02{ef}") == 0x9000
        return self.send("00B0000000")


def may_change(command: bytes) -> bool:
    """Whether a card could take a command for a secret, or for a change; a VERIFY without data is neither.

    Five or seven bytes are a VERIFY without data and with Le, of which the Le of zero alone cannot be taken for an Lc.
    """
    instruction = command[1] if len(command) > 1 else 0
    if instruction == 0x20:
        return any(command[4:])
    return instruction in {0x24, 0x2C, 0x32, 0x50, 0x52, 0x54, 0x82, 0x8A, 0xA2, 0xAE}


def _private_key(size: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def _numbers(key: rsa.RSAPrivateKey) -> RsaPrivateKey:
    numbers = key.private_numbers()
    public = numbers.public_numbers
    return RsaPrivateKey(public.n, public.e, numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)


@pytest.fixture(scope="session")
def keys() -> dict[str, rsa.RSAPrivateKey]:
    """TEST keys by name, made for this run."""
    return {name: _private_key() for name in ("auth", "sign", "free")}


def _der(size: int, seed: int) -> bytes:
    body = size - 4
    return b"\x30\x82" + body.to_bytes(2) + bytes((seed + index * 7) & 0xFF for index in range(body))


def _pin(ef: int, name: str, value: str, tries: int, change: ChangeCommand | None = None) -> ReferenceData:
    size = len(value)
    return ReferenceData(ef, name, value.encode(), tries, tries, change, (size, size))


def _file(ef: int, content: str | bytes, read: ReadCondition = FREE) -> TransparentFile:
    return TransparentFile(ef, bytes.fromhex(content) if isinstance(content, str) else content, read)


def _jpki(keys: dict[str, rsa.RSAPrivateKey]) -> DedicatedFile:
    sign = ReferenceData(0x1B, "sign", b"SIMCARD1", 5, 5, ChangeCommand.ISO, (6, 16), CAPITALS_AND_DIGITS)
    return DedicatedFile.of(
        JPKI,
        "JPKI",
        [
            _file(0x01, _der(CERTIFICATE_SIZE, 1), any_of(0x1B)),
            _file(0x02, _der(CA_CERTIFICATE_SIZE, 2)),
            _file(0x06, b"JPKIAPICCTOKEN2".ljust(32) + bytes(128)),
            _file(0x08, "8F8F00"),
            _file(0x09, bytes(16), NEVER),
            _file(0x0A, _der(CERTIFICATE_SIZE, 10)),
            _file(0x0B, _der(CA_CERTIFICATE_SIZE, 11)),
            OpaqueKeyFile(0x10),
            OpaqueKeyFile(0x16),
            KeyFile(0x17, lambda: _numbers(keys["auth"]), any_of(0x18)),
            _pin(0x18, "auth", "2846", 3, ChangeCommand.ISO),
            KeyFile(0x1A, lambda: _numbers(keys["sign"]), any_of(0x1B)),
            sign,
        ],
    )


def _text(keys: dict[str, rsa.RSAPrivateKey]) -> DedicatedFile:
    every = any_of(0x11, 0x14, 0x15)
    attributes = "FF202B DF2108000E0017001F002A DF2206E38386E382B9 DF2305544553543B DF24083139393030313031 DF250131"
    return DedicatedFile.of(
        TEXT,
        "text",
        [
            _file(0x01, "FF100C 313233343536373839303138 FFFF", any_of(0x11, 0x14)),
            _file(0x02, attributes, any_of(0x11, 0x15)),
            _file(0x03, b"\xff\x30\x82\x01\x4b" + bytes(331), every),
            _file(0x04, b"\x7f\x21\x82\x02\x33" + bytes(563)),
            _file(0x05, "FF4007 DF4104 01030E01"),
            _file(0x06, bytes(280), every),
            _file(0x07, bytes(280), every),
            _pin(0x11, "input", "3957", 3, ChangeCommand.ISO),
            ReferenceData(0x12, "text-0012", b"", 3, 0, is_blocked_as_issued=True),
            KeyFile(0x13, lambda: _numbers(keys["free"])),
            _pin(0x14, "text-a", "123456789018", 10),
            _pin(0x15, "text-b", "55021720352285", 10),
        ],
    )


def _visual(keys: dict[str, rsa.RSAPrivateKey]) -> DedicatedFile:
    either = any_of(0x12, 0x13)
    return DedicatedFile.of(
        VISUAL,
        "visual",
        [
            _file(0x01, b"\xff\x10\x82\x02\x1e" + bytes(542), any_of(0x11)),
            _file(0x02, b"\xff\x20\x82\x20\x00" + bytes(8192), either),
            _file(0x03, "FF3007 DF3104 06030E01"),
            _file(0x04, b"\x7f\x21\x82\x02\x33" + bytes(563)),
            _file(0x05, b"\xff\x40\x82\x03\x00" + bytes(768), any_of(0x13)),
            _file(0x06, b"\xff" * 16, either),
            _pin(0x11, "visual-birth", "550217", 10),
            _pin(0x12, "visual-b", "55021720352285", 10),
            _pin(0x13, "visual-a", "123456789018", 10),
            KeyFile(0x1A, lambda: _numbers(keys["free"])),
        ],
    )


def _juki() -> DedicatedFile:
    return DedicatedFile.of(
        JUKI, "juki", [RecordFile(0x02, (bytes(16),)), _pin(0x1C, "juki", "4068", 3, ChangeCommand.JICSAP)]
    )


def _common(keys: dict[str, rsa.RSAPrivateKey]) -> DedicatedFile:
    return DedicatedFile.of(
        COMMON,
        "common",
        [
            RecordFile(0x01, (bytes.fromhex("011C") + b"0123456789012341310120350217",)),
            RecordFile(0x02, (bytes(16),)),
            KeyFile(0x19, lambda: _numbers(keys["free"]), internal_authenticate=True, can_sign=False),
            _pin(0x1C, "common-juki", "4068", 3, ChangeCommand.JICSAP),
        ],
    )


@pytest.fixture
def make_image(keys: dict[str, rsa.RSAPrivateKey]) -> Callable[[], CardImage]:
    """Make a fresh image with every application of docs/card.md, section 1."""

    def make() -> CardImage:
        objects = {0x42: bytes(16), 0x45: b"TEST", 0xF0: b"13101", 0xF2: b"20350217", 0xF8: bytes(568)}
        applications = [_jpki(keys), _common(keys), _juki(), _visual(keys), _text(keys)]
        return CardImage(applications, objects | {0x5F51: bytes.fromhex("E000FF8131FE4514")})

    return make


@pytest.fixture
def make_card(
    make_image: Callable[[], CardImage], keys: dict[str, rsa.RSAPrivateKey]
) -> Callable[[Settings], CardUnderTest]:
    """Make a simulated card with these settings."""

    def make(settings: Settings) -> CardUnderTest:
        card = SimulatedCard(make_image(), settings=settings)
        return CardUnderTest(SimulatedConnection(card), card, keys)

    return make


@pytest.fixture
def card(
    request: pytest.FixtureRequest, make_image: Callable[[], CardImage], keys: dict[str, rsa.RSAPrivateKey]
) -> Iterator[CardUnderTest]:
    """A card that was just powered up: simulated, or the one in ``--reader``."""
    reader = request.config.getoption("--reader", default=None)
    if reader is None:
        simulated = SimulatedCard(make_image())
        yield CardUnderTest(SimulatedConnection(simulated), simulated, keys)
        return
    from jpki.transport import PcscSystem

    with PcscSystem() as system:
        system.connect(_full_name(system, reader)).unpower()
        connection = system.connect(_full_name(system, reader))
        yield CardUnderTest(connection, None)
        connection.unpower()


def _full_name(system: object, part: str) -> str:
    from jpki.transport import PcscSystem

    assert isinstance(system, PcscSystem)
    names = [state.name for state in system.readers() if part in state.name]
    assert names, f"no reader is named {part}"
    return names[0]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With a real card, skip every test of the suite that is not marked as harmless."""
    if config.getoption("--reader", default=None) is None:
        return
    skip = pytest.mark.skip(reason="sends or changes a secret, or needs a card of known content")
    for item in items:
        if "tests/contract/" not in item.path.as_posix():
            continue
        if not any(mark.kwargs.get("real") for mark in item.iter_markers("card_md")):
            item.add_marker(skip)


_rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note which row a test covers and how it ended."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined] # pluggy's Result, which hookwrappers are sent
    if report.when == "call" or report.outcome != "passed":
        for mark in item.iter_markers("card_md"):
            section, row = mark.args
            _rows[section][row].append(report.outcome)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the rows of docs/card.md that were covered, with -v or a real card, and their number by section."""
    has_card = config.getoption("--reader", default=None) is not None
    if not _rows or not (has_card or tables.are_wanted(terminalreporter)):
        return
    terminalreporter.section("rows of docs/card.md")
    for section in sorted(_rows, key=lambda name: [int(part) for part in name.split(".")]):
        rows = _rows[section]
        counts = Counter("failed" if "failed" in outcomes else outcomes[0] for outcomes in rows.values())
        summary = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
        terminalreporter.line(f"{section}: {summary}")
        for row, outcomes in sorted(rows.items()):
            terminalreporter.line(f"    {'/'.join(sorted(set(outcomes)))}  {row}")
