"""A sheet for the holder of the card: what is wrong, where to go, what to bring, what to ask by telephone."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from jpki.advice import Action, Need, Place, freshness, verdict_on
from jpki.words import M, Message, current_language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from jpki.advice import Advice

#: The heading of the support report.
TITLE: Final = M("About your My Number Card")
#: Said on a report about a simulated card.
SIMULATED: Final = M("Simulated card: this is not about a real card.")
_PLACES: Final = {
    Place.MUNICIPALITY: M("The municipal office where you are registered (in a large city the ward office)."),
    Place.CONVENIENCE_STORE: M("Or a convenience store with a terminal that supports it, if you know the other PIN."),
    Place.PHONE_APP: M("Your own phone, with the Mynaportal app (to be renamed Myna app)."),
}
_APPLY: Final = M("You can apply for a new card online, by post, at a photo booth that supports it, or at the office.")
_NEEDS: Final = {
    Need.CARD: M("Your My Number Card."),
    Need.IDENTITY_DOCUMENTS: M("One more identity document, if your office asks for it."),
    Need.PHONE: M("Your phone, for the app."),
    Need.OTHER_CERTIFICATE_PIN: M("For the convenience store: the PIN of the other certificate."),
}
_NEW_PIN: Final = M("A new PIN, chosen before you go.")
_QUESTIONS: Final = (
    M("What do I have to bring?"),
    M("Do I need an appointment, and when are you open?"),
    M("Can somebody go for me, and which documents do they need?"),
    M("Is there a fee?"),
)
_TIME: Final = M("When will the new card be ready?")
_NOT_SEEN: Final = M(
    "The card does not show whether a certificate was revoked. After a move, a change of name or a loss, ask the "
    "municipal office."
)
_OFFICE_LINE: Final = M("Your municipal office: ____________________")
_FREE_LINE: Final = M("My Number free dial: 0120-95-0178 (loss and theft: day and night)")

# Black on white where it is printed; contrast at least 7 to 1.
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #000000; --paper: #ffffff; --line: #555555; }
@media (prefers-color-scheme: dark) { :root { --ink: #f5f5f5; --paper: #101010; --line: #aaaaaa; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.25rem/1.55 system-ui, "Noto Sans JP", "Hiragino Sans", "Yu Gothic UI", Meiryo, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.25rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 1.25rem 0 0.25rem; }
p { margin: 0.25rem 0; }
.verdict { font-size: 1.6rem; line-height: 1.35; font-weight: bold; border: 3px solid var(--ink); border-radius: 0.5rem;
  padding: 0.75rem 1rem; }
.simulated { border: 2px dashed var(--line); padding: 0.25rem 0.75rem; }
ul { margin: 0.25rem 0; padding-inline-start: 1.5rem; }
footer { margin-top: 1.25rem; border-top: 1px solid var(--line); font-size: 1rem; }
@page { size: A4; margin: 13mm; }
@media print { :root { --ink: #000000; --paper: #ffffff; --line: #555555; } body { font-size: 13pt; line-height: 1.35; }
  main { max-width: none; padding: 0; } h1 { margin-bottom: 0.6rem; } h2 { margin-top: 0.6rem; }
  .verdict { font-size: 17pt; padding: 0.5rem 0.8rem; } footer { margin-top: 0.6rem; font-size: 11pt; } }
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on the sheet: the verdict, and headings with what is below each."""

    verdict: str
    is_simulated: bool
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    footer: str


def sheet(advice: Sequence[Advice], at: datetime, *, is_simulated: bool) -> Sheet:
    """Lay out the advice for somebody who takes the sheet along."""
    todo = [a for a in advice if a.rule.action is not Action.KNOW]
    parts = [
        (M("What we found"), [_without_commands(a.message) for a in todo or advice] or [str(_NOT_SEEN)]),
        (M("Where to go"), _places(todo)),
        (M("What to bring"), _needs(todo)),
        (M("What to ask by telephone"), _questions(todo)),
        (M("Telephone"), [str(_OFFICE_LINE), str(_FREE_LINE)]),
    ]
    shown = tuple((str(heading), tuple(items)) for heading, items in parts if items)
    return Sheet(str(verdict_on(advice)), is_simulated, shown, str(freshness(at)))


def _without_commands(message: Message) -> str:
    """A sentence without the commands below it, and without what leads to them."""
    lines = str(message).split("\n")
    return " ".join(line for line in lines if not line.startswith(" "))


def _places(advice: Sequence[Advice]) -> list[str]:
    wanted = {place for a in advice for place in a.rule.places}
    applied = [_APPLY] if any(a.rule.action is Action.NEW_CARD for a in advice) else []
    return [str(words) for words in (*applied, *(_PLACES[place] for place in _PLACES if place in wanted))]


def _needs(advice: Sequence[Advice]) -> list[str]:
    wanted = {need for a in advice for need in a.rule.needs}
    found = [str(words) for need, words in _NEEDS.items() if need in wanted]
    if any(a.rule.action is Action.RESET for a in advice):
        found.append(str(_NEW_PIN))
    return found


def _questions(advice: Sequence[Advice]) -> list[str]:
    if not any(Place.MUNICIPALITY in a.rule.places for a in advice):
        return []
    more = [_TIME] if any(a.rule.action is Action.NEW_CARD for a in advice) else []
    return [str(question) for question in (*_QUESTIONS, *more)]


def render_html(page: Sheet) -> str:
    """Write the sheet as one file of one A4 page."""
    simulated = f'<p class="simulated">{escape(str(SIMULATED))}</p>\n' if page.is_simulated else ""
    parts = "".join(
        f"<section>\n<h2>{escape(heading)}</h2>\n<ul>\n"
        + "".join(f"<li>{escape(item)}</li>\n" for item in items)
        + "</ul>\n</section>\n"
        for heading, items in page.parts
    )
    title = escape(str(TITLE))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(current_language())}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p class="verdict">{escape(page.verdict)}</p>\n{simulated}{parts}'
        f"<footer><p>{escape(page.footer)}</p></footer>\n</main>\n</body>\n</html>\n"
    )
