"""All facts of this computer for one diagnosis."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .bounded import LocalFiles
from .programs import programs_of
from .this_platform import ThisPlatform
from .usb import usb_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from jpki.diagnosis.facts import Environment, Pcsc, Processes, Program, UsbDevice, UsbTree


class _KeptProcesses:
    """Programs that run, listed once."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def running(self) -> tuple[Program, ...]:
        return self._found

    @cached_property
    def _found(self) -> tuple[Program, ...]:
        return self._processes.running()


class _KeptUsb:
    """USB devices, listed once."""

    def __init__(self, usb: UsbTree) -> None:
        self._usb = usb

    def devices(self) -> tuple[UsbDevice, ...] | None:
        return self._found

    @cached_property
    def _found(self) -> tuple[UsbDevice, ...] | None:
        return self._usb.devices()


@dataclass(frozen=True)
class CollectedFacts:
    """The facts of this computer."""

    files: LocalFiles
    processes: _KeptProcesses
    environment: Environment
    usb: _KeptUsb
    platform: ThisPlatform
    pcsc: Pcsc


@contextmanager
def collect(
    open_cards: Callable[[ExitStack], Pcsc], environment: Environment, now: datetime
) -> Iterator[CollectedFacts]:
    """Look at this computer as of an instant, and let go of its readers and cards afterwards.

    ``open_cards`` gives the readers and cards; what it opens goes onto the stack.
    """
    files = LocalFiles()
    platform = ThisPlatform(files, now)
    with ExitStack() as stack:
        yield CollectedFacts(
            files,
            _KeptProcesses(programs_of(platform.system, files)),
            environment,
            _KeptUsb(usb_of(platform.system, files)),
            platform,
            open_cards(stack),
        )
