"""An agent with a simulated card for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from agentdesk import Desk
from rpcclient import RpcClient
from sshdesk import SshDesk

from jpki.words import speak

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """Whatever language a test of the window has left in this process."""
    speak("en")


@pytest.fixture
def desk() -> Iterator[Desk]:
    """An adult's card, the agent and a person."""
    with Desk() as found:
        yield found


@pytest.fixture
def client(desk: Desk) -> RpcClient:
    """A client of the user token."""
    return RpcClient(desk.module().answer)


@pytest.fixture
def door(desk: Desk, tmp_path: Path) -> SshDesk:
    """An adult's card, and nothing kept."""
    return SshDesk(desk, tmp_path / "agent.sock")


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[SshDesk]:
    """An adult's card, and a PIN that is kept for ten minutes."""
    with Desk(cache_seconds=600) as desk:
        yield SshDesk(desk, tmp_path / "agent.sock")
