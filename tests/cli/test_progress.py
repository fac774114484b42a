"""How far the reading of a large file is: what is counted, and what a bar is told."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")

from pdfsamples import plain, signed

from jpki.crypto import Digest
from jpki.files import Progress
from jpki.files.following import open_watched
from jpki.signing.cms import Trust
from jpki.signing.pdf import SignaturePlace, prepare_pdf, verify_pdf
from jpki_cli.app import progress_bar as module
from jpki_cli.app.progress_bar import progress
from jpki_cli.words import M
from jpki_sim import dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE = 2 * 1024 * 1024


class Screen(io.StringIO):
    """Stderr that a person looks at."""

    def isatty(self) -> bool:
        """It is a terminal."""
        return True


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Screen]:
    """Have every file count as large; begin to look at stderr, which pytest sets anew before each test."""

    def begin() -> Screen:
        made = Screen()
        monkeypatch.setattr(sys, "stderr", made)
        monkeypatch.setattr(module, "SHOWN_FROM", 1)
        return made

    return begin


def _counter() -> tuple[Progress, list[int], list[int]]:
    counted: list[int] = []
    expected: list[int] = []
    return Progress(counted.append, expected.append), counted, expected


@pytest.mark.parametrize("signatures", [0, 1, 2, 3])
def test_what_is_foretold_of_a_pdf_is_what_is_read(tmp_path: Path, signatures: int) -> None:
    """Of signing and of verifying one with so many signatures: no bar stops half way, or stands at its end for long."""
    pdf = plain(pages=1, text=b"%" + b"x" * SIZE)
    for _ in range(signatures):
        pdf = signed(pdf)
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf)

    shown, counted, expected = _counter()
    with open_watched(path, shown) as source, open_watched(tmp_path / "copy", shown, "x+b") as output:
        prepare_pdf(source, output, Digest.SHA256, SignaturePlace(), at=dates.now(), expect=shown.expect)
    assert 0.6 < sum(counted) / expected[0] < 1.3

    shown, counted, expected = _counter()
    with open_watched(path, shown) as file:
        verify_pdf(file, Trust(), now=dates.now(), expect=shown.expect)
    if signatures:
        assert 0.8 < sum(counted) / expected[0] < 1.3
    else:
        assert expected == [0]


def test_every_way_to_read_is_counted(tmp_path: Path) -> None:
    """In pieces, into a buffer, line by line and all at once; writing is not reading."""
    path = tmp_path / "a"
    path.write_bytes(b"line\n" * 20_000)
    shown, counted, _ = _counter()
    with open_watched(path, shown, "r+b") as file:
        file.write(b"LINE\n")
        assert sum(counted) == 0
        file.seek(0)
        assert file.read(5) == b"LINE\n"
        assert file.readline() == b"line\n"
        file.read()
        assert sum(counted) >= 100_000
        file.seek(0)
        assert len(file.read(-1)) == 100_000
    assert 200_000 <= sum(counted) <= 220_000


def test_a_bar_goes_to_its_end_and_no_further(look: Callable[[], Screen]) -> None:
    """Less or more may be read than was foretold."""
    for counts, total in (([10, 10], 100), ([70, 70, 70], 100), ([100], 100)):
        screen = look()
        with progress(M("Reading {path}", path="a"), 50) as shown:
            shown.expect(total)
            for count in counts:
                shown.advance(count)
        assert "100%" in screen.getvalue()
        assert "101%" not in screen.getvalue()
        assert screen.getvalue().rstrip("\n").endswith("\x1b[?25h")


def test_a_total_told_later_counts(look: Callable[[], Screen]) -> None:
    """Half of it is fifty percent; one that is less than what was read already is the whole."""
    screen = look()
    with progress(M("Reading {path}", path="a"), 50) as shown:
        shown.expect(1000)
        shown.advance(500)
        assert " 50%" in screen.getvalue()
        shown.expect(1)
        shown.advance(1)
    assert "100%" in screen.getvalue()


def test_a_failure_leaves_the_cursor_shown(look: Callable[[], Screen]) -> None:
    """And the bar where it stood."""
    screen = look()

    def fail() -> None:
        with progress(M("Reading {path}", path="a"), 50) as shown:
            shown.advance(10)
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        fail()
    assert "100%" not in screen.getvalue()
    assert screen.getvalue().rstrip("\n").endswith("\x1b[?25h")


def test_a_name_cannot_move_the_cursor(look: Callable[[], Screen]) -> None:
    """A file's name is shown without control characters."""
    screen = look()
    with progress(M("Reading {path}", path="\x1b[2Ja"), 50) as shown:
        shown.advance(50)
    assert "\x1b[2J" not in screen.getvalue()


def test_without_a_terminal_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log has none."""
    made = io.StringIO()
    monkeypatch.setattr(sys, "stderr", made)
    with progress(M("Reading {path}", path="a"), 10**9) as shown:
        shown.expect(5)
        shown.advance(5)
    assert made.getvalue() == ""
