"""READ BINARY and READ RECORD (docs/card.md, 3.2 and 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_sim.card import sw
from jpki_sim.card.filesystem import RecordFile, TransparentFile

if TYPE_CHECKING:
    from jpki_sim.card.security import CardState

    from .command import Command

_SHORT_ID_IN_P1: Final = 0x80
_RECORD_MODE: Final = 0x07
_THIS_RECORD: Final = 0x04
_SEVERAL_RECORDS: Final = frozenset({0x05, 0x06})


def read_binary(state: CardState, command: Command) -> bytes:
    """Answer with bytes of a transparent EF from a 15-bit offset, or an 8-bit one with a short EF identifier."""
    if command.data or command.le is None:
        return sw.WRONG_LENGTH
    if command.p1 & _SHORT_ID_IN_P1:
        file = state.by_short_id(command.p1 & 0x7F)
        offset = command.p2
    else:
        if state.file is None:
            return sw.NO_CURRENT_EF
        file = state.file
        offset = command.p1 << 8 | command.p2
    if not isinstance(file, TransparentFile):
        return sw.WRONG_FILE_STRUCTURE
    if not state.is_open(file):
        return sw.SECURITY_STATUS
    chunk = file.data()[offset : offset + command.le]
    if not chunk:
        return sw.OFFSET_OUTSIDE
    state.file = file
    if len(chunk) < command.le and state.settings.end_of_file == "6282":
        return chunk + sw.END_OF_FILE_WARNING
    return chunk + sw.OK


def read_record(state: CardState, command: Command) -> bytes:
    """Answer with one record by its number; several at once are not provided."""
    if command.data or command.le is None:
        return sw.WRONG_LENGTH
    mode = command.p2 & _RECORD_MODE
    if mode in _SEVERAL_RECORDS:
        return sw.NOT_SUPPORTED
    if mode != _THIS_RECORD:
        return sw.WRONG_P1_P2
    short_id = command.p2 >> 3
    file = state.by_short_id(short_id) if short_id else state.file
    if file is None:
        return sw.NO_CURRENT_EF
    if not isinstance(file, RecordFile):
        return sw.WRONG_FILE_STRUCTURE
    if not state.is_open(file):
        return sw.SECURITY_STATUS
    if not 1 <= command.p1 <= len(file.records):
        return sw.RECORD_NOT_FOUND
    state.file = file
    return file.records[command.p1 - 1][: command.le] + sw.OK
