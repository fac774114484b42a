"""A signal at the beginning of a command or at its end: how it ended is told, above all a try that was used."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from jpki.errors import OutcomeUnknownError, WrongPinError
from jpki_cli.app import AppContext, report

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signal from elsewhere there")

#: Sends the signal to itself when a function of ours is called, or has returned; Python answers it before all else.
PROGRAM = """
import os, sys
from importlib import import_module
from jpki_cli.main import main

def signalled(inner):
    def call(*arguments, **named):
        result = inner(*arguments, **named) if {is_after} else None
        setattr(owner, name, inner)
        for _ in range({times}):
            os.kill(os.getpid(), {number})
        return result if {is_after} else inner(*arguments, **named)
    return call

module, _, path = {where!r}.partition(":")
*owners, name = path.split(".")
owner = import_module(module)
for part in owners:
    owner = getattr(owner, part)
setattr(owner, name, signalled(getattr(owner, name)))
sys.argv = ["jpki", *{words!r}]
main()
"""
WRONG = ("--sim", "adult", "pin", "verify", "auth", "--pin-stdin")
CHANGE = ("--sim", "adult", "pin", "change", "auth", "--pin-stdin")
SURVEY = ("--sim", "adult", "survey", "--yes", "--with-pin", "auth", "--pin-stdin")
ENDS = [
    (signal.SIGINT, 130, "Interrupted."),
    *((getattr(signal, name, 0), 143, "Terminated.") for name in ("SIGTERM", "SIGHUP", "SIGQUIT")),
]
#: From the moment in which the failure leaves the card: closing it, finding the words, saying them.
WAYS_OUT = (
    "jpki_cli.app.context:AppContext._find_advice",
    "jpki_cli.process.interrupts:finish",
    "jpki_cli.app.failure_output:report",
    "jpki_cli.app.failure_output:explain",
    "jpki_cli.app.failure_output:_print_text",
)


def run(
    where: str, number: int, words: tuple[str, ...], secrets: str, *, times: int = 1, is_after: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs a command, with a signal to it there."""
    program = PROGRAM.format(where=where, number=int(number), words=list(words), times=times, is_after=is_after)
    return subprocess.run(
        [sys.executable, "-c", program], input=secrets, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.parametrize("number", [end[0] for end in ENDS])
@pytest.mark.parametrize("where", WAYS_OUT)
def test_a_wrong_pin_is_told(where: str, number: int) -> None:
    """With the tries left and its exit code: a try was used, whatever came afterwards."""
    done = run(where, number, WRONG, "1111\n")
    assert done.returncode == 4
    assert done.stderr.startswith("Error: Wrong user certificate PIN (4 digits). You have 2 tries left.\n")
    assert done.stderr.count("Error") == 1


def test_a_wrong_pin_is_told_in_json() -> None:
    """The object is whole, and has the exit code that the process has."""
    done = run(WAYS_OUT[0], signal.SIGTERM, (*WRONG, "--json"), "1111\n")
    told = json.loads(done.stdout)
    assert (done.returncode, told["exit_code"], told["code"], told["try_used"]) == (4, 4, "wrong_pin", "yes")


def test_a_second_signal_ends_the_telling() -> None:
    """An output that nobody reads would hold the program up for ever."""
    assert run("jpki_cli.app.failure_output:explain", signal.SIGTERM, WRONG, "1111\n", times=2).returncode == -15


@pytest.mark.parametrize(
    ("where", "is_after"),
    [
        ("jpki.pin.changing:PinChange._attempt", True),
        ("jpki.pin.changing:PinChange.settle", True),
        ("jpki_cli.commands.pin.change:note_outcome", False),
        ("jpki_cli.commands.pin.change:_tell", False),
        ("jpki_cli.commands.pin.change:_say", False),
    ],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_change_is_told(where: str, number: int, *, is_after: bool) -> None:
    """Whoever is not told of it has a card whose PIN they take for another."""
    done = run(where, number, CHANGE, "2846\n9753\n", is_after=is_after)
    assert (done.returncode, done.stdout) == (0, "The user certificate PIN (4 digits) was changed.\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("where", ["jpki.survey:Survey.result", "jpki_cli.screens.survey:render_survey"])
def test_a_survey_tells_that_a_pin_was_refused(where: str, number: int) -> None:
    """The rest of the survey is stopped; that a try was used is told."""
    done = run(where, number, SURVEY, "1111\n")
    assert done.returncode == 4
    assert "Error: Wrong user certificate PIN (4 digits). You have 2 tries left.\n" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no /dev/full there")
def test_a_survey_tells_of_a_refused_pin_where_its_output_is_full() -> None:
    """And that the output could not be written."""
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "jpki_cli", *SURVEY]
        done = subprocess.run(
            command, input="1111\n", stdout=full, stderr=subprocess.PIPE, text=True, timeout=300, check=False
        )
    assert done.returncode == 4
    assert "The output could not be written: No space left on device" in done.stderr
    assert "Wrong user certificate PIN" in done.stderr


@pytest.mark.parametrize(("number", "code", "said"), ENDS)
@pytest.mark.parametrize("where", ["jpki_cli.main:use_language", "jpki_cli.main:make_root"])
def test_a_signal_at_the_beginning_is_told(where: str, number: int, code: int, said: str) -> None:
    """In words, with its exit code, as later on."""
    done = run(where, number, ("--sim", "adult", "status"), "")
    assert (done.returncode, done.stdout, done.stderr) == (code, "", f"Error: {said}\n")


@pytest.mark.parametrize("number", [end[0] for end in ENDS])
def test_a_signal_behind_the_end_changes_nothing(number: int) -> None:
    """Everything was said and done."""
    done = run("jpki_cli.process.streams:can_flush", number, ("--sim", "adult", "pin", "status"), "")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 4


#: Ends with an object whose finalizer sends the signal, when Python has let go of its own handlers.
LATEST = """
import os, sys
from jpki_cli.main import main

class Latest:
    def __del__(self, kill=os.kill, own=os.getpid()):
        kill(own, {number})

sys.latest = Latest()
sys.argv = ["jpki", *{words!r}]
main()
"""


@pytest.mark.parametrize("number", [end[0] for end in ENDS])
def test_a_signal_at_the_end_of_python_changes_nothing(number: int) -> None:
    """The exit code is that of the refused PIN, and not the signal's."""
    program = LATEST.format(number=int(number), words=list(WRONG))
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, input="1111\n", capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 4
    assert "You have 2 tries left." in done.stderr


def test_an_output_that_is_closed_hides_no_lost_try(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is left to say it."""
    for failure, code in (
        (WrongPinError("no", pin="auth", retries_remaining=1), 4),
        (OutcomeUnknownError("no", pin="auth"), 8),
    ):
        closed = BrokenPipeError()
        closed.__context__ = failure
        assert report(AppContext(), closed) == code
    assert "Wrong user certificate PIN" in capsys.readouterr().err
