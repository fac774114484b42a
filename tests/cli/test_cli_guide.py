"""``jpki guide``: every topic in both languages, with a card and without, and no reader where none is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jpki import errors
from jpki.advice.topics import RULES, TOPICS
from jpki_cli.app.context import AppContext
from jpki_cli.terminal.text import width
from jpki_cli.words.guide_texts import texts
from jpki_cli.words.guide_words import SOURCES, TITLES, TOWNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from clitest import RunCli

APPLICANTS = ["self", "representative", "proxy"]


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if a reader or a simulated card is reached."""

    def refuse(app: AppContext) -> None:
        raise AssertionError("a card was looked for")

    monkeypatch.setattr(AppContext, "open_card", refuse)


class _Way:
    """A way to the card that fails."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __enter__(self) -> None:
        raise self.error

    def __exit__(self, *_: object) -> None:
        return


@pytest.fixture
def reader_that(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Let the way to the card fail in some way."""

    def fail_with(error: BaseException) -> None:
        monkeypatch.setattr(AppContext, "open_card", lambda app: _Way(error))

    return fail_with


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_fits_a_terminal(run_cli: RunCli, no_reader: None, topic: str, language: str) -> None:
    """Whoever acts, with sources and with examples: 80 columns, full-width characters counted as two; no reader."""
    for applicant in APPLICANTS:
        for more in ((), ("--examples", "-v")):
            result = run_cli("--lang", language, "guide", topic, "--applicant", applicant, *more)
            assert result.code == 0
            assert [line for line in result.stdout.splitlines() + result.stderr.splitlines() if width(line) > 80] == []
            assert result.stdout.startswith(TITLES[topic].text(language) + "\n")


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_its_object(
    run_cli: RunCli, no_reader: None, validate: Callable[[dict[str, Any]], None], topic: str
) -> None:
    """JSON has each line with rule, scope, source, date and both languages, the same in either language."""
    result = run_cli("guide", topic, "--json", "--examples")
    japanese = run_cli("--lang", "ja", "guide", topic, "--json", "--examples")

    assert (result.code, result.stderr) == (0, "")
    validate(result.json)
    assert japanese.json == result.json
    assert result.json["topic"] == topic
    for line in result.json["lines"]:
        rule = RULES[line["rule"]]
        assert (line["scope"], line["date"]) == (rule.scope.value, rule.date)
        assert line["source"] == {"id": rule.source.value, "name": SOURCES[rule.source.value].both()}
        assert line["text"] == texts()[rule.rule_id].both()


def test_every_rule_has_a_sentence_and_every_sentence_a_rule() -> None:
    """Nothing that the library knows is left unsaid, nothing is said without a source."""
    assert set(texts()) == set(RULES)
    assert set(TITLES) == set(TOPICS)
    assert set(SOURCES) == {rule.source.value for rule in RULES.values()}
    assert set(TOWNS) == {rule.town.value for rule in RULES.values() if rule.town is not None}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_single_towns_do_is_shown_on_demand_under_town_and_date(run_cli: RunCli, language: str) -> None:
    """Hours of one town are no advice for another: not in the default text, and below a heading where asked for."""
    plain = "".join(run_cli("--lang", language, "guide", "locked").stdout.split())
    full = "".join(run_cli("--lang", language, "guide", "locked", "--examples").stdout.split())
    hours, heading = {
        "en": ("11:30–19:15", "Example,thistownonly:Yokohamacity(pageofYokohamacity,2024-04-11)"),
        "ja": ("11:30～19:15", "例（この市だけ）：横浜市（横浜市のページ、2024-04-11）"),
    }[language]

    assert hours not in plain
    assert heading not in plain
    assert hours in full
    assert full.index(heading) < full.index(hours)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("topic", ["renew", "expired"])
