"""A received command, taken apart as a card does it; leaner than the host's type because every APDU passes through."""

from __future__ import annotations

_SHORT_LE_MAX = 256
_EXTENDED_LE_MAX = 65536
_HEADER = 4


class Command:
    """Header, data and Le of a command; ``le`` None means that there is no Le field, ``extended`` how it was coded."""

    __slots__ = ("cla", "data", "extended", "ins", "le", "p1", "p2")

    def __init__(self, raw: bytes, data: bytes, le: int | None, *, extended: bool = False) -> None:
        """Take the header from ``raw`` and the rest as it was found there."""
        self.cla, self.ins, self.p1, self.p2 = raw[:_HEADER]
        self.data = data
        self.le = le
        self.extended = extended


def parse(raw: bytes) -> Command | None:
    """Take a command APDU of at least four bytes apart; None when its length fields and its length disagree."""
    size = len(raw)
    if size == _HEADER:
        return Command(raw, b"", None)
    lc = raw[4]
    if size == _HEADER + 1:
        return Command(raw, b"", lc or _SHORT_LE_MAX)
    if lc == 0:
        return _parse_extended(raw)
    if size == 5 + lc:
        return Command(raw, raw[5:], None)
    if size == 6 + lc:
        return Command(raw, raw[5:-1], raw[-1] or _SHORT_LE_MAX)
    return None


def _parse_extended(raw: bytes) -> Command | None:
    size = len(raw)
    first = int.from_bytes(raw[5:7])
    if size == 7:
        return Command(raw, b"", first or _EXTENDED_LE_MAX, extended=True)
    if size < 7 or first == 0:
        return None
    if size == 7 + first:
        return Command(raw, raw[7:], None, extended=True)
    if size == 9 + first:
        return Command(raw, raw[7:-2], int.from_bytes(raw[-2:]) or _EXTENDED_LE_MAX, extended=True)
    return None
