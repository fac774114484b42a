"""Every PC/SC code is one error at each moment, with its symbol and its number."""

from __future__ import annotations

import pytest

from jpki.errors import (
    AnswerLostError,
    CardMuteError,
    CardRemovedError,
    CardResetError,
    CardTimeoutError,
    NoCardError,
    NoReaderError,
    PermissionDeniedError,
    ReaderBusyError,
    ServiceStoppedError,
    TransportError,
)
from jpki.transport import symbol_of
from jpki.transport.pcsc_errors import Stage, pcsc_error

S, C, U = Stage.SERVICE, Stage.CONNECT, Stage.USE


@pytest.mark.parametrize(
    ("code", "stage", "error", "symbol"),
    [
        (0x80100009, S, NoReaderError, "SCARD_E_UNKNOWN_READER"),
        (0x80100009, C, NoReaderError, "SCARD_E_UNKNOWN_READER"),
        (0x80100009, U, CardRemovedError, "SCARD_E_UNKNOWN_READER"),
        (0x80100017, C, NoReaderError, "SCARD_E_READER_UNAVAILABLE"),
        (0x80100017, U, CardRemovedError, "SCARD_E_READER_UNAVAILABLE"),
        (0x8010002E, S, NoReaderError, "SCARD_E_NO_READERS_AVAILABLE"),
        (0x80100011, U, CardRemovedError, "SCARD_E_INVALID_VALUE"),
        (0x80100003, U, CardRemovedError, "SCARD_E_INVALID_HANDLE"),
        (0x00000006, U, CardRemovedError, "ERROR_INVALID_HANDLE"),
        (0x8010000C, C, NoCardError, "SCARD_E_NO_SMARTCARD"),
        (0x8010000C, U, CardRemovedError, "SCARD_E_NO_SMARTCARD"),
        (0x80100069, C, NoCardError, "SCARD_W_REMOVED_CARD"),
        (0x80100069, U, CardRemovedError, "SCARD_W_REMOVED_CARD"),
        (0x80100066, C, CardMuteError, "SCARD_W_UNRESPONSIVE_CARD"),
        (0x80100067, C, CardMuteError, "SCARD_W_UNPOWERED_CARD"),
        (0x80100067, U, CardResetError, "SCARD_W_UNPOWERED_CARD"),
        (0x80100065, C, CardMuteError, "SCARD_W_UNSUPPORTED_CARD"),
        (0x80100015, C, CardMuteError, "SCARD_E_INVALID_ATR"),
        (0x80100068, U, CardResetError, "SCARD_W_RESET_CARD"),
        (0x80100016, C, CardMuteError, "SCARD_E_NOT_TRANSACTED"),
        (0x80100016, U, AnswerLostError, "SCARD_E_NOT_TRANSACTED"),
        (0x8010002F, U, AnswerLostError, "SCARD_E_COMM_DATA_LOST"),
        (0x0000001F, U, AnswerLostError, "ERROR_GEN_FAILURE"),
        (0x8010000B, C, ReaderBusyError, "SCARD_E_SHARING_VIOLATION"),
        (0x8010000B, U, ReaderBusyError, "SCARD_E_SHARING_VIOLATION"),
        (0x8010000F, C, ReaderBusyError, "SCARD_E_PROTO_MISMATCH"),
        (0x8010000F, U, TransportError, "SCARD_E_PROTO_MISMATCH"),
        (0x8010000A, U, CardTimeoutError, "SCARD_E_TIMEOUT"),
        (0x8010006A, S, PermissionDeniedError, "SCARD_W_SECURITY_VIOLATION"),
        (0x8010006A, C, PermissionDeniedError, "SCARD_W_SECURITY_VIOLATION"),
        (0x8010006A, U, ServiceStoppedError, "SCARD_W_SECURITY_VIOLATION"),
        (0x80100013, U, ServiceStoppedError, "SCARD_F_COMM_ERROR"),
        (0x8010001D, U, ServiceStoppedError, "SCARD_E_NO_SERVICE"),
        (0x8010001E, U, ServiceStoppedError, "SCARD_E_SERVICE_STOPPED"),
        (0x80100012, S, ServiceStoppedError, "SCARD_E_SYSTEM_CANCELLED"),
        (0x0000006D, S, ServiceStoppedError, "ERROR_BROKEN_PIPE"),
        (0x8010001F, U, TransportError, "SCARD_E_UNEXPECTED"),
        (0x80100001, S, TransportError, "SCARD_F_INTERNAL_ERROR"),
        (0x80100077, U, TransportError, "no symbol known"),
    ],
)
def test_codes(code: int, stage: Stage, error: type[TransportError], symbol: str) -> None:
    """The class is exact; number, symbol and function are in the sentence, the number beside it."""
    found = pcsc_error("SCardSomething", code, stage)
    assert type(found) is error
    assert found.pcsc_code == code
    assert str(found).endswith(f"(SCardSomething: {symbol}, 0x{code:08X})")


def test_windows_codes_are_the_same_numbers() -> None:
    """A negative return code is the unsigned one."""
    found = pcsc_error("SCardConnect", -0x7FEFFFF4, Stage.CONNECT)
    assert (type(found), found.pcsc_code) == (NoCardError, 0x8010000C)
    assert symbol_of(-0x7FEFFFF4) == "SCARD_E_NO_SMARTCARD"


def test_a_symbol_of_the_platform_wins() -> None:
    """A number that means something else on this platform is called what it is there."""
    found = pcsc_error("SCardControl", 0x8010001F, Stage.USE, symbol="SCARD_E_UNSUPPORTED_FEATURE")
    assert "SCARD_E_UNSUPPORTED_FEATURE" in str(found)
    assert "cannot do this" in str(found)


def test_an_unknown_code_has_no_symbol() -> None:
    """No symbol is invented."""
    assert symbol_of(0x12345678) == ""
