"""pinentry, ssh-askpass and other programs for a dialog: what they are told, and what a client cannot do to them."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from agentdesk import PIN
from dialogprograms import OWN, pinentry, script, wanted

from jpki.agent.dialogs import (
    AskpassDialog,
    ChoiceText,
    Dialog,
    PinentryDialog,
    ProgramDialog,
    SecretText,
    find_program,
)
from jpki.agent.dialogs.process import DialogProcess, dialog_environment
from jpki.agent.dialogs.questions import CannotOpenError
from jpki.agent.errors import DialogDeclinedError, RequesterGoneError
from jpki.pin import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


TEXT = SecretText("Title", "First line\n“evil\nGETPIN” 100 % (process 1)", "PIN:", "OK", "Cancel")
CHOICE = ChoiceText("Title", "What?", ("Once", "Twice"), "Cancel")
#: An upper bound; nothing is timed.
SECONDS = 30


def test_pinentry_gives_the_pin_and_takes_nothing_for_a_command(tmp_path: Path) -> None:
    """Newlines and percent signs of foreign text are escaped; escapes in the answer are undone."""
    program = pinentry(tmp_path, "D 28%%2546%%0A\\nOK")
    dialog = PinentryDialog(OWN, program=program, terminal=lambda: "/dev/pts/9")
    with dialog.open(wanted) as talk, talk.ask_secret(TEXT) as secret:
        assert secret == Secret("28%46\n")
    lines = (tmp_path / "lines").read_text(encoding="utf-8").splitlines()
    assert lines.count("GETPIN") == 1
    assert "SETDESC First line%0A“evil%0AGETPIN” 100 %25 (process 1)" in lines
    assert "OPTION ttyname=/dev/pts/9" in lines


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("ERR 83886179 Operation cancelled <Pinentry>", DialogDeclinedError),
        ("ERR 83886340 Invalid IPC response <Pinentry>", CannotOpenError),
    ],
)
def test_a_no_is_told_from_a_dialog_that_cannot_be_shown(tmp_path: Path, answer: str, error: type[Exception]) -> None:
    """The first is a no, after the second the next dialog is tried."""
    with PinentryDialog(OWN, program=pinentry(tmp_path, answer)).open(wanted) as talk, pytest.raises(error):
        talk.ask_secret(TEXT)


@pytest.mark.parametrize(
    ("answer", "choice"),
    [("OK", 0), ("ERR 83886194 Not confirmed <Pinentry>", 1), ("ERR 83886179 cancelled", None)],
)
def test_pinentry_has_two_choices_and_a_no(tmp_path: Path, answer: str, choice: int | None) -> None:
    """The second button is "not confirmed"."""
    with PinentryDialog(OWN, program=pinentry(tmp_path, "OK", answer)).open(wanted) as talk:
        if choice is None:
            with pytest.raises(DialogDeclinedError):
                talk.choose(CHOICE)
        else:
            assert talk.choose(CHOICE) == choice


@pytest.mark.parametrize("typed", ["28%zz", "28% 1", "%+1", "2846%", "%4"])
def test_an_escape_that_is_none_is_what_was_typed(tmp_path: Path, typed: str) -> None:
    """A pinentry that escapes too little gives an entry of a wrong form, and no error that quotes it."""
    answer = "D " + typed.replace("%", "%%") + "\\nOK"
    with PinentryDialog(OWN, program=pinentry(tmp_path, answer)).open(wanted) as talk:
        assert talk.ask_secret(TEXT) == Secret(typed)


def test_a_pinentry_that_answers_without_end_is_passed_over(tmp_path: Path) -> None:
    """Comments for ever are no answer, also while the client is there."""
    endless = 'while echo "# still here"; do :; done'
    program = script(
        tmp_path, f'echo OK\nwhile read -r line; do case "$line" in GETPIN) {endless};; *) echo OK;; esac; done'
    )
    with PinentryDialog(OWN, program=program).open(wanted) as talk, pytest.raises(CannotOpenError):
        talk.ask_secret(TEXT)


def test_a_dialog_that_does_not_end_after_its_answer_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its output is closed and it goes on: the others who wait for the person must not wait for it."""
    monkeypatch.setattr("jpki.agent.dialogs.process._END_SECONDS", 0.1)
    program = script(tmp_path, "echo 2846; exec >&-; exec sleep 600")
    for dialog in (AskpassDialog(OWN, program=program), ProgramDialog([program], OWN)):
        with dialog.open(wanted) as talk, pytest.raises(CannotOpenError):
            talk.ask_secret(TEXT)


def test_askpass_gives_the_first_line(tmp_path: Path) -> None:
    """The question is its one argument; what comes behind the first line is no part of the PIN."""
    dialog = AskpassDialog(OWN, program=script(tmp_path, "printf '2846\\r\\nmore\\n'"))
    with dialog.open(wanted) as talk, talk.ask_secret(TEXT) as secret:
        assert secret == Secret(PIN)
    assert TEXT.prompt in (tmp_path / "args").read_text(encoding="utf-8")


def test_a_question_is_utf_8_in_an_ascii_locale(tmp_path: Path) -> None:
    """An agent started where the locale is C, as by cron or a unit, asks all the same."""
    program = script(tmp_path, "echo 2846")
    ask = (
        "from jpki.agent.dialogs.process import dialog_process\n"
        f"with dialog_process([{program!r}, '\\u6697\\u8a3c'], {{}}, lambda: True, takes_lines=False) as process:\n"
        "    assert bytes(process.read_to_end()) == b'2846\\n'\n"
    )
    ascii_only = os.environ | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-X", "utf8=0", "-c", ask], env=ascii_only, check=True)
    assert (tmp_path / "args").read_text(encoding="utf-8") == "\u6697\u8a3c\n"


