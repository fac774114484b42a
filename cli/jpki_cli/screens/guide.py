"""The screens and the JSON facts of ``jpki guide``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from jpki.advice.model import Part
from jpki.advice.sources import Scope
from jpki_cli.terminal.text import described, width, wrap
from jpki_cli.words.advice_texts import advice_text
from jpki_cli.words.guide_texts import texts
from jpki_cli.words.guide_words import PARTS, SOURCES, TITLES, TOWNS, origin
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jpki.advice.model import GuideRule, Town
    from jpki.advice.rules import Advice


def observed_lines(advice: Iterable[Advice]) -> list[str]:
    """What was observed of the card, before the guidance."""
    found = [_item(str(advice_text(a))) for a in advice]
    return [str(M("What the card shows")), *found, ""] if found else [str(M("Nothing has to be done now.")), ""]


def topic_lines(topic: str, rules: Sequence[GuideRule], *, with_sources: bool) -> list[str]:
    """The guidance of a topic: its parts, then what single towns do, then the sources."""
    national = [rule for rule in rules if rule.scope is Scope.NATIONAL]
    towns = [rule for rule in rules if rule.scope is Scope.EXAMPLE]
    title = str(TITLES[topic])
    found = [title, "=" * width(title), ""]
    for part, group in groupby(national, key=lambda rule: rule.part):
        found += [str(PARTS[part.value]), *(_line(rule, with_sources=with_sources) for rule in group), ""]
    for town, group in groupby(towns, key=lambda rule: rule.town):
        found += _example_lines(town, list(group), with_sources=with_sources)
    return found + _source_lines(rules)


def _example_lines(town: Town | None, rules: list[GuideRule], *, with_sources: bool) -> list[str]:
    name = TOWNS[town.value] if town is not None else ""
    heading = M("Example, this town only: {town} ({origin})", town=name, origin=origin(rules[0]))
    return [wrap(str(heading)), *(_line(rule, with_sources=with_sources) for rule in rules), ""]


def _line(rule: GuideRule, *, with_sources: bool) -> str:
    text = texts()[rule.rule_id]
    if rule.part is Part.CALL and rule.scope is Scope.NATIONAL:
        text = M("{text} ({origin})", text=text, origin=origin(rule))
    line = _item(str(text))
    if with_sources:
        line += "\n" + wrap(f"[{rule.rule_id}: {origin(rule)}]", indent="    ")
    return line


def _item(text: str) -> str:
    return wrap(text, indent="    ", first="  - ")


def _source_lines(rules: Iterable[GuideRule]) -> list[str]:
    names = dict.fromkeys(str(origin(rule)) for rule in rules if rule.source.value != "program")
    caution = str(M("Procedures, hours and numbers change, and differ from town to town: ask before you go."))
    if not names:
        return [wrap(caution)]
    return [wrap(str(M("Sources: {names}.", names="; ".join(names)))), wrap(caution)]


def list_lines(topics: Iterable[str]) -> list[str]:
    """The topics, each with its title."""
    return [
        str(M("Topics")),
        *described([(topic, str(TITLES[topic])) for topic in topics]),
        "",
        str(M("Read one with: jpki guide TOPIC")),
    ]


def title_facts(topics: Iterable[str]) -> list[dict[str, object]]:
    """Topics and their titles in JSON."""
    return [{"topic": topic, "title": TITLES[topic].both()} for topic in topics]


def line_facts(rule: GuideRule) -> dict[str, object]:
    """One line of guidance in JSON."""
    return {
        "rule": rule.rule_id,
        "part": rule.part.value,
        "scope": rule.scope.value,
        "town": None if rule.town is None else TOWNS[rule.town.value].both(),
        "applicant": None if rule.applicant is None else rule.applicant.value,
        "subject": None if rule.subject is None else rule.subject.value,
        "source": {"id": rule.source.value, "name": SOURCES[rule.source.value].both()},
        "date": rule.date,
        "text": texts()[rule.rule_id].both(),
    }
