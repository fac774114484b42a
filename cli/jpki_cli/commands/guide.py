"""``jpki guide``: what to do about card, PINs and certificates, from what the authorities say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from jpki.advice.model import Applicant
from jpki.advice.topics import TOPICS, depends_on_applicant, lines, usual_applicant
from jpki.errors import CardError, CardMuteError, DataError, NotMyNumberCardError, TransportError
from jpki_cli.app import clock
from jpki_cli.app.click_classes import Command, Option
from jpki_cli.app.context import AppContext, pass_app
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from jpki.advice.rules import Advice
    from jpki_cli.failures.explain import Failure


@dataclass(frozen=True, slots=True)
class _Start:
    """What the guidance starts from: a topic, what was observed, and why no card was read."""

    topic: str | None
    advice: tuple[Advice, ...] | None = None
    not_read: Failure | None = None

    @property
    def see_also(self) -> list[str]:
        """Topics of the other things that were observed."""
        found = dict.fromkeys(advice.rule.topic for advice in self.advice or ())
        return [topic for topic in found if topic != self.topic]


@pass_app
def _guide(app: AppContext, topic: str | None, applicant: str | None, *, examples: bool) -> None:
    app.begin("jpki.guide/1")
    start = _look(app) if topic is None else _Start(topic)
    acting = None if applicant is None else Applicant(applicant)
    if app.options.json:
        _tell_json(app, start, acting, examples=examples)
    else:
        _tell(app, start, acting, examples=examples)
    app.finish()


def _look(app: AppContext) -> _Start:
    """Look at the card, if there is one, and choose the topic of the first thing that needs doing."""
    from jpki.advice.rules import advise_status
    from jpki.card.status import read_status
    from jpki_cli.failures.explain import explain

    now = clock.now()
    try:
        with app.open_card() as card:
            status = read_status(card, at=now)
    except (TransportError, CardError, DataError) as exc:
        is_other_card = isinstance(exc, (CardMuteError, NotMyNumberCardError))
        return _Start("reader" if is_other_card else None, not_read=explain(exc))
    advice = advise_status(status, now)
    if advice:
        return _Start(advice[0].rule.topic, advice)
    return _Start("phone" if status.token.kind.is_phone else None, advice)


def _tell(app: AppContext, start: _Start, acting: Applicant | None, *, examples: bool) -> None:
    from jpki_cli.screens.guide import list_lines, observed_lines, topic_lines
    from jpki_cli.terminal.text import wrap

    found: list[str] = []
    if start.not_read is not None:
        app.note(M("No card was read: {why}", why=start.not_read.message))
    if start.advice is not None:
        found += observed_lines(start.advice)
    if start.topic is None:
        found += list_lines(TOPICS)
    else:
        rules = lines(start.topic, acting, with_examples=examples)
        found += topic_lines(start.topic, rules, with_sources=app.options.verbose)
        _note_options(app, start.topic, acting, examples=examples)
    if start.see_also:
        names = ", ".join(f"jpki guide {topic}" for topic in start.see_also)
        found += ["", wrap(str(M("Also: {topics}", topics=names)))]
    click.echo("\n".join(found))


def _note_options(app: AppContext, topic: str, acting: Applicant | None, *, examples: bool) -> None:
    """Say what the options could add, or that they changed nothing."""
    if acting is not None and not depends_on_applicant(topic):
        app.note(M("In this topic it makes no difference who applies."))
    if len(lines(topic, acting, with_examples=True)) > len(lines(topic, acting)):
        if not examples:
            app.note(M("--examples adds the hours, numbers and documents of two towns, as examples."))
    elif examples:
        app.note(M("There are no examples in this topic."))


def _tell_json(app: AppContext, start: _Start, acting: Applicant | None, *, examples: bool) -> None:
    from jpki_cli.screens.guide import line_facts, title_facts
    from jpki_cli.words.advice_texts import advice_facts
    from jpki_cli.words.guide_words import TITLES

    app.facts["topic"] = start.topic
    if start.topic is None:
        app.facts["topics"] = title_facts(TOPICS)
    else:
        shown = acting or usual_applicant(start.topic)
        rules = lines(start.topic, acting, with_examples=examples)
        app.facts |= {
            "title": TITLES[start.topic].both(),
            "applicant": shown.value,
            "lines": [line_facts(rule) for rule in rules],
        }
    if start.not_read is not None:
        app.facts["not_read"] = {"code": start.not_read.code, "message": start.not_read.message.both()}
    if start.advice is not None:
        app.facts |= {"advice": advice_facts(start.advice), "see_also": title_facts(start.see_also)}


command = Command(
    "guide",
    params=[
        click.Argument(["topic"], type=click.Choice(list(TOPICS)), required=False, metavar="[TOPIC]"),
        Option(
            ["--applicant"],
            type=click.Choice([applicant.value for applicant in Applicant]),
            help=M(
                "Who acts: self, representative (parent or guardian) or proxy (chosen by the holder). Default: self; "
                "representative for child and adult-ward."
            ),
        ),
        Option(
            ["--examples"],
            is_flag=True,
            help=M("Add the hours, numbers and documents of two towns, as examples."),
        ),
    ],
    callback=_guide,
    text=M(
        "Say what to do, in words of this program drawn from what the authorities say; --verbose names the source of "
        "each line.\n\nWith a topic no reader is touched. Without one, the card is looked at, if there is one, to "
        "choose the topic; that needs no PIN and uses no try. Topics: {topics}.",
        topics=", ".join(TOPICS),
    ),
    examples=("jpki guide locked", "jpki guide child --examples", "jpki --sim locked-sign guide", "jpki guide --json"),
)
