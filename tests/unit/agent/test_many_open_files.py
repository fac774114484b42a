"""Dialogs of an agent with many clients, each of which is an open file."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from jpki.agent.dialogs import AskpassDialog, SecretText

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

resource = pytest.importorskip("resource")
#: select(2) takes no file with this number or a higher one.
MANY = 1024


@pytest.fixture
def _many_files() -> Iterator[None]:
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY + 256
    if most != resource.RLIM_INFINITY and most < wanted:
        pytest.skip("this process may not open so many files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before, wanted), most))
    with ExitStack() as stack:
        number = 0
        while number < MANY:
            number = os.open(os.devnull, os.O_RDONLY)
            stack.callback(os.close, number)
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))


@pytest.mark.usefixtures("_many_files")
def test_a_dialog_gives_its_answer_beside_a_thousand_open_files(tmp_path: Path) -> None:
    """As beside a few."""
    program = tmp_path / "answer"
    program.write_text("#!/bin/sh\necho 2846\n", encoding="ascii")
    program.chmod(0o700)
    with (
        AskpassDialog({}, program=str(program)).open(lambda: True) as talk,
        talk.ask_secret(SecretText("title", "description", "prompt", "ok", "cancel")) as secret,
    ):
        assert secret.reveal() == b"2846"
