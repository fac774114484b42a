"""pyscard's low-level functions, seen as bytes and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.errors import (
    AnswerLostError,
    CardRemovedError,
    NoCardError,
    NoReaderError,
    PermissionDeniedError,
    ReaderBusyError,
    ServiceStoppedError,
    TransportError,
)
from jpki.transport import pcsc_calls
from jpki.transport.pcsc_calls import PcscCalls

if TYPE_CHECKING:
    from .conftest import FakeScard


class _BaseSCardException(Exception):  # noqa: N818 - named like pyscard's
    """Like the root of smartcard.pcsc.PCSCExceptions."""

    def __init__(self, hresult: int) -> None:
        super().__init__("…")
        self.hresult = hresult


class _SmartcardException(Exception):  # noqa: N818 - named like pyscard's
    """Like the root of smartcard.Exceptions, which shares nothing with the other one."""

    def __init__(self, hresult: int = -1) -> None:
        super().__init__("…")
        self.hresult = hresult


class _ScardError(Exception):
    """Like smartcard.scard.error, which has no code."""


@pytest.fixture
def calls(scard: FakeScard) -> PcscCalls:
    """The calls on the fake service."""
    return PcscCalls(scard)


@pytest.mark.parametrize("is_windows", [True, False])
def test_the_sign_of_a_code_does_not_matter(calls: PcscCalls, scard: FakeScard, *, is_windows: bool) -> None:
    """Windows returns negative numbers for the same codes."""
    scard.is_windows = is_windows
    scard.failures = {"SCardConnect": [0x8010000C], "SCardBeginTransaction": [0x80100069]}
    with pytest.raises(NoCardError) as connecting:
        calls.connect(1, "r")
    with pytest.raises(CardRemovedError) as beginning:
        calls.begin(1)
    assert (connecting.value.pcsc_code, beginning.value.pcsc_code) == (0x8010000C, 0x80100069)


@pytest.mark.parametrize("family", [_BaseSCardException, _SmartcardException])
@pytest.mark.parametrize("code", [0x8010000B, -0x7FEFFFF5])
def test_both_families_of_exceptions_are_read_by_their_code(
    calls: PcscCalls, scard: FakeScard, family: type[_SmartcardException], code: int
) -> None:
    """They share no base class, so the code decides."""
    scard.failures = {"SCardConnect": [family(code)]}
    with pytest.raises(ReaderBusyError) as caught:
        calls.connect(1, "r")
    assert caught.value.pcsc_code == 0x8010000B
    assert isinstance(caught.value.__cause__, family)


@pytest.mark.parametrize(
    "raised",
    [
        _SmartcardException(),
        _BaseSCardException(0),
        _ScardError("Failed"),
        TypeError("Expected a list object."),
        SystemError("<built-in function SCardTransmit> returned NULL without setting an exception"),
        UnicodeEncodeError("ascii", "読み取り機", 0, 1, "ordinal not in range(128)"),
    ],
)
def test_whatever_pyscard_raises_is_a_transport_error(calls: PcscCalls, scard: FakeScard, raised: Exception) -> None:
    """Without a code the function and the kind of exception are named, nothing of its text."""
    scard.failures = {"SCardTransmit": [raised]}
    with pytest.raises(TransportError) as caught:
        calls.transmit(1, 2, [0, 0x20, 0, 0x80])
    assert type(caught.value) is TransportError
    assert str(caught.value) == f"pyscard cannot carry out SCardTransmit ({type(raised).__name__})"
    assert (caught.value.pcsc_code, caught.value.__cause__) == (0, raised)


@pytest.mark.parametrize(("is_windows", "number"), [(False, 0x8010001F), (True, 0x80100022)])
def test_an_unsupported_feature_has_another_number_on_windows(
    scard: FakeScard,
    *,
    is_windows: bool,
    number: int,
) -> None:
    """The constant of the platform decides, not a literal."""
    scard.is_windows = is_windows
    scard.constants["SCARD_E_UNSUPPORTED_FEATURE"] = number - (1 << 32) if is_windows else number
    scard.failures = {"SCardControl": [number], "SCardTransmit": [0x8010001F]}
    calls = PcscCalls(scard)
    with pytest.raises(TransportError, match="SCARD_E_UNSUPPORTED_FEATURE") as caught:
        calls.control(1, 0x42000D48, [])
    assert caught.value.pcsc_code == number
    with pytest.raises(TransportError, match="SCARD_E_UNEXPECTED"):
        calls.transmit(1, 2, [0])


def test_success_without_an_answer_is_a_lost_answer(calls: PcscCalls, scard: FakeScard) -> None:
    """A card that was pulled can give code 0 and no bytes; "successful" is never said of it."""
    scard.answers = [[]]
    with pytest.raises(AnswerLostError) as caught:
        calls.transmit(1, 2, [0])
    assert caught.value.pcsc_code == 0
    assert "success" not in str(caught.value).lower()


def test_one_byte_is_handed_up_as_it_is(calls: PcscCalls, scard: FakeScard) -> None:
    """It is for the caller to find out that it is no status word."""
    scard.answers = [[0x90]]
    assert calls.transmit(1, 2, [0]) == b"\x90"


def test_the_answer_of_a_failure_is_never_used(calls: PcscCalls, scard: FakeScard) -> None:
    """pyscard returns whatever was in its memory beside the code."""
    scard.failures = {"SCardTransmit": [0x80100016], "SCardListReaders": [0x80100001]}
    with pytest.raises(AnswerLostError):
        calls.transmit(1, 2, [0])
    with pytest.raises(TransportError):
        calls.list_readers(1)


@pytest.mark.parametrize(("protocol", "pci", "is_t0"), [(1, 1, True), (2, 2, False)])
def test_a_command_goes_out_in_the_protocol_of_the_card(
    calls: PcscCalls,
    scard: FakeScard,
    protocol: int,
    pci: int,
    *,
    is_t0: bool,
) -> None:
    """T=0 and T=1 have a header each; both are offered on connecting."""
    scard.protocol = protocol
    card, found = calls.connect(1, "ACME Contactless 00 00")
    calls.transmit(card, found, [0, 1])
    assert scard.calls == [("SCardConnect", 1, "ACME Contactless 00 00", 2, 3), ("SCardTransmit", card, pci, [0, 1])]
    assert calls.is_t0(found) is is_t0


def test_cards_are_left_as_they_are_for_other_programs(calls: PcscCalls, scard: FakeScard) -> None:
    """Nothing resets or unpowers the card unless it was asked to."""
    calls.end(7)
    calls.reconnect(7)
    calls.disconnect(7, unpower=False)
    calls.disconnect(7, unpower=True)
    leave, unpower = 0, 2
    assert scard.calls == [
        ("SCardEndTransaction", 7, leave),
        ("SCardReconnect", 7, 2, 3, leave),
        ("SCardDisconnect", 7, leave),
        ("SCardDisconnect", 7, unpower),
    ]


def test_no_reader_is_an_empty_list_here(calls: PcscCalls, scard: FakeScard) -> None:
    """Code 0x8010002E and an empty list are the same."""
    scard.readers = {}
    assert calls.list_readers(1) == ()
    scard.readers = {"a": (0, b"")}
    assert calls.list_readers(1) == ("a",)


def test_times_are_milliseconds_for_pcsc(calls: PcscCalls, scard: FakeScard) -> None:
    """Seconds go in, milliseconds go out, known states as they are."""
    assert calls.reader_events(1, [("ACME Contactless 00 00", 0)], timeout=0.25) == [
        ("ACME Contactless 00 00", 0x22, bytes.fromhex("3BE000FF8131FE4514"))
    ]
    assert scard.calls == [("SCardGetStatusChange", 1, 250, [("ACME Contactless 00 00", 0)])]


def test_what_was_reached_once_is_told_to_the_host(
    calls: PcscCalls, scard: FakeScard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a service that has never taken this program can be one that refuses its user."""
    told: list[bool] = []

    def service_error(code: int, *, was_reached: bool) -> NoReaderError:
        told.append(was_reached)
        return NoReaderError("asked", pcsc_code=code)

    monkeypatch.setattr(pcsc_calls, "service_error", service_error)
    scard.failures = {"SCardEstablishContext": [0x80100013], "SCardConnect": [0x80100013]}
    with pytest.raises(NoReaderError):
        calls.establish()
    calls.establish()
    with pytest.raises(NoReaderError):
        calls.connect(1, "r")
    assert told == [False, True]


