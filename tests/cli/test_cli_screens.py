"""What a screen looks like: columns, dots, colours that are never the only signal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from ongivenday import on_given_day

from jpki.card import PinState, PinStatus, dots
from jpki.words.names import PIN_NAMES
from jpki_cli.screens import pin_lines
from jpki_cli.terminal import described, table, width, wrap
from jpki_cli.words import set_language
from jpki_sim.personas import personas
from terminal import TerminalSession

if TYPE_CHECKING:
    from clitest import RunCli

ESCAPE = "\033"
PERSONAS = [p.name for p in personas() if not p.unavailable]


def on_terminal(*arguments: str, **environment: str) -> str:
    """What the command shows on a terminal of its own; lines end as a program writes them."""

    def start(terminal: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            on_given_day(*arguments),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"} | environment,
        )

    with TerminalSession(start) as session:
        assert session.end() == 0
        return session.shown.replace("\r\n", "\n")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("persona", PERSONAS)
def test_no_line_of_status_needs_more_than_80_columns(run_cli: RunCli, persona: str, language: str) -> None:
    """Every persona's screen fits, full-width characters counted as two columns, failures on stderr too."""
    result = run_cli("--sim", persona, "--lang", language, "status")
    lines = (result.stdout + result.stderr).splitlines()
    assert lines
    assert [line for line in lines if width(line) > 80] == []


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("state", PinState)
def test_no_line_of_pin_status_needs_more_than_80_columns(
    monkeypatch: pytest.MonkeyPatch, language: str, state: PinState
) -> None:
    """All eight counters fit, in every state that a counter can have."""
    monkeypatch.setenv("LANGUAGE", language)
    left = {PinState.FULL: 15, PinState.USED: 14, PinState.LAST_TRY: 1, PinState.BLOCKED: 0}.get(state)
    set_language(language)
    try:
        lines = pin_lines([PinStatus(name, state, left, 15 if left else None, None) for name in PIN_NAMES])
    finally:
        set_language("en")
    text = "\n".join(lines).splitlines()
    assert len(text) >= 8
    assert [line for line in text if width(line) > 80] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_dots_stand_in_one_column(run_cli: RunCli, language: str) -> None:
    """The dots of all four PINs begin in the same column, whatever the width of the words before them."""
    result = run_cli("--sim", "locked-sign", "--lang", language, "pin", "status")
    columns = {width(re.split("[●○]", line)[0]) for line in result.stdout.splitlines()}
    assert len(columns) == 1


def test_words_and_numbers_are_there_without_colours_and_dots(run_cli: RunCli) -> None:
    """A screen reader that skips dots and colours still reads every counter in words."""
    result = run_cli("--sim", "locked-sign", "pin", "status")
    words = [re.sub("[●○]", "", line).split("  ") for line in result.stdout.splitlines()]
    states = [[part.strip() for part in line if part.strip()][-1] for line in words]
    assert states == ["3 of 3 tries left", "locked", "3 of 3 tries left", "3 of 3 tries left"]


def test_a_pipe_gets_no_colours(run_cli: RunCli) -> None:
    """Colours are for terminals."""
    assert ESCAPE not in run_cli("--sim", "locked-sign", "status").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_terminal_gets_the_same_words_in_colour(run_cli: RunCli, language: str) -> None:
    """On a terminal what is wrong is coloured; without the codes the screen is the one of a pipe."""
    shown = on_terminal("--sim", "locked-sign", "--lang", language, "status")
    piped = run_cli("--sim", "locked-sign", "--lang", language, "status").stdout
    assert f"{ESCAPE}[31m" in shown
    assert re.sub(f"{ESCAPE}\\[[0-9;]*m", "", shown) == piped


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "TERM=dumb"])
def test_a_terminal_without_colours_gets_none(environment: dict[str, str]) -> None:
    """NO_COLOR and a dumb terminal are honoured, and an empty NO_COLOR is none (no-color.org)."""
    assert ESCAPE not in on_terminal("--sim", "locked-sign", "status", **environment)
    assert ESCAPE in on_terminal("--sim", "locked-sign", "status", NO_COLOR="")


