"""The sheet for a card's holder as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.report import SIMULATED, TITLE
from jpki_cli.terminal import width, wrap

if TYPE_CHECKING:
    from jpki.report import Sheet


def render_sheet(page: Sheet) -> str:
    """Write the sheet for a terminal or a plain printer."""
    title = str(TITLE)
    lines = [title, "=" * width(title), "", wrap(page.verdict)]
    lines += ["", str(SIMULATED)] if page.is_simulated else []
    for heading, items in page.parts:
        lines += ["", heading, *(wrap(item, first="  - ", indent="    ") for item in items)]
    return "\n".join([*lines, "", wrap(page.footer)]) + "\n"