@pytest.mark.parametrize("code", [0x80100013, 0x8010006A])
@pytest.mark.parametrize(("to_a_new_one", "error"), [([], PermissionDeniedError), ([0x80100013], ServiceStoppedError)])
def test_a_connection_closed_on_opening_a_card_is_a_refusal_only_from_a_service_that_lives(
    calls: PcscCalls,
    scard: FakeScard,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    to_a_new_one: list[int | Exception],
    error: type[TransportError],
) -> None:
    """A pcscd that refuses the card (polkit) takes a new connection; one that has ended does not."""
    monkeypatch.setattr("jpki.transport.pcsc_host.has_pcscd", lambda: True)
    monkeypatch.setattr(pcsc_calls, "has_pcscd", lambda: True)
    context = calls.establish()
    scard.failures = {"SCardConnect": [code], "SCardEstablishContext": list(to_a_new_one)}
    with pytest.raises(error) as caught:
        calls.connect(context, "r")
    assert type(caught.value) is error
    assert caught.value.pcsc_code == code


@pytest.mark.parametrize("code", [0x80100013, 0x8010001D, 0x8010001E, 0x8010006A])
def test_only_before_a_card_is_open_the_host_is_asked_for_the_reason(
    calls: PcscCalls, scard: FakeScard, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """A service that was there a moment ago has stopped; one that was never reached has a cause on this computer."""
    monkeypatch.setattr(pcsc_calls, "service_error", lambda code, **_: NoReaderError("asked", pcsc_code=code))
    scard.failures = {name: [code] for name in ("SCardEstablishContext", "SCardConnect", "SCardTransmit")}
    with pytest.raises(NoReaderError, match="asked"):
        calls.establish()
    with pytest.raises(NoReaderError, match="asked"):
        calls.connect(1, "r")
    scard.failures["SCardConnect"] = [_BaseSCardException(code - (1 << 32))]
    with pytest.raises(NoReaderError, match="asked"):
        calls.connect(1, "r")
    with pytest.raises(ServiceStoppedError):
        calls.transmit(1, 2, [0])


@pytest.mark.parametrize("function", ["SCardListReaders", "SCardBeginTransaction"])
def test_a_service_that_took_this_program_before_has_ended(calls: PcscCalls, scard: FakeScard, function: str) -> None:
    """One that never did is installed and does not run; one that did went away meanwhile."""
    use = {"SCardListReaders": calls.list_readers, "SCardBeginTransaction": calls.begin}[function]
    scard.failures = {function: [0x8010001D, 0x8010001D]}
    for has_ended in (False, True):
        with pytest.raises(ServiceStoppedError) as caught:
            use(1)
        assert caught.value.has_ended is has_ended
        calls.establish()
