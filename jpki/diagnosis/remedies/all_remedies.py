"""All remedies, in the order of their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .card import CardRemedy
from .programs import ProgramsRemedy
from .reader import ReaderRemedy
from .setup import SetupRemedy

if TYPE_CHECKING:
    from .record import Remedy

#: Every remedy that a diagnosis may name.
ALL_REMEDIES: Final[tuple[Remedy, ...]] = (*SetupRemedy, *ReaderRemedy, *CardRemedy, *ProgramsRemedy)
