"""The screen and the JSON object of ``jpki doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.advice import freshness
from jpki.certificate.checks import VERDICTS, Verdict
from jpki.diagnosis import Check, check_codes as codes, what
from jpki.diagnosis.causes import CardCause, Obstacle, ProgramsCause
from jpki.outside_text import visible
from jpki.report import guide_command
from jpki_cli.failures import EXIT_BLOCKED, EXIT_CARD, EXIT_CHECK, EXIT_TRANSPORT, EXIT_USAGE
from jpki_cli.screens import VERDICT_COLOURS
from jpki_cli.terminal import colour, table, width, wrap
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from jpki.diagnosis import Finding, Step
    from jpki.words import Message

_REMARK_COLUMNS: Final = 38
_NO_SANDBOX: Final = M("none")
_NOTE: Final = M("note")
#: What is said of these stands in the advice, word for word.
_SAID_BY_ADVICE: Final = (CardCause.CARD_RENEWABLE, CardCause.CERTIFICATE_RENEWABLE, CardCause.PIN_BLOCKED_OR_PINLESS)
_WHAT_IS_WRONG: Final = M("What is wrong")
_GOOD_TO_KNOW: Final = M("Good to know")
#: What keeps a part of the card from being used ends with the exit code of that part; what does not, with none.
EXIT_CODES: Final = {
    Obstacle.NONE: 0,
    Obstacle.SETUP: EXIT_USAGE,
    Obstacle.WAY: EXIT_TRANSPORT,
    Obstacle.CARD: EXIT_CARD,
    Obstacle.PIN: EXIT_BLOCKED,
    Obstacle.PERIOD: EXIT_CHECK,
}


def render(findings: Sequence[tuple[Step, Finding]], system_names: Sequence[str], at: datetime) -> str:
    """Return the screen: all checks as a table, then each failure with its cause and what to do."""
    rows = table([_row(finding) for _, finding in findings])
    lines: list[str] = []
    for i, (step, _) in enumerate(findings):
        if not i or findings[i - 1][0] is not step:
            lines.append(str(step.label))
        lines.append(rows[i])
    failures = [f for _, f in findings if f.is_failure]
    notes = [f for _, f in findings if _is_note(f)]
    if failures:
        lines += ["", str(_WHAT_IS_WRONG), *_explained(failures, system_names)]
    if notes:
        lines += ["", str(_GOOD_TO_KNOW)]
        lines += [line for finding in notes for line in _noted(finding, system_names)]
    if any(f.outcome.advice for _, f in findings):
        lines += ["", wrap(str(freshness(at)))]
    return "\n".join(lines) + "\n"


def ending(findings: Iterable[Finding]) -> Message:
    """Say that the card can be used, and what of it cannot where that is no fault on some cards."""
    if any(finding.outcome.cause is CardCause.PIN_BLOCKED_OR_PINLESS for finding in findings):
        return M("The card can be used, but not with its user certificate PIN.")
    return M("The card can be used.")


def _is_note(finding: Finding) -> bool:
    """Whether nothing is wrong, and something is good to know."""
    return finding.outcome.verdict is Verdict.PASS and finding.outcome.cause is not None


def _noted(finding: Finding, system_names: Sequence[str]) -> list[str]:
    outcome = finding.outcome
    lines = [] if outcome.cause in _SAID_BY_ADVICE and outcome.advice else [_item(what(outcome))]
    for advice in outcome.advice:
        lines += [_item(advice.message), f"      {guide_command(advice)}"]
    # The card can be used as it is; of these notes some program may find no card.
    return lines + _remedies(finding, system_names) if isinstance(outcome.cause, ProgramsCause) else lines


def _remedies(finding: Finding, system_names: Sequence[str]) -> list[str]:
    """What to do, with the commands, below a fault or a note."""
    lines = []
    for remedy in finding.outcome.remedies:
        lines.append(wrap(str(remedy.text), indent="     ", first="   - "))
        lines += [f"       {line}" for command in remedy.commands_for(system_names) for line in command.split("\n")]
    return lines


def _item(text: Message) -> str:
    return wrap(str(text), indent="    ", first="  - ")


def _row(finding: Finding) -> list[str]:
    verdict = finding.outcome.verdict
    if _is_note(finding):
        return [str(_NOTE), str(finding.check.label), _remark(finding)]
    return [colour(str(VERDICTS[verdict]), VERDICT_COLOURS[verdict]), str(finding.check.label), _remark(finding)]


def _remark(finding: Finding) -> str:
    outcome = finding.outcome
    if finding.because_of is not None:
        return str(M("after “{check}”", check=finding.because_of.label))
    if outcome.reason is not None:
        return str(outcome.reason.label)
    if outcome.verdict is Verdict.FAIL:
        return codes(outcome).rpartition(" ")[2]
    if finding.check is Check.SANDBOX:
        return visible(", ".join(outcome.details)) or str(_NO_SANDBOX)
    return "" if outcome.cause is not None else _short(visible(", ".join(outcome.details)))


def _short(text: str) -> str:
    """Cut what would not fit beside the names of the checks; JSON has the whole."""
    if width(text) <= _REMARK_COLUMNS:
        return text
    while width(text) >= _REMARK_COLUMNS:
        text = text[:-1]
    return text + "…"


def _explained(failures: Iterable[Finding], system_names: Sequence[str]) -> list[str]:
    lines = []
    for number, finding in enumerate(failures, 1):
        outcome = finding.outcome
        if outcome.cause is None:
            continue
        lines.append(wrap(str(what(outcome)), indent="   ", first=f"{number}. "))
        lines.append(wrap(str(outcome.cause.why), indent="   "))
        if codes(outcome):
            lines.append(wrap(str(M("Code: {codes}", codes=codes(outcome))), first="   ", indent="      "))
        for advice in outcome.advice:
            lines += [wrap(str(advice.message), indent="     ", first="   - "), f"       {guide_command(advice)}"]
        lines += _remedies(finding, system_names)
    return lines
