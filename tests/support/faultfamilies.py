"""All families of faults while a PIN is used: those of the library, of the command line and of the agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import faultagent
import faultcases
import faultcommands
import faultterminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND: Final = "command line"
FAMILIES: Final = (*faultcases.FAMILIES, COMMAND, *faultterminal.FAMILIES, *faultagent.FAMILIES)


def cases_of(family: str) -> Iterator[Any]:
    """All cases of a family."""
    if family in faultterminal.FAMILIES:
        return faultterminal.terminal_cases(family)
    if family in faultagent.FAMILIES:
        return faultagent.agent_cases(family)
    return faultcommands.command_cases() if family == COMMAND else faultcases.cases(family)


def misreports_of(family: str, case: Any, validate: Callable[[dict[str, Any]], None] | None = None) -> list[str]:
    """Everything that is said in a case and is not so; a crash counts as one."""
    try:
        if family == COMMAND:
            return faultcommands.command_misreports(case, validate)
        if family in faultterminal.FAMILIES:
            return faultterminal.terminal_misreports(case, validate)
        if family in faultagent.FAMILIES:
            return faultagent.agent_misreports(case)
        return faultcases.misreports(case)
    except Exception as exc:  # noqa: BLE001 - one case is not to end the others
        return [f"crash: {type(exc).__name__}: {exc}"]
