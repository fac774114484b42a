"""One word for one thing: the list in docs/contributing.md, held in the catalogue in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "jpki/words/locale/ja/LC_MESSAGES/jpki.po"
#: Words that are not said in Japanese, and what is said instead.
JAPANESE = {
    "カード自体|カード自身|カードそのもの": "カード本体",
    "このプログラム": "このソフト",
    "〜": "～",
    "引越し|転居": "引っ越し",
    "コンビニ(?!エンスストア)": "コンビニエンスストア",
    r"暗証番号(?:を|の)リセット": "初期化（再設定）",
}
#: The same in English; each stands at the beginning of a word.
ENGLISH = {
    r"\bnobody knows\b": "it is not certain",
    r"\bfor want of\b": "because there is no",
    r"\bdata that make no sense\b": "a reply that could not be understood",
    r"\btakes it all the same\b": "anyway",
    r"\bdo not go together\b": "cannot be used with",
}


def sentences() -> list[tuple[str, str]]:
    """Each English sentence with its Japanese; of plurals the first form."""
    with CATALOGUE.open("rb") as file:
        found = [message for message in read_po(file, locale="ja") if message.id]
    return [(_first(message.id), _first(message.string)) for message in found]


def _first(text: object) -> str:
    return str(text[0]) if isinstance(text, (tuple, list)) else str(text)


@pytest.mark.parametrize("wrong", JAPANESE)
def test_japanese_has_one_word_for_one_thing(wrong: str) -> None:
    """Names of things outside, as of an app, are in the catalogue's English too and are left as they are."""
    assert [ja for en, ja in sentences() if re.search(wrong, ja) and not re.search(wrong, en)] == []


@pytest.mark.parametrize("wrong", ENGLISH)
def test_english_is_said_as_the_table_says(wrong: str) -> None:
    """What was found to be badly said does not come back."""
    assert [en for en, _ in sentences() if re.search(wrong, en, re.IGNORECASE)] == []


def test_the_list_is_that_of_the_contributors() -> None:
    """Each wrong word of Japanese stands in docs/contributing.md, in the column of what is not said."""
    page = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    words = [word for wrong in JAPANESE for word in wrong.split("|") if re.fullmatch(r"[ぁ-んァ-ヶ一-龠〜]+", word)]
    assert words
    assert [word for word in words if word not in page] == []
