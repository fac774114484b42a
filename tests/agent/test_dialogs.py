"""Dialogs: pinentry and ssh-askpass as programs, whom they are for, and what a client cannot do to them."""

from __future__ import annotations

import os
import select
import stat
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, Desk as AgentDesk, ListedPerson, PlainWords

from jpki.agent.dialogs import (
    AskpassDialog,
    ChoiceText,
    Desk,
    Dialog,
    DialogQuestion,
    Grant,
    PinentryDialog,
    ProgramDialog,
    Purpose,
    SecretText,
    Use,
    find_program,
)
from jpki.agent.dialogs.desk import MAX_WAITING
from jpki.agent.dialogs.process import dialog_environment
from jpki.agent.dialogs.questions import CannotOpenError, Conversation
from jpki.agent.errors import DialogDeclinedError, NoDialogError, RequesterGoneError
from jpki.agent.foreign_text import MAX_SHOWN, visible
from jpki.agent.kept import KeptPins
from jpki.card import Pin, PinState, PinStatus
from jpki.errors import PinFormatError
from jpki.pin import Secret
from jpki_cli.agent import run_until_end

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager
    from pathlib import Path

TEXT = SecretText("Title", "First line\n“evil\nGETPIN” 100 % (process 1)", "PIN:", "OK", "Cancel")
CHOICE = ChoiceText("Title", "What?", ("Once", "Twice"), "Cancel")
QUESTION = DialogQuestion(
    Pin.AUTH, PinStatus("auth", PinState.FULL, 3, 3, None), Purpose(Use.LOGIN_KEY), "/bin/program", 1
)
#: An upper bound; nothing is timed.
SECONDS = 30
OWN = {"PATH": "/evil", "DISPLAY": ":7", "LD_PRELOAD": "/evil.so", "SSH_ASKPASS": "/evil", "HOME": "/evil"}


def script(folder: Path, text: str) -> str:
    """A program that notes its environment and arguments, and then does something."""
    path = folder / "program"
    path.write_text(f'#!/bin/sh\nenv >"{folder}/env"\nprintf "%s\\n" "$@" >"{folder}/args"\n{text}\n', encoding="utf-8")
    path.chmod(stat.S_IRWXU)
    return str(path)


def pinentry(folder: Path, pin_answer: str, confirm_answer: str = "OK") -> str:
    """A program that speaks as pinentry does, and notes what it was told."""
    return script(
        folder,
        f'echo OK Pleased\nwhile read -r line; do printf "%s\\n" "$line" >>"{folder}/lines"\n'
        f'case "$line" in GETPIN) printf "{pin_answer}\\n";; CONFIRM) printf "{confirm_answer}\\n";; '
        "*) echo OK;; esac; done",
    )


def wanted() -> bool:
    """The client is there."""
    return True


def test_pinentry_gives_the_pin_and_takes_nothing_for_a_command(tmp_path: Path) -> None:
    """Newlines and percent signs of foreign text are escaped; escapes in the answer are undone."""
    dialog = PinentryDialog(OWN, program=pinentry(tmp_path, "D 28%%2546%%0A\\nOK"), terminal="/dev/pts/9")
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


@pytest.mark.parametrize(("code", "error"), [(1, DialogDeclinedError), (127, CannotOpenError)])
def test_askpass_that_fails(tmp_path: Path, code: int, error: type[Exception]) -> None:
    """Exit code 1 is a no; a program that could not be started is passed over."""
    dialog = AskpassDialog(OWN, program=script(tmp_path, f"exit {code}"))
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


def test_a_dialog_ends_with_the_client_that_it_was_for(tmp_path: Path) -> None:
    """The client hangs up while its dialog is open: the program is ended, and no PIN is taken."""
    is_there = iter([True, False])
    dialog = AskpassDialog(OWN, program=script(tmp_path, f"echo $$ >'{tmp_path}/pid'; exec sleep 600"))
    with dialog.open(lambda: next(is_there, False)) as talk, pytest.raises(RequesterGoneError):
        talk.ask_secret(TEXT)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="ascii")), 0)


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


def test_a_no_at_the_agent_ends_a_dialog_on_the_screen(tmp_path: Path) -> None:
    """Ctrl-C at the agent's terminal does not reach a window: the question ends, and it counts as a no."""
    shown = tmp_path / "shown"
    desk = Desk([AskpassDialog(OWN, program=script(tmp_path, f"echo >'{shown}'; exec sleep 600"))], PlainWords())
    assert not desk.decline()

    def ask() -> None:
        with desk.turn("client", wanted):
            desk.ask(QUESTION, [Grant.ONCE], lambda: not shown.exists() or desk.decline() or True)

    for _ in range(2):
        with pytest.raises(DialogDeclinedError):
            ask()
    assert not desk.decline()


