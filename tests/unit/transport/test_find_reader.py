"""A reader is meant by its name, by its index, or by a part of its name."""

from __future__ import annotations

import pytest

from jpki.errors import UnknownReaderError
from jpki.transport import ReaderState, find_reader

STATES = tuple(
    ReaderState(name, index)
    for index, name in enumerate(["ACS ACR39U 00 00", "Sony FeliCa Port 01 00", "Sony FeliCa Port 02 00", "2"])
)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("ACS ACR39U 00 00", 0),
        ("acr39u", 0),
        ("0", 0),
        ("1", 1),
        ("2", 3),  # an exact name comes before an index
        ("port 02", 2),
        ("SONY FELICA PORT 01 00", 1),
    ],
)
def test_a_reader_is_found_by_name_index_or_part(wanted: str, index: int) -> None:
    """Upper and lower case do not matter in a part; an index is that of the list."""
    assert find_reader(STATES, wanted) is STATES[index]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("Gemalto", tuple(state.name for state in STATES)),
        ("", tuple(state.name for state in STATES)),
        ("9", tuple(state.name for state in STATES)),
        ("sony", ("Sony FeliCa Port 01 00", "Sony FeliCa Port 02 00")),
    ],
)
def test_an_unknown_or_ambiguous_reader_lists_the_choice(wanted: str, names: tuple[str, ...]) -> None:
    """The names are in the error, only those that match if some do."""
    with pytest.raises(UnknownReaderError) as caught:
        find_reader(STATES, wanted)
    assert caught.value.readers == names
