"""What was found about a check, as part of a JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jpki.diagnosis import what

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.advice import Advice
    from jpki.diagnosis import Finding, Step


def check_facts(finding: Finding, step: Step, system_names: Sequence[str]) -> dict[str, Any]:
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
        "remedies": [
            *({"remedy": a.code, "text": a.message.both(), "commands": [guide_command(a)]} for a in outcome.advice),
            *(
                {
                    "remedy": remedy.value,
                    "text": remedy.text.both(),
                    "commands": list(remedy.commands_for(system_names)),
                }
                for remedy in outcome.remedies
            ),
        ],
    }


def guide_command(advice: Advice) -> str:
    """The command that goes further."""
    return f"jpki guide {advice.rule.topic}"
