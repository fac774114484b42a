"""What is in the way between this computer and a card."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from .service import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jpki.diagnosis import Finding

    from .service import CardService


class Diagnosis(NamedTuple):
    """Every check in order, and the operating system that was looked at."""

    findings: tuple[Finding, ...]
    system: str

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The checks that failed; () where nothing is in the way."""
        return tuple(finding for finding in self.findings if finding.is_failure)


def diagnose(
    *, service: CardService | None = None, reader: str | None = None, environment: Mapping[str, str] | None = None
) -> Diagnosis:
    """Look at everything between this program and the card, as ``jpki doctor`` does; nothing is changed, no try used.

    ``environment`` holds the variables that may point at a remote session or another PC/SC socket, by default those
    of this process.
    """
    from jpki.diagnosis import examine
    from jpki.diagnosis.system import LiveCards, Look, collect
    from jpki.transport import PcscSystem

    now = datetime.now(UTC)

    def look(system: CardService) -> Look:
        return Look(reader, is_simulated=not isinstance(system, PcscSystem))

    with (
        opened(service) as system,
        collect(
            lambda stack: LiveCards(look(system), system, stack, now),
            os.environ if environment is None else environment,
            now,
        ) as facts,
    ):
        return Diagnosis(tuple(examine(facts)), facts.platform.release)
