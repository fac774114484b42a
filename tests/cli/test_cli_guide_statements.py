"""What the official texts of docs/certificates.md, section 0, tell holders: each statement is said in some topic.

guide_statements.json lists the statements, in own words, with the topic and the rule that says each, and the words that
the sentence must have in both languages. Where a text is outdated, the rule says what holds today.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from jpki.advice import CARD_RULES, TOPICS
from jpki.advice.topics import RULES

if TYPE_CHECKING:
    from clitest import RunCli

STATEMENTS: Final[list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "guide_statements.json").read_text(encoding="utf-8")
)
#: How many statements each group has.
GROUPS: Final = {
    "P": 9, "K": 13, "L": 14, "A": 17, "C": 3, "V": 6, "E": 10, "R": 9, "M": 7, "X": 5, "N": 5, "Z": 3, "H": 2, "G": 1,
    "F": 3, "B": 2, "D": 4, "O": 14, "I": 4, "Q": 3,
}  # fmt: skip
#: Left out: they are about getting a first card, which is not what this program is for.
LEFT_OUT: Final = {
    "I02": "somebody else collects the card",
    "I04": "Braille on card and envelopes",
}
#: What the texts say, or their translation garbles, and must not be repeated: number of the correction, pattern.
FORBIDDEN: Final = {
    "adult from 20": r"\b20 years|20 or older|under 20|20歳",
    "the certificate does not expire": r"does not expire|有効期限はありません",
    "only the office unlocks": r"only (at|by) the (municipal|office)|窓口でしか",
    "change regularly": r"regularly|定期的に",
    "the vaccination certificate app": r"vaccin|ワクチン|接種証明",
    "link or address of a page": r"https?:|www\.|\.html|go\.jp",
    "alphanumeric": r"alphanumeric|英数字",
    "five languages only": r"available languages|9:30 – 20:00",
    "an insurance card as ID": r"(such as|e\.g\.) an insurance card|健康保険証など",
    "a slip for the PIN": r"knew your|Individual Number",
    "machine English": r"minor portal|refund|Green Card|re-suspension|ticket information|Water, Thursday|lock will be",
    "everybody sets PINs": r"everyone must|required to set|全員",
    "old names": r"user identification|Individual Number Card|個人番号",
    "PIN and My Number mixed up": r"personal identification number|number card PIN",
    "old systems": r"Internet Explorer|Windows 7|Android 2|10\.13",
    "notification cards": r"notification card|通知カード",
    "valid of a certificate": r"\bvalid\b|有効(?!期限|期間)",
    "an amount of money": r"\byen\b(?! when the page was read)|[0-9]円(?!）)",
}
LANGUAGES: Final = ("en", "ja")
TEXTS: Final = {rule.rule_id: rule.text for rule in RULES.values()}
ADVICE: Final = [
    message.with_values(pins="", certificate="", day="")
    for rule in CARD_RULES
    for message in (rule.text, *rule.special.values())
]


@cache
def sentences() -> dict[str, tuple[str, ...]]:
    """Every sentence of guidance and advice, by language."""
    messages = [*TEXTS.values(), *ADVICE]
    return {language: tuple(message.text(language) for message in messages) for language in LANGUAGES}


def test_the_list_is_whole() -> None:
    """Each statement is either in the list, once, or left out for a reason."""
    wanted = {f"{group}{number:02}" for group, count in GROUPS.items() for number in range(1, count + 1)}
    listed = [statement["id"] for statement in STATEMENTS]
    assert len(wanted) == 134
    assert sorted([*listed, *LEFT_OUT]) == sorted(wanted)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement["id"])
def test_every_statement_is_said(run_cli: RunCli, statement: dict[str, Any]) -> None:
    """The topic shows the rule, and its sentence has the words that make the statement, in both languages."""
    command = ["guide", statement["topic"], "--examples", "--json", "--applicant", statement.get("applicant", "self")]
    lines = {line["rule"]: line["text"] for line in run_cli(*command).json["lines"]}

    assert statement["rule"] in lines
    for language in LANGUAGES:
        assert statement[language] in lines[statement["rule"]][language]


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_or_outdated_is_not_repeated(language: str, what: str) -> None:
    """No sentence of guidance or advice has the words of a correction's wrong side."""
    assert [text for text in sentences()[language] if re.search(FORBIDDEN[what], text, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("rule", "english", "japanese"),
    [
        ("renew.card-end", "18 or older", "18歳以上"),
        ("reset.store-too", "a convenience store may reset the other", "もう一方はコンビニエンスストアで"),
        ("store.which", "also resets the user certificate PIN", "利用者証明用の暗証番号も初期化（再設定）"),
        ("safety.change-on-suspicion", "nothing happens if you do not", "変更しなくても使えなくなることはありません"),
        ("reader.old-card", "28 December 2025", "2025年12月28日"),
        ("pins.chip-asks", "can be read without a PIN", "暗証番号なしで読み取れます"),
        ("renew.certificate-end", "to the 6th if it was renewed", "6回目の誕生日"),
        ("renew.certificate-from", "start a day later", "その翌日から"),
        ("found.signature", "the suspension revokes", "一時利用停止で失効"),
        ("hot.foreign-cards", "Vietnamese, Thai, Indonesian, Tagalog, Nepali", "タガログ語・ネパール語"),
        ("id.outdated", "ended on 1 December 2025", "2025年12月1日"),
        ("pins.pinless", "without PINs to set", "暗証番号を設定しない"),
        ("reissue.fee", "which the municipality sets: ask", "額は市区町村に確かめて"),
        ("hot.navi-ja", "try 0120-95-0178 first", "まず 0120-95-0178 へ"),
    ],
)  # fmt: skip
def test_what_holds_today_is_said_instead(rule: str, english: str, japanese: str) -> None:
    """The corrections are in the sentences."""
    assert english in TEXTS[rule].text("en")
    assert japanese in TEXTS[rule].text("ja")


#: The corrections by their numbers, and what holds each: words that are not to be said, or a rule that says it right.
CORRECTIONS: Final = {
    "W01": ("adult from 20", "renew.card-end"),
    "W02": ("the certificate does not expire", "renew.certificate-end"),
    "W03": ("only the office unlocks", "reset.store-too"),
    "W04": ("only the office unlocks", "store.which"),
    "W05": ("only the office unlocks", "reset.store-too"),
    "W06": ("change regularly", "safety.change-on-suspicion"),
    "W07": ("the vaccination certificate app", "reset.reasons"),
    "W08": (None, "reader.old-card"),
    "W09": (None, "pins.chip-asks"),
    "W10": ("link or address of a page", "hot.read-on"),
    "W11": ("alphanumeric", "pins.signature-form"),
    "W12": (None, "renew.certificate-end"),
    "W13": (None, "renew.certificate-from"),
    "W14": (None, "found.signature"),
    "W15": ("five languages only", "hot.foreign-cards"),
    "W16": ("an insurance card as ID", "id.outdated"),
    "W17": ("a slip for the PIN", "safety.useless-without-card"),
    "W18": ("machine English", "abroad.others"),
    "W19": ("an amount of money", "reset.charge"),
    "W20": ("everybody sets PINs", "pins.pinless"),
    "W21": ("machine English", "pins.four"),
    "W22": ("old names", "pins.four"),
    "W23": ("PIN and My Number mixed up", "pins.four"),
    "W24": ("old systems", None),
    "W25": ("notification cards", None),
    "W26": (None, "reset.other-offices"),
    "W27": (None, "lost.call"),
    "W28": ("an amount of money", "reissue.fee"),
}


def test_every_correction_is_held() -> None:
    """All 28; what each names exists."""
    forbidden = {words for words, _ in CORRECTIONS.values() if words is not None}
    rules = {rule for _, rule in CORRECTIONS.values() if rule is not None}

    assert list(CORRECTIONS) == [f"W{number:02}" for number in range(1, 29)]
    assert forbidden == set(FORBIDDEN) - {"valid of a certificate"}
    assert rules - set(TEXTS) == set()


def test_towns_are_named_in_examples_alone() -> None:
    """Offices that exist in one city only, and its hours, are no part of what holds everywhere."""
    local = re.compile(r"Special Center|特設センター|branch cent|市民センター|区民センター|Kawasaki|Yokohama|川崎|横浜")
    general = [text for rule_id, text in TEXTS.items() if not rule_id.startswith("examples.")]
    assert [str(text) for text in general if any(local.search(text.text(language)) for language in LANGUAGES)] == []


def test_pin_and_my_number_are_never_one_word() -> None:
    """In Japanese the PIN is 暗証番号 and the My Number is マイナンバー; neither is just called a number."""
    assert [
        text
        for text in sentences()["ja"]
        if re.search(r"(?<!暗証)(?<!電話)(?<!受理)(?<!郵便)(?<!この)番号(?!だけ|に|を控え)", text)
    ] == []


def test_the_terms_are_those_of_the_authorities() -> None:
    """The four PINs and both certificates have their official names."""
    four = TEXTS["pins.four"].text("ja")
    names = ("利用者証明用電子証明書", "署名用電子証明書", "券面事項入力補助用", "住民基本台帳用")
    assert [name for name in names if name not in four] == []


def test_sentences_are_short_enough_for_a_frightened_reader() -> None:
    """No sentence of a default text is longer than 40 words; the examples of towns list documents."""
    long = [
        part
        for rule_id, text in TEXTS.items()
        if not rule_id.startswith("examples.")
        for part in re.split(r"(?<=[.!?])\s", text.text("en"))
        if len(part.split()) > 40
    ]
    assert long == []


def test_topics_are_reached_from_the_list(run_cli: RunCli) -> None:
    """Help names every topic."""
    text = run_cli("guide", "--help").stdout
    assert [topic for topic in TOPICS if topic not in text] == []
