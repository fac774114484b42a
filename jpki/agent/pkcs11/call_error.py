"""The error of a call, with the CK_RV that its program gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .constants import Rv


class CallError(Exception):
    """A call that is answered with a CK_RV."""

    def __init__(self, rv: Rv) -> None:
        """Keep the CK_RV."""
        super().__init__(rv.name)
        self.rv = rv
