"""The screen and the JSON object of ``jpki cert check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.certificate import in_japan
from jpki.certificate.checks import VERDICTS, Verdict, end_sentence, item_text, reason_text
from jpki.words import CERTIFICATES, REVOCATION
from jpki_cli.terminal import colour, described, pad, width, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from jpki.certificate.checks import CheckReport
    from jpki_cli.results.certificates import CheckItemFacts, CheckMembers

VERDICT_COLOURS: Final = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.NOT_CHECKED: "yellow"}


def note(members: CheckMembers, report: CheckReport, at: datetime, ends_with: tuple[str, ...] | None) -> None:
    """Put what was found into the JSON object."""
    members.update(
        {
            "at": in_japan(at).isoformat(timespec="seconds"),
            "results": item_facts(report),
            "ends_with": None if ends_with is None else list(ends_with),
        }
    )


def item_facts(report: CheckReport) -> list[CheckItemFacts]:
    """Say for JSON what was found about each item."""
    return [
        {
            "item": result.item.value,
            "verdict": result.verdict.value,
            "reason": result.reason.value,
            "details": list(result.details),
            "text": reason_text(result).both(),
        }
        for result in report.results
    ]


def verdict_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out verdict, item and reason; a reason that is too long for the line continues below."""
    columns = max(width(verdict) for verdict, _, _ in rows)
    return described([(f"{pad(verdict, columns)}  {item}", reason) for verdict, item, reason in rows])


def render(report: CheckReport, ends_with: tuple[str, ...] | None) -> str:
    """Lay out the checks of a certificate, one line for each."""
    rows = [
        [
            colour(str(VERDICTS[result.verdict]), VERDICT_COLOURS[result.verdict]),
            str(item_text(report, result)),
            str(reason_text(result)),
        ]
        for result in report.results
    ]
    lines = [str(CERTIFICATES[report.kind.value]), *verdict_lines(rows)]
    if ends_with is not None:
        lines.append(wrap(str(end_sentence(ends_with))))
    lines.append(wrap(str(REVOCATION)))
    return "\n".join(lines) + "\n"
