"""A report as plain text of at most 80 columns, fewer on a narrow terminal, as far as its commands allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.words import M
from jpki_cli.terminal import columns_of, described, pad, width, wrap

if TYPE_CHECKING:
    from jpki.report import Document, Problem, Section, Table

#: What the last column of a table needs to be readable.
_LEAST_COLUMNS: Final = 20


def document_text(page: Document) -> str:
    """Write the whole report."""
    lines = [wrap(page.verdict.text), "", page.title, page.created, *([wrap(page.remark)] if page.remark else [])]
    for section in page.sections:
        lines += ["", section.title, "-" * width(section.title), *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    lines = [wrap(paragraph) for paragraph in section.paragraphs]
    if section.table is not None:
        lines += _table(section.table)
    for problem in section.problems:
        lines += _problem(problem)
    return lines + [wrap(item, first="  - ", indent="    ") for item in section.items]


def _table(table: Table) -> list[str]:
    """Write rows in columns, the last cell in as many lines as it takes; all in one if that would be narrow."""
    rows = [[f"{cell.text}  {cell.drawn}".rstrip() for cell in row] for row in table.rows]
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    if sum(widths) + 2 * len(widths) > columns_of() - _LEAST_COLUMNS:
        return described([(row[0], "  ".join(filter(None, row[1:]))) for row in rows])
    return described([("  ".join(map(pad, row[:-1], widths)), row[-1]) for row in rows])


def _problem(problem: Problem) -> list[str]:
    lines = [wrap(problem.title, first="  * ", indent="    "), wrap(problem.why, first="    ", indent="    ")]
    if problem.codes:
        lines.append(wrap(str(M("Code: {codes}", codes=problem.codes)), first="    ", indent="    "))
    for text, commands in problem.steps:
        lines.append(wrap(text, first="    -> ", indent="       "))
        lines += [f"         {line}" for command in commands for line in command.splitlines()]
    return lines
