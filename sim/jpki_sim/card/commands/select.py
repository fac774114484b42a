"""SELECT (docs/card.md, 3.1): applications by the beginning of their name, EFs by identifier with P1 = 02 only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.iso7816 import tlv
from jpki_sim.card import aids, sw

if TYPE_CHECKING:
    from jpki_sim.card.filesystem import DedicatedFile
    from jpki_sim.card.security import CardState

    from .command import Command

_BY_FILE_ID: Final = 0x00
_EF_UNDER_DF: Final = 0x02
_BY_NAME: Final = 0x04
_NEXT: Final = 0x02
_NO_DATA: Final = 0x0C
# FCI, FCP or no data, each for the first or the next occurrence.
_P2_OF_NAME: Final = frozenset({0x00, 0x02, 0x04, 0x06, 0x0C, 0x0E})
_P2_OF_EF: Final = frozenset({0x00, 0x04, 0x0C})
_NAME_MAX: Final = 16
_TAG_FCI: Final = 0x6F
_TAG_DF_NAME: Final = 0x84
_TAG_FILE_ID: Final = 0x83


def select(state: CardState, command: Command) -> bytes:
    """Make an application or an EF current."""
    if command.p1 == _EF_UNDER_DF:
        return _select_ef(state, command)
    if command.p1 == _BY_NAME:
        return _select_name(state, command)
    if command.p1 == _BY_FILE_ID:
        return _select_master_file(state, command)
    return sw.WRONG_P1_P2


def _select_ef(state: CardState, command: Command) -> bytes:
    data = command.data
    if command.p2 not in _P2_OF_EF:
        return sw.WRONG_P1_P2
    if len(data) != 2:
        return sw.WRONG_LENGTH
    file = None if state.application is None else state.application.files.get(int.from_bytes(data))
    if file is None:
        return sw.FILE_NOT_FOUND
    information = _information(command, tlv.encode(_TAG_FILE_ID, data))
    if information is None:
        return sw.WRONG_LENGTH
    state.file = file
    return information + sw.OK


def _select_name(state: CardState, command: Command) -> bytes:
    name = command.data
    if command.p2 not in _P2_OF_NAME:
        return sw.WRONG_P1_P2
    if len(name) > _NAME_MAX:
        return sw.WRONG_LENGTH
    application = _find(state, name, after_current=bool(command.p2 & _NEXT))
    if application is None and not aids.ISD_AID.startswith(name):
        return sw.FILE_NOT_FOUND
    information = _information(command, *_fci(application))
    if information is None:
        return sw.WRONG_LENGTH
    if application is None:
        state.forget_all()
    else:
        state.select(application)
    return information + sw.OK


def _find(state: CardState, name: bytes, *, after_current: bool) -> DedicatedFile | None:
    """Find the application whose name begins like this: the first, or the next after the current one.

    None also for the empty name, which means the issuer security domain.
    """
    if not name:
        return None
    found = [application for application in state.image.applications if application.df_name.startswith(name)]
    if not found:
        return None
    if not after_current:
        return found[0]
    for index, application in enumerate(found):
        if application is state.application:
            return found[index + 1] if index + 1 < len(found) else None
    return found[0]


def _fci(application: DedicatedFile | None) -> tuple[bytes, bytes]:
    """Content of an FCI template with the name alone, and the whole template where the image gives one."""
    if application is None:
        return tlv.encode(_TAG_DF_NAME, aids.ISD_AID), b""
    return tlv.encode(_TAG_DF_NAME, application.df_name), application.fci


def _information(command: Command, content: bytes, whole: bytes = b"") -> bytes | None:
    """File control information to answer with; empty without Le or with P2 = 0C, None when Le is too small for it."""
    if command.le is None or command.p2 & _NO_DATA == _NO_DATA:
        return b""
    answer = whole or tlv.encode(_TAG_FCI, content)
    return answer if len(answer) <= command.le else None


def _select_master_file(state: CardState, command: Command) -> bytes:
    """Answer the ISO way to the MF, which does nothing on this card (docs/card.md, 3.1)."""
    if command.data:
        return sw.FILE_NOT_FOUND if len(command.data) == 2 else sw.WRONG_LENGTH
    return sw.WRONG_P1_P2 if state.application is None else sw.OK
