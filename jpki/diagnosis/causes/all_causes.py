"""All causes, in the order of their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .card import CardCause
from .computer import ComputerCause
from .programs import ProgramsCause
from .reader import ReaderCause
from .service import ServiceCause

if TYPE_CHECKING:
    from .record import Cause

#: Every cause that a diagnosis may find.
ALL_CAUSES: Final[tuple[Cause, ...]] = (*ComputerCause, *ServiceCause, *ReaderCause, *CardCause, *ProgramsCause)
