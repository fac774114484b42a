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
    "ほかのプログラム|別のソフト": "ほかのソフト",
    "このパソコン": "このコンピューター",
    "〜": "～",
    "引越し|転居": "引っ越し",
    "コンビニ(?!エンスストア)": "コンビニエンスストア",
    r"暗証番号(?:を|の)リセット": "初期化（再設定）",
    r"初期化(?!（再設定）|（工場出荷状態)": "初期化（再設定）",
    "署名用電子証明書のパスワード": "署名用の暗証番号（署名用パスワード）",
    "今の暗証番号|いまの暗証番号": "現在の暗証番号",
    "残りの回数": "残り回数",
    "まちがえ": "間違え",
    "認証局の証明書": "認証局証明書",
    "(?<!一時)利用停止|一時停止": "一時利用停止",
    "届出": "届け出",
    "いっしょに": "一緒に",
    "マイナポータルのアプリ": "マイナポータルアプリ",
    r"[ぁ-ん一-龠ァ-ヶ]--[a-z]|--[a-z-]+[a-z][ぁ-ん一-龠ァ-ヶ]": "a blank beside an option",
}
#: The same in English; each stands at the beginning of a word.
ENGLISH = {
    r"\bnobody knows\b": "it is not certain",
    r"\bfor want of\b": "because there is no",
    r"\bdata that make no sense\b": "a reply that could not be understood",
    r"\btakes it all the same\b|\ball the same\b": "anyway",
    r"\bdo not go together\b": "cannot be used with",
    r"\bright entry\b": "correct entry",
    r"\bcounter is full\b": "all tries are available again",
    r"\bdoes not tell\b": "does not show",
    r"\bended on(?! 1 December 2025)\b|\bends on\b|\bends (?:today|tomorrow)\b": "expires",
    r"\bcontradicts itself\b": "conflicting information",
    r"(?<!there )\b(?:is|are) no (?!longer|more)[a-z]": "is not a",
    r"\bit stays so\b": "if nothing changes",
    r"\blies? on (?:the|several|it)\b": "is on",
    r"\bstill holds\b": "is still in use",
    r"\bone a line\b": "one per line",
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


def forbidden_by_the_table() -> list[str]:
    """What stands in the column of what is not said, in docs/contributing.md."""
    page = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    table = page.partition("| thing | English | Japanese | not |")[2].partition("\n\n")[0]
    cells = [line.split("|")[4] for line in table.splitlines() if line.startswith("|") and "---" not in line]
    return [word.strip() for cell in cells for word in cell.split(",") if word.strip()]


def test_the_list_is_that_of_the_contributors() -> None:
    """Each wrong word of Japanese stands in docs/contributing.md, in the column of what is not said."""
    words = [word for wrong in JAPANESE for word in wrong.split("|") if re.fullmatch(r"[ぁ-んァ-ヶ一-龠〜]+", word)]
    assert len(words) > 12
    assert [word for word in words if word not in forbidden_by_the_table()] == []


def test_what_the_contributors_list_is_held() -> None:
    """And nothing stands there that no check looks for; of リセット only what is done to a PIN."""
    patterns = [*JAPANESE, *ENGLISH]
    words = [word if word != "リセット" else "暗証番号のリセット" for word in forbidden_by_the_table()]
    assert len(words) > 25
    assert [word for word in words if not any(re.search(wrong, word, re.IGNORECASE) for wrong in patterns)] == []
