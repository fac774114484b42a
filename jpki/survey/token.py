"""EF 0006 compared with what one source read in it: the names of the fields that differ (docs/card.md, section 6)."""

from __future__ import annotations

from typing import Final, NamedTuple


class _Field(NamedTuple):
    name: str
    offset: int
    value: bytes


#: All fields but the serial number. The label is what a plain card has, without which there is no survey.
_FIELDS: Final = (
    _Field("label", 0, b"JPKIAPICCTOKEN2".ljust(32)),
    _Field("manufacturer", 32, b"1".rjust(32, b"0")),
    _Field("model", 64, b"E16R01NJ".ljust(16)),
    _Field("flags", 96, bytes.fromhex("0000040D")),
    _Field("sessions", 100, b"".join(number.to_bytes(4) for number in (1, 0, 1, 0))),
    _Field("pin_lengths", 116, b"".join(number.to_bytes(4) for number in (16, 6))),
    _Field("memory", 124, b"\xff" * 16),
    _Field("versions", 140, b"0301"),
    _Field("time", 144, b"9" * 16),
)


def differing_fields(token: bytes) -> str:
    """Name the fields that are not as described; ``as described`` if all are."""
    differing = [f.name for f in _FIELDS if token[f.offset : f.offset + len(f.value)] != f.value]
    return " ".join(differing) or "as described"