def test_periods_say_of_what_they_are(run_cli: RunCli, topic: str, language: str) -> None:
    """Each line of these topics begins with what it is about: the card, a certificate, or both."""
    words = {
        "en": {"card": "Card: ", "certificate": "Certificate: ", "both": "Card and certificate: "},
        "ja": {"card": "カード：", "certificate": "電子証明書：", "both": "カードと電子証明書："},
    }[language]
    for line in run_cli("guide", topic, "--json").json["lines"]:
        assert line["text"][language].startswith(words[line["subject"]])


def test_telephone_numbers_come_with_source_and_date(run_cli: RunCli) -> None:
    """Each number of the hotlines has its language, cost and the date of its source beside it."""
    text = " ".join(run_cli("guide", "hotlines").stdout.split())
    assert "0120-95-0178: in Japanese, free of charge. Loss or theft: day and night" in text
    assert "0570-064-738: call centre in other languages, charged." in text
    assert text.count("(English site of J-LIS, 2018 to 2019)") == 4


def test_sources_are_named_line_by_line_when_asked_for(run_cli: RunCli) -> None:
    """--verbose puts rule, source and date below each line; else they stand once at the end."""
    verbose = run_cli("guide", "abroad", "-v").stdout
    plain = run_cli("guide", "abroad").stdout
    assert "[abroad.others: questions and answers of the Digital Agency, 2024-08]" in verbose
    assert "[abroad" not in plain
    assert plain.count("questions and answers of the Digital Agency, 2024-08") == 1


def test_documents_depend_on_who_acts(run_cli: RunCli) -> None:
    """The representative of a child is asked for the family register, the proxy for a power of attorney."""
    by = {who: run_cli("guide", "forgot", "--applicant", who).stdout for who in APPLICANTS}
    assert "family register" in by["representative"]
    assert "power of attorney" in by["proxy"]
    assert "power of attorney" not in by["self"] + by["representative"]
    assert "representative" in run_cli("guide", "child", "--json").json["applicant"]


def test_an_option_without_effect_is_told(run_cli: RunCli) -> None:
    """Nobody looks for a difference that is not there."""
    result = run_cli("guide", "abroad", "--applicant", "proxy", "--examples")
    assert "makes no difference who applies" in result.stderr
    assert "no examples in this topic" in result.stderr
    assert "--examples adds" in run_cli("guide", "hotlines").stderr


def test_a_wrong_topic_is_a_usage_error(run_cli: RunCli, no_reader: None) -> None:
    """Exit 2 with the topics that exist; what was typed is not repeated, it may be a PIN."""
    result = run_cli("guide", "2846")
    assert result.code == 2
    assert result.stdout == ""
    assert "2846" not in result.stderr
    assert "locked, forgot" in " ".join(result.stderr.split())


@pytest.mark.parametrize("option", ["--applicant=nobody", "--town=kawasaki"])
def test_a_wrong_option_is_a_usage_error(run_cli: RunCli, no_reader: None, option: str) -> None:
    """Exit 2, before any reader is touched."""
    assert run_cli("guide", "locked", option).code == 2


@pytest.mark.parametrize(
    ("persona", "topic", "see_also"),
    [
        ("locked-sign", "locked", []),
        ("all-locked", "locked", []),
        ("last-try", "forgot", ["pins"]),
        ("partly-used", "pins", []),
        ("expired", "expired", []),
        ("renewal-window", "renew", []),
        ("child", "certificates", []),
        ("phone", "phone", []),
        ("old-juki-card", "reader", []),
        ("pinless", "locked", ["certificates"]),
        ("truncated-der", "reader", []),
        ("other-card", "reader", None),
        ("adult", None, []),
    ],
)
def test_without_a_topic_the_card_chooses_it(
    run_cli: RunCli,
    validate: Callable[[dict[str, Any]], None],
    persona: str,
    topic: str | None,
    see_also: list[str] | None,
) -> None:
    """The topic of what is most urgent, then those of the rest; the topics are listed where nothing needs doing."""
    result = run_cli("--sim", persona, "guide", "--json")

    assert result.code == 0
    validate(result.json)
    assert result.json["topic"] == topic
    assert ("topics" in result.json) == (topic is None)
    assert ("not_read" in result.json) == (see_also is None)
    if see_also is not None:
        assert [found["topic"] for found in result.json["see_also"]] == see_also


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_the_card_shows_comes_before_the_guidance(run_cli: RunCli, language: str) -> None:
    """The screen begins with the advice of ``status`` and goes on with the topic."""
    advice = run_cli("--sim", "pinless", "status", "--json").json["advice"][0]["text"][language]
    result = run_cli("--lang", language, "--sim", "pinless", "guide")
    text = "".join(result.stdout.split())

    assert result.code == 0
    assert text.index("".join(advice.split())) < text.index("".join(TITLES["locked"].text(language).split()))
    assert "jpki guide certificates" in result.stdout
    assert [line for line in result.stdout.splitlines() if width(line) > 80] == []


