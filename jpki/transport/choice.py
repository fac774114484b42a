"""Which card is meant if there are several readers, or none yet.

The first reader in the list is often the wrong one: Windows lists virtual readers of its own, security keys look like
readers, and laptops have empty slots.
"""

from __future__ import annotations

import math
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from jpki.errors import (
    JpkiError,
    NoCardError,
    NoReaderError,
    ReaderBusyError,
    ServiceStoppedError,
    SeveralCardsError,
    TransportError,
    UnknownReaderError,
)
from jpki.outside_text import OutsideText, as_it_came, visible

from .pcsc_host import starts_with_a_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from .base import CardConnection
    from .reader_state import ReaderState

    IsWanted = Callable[[CardConnection], bool]


class ReaderSystem(Protocol):
    """What choosing needs of :class:`jpki.transport.pcsc.PcscSystem`."""

    def readers(self) -> tuple[ReaderState, ...]:
        """All readers; raises NoReaderError rather than return none."""
        ...

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """All readers after a change, or ``known`` itself after ``timeout`` seconds."""
        ...

    def connect(self, reader: str, *, patience: float | None = None) -> CardConnection:
        """Open the card on a reader; ``patience``: seconds to wait for a program that has it for itself."""
        ...


def open_connection(
    system: ReaderSystem,
    is_wanted: IsWanted,
    *,
    reader: ReaderState | str | int | None = None,
    wait: float = 0.0,
    on_countdown: Callable[[float], None] | None = None,
) -> CardConnection:
    """Open the card that is meant; the caller closes it.

    ``reader`` is found by name, by a part of its name or by index (:func:`find_reader`). Without it, the only card
    that is on a real reader is opened, and not asked what it is: the caller's own SELECT will tell. Several are asked
    with ``is_wanted``; if none is wanted, the first one is opened, for the caller to find out the same way. What is in
    a virtual reader is asked only if no real reader has a card, and counts only if it is wanted. ``wait`` is the number
    of seconds to wait for a card, and for a reader; ``on_countdown`` is called about once a second with what is left.

    Raises:
        UnknownReaderError: no reader, or more than one, is called ``reader``.
        SeveralCardsError: several cards are wanted.
        NoReaderError, NoCardError: no reader, or no card, at the end of the wait.
        TransportError: what stands in the way of the only card, or of the one that could have been it.
    """
    countdown = _Countdown(wait, on_countdown)
    states = _list(system, is_waiting=wait > 0)
    while True:
        try:
            return _choose(system, is_wanted, states, reader)
        except (NoCardError, NoReaderError):
            after = _await_change(system, states, countdown)
            if after is None:
                raise
            states = after


def find_reader(states: tuple[ReaderState, ...], wanted: ReaderState | str | int) -> ReaderState:
    """Find a reader by exact name, by index, or by a part that only one name has, regardless of case.

    A reader as it was listed before is found by its name, whatever its index is now. A name with characters that are
    not printed is also found as it is shown (:class:`jpki.outside_text.OutsideText`).

    Raises:
        UnknownReaderError: none, or more than one.
    """
    if isinstance(wanted, int):
        found = [state for state in states if state.index == wanted]
    elif isinstance(wanted, str):
        found = _by_name(states, wanted)
    else:
        found = [state for state in states if state.name == wanted.name]
    if len(found) == 1:
        return found[0]
    names = tuple(state.name for state in found or states)
    raise UnknownReaderError("several readers have this name" if found else "no reader has this name", readers=names)


def _by_name(states: tuple[ReaderState, ...], wanted: str) -> list[ReaderState]:
    folded = wanted.casefold()
    found = [state for state in states if state.name == wanted]
    found = found or [state for state in states if visible(state.name) == wanted]
    if not found and wanted.isdecimal():
        # Never a part of a name: a number that no reader has must not find the reader with "9" in its name.
        found = [state for state in states if state.index == int(wanted)]
    elif not found and folded:
        found = [s for s in states if folded in as_it_came(s.name).casefold() or folded in s.name.casefold()]
    return found


