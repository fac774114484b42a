"""What of a diagnosis keeps the card from being used, and what the system is called in the tables of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import Facts
    from .findings import Finding


def system_names(facts: Facts) -> tuple[str, ...]:
    """What this system is called in the tables of commands, the most telling name first; "root" at the end for root."""
    from jpki.diagnosis.remedies import AS_ROOT

    from .facts import ServiceManager

    manager = (facts.platform.package_manager.value,)
    services = facts.platform.service_manager
    starter = () if services is ServiceManager.OTHER else (services.value,)
    user = (AS_ROOT,) if facts.platform.is_root else ()
    return (*manager, *starter, facts.platform.system.value, *user)


def first_obstacle(findings: list[Finding]) -> Finding | None:
    """The first failure that keeps the card, or a part of it, from being used."""

    from jpki.diagnosis.causes import Obstacle

    for finding in findings:
        cause = finding.outcome.cause
        if finding.is_failure and cause is not None and cause.obstacle is not Obstacle.NONE:
            return finding
    return None
