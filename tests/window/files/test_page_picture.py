"""The process that draws a page: it is given the file and nothing else, and is ended when it takes too long."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pdfsamples import plain

from jpki_window.files import page_picture
from jpki_window.files.page_picture import draw_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Instead = Callable[[str], None]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts stand for the program")


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A PDF of two pages."""
    path = tmp_path / "a.pdf"
    path.write_bytes(plain(pages=2))
    return path


@pytest.fixture
def instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instead:
    """Put a script in the place of the program."""

    def put(script: str) -> None:
        program = tmp_path / "pdftoppm"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        monkeypatch.setattr(page_picture, "_program", lambda: str(program))

    return put


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed (poppler-utils)")
def test_a_page_is_drawn(pdf: Path) -> None:
    """As a PNG; a page that is not there is none."""
    drawn = draw_page(pdf, 2)
    assert drawn is not None
    assert drawn.startswith(b"\x89PNG")
    assert draw_page(pdf, 7) is None


def test_it_has_two_variables_and_no_more(pdf: Path, instead: Instead, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process has in its environment stays here."""
    monkeypatch.setenv("JPKI_SECRET_TEST", "TEST")
    instead("env")
    drawn = draw_page(pdf, 1)
    assert drawn is not None
    names = {line.partition("=")[0] for line in drawn.decode().splitlines()}
    assert names - {"PWD", "_", "SHLVL"} == {"PATH", "LC_ALL"}  # the shell makes the others itself


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_no_open_file_goes_along(pdf: Path, instead: Instead) -> None:
    """Neither a reader's connection nor another file: the PDF on its input, a pipe for the picture."""
    with pdf.open("rb"):
        instead("ls -l /proc/self/fd | sed 's/.* //'")
        drawn = draw_page(pdf, 1)
    assert drawn is not None
    found = [line for line in drawn.decode().splitlines()[1:] if not line.startswith(("/proc/", "pipe:", "/dev/null"))]
    assert found == [str(pdf)]


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces")
def test_there_is_no_network(pdf: Path, instead: Instead) -> None:
    """No interface but the loopback, which is down, where this user may have a namespace."""
    if not page_picture._without_network():
        pytest.skip("this user may not have a namespace")
    instead("cat /proc/net/dev")
    drawn = draw_page(pdf, 1)
    assert drawn is not None
    names = [line.partition(":")[0].strip() for line in drawn.decode().splitlines() if ":" in line]
    assert names == ["lo"]


def test_it_is_ended_when_it_takes_too_long(pdf: Path, instead: Instead, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then there is no picture."""
    monkeypatch.setattr(page_picture, "SECONDS", 0.2)
    instead("exec sleep 600")
    assert draw_page(pdf, 1) is None


@pytest.mark.parametrize("script", ["exit 1", "true", "kill -9 $$"])
def test_a_failure_is_no_picture(pdf: Path, instead: Instead, script: str) -> None:
    """An exit code, no output, a signal."""
    instead(script)
    assert draw_page(pdf, 1) is None


def test_no_program_is_no_picture(pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a file that cannot be opened neither."""
    monkeypatch.setattr(page_picture, "_program", lambda: None)
    assert draw_page(pdf, 1) is None
    monkeypatch.setattr(page_picture, "_program", lambda: "/nowhere/pdftoppm")
    assert draw_page(pdf.with_name("gone.pdf"), 1) is None