class _Countdown:
    """Time that runs out, and is shown once a second."""

    def __init__(self, seconds: float, show: Callable[[float], None] | None) -> None:
        self._deadline = monotonic() + seconds
        self._show = show
        self._shown: int | None = None

    def left(self) -> float:
        """Seconds left, 0 or less when the time is over."""
        left = self._deadline - monotonic()
        if self._show and left > 0 and math.ceil(left) != self._shown:
            self._shown = math.ceil(left)
            self._show(left)
        return left


def _await_change(
    system: ReaderSystem, states: tuple[ReaderState, ...], countdown: _Countdown
) -> tuple[ReaderState, ...] | None:
    while (left := countdown.left()) > 0:
        after = system.wait_for_change(states, min(1.0, left))
        if after is not states:
            return after
    return None


def _list(system: ReaderSystem, *, is_waiting: bool) -> tuple[ReaderState, ...]:
    try:
        return system.readers()
    except NoReaderError:
        return ()
    except ServiceStoppedError:
        if is_waiting and starts_with_a_reader():
            return ()
        raise


def _choose(
    system: ReaderSystem, is_wanted: IsWanted, states: tuple[ReaderState, ...], reader: ReaderState | str | int | None
) -> CardConnection:
    if not states:
        raise NoReaderError("no reader is connected")
    if reader is not None:
        return system.connect(find_reader(states, reader).name)
    real = [state.name for state in states if state.is_card_present and not state.is_virtual]
    if len(real) == 1:
        return system.connect(real[0])
    if real:
        return _choose_wanted(system, is_wanted, real) or system.connect(real[0])
    virtual = [state.name for state in states if state.is_card_present]
    try:
        chosen = _choose_wanted(system, is_wanted, virtual, is_patient=False)
    except TransportError:
        chosen = None
    if chosen:
        return chosen
    if all(state.is_virtual for state in states):
        raise NoReaderError("no reader that a card can be put on is connected")
    raise NoCardError("there is no card on any reader")


def _choose_wanted(
    system: ReaderSystem, is_wanted: IsWanted, readers: list[str], *, is_patient: bool = True
) -> CardConnection | None:
    """The one wanted card, open; None if no card is wanted and each could be asked.

    A card that another program has for itself is waited for only when no other card is the wanted one.
    """
    wanted, errors = _open_all_wanted(system, is_wanted, readers, patience=0)
    busy = [reader for reader, error in errors.items() if isinstance(error, ReaderBusyError)]
    if is_patient and busy and not wanted:
        wanted, still = _open_all_wanted(system, is_wanted, busy, patience=None)
        errors = {reader: error for reader, error in errors.items() if reader not in busy} | still
    if len(wanted) == 1:
        return wanted[0]
    for connection in wanted:
        connection.close()
    if wanted:
        names = tuple(OutsideText(connection.reader) for connection in wanted)
        raise SeveralCardsError("several readers have the card that is wanted", readers=names)
    if errors:
        raise next(iter(errors.values()))
    return None


def _open_all_wanted(
    system: ReaderSystem, is_wanted: IsWanted, readers: list[str], *, patience: float | None
) -> tuple[list[CardConnection], dict[str, TransportError]]:
    wanted: list[CardConnection] = []
    errors: dict[str, TransportError] = {}
    try:
        for reader in readers:
            try:
                connection = _open_if_wanted(system, is_wanted, reader, patience)
            except TransportError as exc:  # busy or mute: perhaps another one is wanted
                errors[reader] = exc
                continue
            if connection:
                wanted.append(connection)
    except BaseException:
        for connection in wanted:
            connection.close()
        raise
    return wanted, errors


def _open_if_wanted(
    system: ReaderSystem, is_wanted: IsWanted, reader: str, patience: float | None
) -> CardConnection | None:
    connection = system.connect(reader, patience=patience)
    try:
        if is_wanted(connection):
            return connection
    except TransportError:
        connection.close()
        raise
    except JpkiError:
        pass  # a card whose answers make no sense is not the one
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None
