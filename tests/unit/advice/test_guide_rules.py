"""The tables of guidance: every rule has its place, and examples stay examples."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from jpki.advice.card_table import CARD_RULES
from jpki.advice.guidance import certificates, contacts, events, examples, pins, reset
from jpki.advice.model import Applicant, Part
from jpki.advice.sources import Scope, Source
from jpki.advice.topics import RULES, TOPICS, depends_on_applicant, lines, usual_applicant


def test_no_id_is_given_twice() -> None:
    """The tables together have as many rules as ids."""
    assert len(RULES) == sum(len(module.RULES) for module in (pins, reset, examples, certificates, events, contacts))


def test_topics_and_rules_fit_together() -> None:
    """Every rule that a topic names exists, every rule is in a topic, and no topic has one twice."""
    assert {rule_id for ids in TOPICS.values() for rule_id in ids} == set(RULES)
    assert [topic for topic, ids in TOPICS.items() if len(set(ids)) != len(ids)] == []


def test_advice_leads_to_topics_that_exist() -> None:
    """Each rule about a card names a topic of the guidance."""
    assert {rule.topic for rule in CARD_RULES} <= set(TOPICS)


def test_dates_are_dates_or_spans() -> None:
    """A day, a month, a year, a span of years, or "up to" a year."""
    dates = {rule.date for rule in RULES.values()} | {rule.date for rule in CARD_RULES}
    form = r"\d{4}(-\d\d(-\d\d)?)?|(\.\.|\d{4})/\d{4}"
    assert [date for date in dates if date is not None and not re.fullmatch(form, date)] == []


def test_only_one_citys_undated_page_has_no_date() -> None:
    """A rule without a date is from the one source that has none."""
    assert {rule.source for rule in RULES.values() if rule.date is None} == {Source.KAWASAKI}


def test_examples_are_what_their_town_says() -> None:
    """An example names a town, and its source is that town's own page."""
    towns = [rule for rule in RULES.values() if rule.scope is Scope.EXAMPLE]
    assert towns
    assert [rule for rule in towns if rule.town is None or rule.source.value != rule.town.value] == []


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("applicant", [None, *Applicant])
def test_a_town_is_shown_only_on_demand(topic: str, applicant: Applicant | None) -> None:
    """The default lines hold everywhere; with examples they are the same, and the towns' follow, town by town."""
    plain = lines(topic, applicant)
    full = lines(topic, applicant, with_examples=True)

    assert plain
    assert {rule.scope for rule in plain} == {Scope.NATIONAL}
    assert full[: len(plain)] == plain
    towns = [rule.town for rule in full[len(plain) :]]
    assert all(towns)
    assert sum(a is not b for a, b in pairwise(towns)) == max(len(set(towns)) - 1, 0)


@pytest.mark.parametrize("topic", TOPICS)
def test_parts_come_in_their_order(topic: str) -> None:
    """What it means, what to do, where, with what, what is futile, whom to call, what else."""
    order = [list(Part).index(rule.part) for rule in lines(topic)]
    assert order == sorted(order)


@pytest.mark.parametrize("topic", ["renew", "expired"])
def test_periods_say_whose_they_are(topic: str) -> None:
    """Card and certificate run and are renewed apart, so each line is about one of them or says both."""
    assert [rule.rule_id for rule in lines(topic) if rule.subject is None] == []


@pytest.mark.parametrize("topic", ["locked", "forgot"])
def test_documents_depend_on_who_comes(topic: str) -> None:
    """The holder, the representative and the proxy are each told what they need, and nobody what another needs."""
    for applicant in Applicant:
        shown = {rule.applicant for rule in lines(topic, applicant, with_examples=True)}
        assert shown == {None, applicant}


def test_a_childs_proof_is_not_a_wards() -> None:
    """The family register is for a child, the guardianship registration for an adult ward; a lock may be either's."""
    shown = {topic: {rule.rule_id for rule in lines(topic, Applicant.REPRESENTATIVE)} for topic in TOPICS}
    child, ward = "reset.child-proof", "reset.ward-proof"
    assert child in shown["child"]
    assert ward not in shown["child"]
    assert ward in shown["adult-ward"]
    assert child not in shown["adult-ward"]
    assert {child, ward} <= shown["locked"] & shown["forgot"]


def test_who_acts_follows_from_the_topic() -> None:
    """A child and an adult ward act through a representative, others for themselves."""
    represented = [topic for topic in TOPICS if usual_applicant(topic) is Applicant.REPRESENTATIVE]
    assert represented == ["child", "adult-ward"]
    assert [t for t in TOPICS if depends_on_applicant(t)] == ["locked", "forgot", "child", "adult-ward"]


def test_a_loss_is_told_in_the_order_that_protects() -> None:
    """Suspend by telephone first, then the police, then the municipality."""
    ids = [rule.rule_id for rule in lines("lost")]
    assert ids[:3] == ["lost.call", "lost.police", "lost.municipality"]


def test_an_unknown_topic_is_an_error() -> None:
    """A topic that does not exist has no lines to show."""
    with pytest.raises(KeyError):
        lines("unlock-by-waiting")
