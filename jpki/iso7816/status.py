"""Status words, and the retry counter that some of them carry."""

from __future__ import annotations

import enum
from dataclasses import dataclass

# Names after ISO/IEC 7816-4, table 6; 6984 and 66F1 as JICSAP 1.1 uses them (see docs/card.md).
_NAMES = {
    0x9000: "no error",
    0x6281: "part of the returned data may be corrupted",
    0x6282: "end of file reached before Le bytes",
    0x6300: "verification failed, no limit of tries",
    0x6400: "execution error, state unchanged",
    0x6500: "execution error, state changed",
    0x6581: "memory failure",
    0x66F1: "security function not configured",
    0x6700: "wrong length",
    0x6881: "logical channel not supported",
    0x6882: "secure messaging not supported",
    0x6981: "command incompatible with file structure",
    0x6982: "security status not satisfied",
    0x6983: "authentication method blocked",
    0x6984: "reference data blocked or not usable",
    0x6985: "conditions of use not satisfied",
    0x6986: "no current elementary file",
    0x6A80: "incorrect parameters in the data field",
    0x6A81: "function not supported",
    0x6A82: "file or application not found",
    0x6A83: "record not found",
    0x6A84: "not enough memory in the file",
    0x6A86: "incorrect parameters P1-P2",
    0x6A88: "referenced data not found",
    0x6B00: "offset outside the file",
    0x6D00: "instruction not supported",
    0x6E00: "class not supported",
    0x6F00: "no precise diagnosis",
    0x69FC: "secure messaging not possible here",
}

TRIES_LEFT = "verification failed, tries left: {n}"
MORE_BYTES = "{n} more bytes available"
EXACT_LENGTH = "wrong Le, exact length is {n}"
#: Every pattern that :attr:`StatusWord.pattern` can have, for whoever says it in another language.
PATTERNS = (*_NAMES.values(), TRIES_LEFT, MORE_BYTES, EXACT_LENGTH)


class StatusWord(int):
    """SW1-SW2 as one number, with the categories of ISO/IEC 7816-4, 5.6."""

    __slots__ = ()

    @property
    def sw1(self) -> int:
        """First status byte."""
        return self >> 8

    @property
    def sw2(self) -> int:
        """Second status byte."""
        return self & 0xFF

    @property
    def is_normal(self) -> bool:
        """9000, or 61xx: more data waits for GET RESPONSE."""
        return self == 0x9000 or self.sw1 == 0x61

    @property
    def is_warning(self) -> bool:
        """62xx and 63xx: done, with something to know."""
        return self.sw1 in (0x62, 0x63)

    @property
    def is_execution_error(self) -> bool:
        """64xx to 66xx: begun and not finished."""
        return 0x64 <= self.sw1 <= 0x66

    @property
    def is_checking_error(self) -> bool:
        """67xx to 6Fxx: refused before execution."""
        return 0x67 <= self.sw1 <= 0x6F

    @property
    def pattern(self) -> str:
        """English words for a known value with ``{n}`` in the place of a number that it carries; else empty."""
        if self & 0xFFF0 == 0x63C0:
            return TRIES_LEFT
        if self.sw1 == 0x61:
            return MORE_BYTES
        if self.sw1 == 0x6C:
            return EXACT_LENGTH
        return _NAMES.get(int(self), "")

    @property
    def number(self) -> int:
        """The number that a status word with ``{n}`` in its pattern carries: tries, or bytes."""
        return self & 0xF if self.sw1 == 0x63 else self.sw2 or 256

    @property
    def meaning(self) -> str:
        """English words for a known value, an empty string for another."""
        return self.pattern.format(n=self.number)

    def __repr__(self) -> str:
        return f"StatusWord({self:04X})"

    def __str__(self) -> str:
        return f"{int(self):04X}"


class RetryState(enum.Enum):
    """What an empty VERIFY shows about one reference data object."""

    REMAINING = "remaining"
    BLOCKED = "blocked"
    VERIFIED = "verified"
    UNLIMITED = "unlimited"


@dataclass(frozen=True, slots=True)
class RetryStatus:
    """State of a retry counter; ``remaining`` is a number of tries only in the state REMAINING (1 or more)."""

    state: RetryState
    remaining: int | None
    sw: StatusWord


def parse_retry_status(sw: StatusWord) -> RetryStatus | None:
    """Read the retry counter from the answer to a VERIFY; None when the status word carries none.

    63C0, 6983 and 6984 all mean blocked: sources differ on which one a real card sends (docs/card.md, section 10, #1
    and #2). 9000 means that the security status is set already; the card of OpenSC PR #959 answers 63Cx even then (#3).
    """
    if sw & 0xFFF0 == 0x63C0 and sw & 0xF:
        return RetryStatus(RetryState.REMAINING, sw & 0xF, sw)
    if sw in (0x63C0, 0x6983, 0x6984):
        return RetryStatus(RetryState.BLOCKED, None, sw)
    if sw == 0x9000:
        return RetryStatus(RetryState.VERIFIED, None, sw)
    if sw == 0x6300:
        return RetryStatus(RetryState.UNLIMITED, None, sw)
    return None
