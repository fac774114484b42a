"""A report as one HTML file: no script, nothing fetched, readable by eye, by ear and on paper."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .page import Cell, Document, Problem, Section, Table

# Contrast of each pair of colours is at least 4.5 to 1 (WCAG 2.2, 1.4.3).
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --soft: #f2f2f0; --line: #8a8a86;
  --good: #1b5e20; --warn: #7a4100; --bad: #a31515; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --paper: #161616; --soft: #242424; --line: #8c8c8c;
  --good: #8fd694; --warn: #f0b866; --bad: #ff9c93; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, "Noto Sans JP", "Hiragino Sans", "Yu Gothic UI", Meiryo, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0.5rem 0 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
p { margin: 0.25rem 0; }
.verdict { font-size: 1.15rem; font-weight: bold; border: 2px solid currentColor; border-radius: 0.4rem;
  padding: 0.5rem 0.75rem; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.5rem; text-align: start; vertical-align: top; }
thead th { background: var(--soft); }
tbody th { font-weight: normal; }
td, tbody th { hyphens: auto; }
th { overflow-wrap: break-word; } thead th { word-break: keep-all; } .short, .drawn { white-space: nowrap; }
.remark { font-weight: bold; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
td.good, td.warn, td.bad { font-weight: bold; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 0.3rem; padding: 0.4rem 0.6rem;
  margin: 0.25rem 0; white-space: pre-wrap; }
li { margin: 0.25rem 0; }
@page { size: A4; margin: 15mm; }
@media (max-width: 30rem) { main { padding: 0.75rem; } th, td { padding: 0.25rem 0.3rem; font-size: 0.85rem; } }
@media print, (min-width: 48rem) { tbody th { white-space: nowrap; } }
@media print { :root { --ink: #000000; --paper: #ffffff; --soft: #ffffff; --good: #000000; --warn: #000000;
  --bad: #000000; } body { font-size: 8.5pt; line-height: 1.35; } main { max-width: none; padding: 0; }
  h1 { font-size: 14pt; } h2 { font-size: 10.5pt; margin: 0.7rem 0 0.2rem; } h3 { font-size: 9pt; margin: 0.4rem 0 0; }
  th, td { padding: 0.08rem 0.3rem; } p, li { margin: 0.1rem 0; } table { margin: 0.2rem 0; }
  .verdict { font-size: 11pt; margin: 0.4rem 0; padding: 0.25rem 0.5rem; }
  h2, h3 { break-after: avoid; } tr, li, pre, .verdict { break-inside: avoid; } }
"""
_MONTH: Final = r"\d{4}-\d{2}"
#: Nothing but the style above is allowed, should a browser be in doubt.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def document_html(page: Document) -> str:
    """Write the whole file."""
    remark = f'<p class="remark">{escape(page.remark)}</p>\n' if page.remark else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(page.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(page.title)}</h1>\n<p>{escape(page.created)}</p>\n{remark}"
        f'<p class="verdict {escape(page.verdict.mood)}">{escape(page.verdict.text)}</p>\n'
        f"{_lines(map(_section, page.sections))}"
        "</main>\n</body>\n</html>\n"
    )


def _lines(parts: Iterable[str]) -> str:
    return "".join(f"{part}\n" for part in parts)


def _section(section: Section) -> str:
    parts = [f"<h2>{escape(section.title)}</h2>", *(f"<p>{escape(text)}</p>" for text in section.paragraphs)]
    if section.table is not None:
        parts.append(_table(section.table, section.title))
    parts += [_problem(problem) for problem in section.problems]
    if section.items:
        parts.append(f"<ul>\n{_lines(f'<li>{escape(item)}</li>' for item in section.items)}</ul>")
    return f"<section>\n{_lines(parts)}</section>"


def _table(table: Table, name: str) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in table.headings)
    body = _lines(_row(row) for row in table.rows)
    return f'<table aria-label="{escape(name)}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>'


def _row(row: tuple[Cell, ...]) -> str:
    first, *others = row
    cells = "".join(_cell(cell) for cell in others)
    return f'<tr><th scope="row">{escape(first.text)}</th>{cells}</tr>'


def _cell(cell: Cell) -> str:
    classes = " ".join(filter(None, (cell.mood, "short" if cell.is_whole or re.fullmatch(_MONTH, cell.text) else "")))
    mood = f' class="{escape(classes)}"' if classes else ""
    drawn = f' <span class="drawn" aria-hidden="true">{escape(cell.drawn)}</span>' if cell.drawn else ""
    return f"<td{mood}>{escape(cell.text)}{drawn}</td>"


def _problem(problem: Problem) -> str:
    parts = [f"<h3>{escape(problem.title)}</h3>", f"<p>{escape(problem.why)}</p>"]
    if problem.codes:
        codes = M("Code: {codes}", codes=problem.codes)
        parts.append(f"<p>{escape(str(codes))}</p>")
    if problem.steps:
        steps = _lines(f"<li><p>{escape(text)}</p>{_commands(commands)}</li>" for text, commands in problem.steps)
        parts.append(f"<ol>\n{steps}</ol>")
    return _lines(parts).rstrip("\n")


def _commands(commands: tuple[str, ...]) -> str:
    return "".join(f"<pre><code>{escape(command)}</code></pre>" for command in commands)
