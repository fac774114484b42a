"""What PC/SC reports about a reader and the card on it without touching the card."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from jpki.outside_text import OutsideText

# Flags of SCARD_READERSTATE.dwEventState: the same numbers in pcsc-lite and on Windows (winscard.h, PC/SC part 5).
_UNKNOWN: Final = 0x0004
_UNAVAILABLE: Final = 0x0008
_PRESENT: Final = 0x0020
_EXCLUSIVE: Final = 0x0080
_IN_USE: Final = 0x0100
_MUTE: Final = 0x0200
# The high word counts insertions and removals: 0 where the card has lain there since the service was started.
_EVENT_COUNTER: Final = 0xFFFF0000

#: Parts of the names, in lower case, of readers that no card can be put into: the TPM and Windows Hello, SIM slots,
#: security keys. "Virtual PCD" is not among them: somebody who installed it has put a card there.
_VIRTUAL_NAMES: Final = ("windows hello", "microsoft virtual", "microsoft uicc", "yubico", "yubikey", "nitrokey")


@dataclass(frozen=True, slots=True)
class ReaderState:
    """A reader, and whether a card is on it.

    ``name`` becomes an :class:`jpki.outside_text.OutsideText`, whatever is given.
    ``index`` counts from 0 in the order of PC/SC. ``is_exclusive``: another program has the card for itself;
    ``is_in_use``: another program has it open. ``atr`` is empty if there is no card or a mute one.
    """

    name: str
    index: int
    is_card_present: bool = False
    is_mute: bool = False
    is_exclusive: bool = False
    is_in_use: bool = False
    atr: bytes = b""
    is_virtual: bool = False
    #: As PC/SC gave it, to be handed back when a change is waited for (on Windows it can be negative).
    event_state: int = field(default=0, compare=False, repr=False)
    #: Number of the connection to the service that told it, which has not counted what was before; 0: made by hand.
    service: int = field(default=0, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", OutsideText(self.name))

    @classmethod
    def from_event(
        cls, name: str, index: int, event_state: int = 0, atr: bytes = b"", *, service: int = 0
    ) -> ReaderState:
        """Decode the flags of SCardGetStatusChange; 0 means that nothing could be found out."""
        is_present = is_card_present(event_state)
        return cls(
            name,
            index,
            is_card_present=is_present,
            is_mute=is_present and bool(event_state & _MUTE),
            is_exclusive=bool(event_state & _EXCLUSIVE),
            is_in_use=bool(event_state & (_IN_USE | _EXCLUSIVE)),
            atr=atr if is_present else b"",
            is_virtual=is_virtual_reader(name),
            event_state=event_state,
            service=service,
        )


def is_card_present(event_state: int) -> bool:
    """Whether the flags say that a card, mute or not, is in a reader that is still there."""
    return bool(event_state & _PRESENT) and not event_state & (_UNKNOWN | _UNAVAILABLE)


def is_virtual_reader(name: str) -> bool:
    """Whether the name is that of a reader which no My Number Card can be put into (a guess, by known names)."""
    folded = name.casefold()
    return any(part in folded for part in _VIRTUAL_NAMES)


def has_changed(before: tuple[ReaderState, ...], after: tuple[ReaderState, ...]) -> bool:
    """Whether a reader or a card came, went, came into or out of use, or may have been exchanged."""
    return before != after or any(map(_was_exchanged, before, after))


def _was_exchanged(before: ReaderState, after: ReaderState) -> bool:
    counters = before.event_state & _EVENT_COUNTER, after.event_state & _EVENT_COUNTER
    if before.service and after.service:
        return (before.service, counters[0]) != (after.service, counters[1])
    return all(counters) and counters[0] != counters[1]  # one was made by hand, and may not have counted
