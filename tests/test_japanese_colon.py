"""The colon of Japanese sentences: full width after Japanese words, half width after ASCII words and inside code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "jpki/words/locale/ja/LC_MESSAGES/jpki.po"
#: Kana, kanji, full-width forms, and the brackets and dots of Japanese, the full-width colon among them.
JAPANESE = r"[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60]"
#: What a program writes there is ASCII: the number of a reader, the name of an option.
ASCII_VALUES = "index|name"
HALF_WIDTH = re.compile(rf"{JAPANESE}: ?|\d: (?={JAPANESE})|\{{(?!(?:{ASCII_VALUES})\}})\w+\}}:(?!\d)")
BLANKS = re.compile(r" ：|： ")


def _wrong(text: str) -> list[str]:
    return [text[max(0, found.start() - 12) : found.end() + 12] for found in _found(text)]


def _found(text: str) -> Iterator[re.Match[str]]:
    for pattern in (HALF_WIDTH, BLANKS):
        yield from pattern.finditer(text)


@pytest.mark.parametrize(
    "text", ["確認: jpki", "暗証番号（数字）:", "1回目: 本人", "06-1234: 無料", "{pin}: ", "確認： jpki", "確認 ：はい"]
)
def test_what_the_rule_refuses(text: str) -> None:
    """A half-width colon after Japanese, or before it after a number, and a blank beside a full-width one."""
    assert _wrong(text)


@pytest.mark.parametrize(
    "text",
    ["確認：jpki", "Linux: sudo", "Windows: リーダー", "{index}: {reader}", "8:30～17:00", "remove-after:5", "Enter: "],
)
def test_what_the_rule_allows(text: str) -> None:
    """Half width after ASCII words, in times and in code; full width without blanks."""
    assert not _wrong(text)


def test_the_catalogue_keeps_the_rule() -> None:
    """Every Japanese sentence of the program."""
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="ja") if message.id]
    texts = [text for m in messages for text in ([m.string] if isinstance(m.string, str) else m.string or ())]

    assert len([text for text in texts if "：" in text]) > 100
    assert [found for text in texts for found in _wrong(text)] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs/ja").glob("*.md")), ids=lambda page: page.name)
def test_the_pages_keep_the_rule(page: Path) -> None:
    """The Japanese pages, with the screens that they show."""
    assert [found for line in page.read_text(encoding="utf-8").splitlines() for found in _wrong(line)] == []
