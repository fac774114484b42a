"""All facts of this computer for one diagnosis."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jpki_cli.doctor.facts.bounded import LocalFiles
from jpki_cli.doctor.facts.cards import LiveCards, SimulatedCards
from jpki_cli.doctor.facts.programs import programs_of
from jpki_cli.doctor.facts.this_platform import ThisPlatform
from jpki_cli.doctor.facts.usb import usb_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.diagnosis.facts import Pcsc, Processes, Program, UsbDevice, UsbTree
    from jpki_cli.app.context import AppContext


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


class _Environment:
    """The environment of this process."""

    def get(self, name: str) -> str | None:
        return os.environ.get(name)


@dataclass(frozen=True)
class CollectedFacts:
    """The facts of this computer."""

    files: LocalFiles
    processes: _KeptProcesses
    environment: _Environment
    usb: _KeptUsb
    platform: ThisPlatform
    pcsc: Pcsc


@contextmanager
def collect(app: AppContext) -> Iterator[CollectedFacts]:
    """Look at this computer, and let go of its readers and cards afterwards."""
    files = LocalFiles()
    platform = ThisPlatform(files)
    with ExitStack() as stack:
        yield CollectedFacts(
            files,
            _KeptProcesses(programs_of(platform.system, files)),
            _Environment(),
            _KeptUsb(usb_of(platform.system, files)),
            platform,
            _cards(app, stack, platform),
        )


def _cards(app: AppContext, stack: ExitStack, platform: ThisPlatform) -> Pcsc:
    if app.options.sim is not None:
        from jpki_cli.app.simulated import open_simulated

        connection = stack.enter_context(open_simulated(app.options.sim))
        return SimulatedCards(stack.enter_context(app.traced(connection)), platform.now)
    from jpki_cli.app.readers import open_system

    return LiveCards(app, stack.enter_context(open_system(app)), stack, platform.now)
