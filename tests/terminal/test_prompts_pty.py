"""Hidden and visible prompts on a real terminal: what is typed, shown and kept."""

from __future__ import annotations

import select
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from terminal.conftest import Start

termios = pytest.importorskip("termios", reason="POSIX terminals")


def test_marks_stand_for_characters(run: Start) -> None:
    """Each character shows one mark; the secret is on neither the terminal nor stdout, and the settings come back."""
    job = run()
    job.see("PIN? ")
    assert not job.is_echoing
    for key in "2846":
        job.type(key)
        job.see("*")
    job.type("\r")
    assert job.answer() == "2846"
    assert job.rest() == b"\rPIN? ****\r\n"
    assert job.settings() == job.before


def test_erasing_takes_whole_characters(run: Start) -> None:
    """Backspace and DEL take back one character, full-width and four-byte ones too; Ctrl-U takes back all."""
    job = run()
    job.see("PIN? ")
    job.type("９２")
    job.see("**")
    job.type("\x7f")
    job.see("\b \b")
    job.type("\U0001f4b3\b")
    job.see("*\b \b")
    job.type("a\x15")
    job.see("*\b\b  \b\b")
    job.type("２８46\r")
    assert job.answer() == "２８46"


def test_marks_have_a_line_of_their_own_where_they_would_reach_the_next(
    run: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark above the cursor's line is not taken back by any terminal, and would stay beside the erased character."""
    monkeypatch.setenv("COLUMNS", "40")
    job = run("""
        from jpki_cli.terminal.prompts import prompt_secret
        print("RESULT", prompt_secret("Current signature password: ").reveal().hex())
    """)
    job.see("Current signature password:\r\n")
    job.type("ABC12X\x7f\r")
    assert job.answer() == "ABC12"
    assert job.rest() == b"\rCurrent signature password:\r\n******\b \b\r\n"


def test_a_paste(run: Start) -> None:
    """The brackets around a paste and a line end in it are dropped."""
    job = run()
    job.see("PIN? ")
    job.type("\x1b[200~28\r46\n\x1b[201~")
    job.see("****")
    job.type("\r")
    assert job.answer() == "2846"


def test_a_line_is_edited_as_in_a_shell(run: Start) -> None:
    """Cursor keys, Home, End, Delete and Ctrl-W, -A, -E, -K edit; the marks are the characters that are kept."""
    job = run()
    job.see("PIN? ")
    job.type("ABC12\x17")
    job.see("*****\b\b\b\b\b     \b\b\b\b\b")
    job.type("BC99\x1b[D\x1bOD\x0b\x01A\x05123")
    job.type("X\x1b[D\x1b[3~\r")
    assert job.answer() == "ABC123"


def test_a_key_that_types_nothing_refuses_the_entry(run: Start) -> None:
    """A function key rings the bell, and the entry that it is amid is not taken."""
    job = run("""
        from jpki_cli.terminal.prompts import RefusedKeyError, prompt_secret
        try:
            prompt_secret("PIN? ")
        except RefusedKeyError:
            print("RESULT refused")
    """)
    job.see("PIN? ")
    job.type("TARO\x1b[18~1234\r")
    job.see("****\a****")
    assert job.result() == "RESULT refused\n"
    assert job.settings() == job.before


def test_type_ahead_is_no_answer(run: Start) -> None:
    """What was typed, and shown, before the question is dropped, and what comes after the Enter too."""
    job = run(
        before="""
        import select
        with open("/dev/tty") as tty:
            select.select([tty], [], [])
    """
    )
    job.type("1111\n")
    job.see("PIN? ")
    job.type("2846\r3333\n")
    assert job.answer() == "2846"
    assert b"3333" not in job.rest()
    assert not select.select([job.slave], [], [], 0)[0]


def test_ctrl_d_ends_the_input_on_an_empty_line_only(run: Start) -> None:
    """Ctrl-D after a character does nothing; on an empty line it is EOFError."""
    job = run("""
        from jpki_cli.terminal.prompts import prompt_secret
        try:
            prompt_secret("PIN? ")
        except EOFError:
            print("RESULT end of input")
    """)
    job.see("PIN? ")
    job.type("2\x04")
    job.see("*")
    job.type("8\x7f\x7f\x04")
    assert job.result() == "RESULT end of input\n"
    assert job.settings() == job.before


_REFUSED = """
from jpki_cli.terminal.prompts import NoTerminalError, is_interactive, prompt_secret
try:
    prompt_secret("PIN? ")
except NoTerminalError as error:
    print("RESULT", error.fault.name, is_interactive())
"""


def test_a_background_job_does_not_ask(run: Start) -> None:
    """A job that does not have the terminal is refused and leaves the terminal's settings alone."""
    job = run(_REFUSED, start="bg")
    assert job.result() == "RESULT BACKGROUND False\n"
    assert job.settings() == job.before
    assert job.rest() == b""


def test_without_a_terminal_nothing_is_asked() -> None:
    """Without a controlling terminal the prompt refuses, and standard input is not read in its place."""
    done = subprocess.run(
        [sys.executable, "-c", _REFUSED + "import sys; print(sys.stdin.read())"],
        input="2846\n",
        capture_output=True,
        text=True,
        start_new_session=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("RESULT ABSENT False\n2846\n\n", "")


def test_prompts_in_a_row_and_equal(run: Start) -> None:
    """The same secret typed at two prompts gives two equal secrets."""
    job = run("""
        from jpki_cli.terminal.prompts import prompt_secret
        print("RESULT", prompt_secret("New: ") == prompt_secret("Again: "))
    """)
    job.see("New: ")
    job.type("2846\r")
    job.see("Again: ")
    job.type("2846\r")
    assert job.result() == "RESULT True\n"


def test_a_visible_line_is_echoed_by_the_terminal(run: Start) -> None:
    """A visible prompt shows what is typed, even where echo was off, and gives the line without its end."""
    job = run("""
        import termios
        from jpki_cli.terminal.prompts import prompt_line
        with open("/dev/tty") as tty:
            changed = termios.tcgetattr(tty)
            changed[3] &= ~termios.ECHO
            termios.tcsetattr(tty, termios.TCSANOW, changed)
        print("RESULT", ascii(prompt_line("番号? ")))
    """)
    job.see("番号? ")
    job.type("はい ok\r")
    assert job.result() == f"RESULT {'はい ok'!a}\n"
    assert job.rest().decode() == "\r番号? はい ok\r\n"
    assert not job.is_echoing


@pytest.mark.parametrize(
    ("keys", "default", "expected"),
    [
        ("y", False, True),
        ("ＹＥＳ", False, True),
        ("はい", False, True),
        ("no", True, False),
        ("いいえ", True, False),
        ("", True, True),
        ("", False, False),
    ],
)
def test_confirmation(run: Start, keys: str, default: bool, expected: bool) -> None:  # noqa: FBT001 - parameters
    """Yes and no are understood in both languages, wide and narrow; Enter alone is the default; else it asks again."""
    job = run(f"""
        from jpki_cli.terminal.prompts import confirm
        print("RESULT", confirm("Sure? ", default={default}))
    """)
    job.see("Sure? ")
    job.type("perhaps\r")
    job.see("Sure? ")
    job.type(keys + "\r")
    assert job.result() == f"RESULT {expected}\n"


def test_a_free_terminal_is_interactive(run: Start) -> None:
    """With a terminal in the foreground there is somebody to ask, wherever the standard streams lead."""
    job = run("from jpki_cli.terminal.prompts import is_interactive; print('RESULT', is_interactive())")
    assert job.result() == "RESULT True\n"


def test_the_process_is_not_dumpable_while_it_asks(run: Start) -> None:
    """On Linux the process that asks for a secret can be dumped and read by no other program of the same user."""
    if sys.platform != "linux":
        pytest.skip("prctl is of Linux")
    job = run("""
        import ctypes
        from jpki_cli.terminal.prompts import prompt_secret
        before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
        prompt_secret("PIN? ").wipe()
        print("RESULT", before, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
    """)
    job.see("PIN? ")
    job.type("2846\r")
    assert job.result() == "RESULT 1 0\n"
