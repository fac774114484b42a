"""The agent's dialog on a real terminal: what is typed there, and what the agent is answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

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
