"""An agent with a simulated card for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from agentdesk import Desk
from rpcclient import RpcClient

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def desk() -> Iterator[Desk]:
    """An adult's card, the agent and a person."""
    with Desk() as found:
        yield found


@pytest.fixture
def client(desk: Desk) -> RpcClient:
    """A client of the user token."""
    return RpcClient(desk.module().answer)
