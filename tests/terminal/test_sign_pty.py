"""``jpki sign`` and ``jpki verify`` at a terminal: the question, the password, and how far a large file is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jpki_sim.pki import anchors
from terminal import TerminalSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LARGE = 20 * 1024 * 1024
TRIES = "5 of 5 tries left"
PASSWORD_QUESTION = "signature password (6 to 16 letters and digits): "
CONSENT = "Continue? [y/N] "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where temporary files are made; nothing may be left in it."""
    path = tmp_path / "temporary"
    path.mkdir()
    return path


@pytest.fixture
def begin(tmp_path: Path, folder: Path) -> Callable[..., TerminalSession]:
    """Start the program on a terminal of its own."""

    def session(*arguments: str) -> TerminalSession:
        argv = [sys.executable, "-m", "jpki_cli", "--lang", "en", *arguments]
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": str(folder), "COLUMNS": "100"}

        def start(terminal: int) -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                ["setsid", "--ctty", *argv],
                env=environment,
                cwd=tmp_path,
                stdin=terminal,
                stdout=terminal,
                stderr=terminal,
            )

        return TerminalSession(start)

    return session


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """A PDF to sign."""
    from pdfsamples import plain

    path = tmp_path / "contract.pdf"
    path.write_bytes(plain())
    return path


def _give_password(shown: TerminalSession, password: str = "SIMCARD1") -> None:  # noqa: S107 - the TEST secret
    shown.answer(CONSENT, "y")
    shown.expect(TRIES)
    shown.answer(PASSWORD_QUESTION, password)


def _failed(path: Path) -> list[list[str]]:
    from datetime import UTC, datetime

    from jpki.certificate import Issuers
    from jpki.signing.cms import Trust
    from jpki.signing.pdf import verify_pdf

    with path.open("rb") as file:
        reports = verify_pdf(file, Trust(Issuers(test=anchors())), now=datetime.now(UTC))
    return [[result.item.value for result in report.results if result.verdict.value == "fail"] for report in reports]


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_pdf_is_signed_by_a_person(begin: Callable[..., TerminalSession], contract: Path, folder: Path) -> None:
    """What will be in it is said once, before the question; the counter before the password, which is not shown."""
    with begin("--sim", "adult", "sign", str(contract), "--visible", "1") as shown:
        shown.expect("name, address, birth")
        _give_password(shown)
        shown.expect("Signed:")
        code = shown.end()

    assert code == 0
    assert "SIMCARD1" not in shown.shown
    assert shown.shown.count("name, address, birth") == 1
    assert _failed(contract.with_name("contract-signed.pdf")) == [[]]
    assert _names(folder) == set()


def test_yes_needs_no_question(begin: Callable[..., TerminalSession], contract: Path) -> None:
    """The warning is said all the same."""
    with begin("--sim", "adult", "sign", str(contract), "--yes") as shown:
        shown.expect("date and sex")
        shown.expect(TRIES)
        shown.answer(PASSWORD_QUESTION, "SIMCARD1")
        code = shown.end()

    assert code == 0
    assert CONSENT not in shown.shown


@pytest.mark.parametrize("answer", ["", "n", "いいえ"])
def test_without_a_yes_nothing_is_signed(
    begin: Callable[..., TerminalSession], contract: Path, tmp_path: Path, answer: str
) -> None:
    """Exit 2, before the card is touched."""
    trace = tmp_path / "trace"
    with begin("--sim", "adult", "--trace", str(trace), "sign", str(contract)) as shown:
        shown.answer(CONSENT, answer)
        shown.expect("Nothing was signed")
        code = shown.end()

    assert code == 2
    assert _names(tmp_path) == {"contract.pdf", "temporary"}


def test_a_wrong_password_is_one_attempt(
    begin: Callable[..., TerminalSession], contract: Path, tmp_path: Path, folder: Path
) -> None:
    """Exit 4, the tries left, no second question, and nothing is left behind."""
    with begin("--sim", "adult", "sign", str(contract)) as shown:
        _give_password(shown, "WRONG123")
        shown.expect("4 tries")
        code = shown.end()

    assert code == 4
    assert shown.shown.count(PASSWORD_QUESTION) == 2  # the counter's line and the question
    assert "WRONG123" not in shown.shown
    assert _names(tmp_path) == {"contract.pdf", "temporary"}
    assert _names(folder) == set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_at_the_password_leaves_nothing(
    begin: Callable[..., TerminalSession], contract: Path, tmp_path: Path, folder: Path, number: signal.Signals
) -> None:
    """The copy of the PDF that waits for its signature is removed, and no try is used."""
    trace = tmp_path / "trace"
    with begin("--sim", "adult", "--trace", str(trace), "sign", str(contract)) as shown:
        shown.answer(CONSENT, "y")
        shown.expect(TRIES)
        shown.expect(PASSWORD_QUESTION)
        assert _names(folder) != set()
        shown.process.send_signal(number)
        code = shown.end()

    assert code == 128 + number
    assert _names(folder) == set()
    assert _names(tmp_path) == {"contract.pdf", "temporary", "trace"}
    assert not re.search(r"VERIFY 00 20 00 80 \S", trace.read_text(encoding="utf-8"))


def _large(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    if name.endswith(".pdf"):
        from pdfsamples import plain

        path.write_bytes(plain(pages=1, text=b"%" + b"x" * LARGE))
    else:
        with path.open("wb") as file:
            file.truncate(LARGE)
    return path


def _bars(text: str) -> dict[str, list[int]]:
    """Of each bar, its label and the percentages that were shown."""
    found: dict[str, list[int]] = {}
    for label, percent in re.findall(r"([A-Z][\w .-]+?)  \[[#-]+\] +(\d+)%", text):
        found.setdefault(label, []).append(int(percent))
    return found


@pytest.mark.parametrize(
    ("name", "options", "labels"),
    [
        ("big.pdf", (), ["Reading big.pdf", "Writing big.pdf"]),
        ("big.bin", (), ["Reading big.bin"]),
        ("big.bin", ("--attached",), ["Reading big.bin", "Writing big.bin"]),
    ],
)
def test_a_bar_shows_how_far_a_large_file_is(
    begin: Callable[..., TerminalSession], tmp_path: Path, name: str, options: tuple[str, ...], labels: list[str]
) -> None:
    """Of signing and of verifying: from the beginning to the whole, never back; the cursor is shown again."""
    path = _large(tmp_path, name)
    with begin("--sim", "adult", "sign", path.name, *options) as shown:
        _give_password(shown)
        shown.expect("Signed:")
        assert shown.end() == 0
    result = next(item.name for item in tmp_path.iterdir() if re.fullmatch(r"big(-signed|\.bin\.p7.).*", item.name))
    with begin("verify", result, "--allow-test") as verified:
        verified.expect("not checked")
        assert verified.end() == 0

    bars = _bars(shown.shown)
    checked = _bars(verified.shown)
    assert list(bars) == labels
    assert len(checked) == 1
    for percents in (*bars.values(), *checked.values()):
        assert percents == sorted(percents)
        assert percents[-1] == 100
        assert len(set(percents)) >= 5
    for text in (shown.shown, verified.shown):
        assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")


def test_a_small_file_has_no_bar(begin: Callable[..., TerminalSession], contract: Path) -> None:
    """It is read before anybody could look."""
    with begin("--sim", "adult", "sign", str(contract)) as shown:
        _give_password(shown)
        assert shown.end() == 0

    assert "%" not in shown.shown
