"""Nobody on a simulated card exists."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from jpki_sim.personas import with_check_digit
from jpki_sim.personas.people import MUNICIPALITY_CODE, PEOPLE, Person


@given(st.text("0123456789", min_size=11, max_size=11))
def test_check_digit_follows_the_ordinance(digits: str) -> None:
    """The check digit is 11 - (sum of P(n) * Q(n) mod 11), 0 where that remainder is 0 or 1."""
    total = 0
    for n in range(1, 12):
        total += int(digits[11 - n]) * (n + 1 if n <= 6 else n - 5)
    remainder = total % 11
    assert with_check_digit(digits) == digits + str(0 if remainder <= 1 else 11 - remainder)


@pytest.mark.parametrize("published", ["123456789018", "537686677188", "111111111118"])
def test_check_digit_of_published_samples(published: str) -> None:
    """Sample numbers of publications have the check digit that is computed."""
    assert with_check_digit(published[:11]) == published


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE.keys())
def test_everything_about_a_person_says_test(person: Person) -> None:
    """Name and address say TEST in some script, and the My Number cannot be taken for one."""
    assert any(word in person.name for word in ("テスト", "試験", "ＴＥＳＴ", "テス〓"))
    assert any(word in person.address for word in ("架空市", "テスト"))
    assert person.my_number.startswith("000000000")
    assert len(person.my_number) == 12
    assert len(person.card_serial) == 15


def test_people_are_told_apart() -> None:
    """No two people share a number."""
    assert len({person.my_number for person in PEOPLE.values()}) == len(PEOPLE)


def test_municipality_code_is_no_prefectures() -> None:
    """The municipality code begins with no number of a prefecture, which end at 47."""
    assert int(MUNICIPALITY_CODE[:2]) > 47
