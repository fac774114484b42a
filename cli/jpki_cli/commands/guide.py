"""``jpki guide``: what to do about card, PINs and certificates, from what the authorities say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from jpki.advice import TOPICS, Applicant, first_lines, lines, usual_applicant
from jpki.errors import CardError, CardMuteError, DataError, NotMyNumberCardError, TransportError
from jpki.words import TOPIC_WORDS, meant
from jpki_cli.app import AppContext, Command, Option, clock, pass_app
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.advice import Advice, Expiring, GuideRule
    from jpki_cli.failures import Failure
    from jpki_cli.results.advice import GuideResult


@dataclass(frozen=True, slots=True)
class _Start:
    """What the guidance starts from: a topic, what was observed, and why no card was read.

    ``unfit`` are the lines of guidance that do not hold for the card that was read.
    """

    topic: str | None
    advice: tuple[Advice, ...] | None = None
    not_read: Failure | None = None
    unfit: frozenset[str] = frozenset()

    @property
    def about(self) -> Expiring | None:
        """Whether a new card is needed or a new certificate, where the first thing observed says so."""
        return self.advice[0].about if self.advice else None

    @property
    def see_also(self) -> list[str]:
        """Topics of the other things that were observed."""
        found = dict.fromkeys(advice.rule.topic for advice in self.advice or ())
        return [topic for topic in found if topic != self.topic]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """For whom, and how much of it."""

    acting: Applicant | None
    everything: bool
    examples: bool

    def is_brief(self, topic: str) -> bool:
        """Whether the first lines are enough: nothing more was asked for, and the usual person acts."""
        return not (self.everything or self.examples) and self.acting in (None, usual_applicant(topic))

    def rules(self, topic: str, about: Expiring | None = None) -> tuple[GuideRule, ...]:
        """What is shown of a topic; of what to do first only what is about the card or its certificates."""
        if self.is_brief(topic):
            return first_lines(topic, about)
        return lines(topic, self.acting, with_examples=self.examples)


class TopicType(click.Choice[str]):
    """A topic, or a word that means one."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Turn what was typed into a topic."""
        return super().convert(meant(value, self.choices, TOPIC_WORDS) or value, param, ctx)


@pass_app
def _guide(app: AppContext, topic: str | None, applicant: str | None, *, everything: bool, examples: bool) -> None:
    result: GuideResult = {"schema": "jpki.guide/1"}
    app.start_result(result)
    acting = None if applicant is None else Applicant(applicant)
    start = _look(app, acting) if topic is None else _Start(topic)
    wanted = _Wanted(acting, everything, examples)
    if app.options.json:
        _note(result, start, acting, examples=examples)
    else:
        _tell(app, start, wanted)
    app.print_result()


def _look(app: AppContext, acting: Applicant | None) -> _Start:
    """Look at the card, if there is one, and choose the topic of the first thing that needs doing."""
    from jpki.advice import advise_status, unfit_lines
    from jpki.card import read_status
    from jpki_cli.failures import explain

    now = clock.now()
    try:
        with app.open_card() as card:
            status = read_status(card, at=now)
    except (TransportError, CardError, DataError) as exc:
        is_other_card = isinstance(exc, (CardMuteError, NotMyNumberCardError))
        return _Start("reader" if is_other_card else None, not_read=explain(exc))
    by_holder = acting in (None, Applicant.SELF)
    advice = advise_status(status, now, by_holder=by_holder)
    if not advice:
        return _Start("phone" if status.token.kind.is_phone else None, advice)
    return _Start(advice[0].rule.topic, advice, unfit=unfit_lines(status, now, by_holder=by_holder))


def _tell(app: AppContext, start: _Start, wanted: _Wanted) -> None:
    from jpki_cli.screens import list_lines, observed_lines, topic_lines

    now = clock.now()
    found: list[str] = []
    if start.not_read is not None:
        app.note(M("No card was read: {why}", why=start.not_read.message))
    if start.advice is not None:
        found += observed_lines(start.advice)
    if start.topic is None:
        found += list_lines(TOPICS)
    else:
        rules = [r for r in wanted.rules(start.topic, start.about) if r.rule_id not in start.unfit]
        is_brief = wanted.is_brief(start.topic)
        found += topic_lines(start.topic, rules, now, with_sources=app.options.verbose, is_brief=is_brief)
    if start.see_also:
        found += ["", str(M("See also")), *(f"  jpki guide {topic}" for topic in start.see_also)]
    click.echo("\n".join(found))
    if start.topic is not None:
        _note_options(app, start.topic, wanted)


def _note_options(app: AppContext, topic: str, wanted: _Wanted) -> None:
    """Say what the options could add, last."""
    has_examples = len(lines(topic, wanted.acting, with_examples=True)) > len(lines(topic, wanted.acting))
    if wanted.examples and not has_examples:
        app.note(M("There are no examples in this topic."))
    elif wanted.is_brief(topic) and has_examples:
        app.note(M("--all: the rest of this topic. -v: its sources. --examples: two towns, as examples."))
    elif wanted.is_brief(topic):
        app.note(M("--all: the rest of this topic. -v: its sources."))
    elif has_examples and not wanted.examples:
        app.note(M("--examples adds the hours, numbers and documents of two towns, as examples."))


def _note(result: GuideResult, start: _Start, acting: Applicant | None, *, examples: bool) -> None:
    """Put everything into the JSON object."""
    from jpki.advice import GUIDANCE_MONTH, TITLES
    from jpki.report import advice_facts
    from jpki_cli.screens import line_facts, title_facts

    result["topic"] = start.topic
    if start.topic is None:
        result["topics"] = title_facts(TOPICS)
    else:
        shown = acting or usual_applicant(start.topic)
        rules = lines(start.topic, acting, with_examples=examples)
        result.update(
            {
                "title": TITLES[start.topic].both(),
                "applicant": shown.value,
                "lines": [line_facts(rule) for rule in rules if rule.rule_id not in start.unfit],
                "guidance_date": GUIDANCE_MONTH.strftime("%Y-%m"),
            }
        )
    if start.not_read is not None:
        result["not_read"] = {"code": start.not_read.code, "message": start.not_read.message.both()}
    if start.advice is not None:
        result.update({"advice": advice_facts(start.advice), "see_also": title_facts(start.see_also)})


command = Command(
    "guide",
    params=[
        click.Argument(["topic"], type=TopicType(list(TOPICS)), required=False, metavar="[TOPIC]"),
        Option(
            ["--applicant"],
            type=click.Choice([applicant.value for applicant in Applicant]),
            help=M(
                "Who applies: self, representative (parent or guardian) or proxy (chosen by the holder). Default: "
                "self; representative for child and adult-ward."
            ),
        ),
        Option(
            ["--all", "everything"],
            is_flag=True,
            help=M("Show the whole topic, not only what to do first."),
        ),
        Option(
            ["--examples"],
            is_flag=True,
            help=M("Add the hours, numbers and documents of two towns, as examples."),
        ),
    ],
    callback=_guide,
    text=M(
        "Show what to do, in this program's own words, based on what the authorities publish; --verbose shows the "
        "source of each line.\n\nWith a topic, no reader is used. Without one, the topic is chosen from what the "
        "card shows, if there is a card; that needs no PIN and uses no try. Topics: {topics}.",
        topics=", ".join(TOPICS),
    ),
    examples=(
        "jpki guide locked",
        "jpki guide renew --all",
        "jpki guide child --examples",
        "jpki --sim locked-sign guide",
        "jpki guide --json",
    ),
)
