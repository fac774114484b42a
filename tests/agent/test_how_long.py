"""How long a PIN is kept, and for whom, as the question says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, Desk
from rpcclient import RpcClient
from sshdesk import SshDesk

from jpki.agent.dialogs import Grant
from jpki.words import speak
from jpki_cli.agent import DialogWords

if TYPE_CHECKING:
    from pathlib import Path


def said(desk: Desk) -> str:
    """The first question in the words of the command line."""
    return " ".join(DialogWords().secret(desk.words.questions[0], Grant.MINUTES).description.split())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "1 second;"),
        (30, "30 seconds;"),
        (60, "1 minute;"),
        (89.2, "90 seconds;"),
        (600, "10 minutes;"),
    ],
)
def test_the_time_is_the_one_that_was_set(seconds: float, words: str) -> None:
    """Less than a minute is none of 0 minutes, and a minute and a half is none of two."""
    with Desk(cache_seconds=seconds) as desk:
        desk.person.secrets = [PIN]
        client = RpcClient(desk.module().answer)
        client.sign(client.open())
        assert f"The PIN is kept for this program for {words}" in said(desk)


@pytest.mark.parametrize(
    ("seconds", "words", "japanese"), [(30, "30 seconds;", "30秒間"), (120, "2 minutes;", "2分間")]
)
def test_by_ssh_it_is_kept_for_whoever_reaches_the_socket(
    tmp_path: Path, seconds: float, words: str, japanese: str
) -> None:
    """And not for the program that asks now."""
    with Desk(cache_seconds=seconds) as desk:
        desk.person.secrets = [PIN]
        SshDesk(desk, tmp_path / "agent.sock").sign(1)
        assert f"The PIN is kept for every program that uses this SSH agent, for {words}" in said(desk)
        speak("ja")
        assert f"このSSHエージェントを使うすべてのソフトのために{japanese}" in said(desk)
        speak("en")
