"""The screens and the JSON facts of ``jpki guide``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from jpki.advice import TITLES, Part, Scope, freshness, origin
from jpki_cli.terminal import described, wrap
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from jpki.advice import Advice, GuideRule, Town
    from jpki_cli.results.advice import LineFacts, TopicFacts


def observed_lines(advice: Sequence[Advice]) -> list[str]:
    """What was observed of the card, before the guidance."""
    if not any(a.verdict is not None for a in advice):
        return [wrap(str(_NOTHING_SEEN)), *(_item(str(a.message)) for a in advice), ""]
    return [str(M("What the card shows")), *(_item(str(a.message)) for a in advice), ""]


#: A move, a suspension or a revocation is not on the card.
_NOTHING_SEEN: Final = M(
    "Nothing to do now, as far as can be seen without a PIN. What cannot be seen is whether a certificate was revoked, "
    "for example after a move, a change of name or a loss:\n  jpki guide moved\n  jpki guide name-change\n  jpki "
    "guide found"
)


def topic_lines(
    topic: str, rules: Sequence[GuideRule], at: datetime, *, with_sources: bool, is_brief: bool
) -> list[str]:
    """The guidance of a topic: its parts, what to do first, then what single towns do, then how old it is."""
    national = [rule for rule in rules if rule.scope is Scope.NATIONAL]
    towns = [rule for rule in rules if rule.scope is Scope.EXAMPLE]
    found = [str(TITLES[topic])]
    for part, group in groupby(national, key=lambda rule: rule.part):
        found += [] if is_brief else [""]
        found += [str(part.label), *(_line(rule, with_sources=with_sources) for rule in group)]
    for town, group in groupby(towns, key=lambda rule: rule.town):
        found += ["", *_example_lines(town, list(group), with_sources=with_sources)]
    return [*found, wrap(str(freshness(at)))]


def _example_lines(town: Town | None, rules: list[GuideRule], *, with_sources: bool) -> list[str]:
    name = town.label if town is not None else ""
    heading = M("Example, this town only: {town} ({origin})", town=name, origin=origin(rules[0]))
    return [wrap(str(heading)), *(_line(rule, with_sources=with_sources) for rule in rules)]


def _line(rule: GuideRule, *, with_sources: bool) -> str:
    text = rule.text
    if rule.part is Part.CALL and rule.scope is Scope.NATIONAL:
        text = M("{text} ({origin})", text=text, origin=origin(rule))
    line = _item(str(text))
    if with_sources:
        line += "\n" + wrap(f"[{rule.rule_id}: {origin(rule)}]", indent="    ")
    return line


def _item(text: str) -> str:
    return wrap(text, indent="    ", first="  - ")


def list_lines(topics: Iterable[str]) -> list[str]:
    """The topics, each with its title."""
    return [
        str(M("Topics")),
        *described([(topic, str(TITLES[topic])) for topic in topics]),
        "",
        str(M("To read one:\n  jpki guide TOPIC")),
    ]


def title_facts(topics: Iterable[str]) -> list[TopicFacts]:
    """Topics and their titles in JSON."""
    return [{"topic": topic, "title": TITLES[topic].both()} for topic in topics]


def line_facts(rule: GuideRule) -> LineFacts:
    """One line of guidance in JSON."""
    return {
        "rule": rule.rule_id,
        "part": rule.part.value,
        "scope": rule.scope.value,
        "town": None if rule.town is None else rule.town.label.both(),
        "applicant": None if rule.applicant is None else rule.applicant.value,
        "subject": None if rule.subject is None else rule.subject.value,
        "source": {"id": rule.source.value, "name": rule.source.label.both()},
        "date": rule.date,
        "text": rule.text.both(),
    }
