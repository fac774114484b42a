"""Output and trace on a full disk: what the card did is told all the same, and the exit code stays true."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jpki_cli.app import AppContext
from jpki_sim.files import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clitest import RunCli

    from jpki.transport import CardConnection

FULL = Path("/dev/full")
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="no device here that is always full")
JPKI = [sys.executable, "-m", "jpki_cli", "--lang", "en"]
NO_SPACE = os.strerror(28)


def jpki(card_file: Path, *arguments: str, stdin: str = "", out: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; ``out`` is a shell's redirection."""
    command = [*JPKI, "--sim", str(card_file), *arguments]
    if out is not None:
        command = ["sh", "-c", f'"$@" {out}', "sh", *command]
    return subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", check=False, timeout=60)


@pytest.fixture(autouse=True, params=["C", "C.UTF-8"])
def locale(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In both kinds of locale: Python buffers a stderr that can write all characters in another way."""
    monkeypatch.setenv("LC_ALL", request.param)


@pytest.mark.parametrize("way", [(), ("--json",)])
@pytest.mark.parametrize("out", [">/dev/full", ">&-"])
def test_a_change_stays_a_success(card_file: Path, way: tuple[str, ...], out: str) -> None:
    """Exit 0, the card holds the new PIN, and stderr says so where stdout was full."""
    done = jpki(card_file, "pin", "change", "auth", "--pin-stdin", *way, stdin="2846\n8517\n", out=out)
    assert done.returncode == 0, done.stderr
    assert load(card_file).pins["auth"].value == "8517"
    if "full" in out:
        assert "The user certificate PIN (4 digits) was changed." in done.stderr
        assert NO_SPACE in done.stderr
    assert "Traceback" not in done.stderr


def test_a_change_whose_reader_went_away(card_file: Path) -> None:
    """A pipe that nobody reads any more is no failure of the change."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [*JPKI, "--sim", str(card_file), "pin", "change", "auth", "--pin-stdin"]
    with os.fdopen(writer, "w") as pipe:
        done = subprocess.run(
            command, input="2846\n8517\n", stdout=pipe, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert (done.returncode, load(card_file).pins["auth"].value) == (0, "8517")
    assert "was changed" in done.stderr


@pytest.mark.parametrize("way", [(), ("--json",)])
@pytest.mark.parametrize("out", [">/dev/full", ">/dev/full 2>/dev/full"])
def test_a_failure_keeps_its_exit_code(card_file: Path, way: tuple[str, ...], out: str) -> None:
    """A wrong PIN is exit 4 whether or not the JSON object could be written; it is told in words then."""
    done = jpki(card_file, "pin", "change", "auth", "--pin-stdin", *way, stdin="7391\n8517\n", out=out)
    assert done.returncode == 4
    if "2>" not in out:
        assert "You have 2 tries left" in done.stderr
        assert "is unchanged" in done.stderr
    assert load(card_file).pins["auth"].value == "2846"


@pytest.mark.parametrize("command", [("status",), ("status", "--json"), ("cert", "show", "auth"), ("pin", "status")])
def test_data_that_could_not_be_written(card_file: Path, command: tuple[str, ...]) -> None:
    """Exit 1, with the reason."""
    done = jpki(card_file, *command, out=">/dev/full")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"Error: The output could not be written: {NO_SPACE}"


@pytest.mark.parametrize("command", [("status",), ("pin", "status"), ("cert", "show", "auth", "--json")])
def test_an_output_that_nobody_wants(card_file: Path, command: tuple[str, ...]) -> None:
    """A stdout that the shell has closed is no failure."""
    done = jpki(card_file, *command, out=">&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_trace_on_a_full_disk_is_told_of_once(card_file: Path) -> None:
    """The command does what it does, to its end."""
    done = jpki(card_file, "--trace", str(FULL), "pin", "change", "auth", "--pin-stdin", stdin="2846\n8517\n")
    assert (done.returncode, done.stdout) == (0, "The user certificate PIN (4 digits) was changed.\n")
    assert done.stderr == f"The trace is incomplete: {NO_SPACE}\n"
    assert load(card_file).pins["auth"].value == "8517"


def test_a_trace_that_failed_hides_no_failure(card_file: Path) -> None:
    """A wrong PIN is what the exit code and the JSON object tell of."""
    done = jpki(card_file, "--trace", str(FULL), "pin", "verify", "auth", "--pin-stdin", "--json", stdin="7391\n")
    assert done.returncode == 4
    assert json.loads(done.stdout)["retries_remaining"] == 2
    assert "The trace is incomplete" in done.stderr


def test_a_trace_to_a_stderr_that_takes_nothing(card_file: Path) -> None:
    """Full: nothing is lost but the trace. Closed: a usage error, before the card is touched."""
    line = ("--trace", "-", "pin", "change", "auth", "--pin-stdin")
    assert jpki(card_file, *line, stdin="2846\n8517\n", out="2>/dev/full").returncode == 0
    assert load(card_file).pins["auth"].value == "8517"
    assert jpki(card_file, *line, stdin="8517\n9264\n", out="2>&-").returncode == 2
    assert load(card_file).pins["auth"].value == "8517"


@pytest.mark.parametrize(
    ("error", "warning"), [(OSError(28, NO_SPACE), "interrupted"), (KeyboardInterrupt(), "interrupted")]
)
def test_what_happens_while_the_card_is_let_go(
    run_cli: RunCli, card_file: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, warning: str
) -> None:
    """After a change it is a warning, and the exit code is 0."""
    original = AppContext._connect

    @contextmanager
    def connect(self: AppContext, wait: float) -> Iterator[CardConnection]:
        with original(self, wait) as connection:
            yield connection
        raise error

    monkeypatch.setattr(AppContext, "_connect", connect)
    line = ("--sim", str(card_file), "pin", "change", "auth", "--pin-stdin", "--json")
    done = run_cli(*line, stdin="2846\n8517\n")
    assert (done.code, done.json["outcome"], done.json["warnings"]) == (0, "changed", [warning])
    wrong = run_cli(*line, stdin="7391\n8517\n")
    assert (wrong.code, wrong.json["outcome"]) == (4, "unchanged")
