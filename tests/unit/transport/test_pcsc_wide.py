"""Names of readers in any script, on Windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jpki.transport.pcsc_calls import PcscCalls
from jpki.transport.pcsc_session import ServiceSession
from jpki.transport.pcsc_wide import ReaderStateW, WideScard, with_wide_names

if TYPE_CHECKING:
    from unit.transport.conftest import FakeScard

JAPANESE, PLAIN = "読み取り機 0", "ACME 1"
ATR = bytes.fromhex("3BE000FF8131FE4514")


class FakeWinscard:
    """The W functions, for one reader with a Japanese name and one with a plain one."""

    def __init__(self) -> None:
        self.names = [JAPANESE, PLAIN]
        self.more: list[str] = []  # come after the length was asked for
        self.calls: list[tuple[Any, ...]] = []
        self.code = 0

    def SCardListReadersW(self, context: Any, _groups: None, buffer: Any, length: Any) -> int:  # noqa: N802
        """Names, each with its end, and another end."""
        names = "".join(f"{name}\0" for name in self.names) + "\0"
        self.calls.append(("list", context.value, buffer is not None))
        if buffer is None:
            length._obj.value = len(names)
            if self.more:
                self.names.append(self.more.pop())
        elif length._obj.value < len(names):
            return 0x80100008 - (1 << 32)
        else:
            buffer[: len(names)] = names
        return self.code

    def SCardGetStatusChangeW(self, context: Any, timeout: Any, states: Any, count: Any) -> int:  # noqa: N802
        """A card on every reader."""
        assert count.value == len(states)
        self.calls.append(("change", context.value, timeout.value, [(s.szReader, s.dwCurrentState) for s in states]))
        for state in states:
            state.dwEventState, state.cbAtr = 0x10022, len(ATR)
            state.rgbAtr[: len(ATR)] = list(ATR)
        return self.code

    def SCardConnectW(self, context: Any, name: str, share: Any, protocols: Any, card: Any, protocol: Any) -> int:  # noqa: N802
        """A handle that is wider than 32 bits."""
        self.calls.append(("connect", context.value, name, share.value, protocols.value))
        card._obj.value, protocol._obj.value = 0xEA01000000000007, 2
        return self.code


@pytest.fixture
def winscard() -> FakeWinscard:
    """The W functions."""
    return FakeWinscard()


@pytest.fixture
def calls(scard: FakeScard, winscard: FakeWinscard) -> PcscCalls:
    """The calls on Windows, where pyscard cannot list readers of which one has a Japanese name."""
    scard.failures = {"SCardListReaders": [SystemError("…")] * 9}
    scard.readers = {PLAIN: (0x22, ATR)}
    return PcscCalls(WideScard(scard, winscard))


def test_a_japanese_name_takes_no_reader_away(calls: PcscCalls, winscard: FakeWinscard) -> None:
    """Both readers are listed with what lies on them."""
    states = ServiceSession(calls).readers()
    assert [(state.name, state.is_card_present, state.atr) for state in states] == [
        (JAPANESE, True, ATR),
        (PLAIN, True, ATR),
    ]
    assert winscard.calls[-1][3] == [(JAPANESE, 0), (PLAIN, 0)]


def test_the_reader_with_the_japanese_name_is_used(calls: PcscCalls, winscard: FakeWinscard, scard: FakeScard) -> None:
    """It is opened by its own name, with a handle of 64 bits; a negative state goes back as it was."""
    context = calls.establish()
    assert calls.connect(context, JAPANESE) == (0xEA01000000000007, 2)
    assert winscard.calls[-1][1:] == (context, JAPANESE, 2, 3)
    calls.reader_events(context, [(JAPANESE, -2147418078)], timeout=1.5)
    assert winscard.calls[-1][1:] == (context, 1500, [(JAPANESE, 0x80010022)])
    assert scard.named("SCardConnect", "SCardGetStatusChange") == []


def test_plain_names_go_the_way_they_went(calls: PcscCalls, winscard: FakeWinscard, scard: FakeScard) -> None:
    """Nothing changes for readers that pyscard can ask and open."""
    context = calls.establish()
    calls.connect(context, PLAIN)
    calls.reader_events(context, [(PLAIN, 0)])
    assert scard.names[-2:] == ["SCardConnect", "SCardGetStatusChange"]
    assert winscard.calls == []


def test_a_reader_that_comes_amid_the_list(calls: PcscCalls, winscard: FakeWinscard) -> None:
    """A list that has become too long for its place is asked for again."""
    winscard.more = ["another one with a long name"]
    assert calls.list_readers(1) == (JAPANESE, PLAIN, "another one with a long name")


def test_codes_come_through(calls: PcscCalls, winscard: FakeWinscard) -> None:
    """No reader is no error; another code of Windows, a negative number, is."""
    winscard.code = 0x8010002E - (1 << 32)
    assert calls.list_readers(1) == ()
    winscard.code = 0x80100009 - (1 << 32)
    for ask in (lambda: calls.connect(1, JAPANESE), lambda: calls.reader_events(1, [(JAPANESE, 0)])):
        with pytest.raises(Exception, match="SCARD_E_UNKNOWN_READER"):
            ask()


def test_the_structure_is_that_of_windows() -> None:
    """Where the fields lie, with 8 bytes for a pointer (winscard.h)."""
    offsets = [getattr(ReaderStateW, name).offset for name, *_ in ReaderStateW._fields_]
    assert offsets == [0, 8, 16, 20, 24, 28]


def test_elsewhere_it_is_pyscards_own(scard: FakeScard, monkeypatch: pytest.MonkeyPatch) -> None:
    """pcsc-lite has names in UTF-8, which pyscard reads."""
    monkeypatch.setattr("sys.platform", "linux")
    assert with_wide_names(scard) is scard
