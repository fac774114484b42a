"""Several people's results as one table of counts, and its place in docs/card.md."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .result import SurveyResult

#: The tables that have a column of their own for what was seen (docs/card.md, 10.2).
_SECTION: Final = "### 10.2"
_SEEN: Final = "| seen on |"
_KEYS: Final = re.compile(r"`([a-z0-9_]+(?:\.[A-Za-z0-9_]+)*)`")
_ROW: Final = re.compile(r"\| (?P<what>[^|]*) \|(?P<answer>[^|]*)\|(?P<setting>[^|]*)\|(?P<seen>[^|]*)\|(?P<rest>.*)")

Counts = dict[str, Counter[str]]


def count(results: Iterable[SurveyResult]) -> Counts:
    """Count how many cards gave each answer to each question."""
    found: Counts = {}
    for result in results:
        for key, answer in result.answers.items():
            found.setdefault(key, Counter())[answer] += 1
    return found


def seen(counts: Mapping[str, Counter[str]], key: str) -> str:
    """Say on how many cards a question was answered, and how: ``3 cards: 63C0 2, 6983 1``."""
    answers = counts.get(key, Counter())
    total = answers.total()
    cards = f"{total} card" if total == 1 else f"{total} cards"
    if not total:
        return cards
    return f"{cards}: " + "; ".join(f"{answer} {number}" for answer, number in sorted(answers.items()))


def table(counts: Mapping[str, Counter[str]]) -> str:
    """Write all counts as a table of Markdown."""
    lines = ["| question | seen on |", "|---|---|", *(f"| `{key}` | {seen(counts, key)} |" for key in sorted(counts))]
    return "\n".join(lines) + "\n"


def fill_in(document: str, counts: Mapping[str, Counter[str]]) -> str:
    """Put the counts into the column "seen on" of docs/card.md, 10.2; everything else stays as it is."""
    before, mark, section = document.partition(_SECTION)
    return before + mark + "".join(_fill_line(line, counts) for line in section.splitlines(keepends=True))


def _fill_line(line: str, counts: Mapping[str, Counter[str]]) -> str:
    row = _ROW.match(line)
    if row is None or _SEEN in line:
        return line
    keys = _KEYS.findall(row["answer"])
    if not keys:
        return line
    cells = [seen(counts, key) if len(keys) == 1 else f"`{key}` {seen(counts, key)}" for key in keys]
    if len({seen(counts, key) for key in keys}) == 1:
        cells = [seen(counts, keys[0])]
    return f"{line[: row.start('seen')]} {', '.join(cells)} {line[row.end('seen') :]}"
