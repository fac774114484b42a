"""All families of faults while a PIN is used: those of the library, of the command line and of the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import faultcases
import faultcommands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND, AGENT = "command line", "agent"
FAMILIES: Final = (*faultcases.FAMILIES, COMMAND, AGENT)


def cases_of(family: str) -> Iterator[Any]:
    """All cases of a family."""
    others = {COMMAND: faultcommands.command_cases, AGENT: faultcommands.agent_cases}
    return others[family]() if family in others else faultcases.cases(family)


def misreports_of(family: str, case: Any, validate: Callable[[dict[str, Any]], None] | None = None) -> list[str]:
    """Everything that is said in a case and is not so; a crash counts as one."""
    try:
        if family == COMMAND:
            return faultcommands.command_misreports(case, validate)
        return faultcommands.agent_misreports(case) if family == AGENT else faultcases.misreports(case)
    except Exception as exc:  # noqa: BLE001 - one case is not to end the others
        return [f"crash: {type(exc).__name__}: {exc}"]
