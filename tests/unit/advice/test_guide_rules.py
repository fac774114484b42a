"""The tables of guidance: every rule has its place, and examples stay examples."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from jpki.advice import (
    CARD_RULES,
    GUIDANCE_MONTH,
    TOPICS,
    Applicant,
    Part,
    Scope,
    first_lines,
    freshness,
    lines,
    usual_applicant,
)
from jpki.advice.age import is_old
from jpki.advice.guidance import applications, certificates, contacts, events, examples, pins, reset, store
from jpki.advice.sources import Source
from jpki.advice.topics import RULES


def test_no_id_is_given_twice() -> None:
    """The tables together have as many rules as ids."""
    modules = (pins, reset, store, examples, certificates, applications, events, contacts)
    assert len(RULES) == sum(len(module.RULES) for module in modules)


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


#: Topics about what somebody applies for at an office.
APPLIED_FOR = ("locked", "forgot", "convenience-store", "renew", "expired", "moved", "name-change", "found", "reissue")


@pytest.mark.parametrize("topic", [*APPLIED_FOR, "cancel", "foreign-resident"])
@pytest.mark.parametrize("applicant", [Applicant.REPRESENTATIVE, Applicant.PROXY])
def test_whoever_else_applies_is_told_something_of_their_own(topic: str, applicant: Applicant) -> None:
    """It always makes a difference who applies; where nothing is known, that the office has to be asked."""
    own = {rule.rule_id for rule in lines(topic, applicant)} - {rule.rule_id for rule in lines(topic, Applicant.SELF)}
    assert own


@pytest.mark.parametrize("topic", ["locked", "forgot", "child", "adult-ward", "convenience-store"])
@pytest.mark.parametrize("applicant", [Applicant.REPRESENTATIVE, Applicant.PROXY])
def test_a_store_is_for_the_holder_alone(topic: str, applicant: Applicant) -> None:
    """The app compares the holder's own face, so nobody else is sent to a store."""
    shown = {rule.rule_id for rule in lines(topic, applicant)}
    assert "reset.store-too" not in shown
    assert shown & {"store.own-face", "store.own-face-proxy", "child.store"}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_first_lines_are_of_the_topic_and_say_what_to_do(topic: str) -> None:
    """They are a part of what the usual applicant is shown, in the same order."""
    first, shown = first_lines(topic), lines(topic)
    whole = [rule for rule in first if rule.rule_id != "store.not-short"]
    assert whole == [rule for rule in shown if rule in first]
    assert 2 <= len(first) < 7


def test_what_is_said_in_short_is_not_said_again_at_length() -> None:
    """The first lines of the store have in two lines what the whole topic has in ten."""
    assert "store.not-short" in {rule.rule_id for rule in first_lines("convenience-store")}
    assert not {"store.not-short"} & {rule.rule_id for rule in lines("convenience-store")}
    assert "store.not-for" in {rule.rule_id for rule in lines("convenience-store")}
    assert "jpki" not in RULES["store.not-for"].text.text("en")  # the window leaves out what holds a command


@pytest.mark.parametrize("applicant", [Applicant.REPRESENTATIVE, Applicant.PROXY])
def test_where_only_the_holder_can_go_others_are_told_that_and_where_instead(applicant: Applicant) -> None:
    """No stores, hours or app for somebody whom the store refuses."""
    own_face = {Applicant.REPRESENTATIVE: "store.own-face", Applicant.PROXY: "store.own-face-proxy"}[applicant]
    assert [rule.rule_id for rule in lines("convenience-store", applicant)] == ["reset.office", own_face]


def test_the_guidance_is_as_new_as_its_newest_source() -> None:
    """The month that is told is the newest of all sources; the texts of this program itself do not count."""
    dates = [rule.date or "" for rule in RULES.values() if rule.source is not Source.PROGRAM]
    dates += [rule.date for rule in CARD_RULES]
    newest = max(date.rpartition("/")[2][:7] for date in dates)
    assert GUIDANCE_MONTH.strftime("%Y-%m") == newest


@pytest.mark.parametrize(
    ("month", "old"), [("2026-11", False), ("2027-11", False), ("2027-12", True), ("2031-01", True)]
)
def test_a_year_later_the_guidance_says_that_it_is_old(month: str, *, old: bool) -> None:
    """It then names whom to ask."""
    at = datetime.fromisoformat(f"{month}-15").replace(tzinfo=UTC)
    assert is_old(at) is old
    assert ("0120-95-0178" in freshness(at).text("en")) is old
    assert "2026" in freshness(at).text("ja")


def test_a_loss_is_told_in_the_order_that_protects() -> None:
    """Suspend by telephone first, then the police, then the municipality."""
    ids = [rule.rule_id for rule in lines("lost")]
    assert ids[:3] == ["lost.call", "lost.police", "lost.municipality"]


def test_an_unknown_topic_is_an_error() -> None:
    """A topic that does not exist has no lines to show."""
    with pytest.raises(KeyError):
        lines("unlock-by-waiting")
