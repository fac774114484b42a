"""How many commands a card may cost for what it gives."""

from __future__ import annotations

import pytest

from jpki.errors import ApduError
from jpki.iso7816.pace import PIECE, SPARE, Pace


@pytest.mark.parametrize(("wanted", "given"), [(1, 1), (1, 1000), (256, 0), (0, 256)])
def test_what_brings_nothing_is_over_after_a_few(wanted: int, given: int) -> None:
    """Too little, or much that was not asked for: the spare commands, and not one more."""
    pace = Pace()
    with pace:
        for _ in range(SPARE):
            pace.note(wanted, given)
        with pytest.raises(ApduError):
            pace.note(wanted, given)


def test_pieces_of_an_honest_size_go_on() -> None:
    """A file may be as long as it is; the next one begins anew, and what is no file is not counted."""
    pace = Pace()
    for _ in range(2):
        with pace:
            for _ in range(1000):
                pace.note(256, PIECE)
    for _ in range(SPARE + 1):
        pace.note(256, 0)
