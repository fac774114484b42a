"""Status words: every one of the 65,536 has a category and a defined place in the retry parser."""

from __future__ import annotations

import pytest

from jpki.iso7816 import RetryState, StatusWord, parse_retry_status

_ALL = [StatusWord(value) for value in range(0x10000)]


def _categories(sw: StatusWord) -> int:
    return sum((sw.is_normal, sw.is_warning, sw.is_execution_error, sw.is_checking_error))


def test_categories_are_those_of_the_standard() -> None:
    """61 to 6F and 9000 have exactly one category (ISO/IEC 7816-4, 5.6), all others none."""
    for sw in _ALL:
        expected = 1 if sw == 0x9000 or 0x61 <= sw.sw1 <= 0x6F else 0
        assert _categories(sw) == expected, repr(sw)


@pytest.mark.parametrize(
    ("value", "category"),
    [
        (0x9000, "is_normal"),
        (0x6100, "is_normal"),
        (0x61FF, "is_normal"),
        (0x6200, "is_warning"),
        (0x63C2, "is_warning"),
        (0x6400, "is_execution_error"),
        (0x6581, "is_execution_error"),
        (0x66F1, "is_execution_error"),
        (0x6700, "is_checking_error"),
        (0x6FFF, "is_checking_error"),
    ],
)
def test_category_of_the_borders(value: int, category: str) -> None:
    """The first and last values of each category belong to it."""
    assert getattr(StatusWord(value), category)


def test_bytes_and_text() -> None:
    """A status word is its two bytes, and its text is four hex digits, for all of them."""
    for sw in _ALL:
        assert (sw.sw1 << 8 | sw.sw2) == sw
        assert str(sw) == f"{int(sw):04X}"
        assert repr(sw) == f"StatusWord({sw})"
        assert isinstance(sw.meaning, str)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0x9000, "no error"),
        (0x63C3, "tries left: 3"),
        (0x63C0, "tries left: 0"),
        (0x6300, "no limit"),
        (0x6110, "16 more bytes"),
        (0x6100, "256 more bytes"),
        (0x6C20, "exact length is 32"),
        (0x6C00, "exact length is 256"),
        (0x6984, "blocked"),
        (0x6D00, "instruction not supported"),
    ],
)
def test_meaning_of_known_words(value: int, words: str) -> None:
    """A known status word says what it means."""
    assert words in StatusWord(value).meaning


@pytest.mark.parametrize("value", [0x0000, 0x1234, 0x9001, 0x6899, 0xFFFF])
def test_no_meaning_is_made_up(value: int) -> None:
    """An unknown status word has no words."""
    assert StatusWord(value).meaning == ""


def _expected(value: int) -> tuple[RetryState, int | None] | None:
    """What docs/card.md (2.3, 2.4 and section 10, #1 to #3) says about a status word, written anew."""
    if 0x63C1 <= value <= 0x63CF:
        return RetryState.REMAINING, value - 0x63C0
    named: dict[int, tuple[RetryState, int | None]] = {
        0x63C0: (RetryState.BLOCKED, None),
        0x6983: (RetryState.BLOCKED, None),
        0x6984: (RetryState.BLOCKED, None),
        0x9000: (RetryState.VERIFIED, None),
        0x6300: (RetryState.UNLIMITED, None),
    }
    return named.get(value)


def test_the_retry_parser_is_total() -> None:
    """Of all 65,536 status words exactly 20 carry a counter or its equivalent; every other gives None."""
    carriers = 0
    for sw in _ALL:
        status = parse_retry_status(sw)
        found = None if status is None else (status.state, status.remaining)
        assert found == _expected(int(sw)), repr(sw)
        if status is not None:
            carriers += 1
            assert status.sw == sw
    assert carriers == 20


def test_tries_are_at_least_one() -> None:
    """A number of tries is told only when a try is left."""
    counters = {status.remaining for sw in _ALL if (status := parse_retry_status(sw)) is not None}
    assert counters == {None, *range(1, 16)}
