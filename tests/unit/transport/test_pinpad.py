"""Readers with keys: their features, and the two structures of PC/SC part 10, byte for byte."""

from __future__ import annotations

import sys

import pytest
from pinpadreader import BOTH, GET_FEATURES, MODIFY_CODE, UNSUPPORTED, VERIFY_CODE, VERIFY_ONLY, PinPadConnection

from jpki.errors import AnswerLostError, CardTimeoutError, TransportError
from jpki.transport import PinPadReader, find_pin_pad
from jpki.transport.pinpad import control_code, modify_structure, parse_features, verify_structure
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

VERIFY = bytes.fromhex("0020008004FFFFFFFF")
CHANGE = bytes.fromhex("0024018004FFFFFFFF")


def _reader(features: bytes | TransportError) -> PinPadConnection:
    return PinPadConnection(SimulatedConnection(open_card("adult").card), features=features)


class _Answering:
    """A connection whose reader answers every control code alike."""

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer
        self.seen: list[tuple[int, bytes, float | None]] = []

    def control(self, code: int, data: bytes | bytearray, *, timeout: float | None = None) -> bytes:
        self.seen.append((code, bytes(data), timeout))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_the_structure_for_verify_is_that_of_part_10() -> None:
    """Every field of PIN_VERIFY_STRUCTURE, with 4 to 4 digits, and the command behind it."""
    fields = [
        "3C",  # bTimerOut: 60 s
        "00",  # bTimerOut2
        "82",  # bmFormatString: bytes, position 0, left, ASCII
        "04",  # bmPINBlockString: no length inserted, a block of 4 bytes
        "00",  # bmPINLengthFormat
        "0404",  # wPINMaxExtraDigit: 4 at least, 4 at most
        "02",  # bEntryValidationCondition: validation key
        "01",  # bNumberMessage
        "0904",  # wLangId: English
        "00",  # bMsgIndex
        "000000",  # bTeoPrologue
        "09000000",  # ulDataLength
        "0020008004FFFFFFFF",  # abData
    ]
    assert verify_structure(VERIFY, 4) == bytes.fromhex("".join(fields))


def test_the_structure_for_a_new_pin_is_that_of_part_10() -> None:
    """Every field of PIN_MODIFY_STRUCTURE: the new PIN twice, the current one not at all."""
    fields = [
        "3C",  # bTimerOut
        "00",  # bTimerOut2
        "82",  # bmFormatString
        "04",  # bmPINBlockString
        "00",  # bmPINLengthFormat
        "00",  # bInsertionOffsetOld
        "00",  # bInsertionOffsetNew
        "0404",  # wPINMaxExtraDigit
        "01",  # bConfirmPIN: confirmation, no current PIN
        "02",  # bEntryValidationCondition
        "02",  # bNumberMessage
        "0904",  # wLangId
        "01",  # bMsgIndex1: new PIN
        "02",  # bMsgIndex2: once more
        "00",  # bMsgIndex3
        "000000",  # bTeoPrologue
        "09000000",  # ulDataLength
        "0024018004FFFFFFFF",  # abData
    ]
    assert modify_structure(CHANGE, 4) == bytes.fromhex("".join(fields))


@pytest.mark.parametrize(("platform", "code"), [("linux", 0x42000D48), ("darwin", 0x42000D48), ("win32", 0x00313520)])
def test_the_code_of_the_question_for_features(monkeypatch: pytest.MonkeyPatch, platform: str, code: int) -> None:
    """SCARD_CTL_CODE(3400) is one number on Windows and another elsewhere."""
    monkeypatch.setattr(sys, "platform", platform)
    assert control_code(3400) == code


def test_the_code_is_pyscard_s() -> None:
    """pyscard makes the same number on this system."""
    scard = pytest.importorskip("smartcard.scard", reason="pyscard or the PC/SC library is not installed")
    assert control_code(3400) == scard.SCARD_CTL_CODE(3400)


def test_features_are_found() -> None:
    """A list of features gives the control codes, in big-endian order as part 10 has them."""
    assert parse_features(BOTH) == {6: VERIFY_CODE, 7: MODIFY_CODE, 0x0A: 0x4233000A}
    pad = find_pin_pad(_reader(BOTH))
    assert pad is not None
    assert (pad.verify_code, pad.modify_code) == (VERIFY_CODE, MODIFY_CODE)


@pytest.mark.parametrize("features", ["", "0604423300", "06054233000600", "060342330006", "0A044233000A", "FF" * 7])
def test_no_feature_no_pad(features: str) -> None:
    """No list, a list that is cut short or has other lengths, or one without the feature: no PIN pad."""
    assert find_pin_pad(_reader(bytes.fromhex(features))) is None


def test_a_reader_that_only_verifies() -> None:
    """It is a PIN pad, and cannot ask for a new PIN."""
    pad = find_pin_pad(_reader(VERIFY_ONLY))
    assert pad is not None
    assert pad.modify_code is None
    with pytest.raises(TransportError, match="new PIN"):
        pad.modify(CHANGE, 4)


@pytest.mark.parametrize("code", [0x8010001F, 0x80100022, 0x80100016, 0x80100004, 0x00000001, 0x80100011])
def test_a_reader_that_does_not_know_the_question(code: int) -> None:
    """Whatever error drivers answer with, it means no PIN pad."""
    assert find_pin_pad(_reader(TransportError("no", pcsc_code=code))) is None
    assert find_pin_pad(_reader(UNSUPPORTED)) is None


def test_a_connection_without_a_way_to_the_reader() -> None:
    """A simulated card in this process has no reader to ask."""
    assert find_pin_pad(SimulatedConnection(open_card("adult").card)) is None


def test_a_reader_that_does_not_come_back_is_no_reader_without_keys() -> None:
    """A missed deadline is told, since this connection is lost."""
    connection = _reader(CardTimeoutError("late"))
    with pytest.raises(CardTimeoutError):
        find_pin_pad(connection)


def test_what_is_sent_to_the_reader() -> None:
    """One control code with the structure; the deadline leaves the reader's own time, twice for two entries."""
    answering = _Answering(b"\x90\x00")
    pad = PinPadReader(answering, VERIFY_CODE, MODIFY_CODE)
    assert pad.verify(VERIFY, 4) == b"\x90\x00"
    assert pad.modify(CHANGE, 4) == b"\x90\x00"
    assert answering.seen == [
        (VERIFY_CODE, verify_structure(VERIFY, 4), 90.0),
        (MODIFY_CODE, modify_structure(CHANGE, 4), 150.0),
    ]


def test_no_answer_is_a_lost_answer() -> None:
    """An empty answer leaves open what the card did."""
    with pytest.raises(AnswerLostError):
        PinPadReader(_Answering(b""), VERIFY_CODE, None).verify(VERIFY, 4)


def test_the_question_has_no_data() -> None:
    """Discovery sends nothing but the question."""
    connection = _reader(BOTH)
    find_pin_pad(connection)
    assert connection.controls == [(GET_FEATURES, b"", None)]
