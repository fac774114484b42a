"""A card that answers nonsense gets a sentence and an exit code: no traceback, no endless loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki_cli.app import simulated
from jpki_sim.card import SimulatedConnection
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clitest import RunCli

COMMANDS = (
    ("status",),
    ("status", "--json"),
    ("pin", "status", "--all"),
    ("cert", "show", "auth"),
    ("cert", "show", "auth-ca", "--json"),
    ("cert", "check", "auth"),
)
FAULTS = (
    "truncate:{n}=0",
    "truncate:{n}=1",
    "truncate:{n}=3",
    "empty:{n}",
    "garbage:{n}=2",
    "garbage:{n}=40",
    "garbage:{n}=300",
    "endless:{n}+",
    "split:{n}=1",
    "split:{n}+=7",
    "wrong-le:{n}+",
    "sw:{n}=6F00",
    "sw:{n}=6A82",
    "sw:{n}=9000",
    "sw:{n}=61FF",
    "sw:{n}+=6100",
    "sw:{n}+=6C01",
    "sw:{n}=63C7",
    "remove:{n}",
    "remove-after:{n}",
    "mute:{n}",
    "reset:{n}",
    "reader-gone:{n}",
)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the card of ``--sim`` follow a fault plan."""
    from contextlib import contextmanager

    plan = [""]

    @contextmanager
    def opened(name: str) -> Iterator[SimulatedConnection]:
        with open_card(name) as loaded:
            connection = SimulatedConnection(FaultyCard(loaded.card, parse_faults(plan[0]), sleep=lambda _: None))
            try:
                yield connection
            finally:
                connection.close()

    monkeypatch.setattr(simulated, "open_simulated", opened)

    def choose(text: str) -> None:
        plan[0] = text

    return choose


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("fault", FAULTS)
def test_nonsense_at_any_command_is_a_sentence(
    run_cli: RunCli, faulty: Callable[[str], None], fault: str, command: tuple[str, ...]
) -> None:
    """At six of the first twelve APDUs: exit 0, 3, 6 or 7, words for a failure, and never a traceback."""
    for n in (1, 2, 3, 5, 8, 12):
        faulty(fault.format(n=n))
        result = run_cli("--sim", "adult", *command)

        assert result.code in (0, 3, 6, 7), (n, result)
        assert "Traceback" not in result.stdout + result.stderr
        assert "Unexpected error" not in result.stderr
        if result.code:
            assert result.stderr or "message" in result.json
