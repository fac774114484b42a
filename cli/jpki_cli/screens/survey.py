"""The result of a survey for reading, beside what docs/card.md says; and the text of an issue where they differ."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jpki.survey import Agreement, compare
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.survey import Comparison, SurveyResult
    from jpki_cli.results.card import SurveyCompareResult

_VERDICTS = {
    Agreement.CONFIRMED: M("as described"),
    Agreement.CONTRADICTED: M("DIFFERENT"),
    Agreement.OPEN: M("new"),
}
_NOT_ASKED = M("not asked")


def note_comparison(made: SurveyCompareResult, result: SurveyResult) -> None:
    """Put the result of ``--compare`` into the JSON object."""
    found = compare(result.answers)
    counts = Counter(item.verdict for item in found)
    made.update(
        {
            "program": result.program,
            "counts": {
                "confirmed": counts[Agreement.CONFIRMED],
                "contradicted": counts[Agreement.CONTRADICTED],
                "open": counts[Agreement.OPEN],
            },
            "facts": [
                {
                    "key": item.fact.key,
                    "section": item.fact.section,
                    "contradiction": item.fact.contradiction,
                    "answer": item.answer,
                    "verdict": item.verdict.value,
                    "is_handled": item.is_handled,
                }
                for item in found
            ],
            "issue": issue_text(result),
        }
    )


def render_survey(result: SurveyResult, *, with_all: bool = False) -> str:
    """Write a result as text; ``with_all`` names the questions that were not asked, too."""
    return "\n".join(_lines(result, with_all=with_all)) + "\n"


def _lines(result: SurveyResult, *, with_all: bool) -> Iterator[str]:
    found = compare(result.answers)
    asked = [item for item in found if item.answer is not None]
    counts = Counter(item.verdict for item in asked)
    yield str(M("Survey of a My Number Card (jpki {version})", version=result.program))
    yield ""
    yield str(
        M(
            "{asked} answers: {confirmed} as described in docs/card.md, {contradicted} different, {new} not "
            "described there",
            asked=len(asked),
            confirmed=counts[Agreement.CONFIRMED],
            contradicted=counts[Agreement.CONTRADICTED],
            new=counts[Agreement.OPEN],
        )
    )
    pins = ", ".join(result.pins) or str(M("none"))
    yield str(M("PINs tried: {pins}", pins=pins))
    yield ""
    width = max(len(item.fact.key) for item in found)
    for item in found if with_all else asked:
        yield _line(item, width)
    yield ""
    yield str(M("Times in milliseconds: number of commands, median, slowest"))
    for name, timing in sorted(result.timings.items()):
        yield f"  {name:{width}}  {timing.count}, {timing.median_ms}, {timing.slowest_ms}"
    form = issue_text(result)
    if form is not None:
        yield ""
        yield str(M("This program does not expect some of these answers. You could report them with this text:"))
        yield ""
        yield form


def _line(item: Comparison, width: int) -> str:
    verdict = _NOT_ASKED if item.answer is None else _VERDICTS[item.verdict]
    return f"  {item.fact.key:{width}}  {item.answer or '-'}  ({item.fact.section}: {verdict})"


def issue_text(result: SurveyResult) -> str | None:
    """Fill in an issue for the answers that this program does not work with; None if it works with all of them."""
    found = [item for item in compare(result.answers) if not item.is_handled]
    if not found:
        return None
    lines = [
        str(M("A card answers differently than the program expects")),
        "",
        *(f"- {item.fact.key}: {item.answer} (docs/card.md, {item.fact.section})" for item in found),
        "",
        f"jpki {result.program}, {result.interface}",
        str(M("The result of the survey is attached. It contains no personal data (docs/survey.md).")),
    ]
    return "\n".join(lines)
