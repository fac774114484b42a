"""Every class of status words as the answer to CHANGE: "changed" after 9000 alone, "unchanged" after a proof alone."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from jpki.card import MyNumberCard, Pin
from jpki.errors import PinChangeError
from jpki.pin import Secret, TryPolicy
from jpki.pin.commands import change_pin

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

#: Checking errors of ISO/IEC 7816-4, 5.6, without 6C and 6F: SW1 after which nothing was done.
PROOFS = {0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6D, 0x6E}
#: Of each SW1; tests/cli/test_change_answers.py has single ones through the command line.
SECOND = (0x00, 0x01, 0x10, 0x80, 0x81, 0x82, 0x83, 0x84, 0xC0, 0xC3, 0xCF, 0xFF)


class Answering:
    """A card that is content with everything, and answers CHANGE with one status word."""

    reader, atr = "Reader", b""

    def __init__(self, sw: int) -> None:
        self._sw = sw
        self.changes = 0

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Answer."""
        if command[1] in (0x24, 0x32):
            self.changes += 1
            return self._sw.to_bytes(2)
        return b"\x63\xc3" if command[1] == 0x20 and len(command) == 4 else b"\x90\x00"

    def transaction(self) -> AbstractContextManager[None]:
        """Nobody else uses it."""
        return nullcontext()

    def unpower(self) -> None:
        """It has no power."""

    def close(self) -> None:
        """It has no connection."""


def _said(pin: Pin, sw: int) -> str:
    card = Answering(sw)
    current, new = ("SIMCARD1", "CANARY57") if pin.is_password else ("2846", "8517")
    try:
        change_pin(MyNumberCard(card), pin, Secret(current), Secret(new), TryPolicy())
    except PinChangeError as exc:
        return "unknown" if exc.is_unknown else "unchanged"
    finally:
        assert card.changes == 1
    return "changed"


@pytest.mark.parametrize("pin", Pin)
def test_what_is_said_of_a_change(pin: Pin) -> None:
    """CHANGE is sent once, and its outcome is known after 9000 or a proof, and unknown after everything else."""
    for sw in (sw1 << 8 | sw2 for sw1 in range(0x100) for sw2 in SECOND):
        expected = "changed" if sw == 0x9000 else "unchanged" if sw >> 8 in PROOFS else "unknown"
        assert _said(pin, sw) == expected, f"{sw:04X}"