def test_a_description_wraps_beside_its_term() -> None:
    """Lines after the first begin where the first description does, and each has the colour of the whole."""
    red, end = f"{ESCAPE}[31m", f"{ESCAPE}[0m"
    lines = described([("a", f"{red}one two three four{end}"), ("long", "five")], columns=20)
    assert lines == [f"  a     {red}one two{end}", f"        {red}three four{end}", "  long  five"]


def test_a_japanese_description_wraps_between_characters() -> None:
    """Full-width text is cut at the column; a closing sign neither begins a line nor hangs over the edge."""
    lines = described([("あ", "いろはにほへと、ちりぬるを")], columns=20)
    assert lines == ["  あ  いろはにほへ", "      と、ちりぬるを"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("いろはにほへとあって", "いろはにほへと\nあって"),
        ("いろはにほへとち：jpki", "いろはにほへと\nち：jpki"),
        ("いろはにほへと（ちり）", "いろはにほへと\n（ちり）"),
        ("いろはにほへと「ちり」", "いろはにほへと\n「ちり」"),
    ],
)
def test_japanese_lines_begin_and_end_as_japanese_does(text: str, lines: str) -> None:
    """No small kana and no closing sign at the beginning of a line, no opening sign at its end."""
    assert wrap(text, columns=16) == lines


def test_codes_of_colours_take_no_column() -> None:
    """A coloured cell is as wide as its words."""
    assert width(f"{ESCAPE}[31mロック{ESCAPE}[0m") == 6
    assert table([[f"{ESCAPE}[31mab{ESCAPE}[0m", "x"], ["abcd", "y"]])[0].endswith(f"{ESCAPE}[0m    x")


@pytest.mark.parametrize(
    ("left", "limit", "drawn"),
    [(2, 3, "●●○"), (0, 5, "○○○○○"), (3, 3, "●●●"), (None, 3, ""), (4, 3, "●●●●"), (15, 3, "")],
)
def test_tries_are_drawn(left: int | None, limit: int, drawn: str) -> None:
    """One full circle for each try left, one empty circle for each that is gone."""
    assert dots(left, limit) == drawn


def test_long_words_are_not_cut() -> None:
    """What has no blank stays whole: a fingerprint or a path can be copied."""
    assert wrap("see " + "x" * 100, columns=20) == "see\n" + "x" * 100


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("か", 2),
        ("か\u3099", 2),  # a voiced mark of its own
        ("ｶ", 1),
        ("ｶﾞ", 2),  # a voiced mark of half width stands beside
        ("葛", 2),
        ("葛\U000e0100", 2),  # the selector of a registered variant
        ("葛\U000e0100飾", 4),
        ("邉\U000e010f", 2),
        ("神\ufe00", 2),  # the selector of a standardized variant
        ("☺\ufe0f", 1),
        ("a\u20dd", 1),  # an enclosing circle
        ("👩", 2),
        ("👩\u200d🔬", 4),  # terminals do not agree; one that joins them draws two
        ("가", 2),
        ("\u1100\u1161", 2),
        ("a\u200bb", 2),
        ("a\u00adb", 3),
        ("\033[31m葛\U000e0100\033[0m", 2),
    ],
)
def test_columns_of_a_text(text: str, columns: int) -> None:
    """What belongs to the character before it takes no column."""
    assert width(text) == columns


def test_tables_and_lines_with_variants_of_characters() -> None:
    """Columns stay aligned, and no line ends between a character and its selector."""
    variant = "葛\U000e0100"
    lines = table([[variant, "x"], ["葛飾", "x"]])
    assert [width(line[: line.index("x")]) for line in lines] == [8, 8]
    for columns in range(20, 30):
        broken = wrap(variant * 30, columns=columns).split("\n")
        assert "".join(broken) == variant * 30
        assert not any(line.startswith("\U000e0100") for line in broken)
        assert {width(line) for line in broken[:-1]} == {columns - columns % 2}
