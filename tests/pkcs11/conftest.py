"""Programs that use PKCS #11, with the agent and a simulated card, through p11-kit's own client module.

A program that is not installed skips its tests, and fails them where JPKI_REQUIRE_PKCS11=1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from agentdesk import Desk
from pkcs11bench import Bench, find_module

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An adult's card and the agent."""
    module = find_module()
    with Desk() as desk:
        yield Bench(desk, tmp_path, module)
