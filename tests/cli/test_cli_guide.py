"""``jpki guide``: every topic in both languages, with a card and without, and no reader where none is needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from jpki import errors
from jpki.advice import CARD_RULES, TITLES, TOPICS, Town
from jpki.advice.sources import Source
from jpki.advice.topics import RULES
from jpki_cli.app import AppContext
from jpki_cli.terminal import width

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


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("topic", TOPICS)
def test_what_to_do_first_fits_one_screen(run_cli: RunCli, no_reader: None, topic: str, language: str) -> None:
    """Nothing more asked for: 24 lines of 80 columns, hint included, what to do before what it means."""
    result = run_cli("--lang", language, "guide", topic)
    lines = result.stdout.splitlines() + result.stderr.splitlines()
    assert len(lines) <= 24
    assert len(run_cli("guide", topic, "--all").stdout) > len(run_cli("guide", topic).stdout)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_commands_stand_on_lines_of_their_own(language: str) -> None:
    """None within a sentence, where a line could break it or a full stop be copied with it."""
    texts = [rule.text.text(language) for rule in RULES.values()]
    texts += [
        m.with_values(pins="", certificate="", day="").text(language)
        for r in CARD_RULES
        for m in (r.text, *r.special.values())
    ]
    lines = [line for text in texts for line in text.split("\n")]
    assert [line for line in lines if "jpki " in line and not re.fullmatch(r"  jpki [a-z -]+", line)] == []


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        *(("lock", "locked"), ("Locked", "locked"), ("ロック", "locked"), ("解除", "locked"), ("forget", "forgot")),
        *(("move", "moved"), ("引っ越し", "moved"), ("renewal", "renew"), ("更新", "renew"), ("紛失", "lost")),
        *(
            ("conv", "convenience-store"),
            ("コンビニ", "convenience-store"),
            ("スマホ", "phone"),
            ("name_change", "name-change"),
        ),
    ],
)
def test_a_near_miss_is_understood(run_cli: RunCli, no_reader: None, typed: str, topic: str) -> None:
    """Another form of the word, a Japanese one, or the beginning of a topic."""
    assert run_cli("guide", typed, "--json").json["topic"] == topic


@pytest.mark.parametrize(
    ("typed", "pin"), [("signature", "sign"), ("署名", "sign"), ("AUTH", "auth"), ("user", "auth"), ("住基", "juki")]
)
def test_the_name_of_a_pin_is_understood_too(run_cli: RunCli, typed: str, pin: str) -> None:
    """As services and people call it."""
    assert run_cli("--sim", "adult", "pin", "status", typed, "--json").json["pins"][0]["pin"] == pin


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
        assert line["source"] == {"id": rule.source.value, "name": rule.source.label.both()}
        assert line["text"] == rule.text.both()


def test_every_line_is_said_in_both_languages() -> None:
    """Each rule and each topic; and each source and town is that of a rule."""
    assert all(rule.text.text("en") != rule.text.text("ja") for rule in RULES.values())
    assert all(title.text("en") != title.text("ja") for title in TITLES.values())
    assert set(Source) == {rule.source for rule in RULES.values()}
    assert set(Town) == {rule.town for rule in RULES.values() if rule.town is not None}


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
        if line["rule"].startswith(("renew.", "expired.")):
            assert line["text"][language].startswith(words[line["subject"]])


def test_telephone_numbers_come_with_source_and_date(run_cli: RunCli) -> None:
    """Each number of the hotlines has its language, cost and the date of its source beside it."""
    text = " ".join(run_cli("guide", "hotlines", "--all").stdout.split())
    assert "0120-95-0178: in Japanese, free of charge. Loss or theft: day and night" in text
    assert "0570-064-738: call centre in other languages, charged." in text
    assert text.count("(English site of J-LIS, 2018 to 2019)") == 4


def test_sources_are_named_line_by_line_when_asked_for(run_cli: RunCli) -> None:
    """--verbose puts rule, source and date below each line; else the end says how new, or how old, it all is."""
    verbose = run_cli("guide", "abroad", "-v").stdout
    plain = run_cli("guide", "abroad").stdout
    assert "[abroad.others: questions and answers of the Digital Agency, 2024-08]" in verbose
    assert "[abroad" not in plain
    assert "Digital Agency" not in plain
    assert plain.splitlines()[-2].startswith("This guidance dates from 2026-") or plain.splitlines()[-1].startswith(
        "As of 2026-"
    )


def test_documents_depend_on_who_acts(run_cli: RunCli) -> None:
    """The representative of a child is asked for the family register, the proxy for a power of attorney."""
    by = {who: run_cli("guide", "forgot", "--applicant", who).stdout for who in APPLICANTS}
    assert "family register" in by["representative"]
    assert "power of attorney" in by["proxy"]
    assert "power of attorney" not in by["self"] + by["representative"]
    assert "representative" in run_cli("guide", "child", "--json").json["applicant"]


def test_an_option_without_effect_is_told(run_cli: RunCli) -> None:
    """Nobody looks for a difference that is not there."""
    assert "no examples in this topic" in run_cli("guide", "abroad", "--examples").stderr
    assert run_cli("guide", "hotlines").stderr.rstrip().endswith("--examples: two towns, as\nexamples.")
    assert "--examples adds" in run_cli("guide", "hotlines", "--all").stderr


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
    assert result.stdout.splitlines()[-1] == "  jpki guide certificates"
    assert [line for line in result.stdout.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize(
    ("persona", "shown", "hidden"),
    [
        ("card-expired", "Card: after its last day", "Certificate:"),
        ("card-ends-soon", "apply for a new one:", "Certificate:"),
        ("expired", "Certificate: ask for a new one", "Card: after"),
    ],
)
def test_what_to_do_first_is_about_what_has_ended(run_cli: RunCli, persona: str, shown: str, hidden: str) -> None:
    """A card that has ended is not told how its certificate is renewed, nor the other way round."""
    text = run_cli("--sim", persona, "guide").stdout
    assert shown in text
    assert hidden not in text


@pytest.mark.parametrize(
    ("persona", "is_named"),
    [("locked-sign", True), ("locked-juki", True), ("child-locked", False), ("pinless", False), ("all-locked", False)],
)
def test_a_store_is_not_named_below_a_card_that_no_store_can_reset(
    run_cli: RunCli, persona: str, *, is_named: bool
) -> None:
    """The topic of a card's lock says nothing that the advice about this card denies, in JSON neither."""
    assert ("convenience store may reset" in run_cli("--sim", persona, "guide").stdout) == is_named
    lines = run_cli("--sim", persona, "guide", "--json").json["lines"]
    assert ("reset.store-too" in {line["rule"] for line in lines}) == is_named


def test_a_card_that_needs_nothing_leads_to_the_list(run_cli: RunCli) -> None:
    """Nothing to do is good news, and the topics follow."""
    result = run_cli("--sim", "adult", "guide")
    assert "whether a certificate was" in result.stdout
    assert result.stdout.startswith("Nothing to do now, as far as can be seen without a PIN.")
    assert all(f"  jpki guide {topic}\n" in result.stdout for topic in ("moved", "name-change", "found"))
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