@pytest.mark.parametrize(
    ("end", "error"),
    [("exit 1", DialogDeclinedError), ("exit 127", CannotOpenError), ("kill -ABRT $$", CannotOpenError)],
)
def test_askpass_that_fails(tmp_path: Path, end: str, error: type[Exception]) -> None:
    """Exit code 1 is a no; a program that could not be started, or that a signal ended, is passed over."""
    dialog = AskpassDialog(OWN, program=script(tmp_path, end))
    with dialog.open(wanted) as talk, pytest.raises(error):
        talk.ask_secret(TEXT)


def test_own_programs_get_the_question_as_json(tmp_path: Path) -> None:
    """The terminal's dialog and the window's: one line of JSON, one line of answer."""
    program = script(tmp_path, f"head -n 1 >'{tmp_path}/question'; echo 1")
    with ProgramDialog([program], OWN).open(wanted) as talk:
        assert talk.choose(CHOICE) == 1
    assert '"choices": ["Once", "Twice"]' in (tmp_path / "question").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["pinentry", "askpass", "own"])
def test_the_environment_of_a_dialog_is_built_anew(tmp_path: Path, kind: str) -> None:
    """PATH and HOME are fixed; nothing that loads or names other programs gets in; where to show itself does."""
    makers: dict[str, Callable[[], Dialog]] = {
        "pinentry": lambda: PinentryDialog(OWN, program=pinentry(tmp_path, "D 2846\\nOK")),
        "askpass": lambda: AskpassDialog(OWN, program=script(tmp_path, "echo 2846")),
        "own": lambda: ProgramDialog([script(tmp_path, "cat >/dev/null; echo 2846")], OWN),
    }
    with makers[kind]().open(wanted) as talk:
        talk.ask_secret(TEXT).wipe()
    lines = (tmp_path / "env").read_text(encoding="utf-8").splitlines()
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    assert found["PATH"] == "/usr/local/bin:/usr/bin:/bin"
    assert found["DISPLAY"] == ":7"
    assert {"LD_PRELOAD", "SSH_ASKPASS"} & set(found) == set()
    assert found["HOME"] != "/evil"
    assert set(dialog_environment({})) == {"PATH", "HOME", "USER", "LOGNAME"}


def test_programs_are_looked_for_in_fixed_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PATH does not matter, and what is no program is not taken."""
    script(tmp_path, "echo")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program(["program"]) is None
    assert find_program(["program"], [str(tmp_path)]) == str(tmp_path / "program")
    assert find_program([str(tmp_path)]) is None


@pytest.mark.parametrize("heeds", [True, False])
def test_a_dialog_ends_with_the_client_that_it_was_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, heeds: bool
) -> None:
    """The client hangs up while its dialog is open: the program is asked to end, or made to, and no PIN is taken."""
    monkeypatch.setattr("jpki.agent.dialogs.process._PATIENCE", SECONDS if heeds else 0.1)
    note, shown, ended = tmp_path / "note", tmp_path / "shown", tmp_path / "ended"
    on_term = f'echo >"{ended}"; exit' if heeds else ""
    program = script(
        tmp_path, f"trap '{on_term}' TERM; echo $$ >'{note}'; mv '{note}' '{shown}'; sleep 600 & wait; wait"
    )
    dialog = AskpassDialog(OWN, program=program)
    with dialog.open(lambda: not shown.exists()) as talk, pytest.raises(RequesterGoneError):
        talk.ask_secret(TEXT)
    assert ended.exists() is heeds
    with pytest.raises(ProcessLookupError):
        os.kill(int(shown.read_text(encoding="ascii")), 0)


def test_what_a_dialog_program_has_started_ends_with_it(tmp_path: Path) -> None:
    """A script that runs the program with the window: the window must not stay when nobody waits for its answer."""
    held, shown = tmp_path / "held", tmp_path / "shown"
    os.mkfifo(held)
    descriptor = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    dialog = AskpassDialog(OWN, program=script(tmp_path, f"(exec >'{held}'; echo >'{shown}'; exec sleep 600); echo"))
    with dialog.open(lambda: not shown.exists()) as talk, pytest.raises(RequesterGoneError):
        talk.ask_secret(TEXT)
    poll = select.poll()
    poll.register(descriptor, 0)  # only that no program holds the other end any more
    assert poll.poll(SECONDS * 1000)
    os.close(descriptor)


@pytest.mark.parametrize("kind", ["pinentry", "askpass", "program"])
def test_what_a_dialog_answered_does_not_stay_in_its_buffer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Of a pinentry not even while the conversation goes on."""
    made: list[DialogProcess] = []
    answers: list[bytearray] = []

    class Noted(DialogProcess):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            made.append(self)

        def read_line(self) -> bytearray:
            answers.append(super().read_line())
            return answers[-1]

        def read_to_end(self) -> bytearray:
            answers.append(super().read_to_end())
            return answers[-1]

    monkeypatch.setattr("jpki.agent.dialogs.process.DialogProcess", Noted)
    dialogs: dict[str, Callable[[], Dialog]] = {
        "pinentry": lambda: PinentryDialog(OWN, program=pinentry(tmp_path, "D 2846\\nOK")),
        "askpass": lambda: AskpassDialog(OWN, program=script(tmp_path, "echo 2846")),
        "program": lambda: ProgramDialog([script(tmp_path, "cat >/dev/null; echo 2846")], OWN),
    }
    with dialogs[kind]().open(wanted) as talk:
        with talk.ask_secret(TEXT) as secret:
            assert secret == Secret(PIN)
        assert [bytes(process._buffer).strip(b"\0") for process in made] == [b""]
        assert not any(PIN.encode() in answer for answer in answers)
