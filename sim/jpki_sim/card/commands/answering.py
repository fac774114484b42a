"""The commands of the card, by CLA and INS; each is a function of the card's state and the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_sim.card import sw
from jpki_sim.card.security import Refused

from . import crypto, others, pin, read, select
from .command import Command, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card.security import CardState

_HEADER: Final = 4
_INS_SELECT: Final = 0xA4

#: What the card does, by the first two bytes of a command.
COMMANDS: Final[dict[bytes, Callable[[CardState, Command], bytes]]] = {
    b"\x00\x20": pin.verify,
    b"\x00\x24": pin.change_reference_data,
    b"\x00\x2c": pin.reset_retry_counter,
    b"\x00\x82": others.external_authenticate,
    b"\x00\x84": crypto.get_challenge,
    b"\x00\x88": crypto.internal_authenticate,
    b"\x00\xa4": select.select,
    b"\x00\xb0": read.read_binary,
    b"\x00\xb2": read.read_record,
    b"\x00\xc0": others.get_response,
    b"\x00\xca": others.get_data,
    b"\x80\x2a": crypto.compute_digital_signature,
    b"\x80\x32": pin.change_key,
    b"\x80\x50": others.issuer_only,
    b"\x80\x52": others.issuer_only,
    b"\x80\x54": others.issuer_only,
    b"\x80\x8a": others.manage_attributes,
    b"\x80\xa2": others.set_public_ic_key,
    b"\x80\xae": others.set_session_key,
    b"\x80\xfc": others.last_command_indicator,
}
_INSTRUCTIONS: Final = frozenset(key[1] for key in COMMANDS)


def answer(state: CardState, raw: bytes) -> bytes:
    """Execute a command APDU; the response always has at least its two status bytes."""
    if len(raw) < _HEADER:
        return sw.WRONG_LENGTH
    execute = COMMANDS.get(raw[:2])
    if execute is None:
        return _refuse_header(raw[0], raw[1])
    command = parse(raw)
    if command is None or (command.extended and not state.settings.extended_length):
        return sw.WRONG_LENGTH
    try:
        return execute(state, command)
    except Refused as refused:
        return refused.response


def _refuse_header(cla: int, ins: int) -> bytes:
    """Status word for a CLA or INS that the card does not have (docs/card.md, 3.5; CLA as in ISO/IEC 7816-4, 5.4.1)."""
    if cla & 0x70:
        # 0001xxxx chains commands; 01xxxxxx is a logical channel from 4 on; the rest is reserved or somebody else's.
        return sw.NO_LOGICAL_CHANNEL if cla & 0xC0 == 0x40 else sw.UNKNOWN_CLA
    if cla & 0x03:
        return sw.NO_LOGICAL_CHANNEL
    if cla & 0x0C:
        return sw.NO_SECURE_MESSAGING if ins == _INS_SELECT else sw.NO_SECURE_MESSAGING_HERE
    return sw.UNKNOWN_CLA if ins in _INSTRUCTIONS else sw.UNKNOWN_INS
