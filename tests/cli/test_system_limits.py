"""A system that gives no more open files, threads or memory: said in words, never as an error that nobody foresaw."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from jpki.errors import OutcomeUnknownError, WrongPinError
from jpki_cli.app import AppContext, report
from jpki_cli.failures import explain

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))
sys.argv = ["jpki", "--sim", "adult", "ssh", "agent", "--", "true"]
from jpki_cli.main import main
main()
"""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        *((OSError(number, os.strerror(number)), os.strerror(number)) for number in (errno.EMFILE, errno.ENFILE)),
        (BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)), os.strerror(errno.EAGAIN)),
        (RuntimeError("can't start new thread"), os.strerror(errno.EAGAIN)),
        (MemoryError(), os.strerror(errno.ENOMEM)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_is_missing_is_named(error: Exception, reason: str) -> None:
    """With the system's own word for it."""
    failure = explain(error)
    assert (failure.exit_code, failure.code) == (1, "system_limit")
    assert str(failure.message) == f"This computer does not give this program what it needs: {reason}"


@pytest.mark.parametrize("error", [RuntimeError("something else"), RecursionError()])
def test_a_mistake_of_the_program_is_none_of_these(error: Exception) -> None:
    """It stays one."""
    assert explain(error).code == "unexpected"


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit, and no SSH agent, there")
@pytest.mark.parametrize("files", range(5, 12))
def test_an_agent_with_few_files_says_so(files: int) -> None:
    """Or runs, and ends with its command."""
    program = [sys.executable, "-c", LIMITED.format(files=files)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0 or os.strerror(errno.EMFILE) in " ".join(done.stderr.split())
    assert "nexpected" not in done.stderr


@pytest.mark.parametrize("later", [RuntimeError("can't start new thread"), OSError(errno.EMFILE, "…"), ValueError()])
def test_it_hides_no_try_that_was_used_before(later: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    """It came when the card was closed, or the advice looked for."""
    for failure, code in (
        (WrongPinError("no", pin="auth", retries_remaining=1), 4),
        (OutcomeUnknownError("no", pin="auth"), 8),
    ):
        later.__context__ = failure
        assert report(AppContext(), later) == code
    assert "Wrong user certificate PIN" in capsys.readouterr().err
