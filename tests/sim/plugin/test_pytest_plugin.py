"""The pytest plug-in, as other people's tests use it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from jpki_sim.dates import japan_today
from jpki_sim.files import save
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    import pytest

pytest_plugins = ("pytester",)

ROOT = Path(__file__).parents[3]
OPTIONS = ("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:cov")


def test_a_test_gets_an_adult_s_card(pytester: pytest.Pytester) -> None:
    """Without a marker: full counters, TEST secrets, answers of a card."""
    pytester.makepyfile(
        """
        def test_card(jpki_card):
            assert jpki_card.transmit("00A4040C0AD392F000260100000001") == "9000"
            assert jpki_card.transmit("00200098") == "63C3"
            assert jpki_card.secret("auth") == "2846"
            assert jpki_card.retries_remaining("sign") == 5
            assert jpki_card.connect().transmit(bytes.fromhex("00200098")) == bytes.fromhex("63C3")
        """
    )
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=1)


def test_a_marker_chooses_the_persona(pytester: pytest.Pytester) -> None:
    """And parametrising the fixture chooses several."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.jpki_persona("locked-auth")
        def test_marker(jpki_card):
            assert jpki_card.retries_remaining("auth") == 0

        @pytest.mark.parametrize("jpki_persona", ["adult", "last-try"])
        def test_parameter(jpki_card, jpki_persona):
            assert jpki_card.retries_remaining("auth") == {"adult": 3, "last-try": 1}[jpki_persona]
        """
    )
    pytester.runpytest_inprocess(*OPTIONS, "--strict-markers").assert_outcomes(passed=3)


def test_each_test_has_a_card_of_its_own(pytester: pytest.Pytester) -> None:
    """A try lost in one is there in the next."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_try(jpki_card, turn):
            jpki_card.transmit("00A4040C0AD392F000260100000001")
            assert jpki_card.transmit("002000980430303030") == "63C2"
        """
    )
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=2)


def test_the_day_can_be_chosen(pytester: pytest.Pytester) -> None:
    """The card's dates are counted from it."""
    pytester.makepyfile(
        """
        from datetime import date
        import pytest

        @pytest.fixture
        def jpki_today():
            return date(2027, 5, 1)

        @pytest.mark.jpki_persona("expired")
        def test_day(jpki_card):
            assert jpki_card.card_file.certificates["auth"].not_after == "2027-04-30"
        """
    )
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=1)


def test_an_unknown_persona_is_an_error_with_the_names_like_it(pytester: pytest.Pytester) -> None:
    """Not a skip, not a default."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.jpki_persona("aduld")
        def test_card(jpki_card):
            pass
        """
    )
    result = pytester.runpytest_inprocess(*OPTIONS)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*did you mean adult*"])


def test_nothing_is_loaded_that_no_test_asks_for(pytester: pytest.Pytester) -> None:
    """The plug-in costs a run without cards one small module."""
    pytester.makepyfile(
        """
        import sys

        def test_nothing():
            assert "jpki_sim.pytest_plugin" in sys.modules
            assert "jpki_sim.card.card" not in sys.modules
        """
    )
    pytester.runpytest_subprocess(*OPTIONS).assert_outcomes(passed=1)


def test_the_examples_of_the_documentation_run(pytester: pytest.Pytester) -> None:
    """What docs/pytest.md shows as Python passes as it stands, with a card file in place of a persona too."""
    text = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    pytester.makepyfile("\n".join(blocks))
    pytester.runpytest_inprocess(*OPTIONS, "--strict-markers").assert_outcomes(passed=5)


def test_a_card_file_keeps_its_state(pytester: pytest.Pytester) -> None:
    """The path of a card file in place of a name: what one test did to the card, the next one finds."""
    path = pytester.path / "card.json"
    save(new_card(find_persona("adult"), today=japan_today(), generate_keys=False), path)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.jpki_persona("card.json")
        @pytest.mark.parametrize("left", ["63C2", "63C1"])
        def test_try(jpki_card, left):
            jpki_card.transmit("00A4040C0AD392F000260100000001")
            assert jpki_card.transmit("002000980430303030") == left
        """
    )
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=2)


def test_a_marker_without_a_name_says_how_it_is_used(pytester: pytest.Pytester) -> None:
    """Its mistake is told where the test is, without a traceback of the plug-in's inside."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.jpki_persona
        def test_card(jpki_card):
            pass
        """
    )
    result = pytester.runpytest_inprocess(*OPTIONS)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the marker jpki_persona takes one name*"])
