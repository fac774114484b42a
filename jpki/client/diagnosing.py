"""What is in the way between this computer and a card."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from .service import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jpki.diagnosis import Finding
    from jpki.diagnosis.system import CollectedFacts

    from .service import CardService


class Diagnosis(NamedTuple):
    """Every check in order, the operating system that was looked at, and what it is called in tables of commands."""

    findings: tuple[Finding, ...]
    system: str
    names: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The checks that failed; () where nothing is in the way."""
        return tuple(finding for finding in self.findings if finding.is_failure)


def diagnose(
    *,
    service: CardService | None = None,
    reader: str | None = None,
    environment: Mapping[str, str] | None = None,
    told: Callable[[Finding], None] = lambda _: None,
) -> Diagnosis:
    """Look at everything between this program and the card, as ``jpki doctor`` does; nothing is changed, no try used.

    ``environment`` holds the variables that may point at a remote session or another PC/SC socket, by default those
    of this process. ``told`` is called with each finding as soon as it is there.
    """
    from jpki.diagnosis import examine, system_names

    with _collected(service, reader, environment) as facts:
        findings = []
        for finding in examine(facts):
            told(finding)
            findings.append(finding)
        return Diagnosis(tuple(findings), facts.platform.release, system_names(facts))


def support_report(
    version: str,
    *,
    service: CardService | None = None,
    reader: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Collect what support needs, without personal data, as ``jpki report`` does (``jpki.report/1``)."""
    from jpki.report import report_facts

    with _collected(service, reader, environment) as facts:
        return cast("dict[str, Any]", report_facts(facts, version))


@contextmanager
def _collected(
    service: CardService | None, reader: str | None, environment: Mapping[str, str] | None
) -> Iterator[CollectedFacts]:
    from jpki.diagnosis.system import LiveCards, Look, collect
    from jpki.transport import PcscSystem

    now = datetime.now(UTC)
    with (
        opened(service) as system,
        collect(
            lambda stack: LiveCards(Look(reader, is_simulated=not isinstance(system, PcscSystem)), system, stack, now),
            os.environ if environment is None else environment,
            now,
        ) as facts,
    ):
        yield facts
