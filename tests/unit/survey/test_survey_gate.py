"""What passes the gate of a survey: commands that change nothing, and nothing else, whoever asks for it."""

from __future__ import annotations

import pytest
from surveying import make_card

from jpki.card import Pin
from jpki.errors import CardRemovedError, TransportError
from jpki.pin import Secret
from jpki.survey import Survey
from jpki.survey.gate import SurveyGate
from jpki_sim.card import SimulatedConnection

_READING = {"00a4", "00b0", "00b2", "00c0", "00ca"}


class _Silent:
    """A card that takes every command and says 9000; it keeps what came."""

    reader = "reader"
    atr = b""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self.answer = b"\x90\x00"

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Take it."""
        self.came.append(bytes(command))
        return self.answer

    def transaction(self) -> None:
        """Not used."""

    def unpower(self) -> None:
        """Take note."""
        self.came.append(b"unpower")

    def close(self) -> None:
        """Not used."""


def _gate() -> tuple[SurveyGate, _Silent]:
    card = _Silent()
    return SurveyGate(card), card  # type: ignore[arg-type] # no transactions here


def test_of_all_classes_and_instructions_five_pass() -> None:
    """SELECT, READ BINARY, READ RECORD, GET RESPONSE and GET DATA; each other one is refused and never sent."""
    gate, card = _gate()
    passed = set()
    for header in range(0x10000):
        raw = header.to_bytes(2)
        for rest in (b"\x00\x80\x04\x32\x38\x34\x36", b"\x00\x00\x00\x00\x04abcd"):
            try:
                gate.transmit(raw + rest)
            except (ValueError, TransportError):
                continue
            passed.add(raw.hex())

    assert passed == _READING
    assert {command[:2].hex() for command in card.came} == _READING


@pytest.mark.parametrize("command", ["", "00", "00A4", "00A404", "002000800432383436", "00200080" + "0100", "802A0080"])
def test_secrets_signatures_and_fragments_do_not_pass(command: str) -> None:
    """Outside a presentation there is no VERIFY with data and no signature, and half a command is none."""
    gate, card = _gate()
    with pytest.raises(ValueError, match="survey"):
        gate.transmit(bytes.fromhex(command))
    assert card.came == []


def test_one_verify_for_each_presentation() -> None:
    """The second VERIFY with data is refused, and so is one after the presentation, and a signature."""
    gate, card = _gate()
    verify = bytearray.fromhex("002000800432383436")
    with gate.presenting():
        gate.transmit(verify)
        with pytest.raises(ValueError, match="no secret"):
            gate.transmit(verify)
        gate.transmit(bytes.fromhex("802A00800100"))
    for command in (verify, bytes.fromhex("802A00800100")):
        with pytest.raises(ValueError, match="survey"):
            gate.transmit(command)
    assert len(card.came) == 2


@pytest.mark.parametrize(
    ("answer", "passes"), [("63C0", True), ("6983", True), ("6984", True), ("63C3", False), ("9000", False)]
)
def test_the_empty_verify_with_le_is_for_a_locked_secret(answer: str, passes: bool) -> None:  # noqa: FBT001
    """Only right after the card said that no try is left there, and once."""
    gate, card = _gate()
    with pytest.raises(ValueError, match="nothing to lose"):
        gate.transmit(bytes.fromhex("0020008000"))
    card.answer = bytes.fromhex(answer)
    gate.transmit(bytes.fromhex("00200080"))
    if passes:
        gate.transmit(bytes.fromhex("0020008000"))
    with pytest.raises(ValueError, match="nothing to lose"):
        gate.transmit(bytes.fromhex("0020008000"))
    assert len(card.came) == 1 + passes


def test_after_the_power_was_cut_nothing_is_sent() -> None:
    """The connection has ended; cutting the power again does nothing."""
    gate, card = _gate()
    gate.unpower()
    gate.unpower()
    for use in (lambda: gate.transmit(bytes.fromhex("00A40000")), gate.transaction, gate.take_exclusive):
        with pytest.raises(CardRemovedError):
            use()
    assert card.came == [b"unpower"]


def test_a_connection_that_cannot_restart_says_so() -> None:
    """Keeping the card and resetting it is no part of every connection."""
    gate, _ = _gate()
    with pytest.raises(TransportError):
        gate.take_exclusive()
    with pytest.raises(TransportError):
        gate.restart(is_cold=False)


def test_nothing_is_asked_of_a_card_that_was_not_identified() -> None:
    """Every step asks first whether this is a plain card."""
    card = make_card()
    card.command_log = []
    survey = Survey(SimulatedConnection(card))
    for step in (
        survey.read,
        survey.hold,
        survey.read_extended,
        lambda: survey.counter(Pin.AUTH),
        lambda: survey.present(Pin.AUTH, Secret("2846")),
    ):
        with pytest.raises(ValueError, match="plain"):
            step()
    assert card.command_log == []
