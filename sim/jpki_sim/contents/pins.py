"""The reference data of the card by their names in a card file (docs/card.md, section 2)."""

from __future__ import annotations

from typing import Final, NamedTuple

from jpki_sim.card import ChangeCommand, aids

_DIGITS: Final = b"0123456789"
_CAPITALS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class PinRule(NamedTuple):
    """Where a PIN lies, how many tries it has as issued, what values it takes, and how it is changed."""

    df_name: bytes
    ef_id: int
    retry_limit: int
    length: tuple[int, int]
    alphabet: bytes = _DIGITS
    change: ChangeCommand | None = None

    def accepts(self, value: bytes) -> bool:
        """Whether a value has the length and the characters of this PIN."""
        return self.length[0] <= len(value) <= self.length[1] and not set(value) - set(self.alphabet)


_FOUR: Final = (4, 4)
#: Tries of 照合番号A (10) and of the birth date (10) are in no source; 10 is what B is said to have.
PIN_RULES: Final[dict[str, PinRule]] = {
    "auth": PinRule(aids.JPKI_AID, 0x0018, 3, _FOUR, change=ChangeCommand.ISO),
    "sign": PinRule(aids.JPKI_AID, 0x001B, 5, (6, 16), _DIGITS + _CAPITALS, ChangeCommand.ISO),
    "input": PinRule(aids.TEXT_AID, 0x0011, 3, _FOUR, change=ChangeCommand.ISO),
    "juki": PinRule(aids.JUKI_AID, 0x001C, 3, _FOUR, change=ChangeCommand.JICSAP),
    "common-juki": PinRule(aids.COMMON_AID, 0x001C, 3, _FOUR, change=ChangeCommand.JICSAP),
    "text-a": PinRule(aids.TEXT_AID, 0x0014, 10, (12, 12)),
    "text-b": PinRule(aids.TEXT_AID, 0x0015, 10, (14, 14)),
    "visual-a": PinRule(aids.VISUAL_AID, 0x0013, 10, (12, 12)),
    "visual-b": PinRule(aids.VISUAL_AID, 0x0012, 10, (14, 14)),
    "visual-birth": PinRule(aids.VISUAL_AID, 0x0011, 10, (6, 6)),
}
#: PINs of a telephone, which has the JPKI application alone.
PHONE_PINS: Final = ("auth", "sign")
