"""What was found out about a signed file, as parts of a page: whose signature it is first, failures before the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from jpki.certificate.checks import VERDICTS, Verdict
from jpki.files import PARTS
from jpki.signing import LAW, heading, opening_lines, ordered
from jpki.words import REVOCATION, M
from jpki_window.look import breakable, column, text, tile
from jpki_window.showing import add_row, banner, verdict_grid

if TYPE_CHECKING:
    from jpki.files import VerifyReport
    from jpki.signing.cms import SignerReport
    from jpki.words import Message
    from jpki_window.reading import Context

_MOODS: Final = {Verdict.PASS: "good", Verdict.FAIL: "bad", Verdict.NOT_CHECKED: "calm"}


def verdict_parts(context: Context, report: VerifyReport) -> list[QWidget]:
    """The whole report; of a file without a signer's signature only that there is none."""
    say = context.say
    parts: list[QWidget] = [text(breakable(say(report.sources.sentence())), is_muted=True)]
    if (around := report.sources.around()) is not None:
        parts.append(banner(breakable(say(around)), "warn"))
    parts += [
        banner(say(PARTS[part].with_values(path=report.sources.signature.name)), "warn") for part in report.pdf_parts
    ]
    for number, signature in enumerate(report.signatures, 1):
        parts.append(signature_part(context, number, signature))
    parts += [text(say(REVOCATION), is_muted=True), text(say(LAW), is_muted=True)]
    return parts


def spoken(context: Context, report: VerifyReport) -> str:
    """What a screen reader is told at once: whose signatures they are, and whether a check failed."""
    lines = [context.say(opening_lines(found)[0]) for found in report.signatures if not found.is_time_stamp]
    return " ".join([*lines, context.say(verdict_of(passed=report.passed))])


def verdict_of(*, passed: bool) -> Message:
    """Say whether something failed."""
    return M("No check failed.") if passed else M("At least one check failed.")


def signature_part(context: Context, number: int, report: SignerReport) -> QWidget:
    """One signature: whose, when, of what; then each item with its verdict and why."""
    say = context.say
    frame = tile(say(heading(number, report)))
    inside = column(frame, margin=0.8, spacing=0.5)
    inside.addWidget(text(say(heading(number, report)), is_bold=True, is_muted=True))
    mood = "bad" if report.has_failed else "good"
    if report.is_time_stamp:
        inside.addWidget(_items(context, report))
        return frame
    whose, *others = (say(line) for line in opening_lines(report))
    verdict = say(verdict_of(passed=not report.has_failed))
    below = [text(line) for line in (verdict, *others)]
    inside.addWidget(banner(whose, mood, below))
    inside.addWidget(_items(context, report))
    return frame


def _items(context: Context, report: SignerReport) -> QWidget:
    table = QWidget()
    grid = verdict_grid(table)
    grid.setContentsMargins(0, 0, 0, 0)
    for row, (verdict, item, reason) in enumerate(ordered(report)):
        said = text(context.say(VERDICTS[verdict]), is_bold=verdict is not Verdict.PASS)
        said.setWordWrap(False)
        name = text(context.say(item), is_bold=verdict is Verdict.FAIL)
        why = text(context.say(reason))
        why.setAccessibleName(f"{context.say(item)}: {context.say(VERDICTS[verdict])}, {context.say(reason)}")
        add_row(grid, row, _MOODS[verdict], said, (name, why))
    return table
