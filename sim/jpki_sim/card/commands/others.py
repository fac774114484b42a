"""GET DATA, GET RESPONSE, and the commands whose refusal alone is known (docs/card.md, 1.6 and 3.5).

What is refused here and why is listed in docs/simulator-protocol.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_sim.card import aids, sw

if TYPE_CHECKING:
    from jpki_sim.card.security import CardState

    from .command import Command

_CONTACT_ATR_OBJECT: Final = 0x5F51
_TEXT_PIN: Final = 0x0011
_CV_CERTIFICATE: Final = (0x00, 0xC1)
# MANAGE ATTRIBUTES reaches its check of the issuer's key with these P1 only: current EF, current DF.
_ATTRIBUTES_OF: Final = frozenset({0x22, 0x24})


def get_data(state: CardState, command: Command) -> bytes:
    """Answer with a data object of the card itself; all but the contact ATR want no application selected."""
    if command.data or command.le is None:
        return sw.WRONG_LENGTH
    tag = command.p1 << 8 | command.p2
    data = state.image.data_objects.get(tag)
    if data is None or (state.application is not None and tag != _CONTACT_ATR_OBJECT):
        return sw.DATA_NOT_FOUND
    return data + sw.OK if len(data) <= command.le else sw.WRONG_LENGTH


def get_response(state: CardState, command: Command) -> bytes:
    """Refuse: every answer of this card fits its command, so nothing ever waits."""
    del state, command
    return sw.CONDITIONS


def set_session_key(state: CardState, command: Command) -> bytes:
    """Refuse as each application does where no session comes about; secure messaging is not implemented."""
    if command.p1 or command.p2:
        return sw.WRONG_P1_P2
    if not command.data:
        return sw.WRONG_LENGTH
    name = b"" if state.application is None else state.application.df_name
    if name == aids.TEXT_AID:
        return sw.BAD_DATA if _TEXT_PIN in state.verified else sw.SECURITY_STATUS
    return sw.SECURITY_STATUS if name in (aids.JPKI_AID, aids.JUKI_AID) else sw.NOT_CONFIGURED


def set_public_ic_key(state: CardState, command: Command) -> bytes:
    """Refuse a terminal's CV certificate: the right size is not known, and no size is right here."""
    del state
    return sw.WRONG_LENGTH if (command.p1, command.p2) == _CV_CERTIFICATE else sw.WRONG_P1_P2


def external_authenticate(state: CardState, command: Command) -> bytes:
    """Refuse: only the issuer has a key for it."""
    del state, command
    return sw.CONDITIONS


def manage_attributes(state: CardState, command: Command) -> bytes:
    """Refuse without the issuer's key."""
    del state
    return sw.SECURITY_STATUS if command.p1 in _ATTRIBUTES_OF else sw.WRONG_P1_P2


def issuer_only(state: CardState, command: Command) -> bytes:
    """Refuse without the issuer's key: locking and unlocking of applications and keys."""
    del state, command
    return sw.SECURITY_STATUS


def last_command_indicator(state: CardState, command: Command) -> bytes:
    """Answer ``80 FC 00 00`` on an iPhone's token; a plastic card refuses it."""
    indicator = state.image.last_command_indicator
    if indicator is None or command.data or command.le is not None:
        return sw.WRONG_LENGTH
    return sw.WRONG_P1_P2 if command.p1 or command.p2 else indicator + sw.OK
