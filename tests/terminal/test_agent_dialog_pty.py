"""The agent's dialog on a real terminal: what is typed there, and what the agent is answered."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from jpki.agent.dialogs import find_program
from terminal import TerminalSession, own_environment

if TYPE_CHECKING:
    from terminal.conftest import Start

pytest.importorskip("termios", reason="POSIX terminals")

QUESTION = {"description": "A program wants to log in.", "prompt": "PIN:", "cancel": "Cancel"}


def _program(**question: object) -> str:
    return f"""
        import io, sys
        sys.stdin = io.StringIO({json.dumps({**QUESTION, **question})!r})
        from jpki_cli.agent.ask_terminal import main
        sys.exit(main())
    """


def test_the_pin_is_answered(run: Start) -> None:
    """It goes to standard output alone; the terminal shows marks."""
    job = run(_program(kind="secret", refused_key="Type it again."))
    job.see("wants to log in")
    job.see("PIN: ")
    job.type("2846\r")
    assert job.result() == "2846"
    assert b"2846" not in job.screen


def test_after_a_refused_key_the_pin_is_typed_again(run: Start) -> None:
    """A function key amid the entry is no refusal of the request: the reason is said, and the entry asked for anew."""
    job = run(_program(kind="secret", refused_key="Type it again."))
    job.see("PIN: ")
    job.type("28\x1b[18~99\r")
    job.see("Type it again.")
    job.see("PIN: ")
    job.type("2846\r")
    assert job.result() == "2846"


@pytest.mark.parametrize(("typed", "answer", "code"), [("1\r", "0", 0), ("\r", "", 1), ("2\r", "", 1)])
def test_a_choice_is_its_number_and_nothing_else(run: Start, typed: str, answer: str, code: int) -> None:
    """Enter alone is a no, and so is a number that stands for nothing."""
    job = run(_program(kind="choice", choices=["Use the last try"]))
    job.see("> ")
    job.type(typed)
    assert job.told("ended") == code
    assert job.output == answer


#: The PIN as pinentry gives it, in the agent's terminal.
ASK_BY_PINENTRY = """
    import os
    from jpki.agent.dialogs import PinentryDialog, SecretText
    from jpki_cli.agent.dialog_order import _own_terminal
    dialog = PinentryDialog(os.environ, program="pinentry-curses", terminal=_own_terminal)
    text = SecretText("Title", "A program wants to log in.", "PIN:", "OK", "Cancel")
    with dialog.open(lambda: True) as talk, talk.ask_secret(text) as secret:
        print("given:", secret.reveal().decode())
"""


def on_terminal(program: str) -> TerminalSession:
    """A program of Python with a terminal of its own, on which its streams are."""

    def start(terminal: int) -> subprocess.Popen[bytes]:
        argv = ["setsid", "--ctty", sys.executable, "-c", textwrap.dedent(program)]
        return subprocess.Popen(
            argv, stdin=terminal, stdout=terminal, stderr=terminal, env=own_environment() | {"TERM": "xterm"}
        )

    return TerminalSession(start)


def test_the_terminal_has_the_name_that_other_sessions_know_it_by() -> None:
    """A dialog runs in a session of its own, where /dev/tty is none or another one."""
    program = "import os; from jpki_cli.agent.dialog_order import _own_terminal; print(_own_terminal(), os.ttyname(0))"
    with on_terminal(program) as session:
        session.end()
    told, is_known_by = session.shown.split()
    assert told == is_known_by != "/dev/tty"


@pytest.mark.skipif(find_program(("pinentry-curses",)) is None, reason="pinentry-curses is not installed")
def test_pinentry_asks_in_the_agents_terminal() -> None:
    """Its curses form opens the terminal by the name that it is told."""
    with on_terminal(ASK_BY_PINENTRY) as session:
        session.expect("wants to log in")
        session.expect("<Cancel>")
        session.type("2846\r")
        session.expect("given: 2846")
