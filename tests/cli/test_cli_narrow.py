"""Screens on a terminal that is narrower than 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from diagnosiscases import CASES

from jpki_cli.doctor import collecting
from jpki_cli.terminal import columns_of, described, laid_out, table, width
from jpki_cli.terminal.text import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli
    from diagnosiscase import Case
    from fakefacts import FakeFacts

NARROW = 40
SCREENS = [
    ("--sim", "sign-locked-auth-known", "status"),
    ("--sim", "child", "status"),
    ("--sim", "adult", "pin", "status", "--all"),
    ("--sim", "adult", "cert", "show", "auth"),
    ("--sim", "adult", "cert", "check", "auth"),
    ("--sim", "adult", "report"),
    ("--sim", "locked-auth", "doctor"),
    ("guide", "locked"),
    ("sim", "personas"),
]


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 40 columns."""
    monkeypatch.setenv("COLUMNS", str(NARROW))


def too_wide(text: str) -> list[str]:
    """Lines that do not fit although they could be broken; commands (seven blanks before them) stay whole."""
    lines = [line for line in text.splitlines() if not line.startswith("       ")]
    return [line for line in lines if width(line) > NARROW and " " in line.strip()]


def staircase(text: str) -> list[str]:
    """Lines that begin in the right half, where no room is left for words."""
    return [line for line in text.splitlines() if len(line) - len(line.lstrip()) > NARROW // 2]


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("arguments", SCREENS, ids=" ".join)
def test_a_screen_fits_into_40_columns(run_cli: RunCli, arguments: tuple[str, ...], language: str) -> None:
    """Lines are broken at the terminal's width, and none of them is pushed into its right half."""
    result = run_cli("--lang", language, *arguments)
    shown = result.stdout + result.stderr
    assert shown
    assert (too_wide(shown), staircase(shown)) == ([], [])


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.row}-{case.cause.value}")
def test_doctor_fits_into_40_columns(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    """Each cause, with its remedies; only commands may be longer, since they are copied."""

    class Stated:
        """Facts that need no closing."""

        def __enter__(self) -> FakeFacts:
            return case.facts

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(collecting, "collect_facts", lambda _: Stated())
    shown = run_cli("doctor")
    assert (too_wide(shown.stdout + shown.stderr), staircase(shown.stdout)) == ([], [])


def test_a_failure_fits_into_40_columns(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Error and remedies on stderr are as narrow; on a wide terminal they are not."""
    wide = run_cli("--sim", "nobody", "status")
    monkeypatch.setenv("COLUMNS", str(NARROW))
    shown = run_cli("--sim", "nobody", "status")
    assert too_wide(shown.stderr) == []
    assert shown.stderr.count("\n") > wide.stderr.count("\n")
    assert shown.stderr.split() == wide.stderr.split()


@pytest.mark.parametrize("arguments", [("report",), ("cert", "show", "auth")], ids=" ".join)
def test_a_file_is_laid_out_alike_on_every_terminal(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """What -o writes does not depend on the terminal that the command ran on; only the time of a report differs."""
    files = []
    for columns in ("40", "80"):
        monkeypatch.setenv("COLUMNS", columns)
        path = tmp_path / f"{columns}.txt"
        assert run_cli("--sim", "adult", *arguments, "-o", str(path)).code == 0
        files.append([line for line in path.read_text(encoding="utf-8").splitlines() if "Made on" not in line])
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("40", 39),
        ("80", 79),
        ("81", 79),
        ("200", 79),
        ("1", 20),
        ("0", 79),
        ("-3", 79),
        ("many", 79),
        ("", 79),
        ("9" * 5000, 79),
    ],
)
def test_the_environment_tells_how_wide_a_screen_is(
    monkeypatch: pytest.MonkeyPatch, columns: str, expected: int
) -> None:
    """COLUMNS less the last one, 79 at most and 20 at least; nonsense is no width."""
    monkeypatch.setenv("COLUMNS", columns)
    assert columns_of() == expected
    with laid_out(for_file=True):
        assert columns_of() == COLUMNS


@pytest.mark.parametrize("columns", ["-5", "0", "1", "9" * 5000])
def test_help_comes_whatever_width_the_environment_tells(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """A width that is none, or next to none, is no failure."""
    monkeypatch.setenv("COLUMNS", columns)
    assert run_cli("--help").code == 0


@pytest.mark.usefixtures("narrow")
def test_a_row_that_is_too_wide_is_one_entry_of_several_lines() -> None:
    """Cells stay in order and whole, those that do not fit on a line of their own."""
    rows = [["sign", "signature password, 6-16 letters/digits", "locked"], ["auth", "four digits", "3 of 3"]]
    assert table(rows) == [
        "  sign\n    signature password, 6-16\n    letters/digits  locked",
        "  auth  four digits  3 of 3",
    ]


@pytest.mark.usefixtures("narrow")
def test_a_description_that_has_no_room_beside_its_term_stands_below_it() -> None:
    """A term that takes more than half of the width; the colour is on every line of the description."""
    red, end = "\033[31m", "\033[0m"
    long = "a term of twenty-five col"
    assert described([(long, f"{red}some words that do not fit into one line{end}")]) == [
        f"  {long}",
        f"    {red}some words that do not fit into one{end}",
        f"    {red}line{end}",
    ]
    assert described([("short", "words")]) == ["  short  words"]
