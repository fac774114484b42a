"""An agent with its door for SSH, and what is told there."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from agentclient import AgentClient

if TYPE_CHECKING:
    from pathlib import Path

    from agentdesk import Desk

    from jpki.agent.dialogs import Purpose
    from jpki.errors import JpkiError


class Notes:
    """What the person at the agent is told."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.signed_for: list[Purpose] = []
        self.failures: list[JpkiError] = []
        self.wanted: list[Purpose] = []
        self.reasons: list[str] = []

    def signed(self, purpose: Purpose) -> None:
        """Note it."""
        self.signed_for.append(purpose)

    def not_signed(self, purpose: Purpose, error: JpkiError) -> None:
        """Note it."""
        self.failures.append(error)
        self.wanted.append(purpose)

    def refused(self, reason: str) -> None:
        """Note it."""
        self.reasons.append(reason)


class SshDesk:
    """A desk with the door open."""

    def __init__(self, desk: Desk, place: Path, **options: Any) -> None:
        """Open it."""
        self.desk = desk
        self.place = place
        self.notes = Notes()
        desk.agent.open_ssh(place, self.notes, **options)

    def connect(self) -> AgentClient:
        """A client."""
        return AgentClient(str(self.place), 30)

    def sign(self, *numbers: int) -> list[int]:
        """Have logins signed by one client; the types of the answers."""
        with closing(self.connect()) as client:
            key = client.first_key()
            return [client.sign(key, number) for number in numbers]