def test_a_card_that_needs_nothing_leads_to_the_list(run_cli: RunCli) -> None:
    """Nothing to do is good news, and the topics follow."""
    result = run_cli("--sim", "adult", "guide")
    assert result.stdout.startswith("Nothing has to be done now.")
    assert all(topic in result.stdout for topic in TOPICS)


def test_looking_at_the_card_uses_no_try(run_cli: RunCli, apdus: list[bytes]) -> None:
    """No VERIFY carries data."""
    assert run_cli("--sim", "partly-used", "guide").code == 0
    assert apdus
    assert not [apdu for apdu in apdus if apdu[1] == 0x20 and len(apdu) > 4]


@pytest.mark.parametrize(
    "error",
    [
        errors.NoReaderError("none"),
        errors.NoCardError("none"),
        errors.ServiceStoppedError("off"),
        errors.CardRemovedError("gone"),
    ],
)
def test_without_a_card_the_topics_are_listed(
    run_cli: RunCli,
    reader_that: Callable[[BaseException], None],
    validate: Callable[[dict[str, Any]], None],
    error: errors.JpkiError,
) -> None:
    """No reader, no card, no service: still exit 0, with the reason on stderr or in JSON."""
    reader_that(error)
    text, value = run_cli("guide"), run_cli("guide", "--json")

    assert (text.code, value.code) == (0, 0)
    assert text.stdout.startswith("Topics")
    assert text.stderr.startswith("No card was read: ")
    validate(value.json)
    assert value.json["topic"] is None
    assert value.json["not_read"]["code"]


def test_a_card_that_does_not_answer_leads_to_the_reader(
    run_cli: RunCli, reader_that: Callable[[BaseException], None]
) -> None:
    """The lines on the reader end with the new card that a broken chip needs."""
    reader_that(errors.CardMuteError("mute"))
    result = run_cli("guide")
    assert result.code == 0
    assert "jpki guide reissue" in " ".join(result.stdout.split())


def test_a_choice_between_cards_stays_a_usage_error(
    run_cli: RunCli, reader_that: Callable[[BaseException], None]
) -> None:
    """Which card is meant is for the user to say."""
    reader_that(errors.SeveralCardsError("two", readers=("A", "B")))
    assert run_cli("guide").code == 2


def test_an_unknown_simulated_card_stays_a_usage_error(run_cli: RunCli) -> None:
    """A wrong name is told, not taken for a missing card."""
    assert run_cli("--sim", "nobody", "guide").code == 2


def test_an_interruption_is_an_object_of_the_guide(
    run_cli: RunCli, reader_that: Callable[[BaseException], None], validate: Callable[[dict[str, Any]], None]
) -> None:
    """Ctrl-C while a card is waited for is printed in the command's own object, with its exit code."""
    reader_that(KeyboardInterrupt())
    result = run_cli("guide", "--json")

    assert result.code == 130
    validate(result.json)
    assert (result.json["schema"], result.json["code"]) == ("jpki.guide/1", "interrupted")
