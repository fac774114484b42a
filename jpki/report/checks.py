"""What was found about a check, as part of a JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.diagnosis import what

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.advice import Advice
    from jpki.diagnosis import Finding, Step
    from jpki.diagnosis.remedies import Remedy

    from .result_types import CheckFacts, RemedyFacts


def check_facts(finding: Finding, step: Step, system_names: Sequence[str]) -> CheckFacts:
    """One entry of ``checks``."""
    outcome = finding.outcome
    cause = outcome.cause
    return {
        "check": finding.check.value,
        "step": step.value,
        "verdict": outcome.verdict.value,
        "reason": None if outcome.reason is None else outcome.reason.value,
        "because_of": None if finding.because_of is None else finding.because_of.value,
        "cause": None if cause is None else cause.value,
        "pcsc": {"name": outcome.pcsc_name, "code": f"0x{outcome.pcsc_code:08X}"} if outcome.pcsc_code else None,
        "status_word": None if outcome.status_word is None else f"{outcome.status_word:04X}",
        "details": list(outcome.details),
        "text": None if cause is None else what(outcome).both(),
        "why": None if cause is None else cause.why.both(),
        "remedies": [*map(_advised, outcome.advice), *(_remedy(remedy, system_names) for remedy in outcome.remedies)],
    }


def _advised(advice: Advice) -> RemedyFacts:
    return {"remedy": advice.code, "text": advice.message.both(), "commands": [guide_command(advice)]}


def _remedy(remedy: Remedy, system_names: Sequence[str]) -> RemedyFacts:
    return {
        "remedy": remedy.value,
        "text": remedy.text.both(),
        "commands": list(remedy.commands_for(system_names)),
    }


def guide_command(advice: Advice) -> str:
    """The command that goes further."""
    return f"jpki guide {advice.rule.topic}"
