"""The screen and the JSON object of ``jpki doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki.certificate.check_results import Verdict
from jpki.diagnosis.codes import Cause, Check, Reason, Step
from jpki.outside_text import visible
from jpki_cli.doctor.causes import CAUSES
from jpki_cli.doctor.remedies import REMEDIES, commands_for
from jpki_cli.screens.check import VERDICT_COLOURS, VERDICTS
from jpki_cli.terminal.text import colour, table, width, wrap
from jpki_cli.words.i18n import M, Message
from jpki_cli.words.pin_words import pin_name
from jpki_cli.words.sentences import CERTIFICATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jpki.diagnosis.findings import Finding, Outcome

STEPS: Final = {
    Step.COMPUTER: M("Computer"),
    Step.SERVICE: M("Smart card service"),
    Step.READER: M("Reader"),
    Step.CARD: M("Card"),
    Step.PRIVACY: M("Privacy"),
}
CHECK_NAMES: Final = {
    Check.PYTHON: M("Python"),
    Check.PYSCARD: M("pyscard"),
    Check.SANDBOX: M("Sandbox or container"),
    Check.WSL: M("Linux in Windows (WSL)"),
    Check.REMOTE_DESKTOP: M("Remote Desktop"),
    Check.LIBRARY: M("PC/SC library"),
    Check.SERVICE_INSTALLED: M("Service is installed"),
    Check.SERVICE_RUNNING: M("Service runs"),
    Check.PERMISSION: M("Service takes this user"),
    Check.SERVICE_ANSWERS: M("Service answers"),
    Check.READER: M("A reader is there"),
    Check.READER_CHOICE: M("Which reader is meant"),
    Check.CARD_PRESENT: M("A card is there"),
    Check.CARD_ANSWERS: M("The card answers"),
    Check.CARD_FREE: M("No other program keeps it"),
    Check.CONNECTION: M("The card can be opened"),
    Check.READER_DRIVER: M("Reader driver of macOS"),
    Check.PIN_PAD: M("Keys on the reader"),
    Check.APPLICATION: M("It is a My Number Card"),
    Check.PINS: M("No PIN is locked"),
    Check.CERTIFICATES: M("Certificates in period"),
    Check.CA_CERTIFICATES: M("CA certificates in period"),
    Check.EXTENDED_APDU: M("Extended-length commands"),
    Check.PIN_LOGGING: M("Nothing logs PINs"),
}
REASONS: Final = {
    Reason.SIMULATED: M("not needed for a simulated card"),
    Reason.OTHER_SYSTEM: M("not on this system"),
    Reason.NOT_HERE: M("does not apply here"),
    Reason.NOT_VISIBLE: M("it does not tell"),
    Reason.NEEDS_PIN: M("readable with its PIN only"),
}
_REMARK_COLUMNS: Final = 38
_NO_SANDBOX: Final = M("none")
_WHAT_IS_WRONG: Final = M("What is wrong")
_GOOD_TO_KNOW: Final = M("Good to know")
_ABOUT_PINS: Final = frozenset({Cause.PIN_BLOCKED, Cause.PIN_TRIES_USED, Cause.PIN_ABSENT})
_ABOUT_CERTIFICATES: Final = frozenset(
    {
        Cause.CERTIFICATE_ABSENT,
        Cause.CERTIFICATE_DENIED,
        Cause.CERTIFICATE_MISSING,
        Cause.CA_CERTIFICATE_OUT_OF_PERIOD,
    }
)


def _details(outcome: Outcome) -> Message:
    """Names and numbers in the place {details} of a sentence."""
    parts = [_detail(outcome.cause, detail) for detail in outcome.details]
    if not parts:
        return M("not visible from here")
    joined = parts[-1]
    for part in reversed(parts[:-1]):
        joined = M("{first}, {others}", first=part, others=joined)
    return joined


def _detail(cause: Cause | None, detail: str) -> Message:
    if cause in _ABOUT_PINS:
        return pin_name(detail)
    if cause in _ABOUT_CERTIFICATES:
        return CERTIFICATES[detail]
    return M("{text}", text=detail)


def what(outcome: Outcome) -> Message:
    """Say what is the matter; for an outcome with a cause."""
    if outcome.cause is None:
        raise ValueError("nothing is the matter")
    return CAUSES[outcome.cause].what.with_values(details=_details(outcome))


def codes(outcome: Outcome) -> str:
    """The codes that a support desk asks for."""
    found = []
    if outcome.pcsc_code:
        found.append(f"{outcome.pcsc_name or 'PC/SC'} 0x{outcome.pcsc_code:08X}")
    if outcome.status_word is not None:
        found.append(f"SW {outcome.status_word:04X}")
    return ", ".join(found)


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
        "why": None if cause is None else CAUSES[cause].why.both(),
        "remedies": [
            {
                "remedy": remedy.value,
                "text": REMEDIES[remedy].both(),
                "commands": list(commands_for(remedy, system_names)),
            }
            for remedy in outcome.remedies
        ],
    }


def render(findings: Sequence[tuple[Step, Finding]], system_names: Sequence[str]) -> str:
    """Return the screen: all checks as a table, then each failure with its cause and what to do."""
    rows = table([_row(finding) for _, finding in findings])
    lines: list[str] = []
    for i, (step, _) in enumerate(findings):
        if not i or findings[i - 1][0] is not step:
            lines.append(str(STEPS[step]))
        lines.append(rows[i])
    failures = [f for _, f in findings if f.is_failure]
    notes = [f for _, f in findings if f.outcome.verdict is Verdict.PASS and f.outcome.cause is not None]
    if failures:
        lines += ["", str(_WHAT_IS_WRONG), *_explained(failures, system_names)]
    if notes:
        lines += ["", str(_GOOD_TO_KNOW)]
        lines += [wrap(str(what(f.outcome)), indent="    ", first="  - ") for f in notes]
    return "\n".join(lines) + "\n"


def _row(finding: Finding) -> list[str]:
    verdict = finding.outcome.verdict
    return [colour(str(VERDICTS[verdict]), VERDICT_COLOURS[verdict]), str(CHECK_NAMES[finding.check]), _remark(finding)]


def _remark(finding: Finding) -> str:
    outcome = finding.outcome
    if finding.because_of is not None:
        return str(M("after “{check}”", check=CHECK_NAMES[finding.because_of]))
    if outcome.reason is not None:
        return str(REASONS[outcome.reason])
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
        lines.append(wrap(str(CAUSES[outcome.cause].why), indent="   "))
        if codes(outcome):
            lines.append(wrap(str(M("Code: {codes}", codes=codes(outcome))), first="   ", indent="      "))
        for remedy in outcome.remedies:
            lines.append(wrap(str(REMEDIES[remedy]), indent="     ", first="   - "))
            lines += [
                f"       {line}" for command in commands_for(remedy, system_names) for line in command.split("\n")
            ]
    return lines
