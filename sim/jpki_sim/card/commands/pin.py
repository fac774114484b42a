"""VERIFY, CHANGE REFERENCE DATA and its JICSAP form CHANGE KEY, RESET RETRY COUNTER (docs/card.md, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_sim.card import sw
from jpki_sim.card.filesystem import ChangeCommand, OpaqueKeyFile, ReferenceData

if TYPE_CHECKING:
    from jpki_sim.card.security import CardState

    from .command import Command

_NEW_VALUE_ONLY: Final = 0x01
_CURRENT_EF: Final = 0x80


def verify(state: CardState, command: Command) -> bytes:
    """Compare a PIN, or tell its counter when there is no data field."""
    if command.p1:
        return sw.WRONG_P1_P2
    if command.le is not None and (command.data or state.settings.status_with_le == "6700"):
        return sw.WRONG_LENGTH
    file = state.referenced(command.p2)
    if not isinstance(file, ReferenceData | OpaqueKeyFile):
        return sw.WRONG_FILE_STRUCTURE
    state.file = file
    if isinstance(file, OpaqueKeyFile):
        return sw.BLOCKED if command.data else sw.of(file.status_sw)
    if not command.data:
        return _status(state, file)
    return _compare(state, file, command.data)


def _is_blocked(file: ReferenceData) -> bool:
    return file.is_blocked_as_issued or (file.retry_limit is not None and file.retries_remaining <= 0)


def _status(state: CardState, file: ReferenceData) -> bytes:
    if _is_blocked(file):
        return sw.of(state.settings.status_blocked)
    if file.ef_id in state.verified and state.settings.status_verified == "9000":
        return sw.OK
    return sw.UNLIMITED if file.retry_limit is None else sw.counter(file.retries_remaining)


def _compare(state: CardState, file: ReferenceData, value: bytes) -> bytes:
    if _is_blocked(file):
        return sw.of(state.settings.verify_blocked)
    shortest, longest = state.lengths_of(file)
    if not shortest <= len(value) <= longest and not state.settings.wrong_length_costs_try:
        return sw.WRONG_LENGTH
    state.verified.discard(file.ef_id)
    is_right = value == file.value
    if file.retry_limit is not None:
        retries = file.retry_limit if is_right else file.retries_remaining - 1
        if not state.store(file, value=file.value, retries=retries):
            return sw.MEMORY_FAILURE
    if is_right:
        state.verified.add(file.ef_id)
        return sw.OK
    return sw.UNLIMITED if file.retry_limit is None else sw.counter(file.retries_remaining)


def change_reference_data(state: CardState, command: Command) -> bytes:
    """Replace a PIN of the JPKI or text application: ``00 24 01 80`` with the new value alone."""
    if command.p1 != _NEW_VALUE_ONLY or command.p2 != _CURRENT_EF:
        return sw.WRONG_P1_P2
    return _change(state, command, ChangeCommand.ISO)


def change_key(state: CardState, command: Command) -> bytes:
    """Replace a PIN of the juki or common application: ``80 32 00 80`` with the new value alone."""
    if command.p1 or command.p2 != _CURRENT_EF:
        return sw.WRONG_P1_P2
    return _change(state, command, ChangeCommand.JICSAP)


def _change(state: CardState, command: Command, how: ChangeCommand) -> bytes:
    if not command.data or command.le is not None:
        return sw.WRONG_LENGTH
    file = state.file
    if file is None:
        return sw.NO_CURRENT_EF
    if not isinstance(file, ReferenceData):
        return sw.WRONG_FILE_STRUCTURE
    if file.change is not how or file.ef_id not in state.verified:
        return sw.SECURITY_STATUS
    shortest, longest = state.lengths_of(file)
    if not shortest <= len(command.data) <= longest or command.data.translate(None, file.alphabet):
        return sw.of(state.settings.bad_new_pin)
    if not state.store(file, value=command.data, retries=file.retries_remaining):
        return sw.MEMORY_FAILURE
    return sw.OK


def reset_retry_counter(state: CardState, command: Command) -> bytes:
    """Refuse: this card has no PUK, and only its issuer can unblock it (docs/card.md, 2.6)."""
    del command
    return sw.of(state.settings.reset_retry_counter)