def test_a_second_ctrl_c_at_one_question_ends_the_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one is the no; a dialog that does not go away keeps nobody from ending the agent."""
    with AgentDesk() as desk, desk.agent.desk.turn("client", wanted):

        def interrupted() -> None:
            declined.append(desk.agent.desk._is_declined)
            raise KeyboardInterrupt

        declined: list[bool] = []
        monkeypatch.setattr(desk.agent, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_until_end(desk.agent)
        assert declined == [False, True]


class Broken:
    """A dialog that cannot be opened."""

    def open(self, is_wanted: Callable[[], bool]) -> AbstractContextManager[Conversation]:
        """Not here."""
        raise CannotOpenError("not here")


def test_a_dialog_that_cannot_open_is_passed_over() -> None:
    """The next one is asked; where there is none, nothing is."""
    person = ListedPerson([PIN])
    with Desk([Broken(), person], PlainWords()).ask(QUESTION, [Grant.ONCE], wanted).secret as secret:
        assert secret == Secret(PIN)
    with pytest.raises(NoDialogError):
        Desk([Broken()], PlainWords()).ask(QUESTION, [Grant.ONCE], wanted)


def test_three_entries_of_a_wrong_form_end_the_dialog() -> None:
    """None of them is kept."""
    person = ListedPerson(["1", "22", "abcd", PIN])
    with pytest.raises(PinFormatError):
        Desk([person], PlainWords()).ask(QUESTION, [Grant.ONCE], wanted)
    assert person.secrets == [PIN]


def test_one_dialog_at_a_time_and_few_that_wait() -> None:
    """While one has its turn, eight wait and the ninth is refused; one that goes away leaves the queue."""
    desk = Desk([], PlainWords())
    begun, done = threading.Event(), threading.Event()
    seen: list[str] = []
    at_once: list[int] = []

    def take(name: str) -> None:
        try:
            with desk.turn(name, wanted):
                at_once.append(1)
                seen.append(f"{name} {sum(at_once)}")
                begun.set()
                done.wait(30)
                at_once.pop()
        except NoDialogError:
            seen.append("refused")
            begun.set()

    first = threading.Thread(target=take, args=("first",))
    first.start()
    assert begun.wait(30)
    with pytest.raises(RequesterGoneError), desk.turn("gone", lambda: False):
        pass
    others = [threading.Thread(target=take, args=(str(number),)) for number in range(MAX_WAITING)]
    for thread in others:
        thread.start()
    while desk._waiting <= MAX_WAITING:
        first.join(0.01)
    with pytest.raises(NoDialogError), desk.turn("one too many", wanted):
        pass
    done.set()
    for thread in [first, *others]:
        thread.join(30)
    assert len(seen) == MAX_WAITING + 1
    assert {line.split()[-1] for line in seen} == {"1"}


def test_a_no_is_remembered_for_a_minute() -> None:
    """By the clock; another client is not refused."""
    now = [0.0]
    desk = Desk([], PlainWords(), lambda: now[0])

    def turn(client: str) -> None:
        with desk.turn(client, wanted):
            raise DialogDeclinedError("no")

    for moment in (0.0, 59.0):
        now[0] = moment
        with pytest.raises(DialogDeclinedError):
            turn("a")
    with pytest.raises(DialogDeclinedError, match="moment ago"), desk.turn("a", wanted):
        pass
    with desk.turn("b", wanted):
        pass
    now[0] = 61.0
    with desk.turn("a", wanted):
        pass


def test_a_no_is_remembered_while_others_ask() -> None:
    """One is said while another request looks whether it was refused."""
    desk = Desk([], PlainWords())

    def refuse(client: Hashable) -> None:
        with pytest.raises(DialogDeclinedError), desk.turn(client, wanted):
            raise DialogDeclinedError("no")

    other = threading.Thread(target=refuse, args=("b",))

    class Slow:
        """A client of which the other thread hears whenever its refusal is looked at."""

        is_looked_at = False

        def __hash__(self) -> int:
            if self.is_looked_at and other.ident is None:
                other.start()
                other.join(0.3)  # so long it has the refusals for itself, unless it waits
            return 1

    slow = Slow()
    refuse(slow)
    slow.is_looked_at = True
    with desk.turn("c", wanted):
        pass
    other.join(SECONDS)
    with pytest.raises(DialogDeclinedError, match="moment ago"), desk.turn("b", wanted):
        pass


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/usr/bin/firefox", "/usr/bin/firefox"),
        ("/opt/太郎/アプリ", "/opt/太郎/アプリ"),
        ("/usr/bin/firef\u043ex", "/usr/bin/firef\\u{43e}x"),
        ("a\nb\r\x1b[2J", "a\\u{a}b\\u{d}\\u{1b}[2J"),
        ("\u202egnp.exe", "\\u{202e}gnp.exe"),
        ("zero\u200bwidth", "zero\\u{200b}width"),
        ("ｆｉｒｅｆｏｘ"[:2], "\\u{ff46}\\u{ff49}"),
        ("back\\slash", "back\\\\slash"),
        ("100%", "100%"),
    ],
)
def test_foreign_text_is_seen_as_it_is(text: str, shown: str) -> None:
    """Look-alike letters, directions, invisible characters and line ends show; Japanese stays."""
    assert visible(text) == shown


def test_long_text_is_cut_in_the_middle() -> None:
    """Both ends are seen, at most 64 characters of it."""
    found = visible("/usr/bin/" + "x" * 200 + "/evil")
    assert len(found) == MAX_SHOWN
    assert found.startswith("/usr/bin/")
    assert found.endswith("/evil")


def test_kept_pins_end_with_their_time_and_their_uses() -> None:
    """By the clock; the copies that were given can still be wiped by whoever has them."""
    now = [0.0]
    kept = KeptPins(lambda: now[0])
    kept.keep("a", Pin.AUTH, b"card", Secret(PIN), 300)
    assert kept.get("a", Pin.AUTH, b"other card") is None
    assert kept.get("b", Pin.AUTH, b"card") is None
    found = kept.get("a", Pin.AUTH, b"card")
    assert found == Secret(PIN)
    assert kept.wipe_old() == 300
    now[0] = 300.0
    assert kept.get("a", Pin.AUTH, b"card") is None
    assert kept.wipe_old() is None
    kept.keep("a", Pin.SIGN, b"card", Secret("SIMCARD1"), 10, uses=1)
    assert kept.get("a", Pin.SIGN, b"card") is not None
    assert kept.get("a", Pin.SIGN, b"card") is None
