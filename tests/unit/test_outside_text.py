"""The visible form of text from outside."""

from __future__ import annotations

import copy
import json
import pickle
import sys
import unicodedata

import pytest

from jpki.outside_text import OutsideText, as_it_came, quoted, visible, visible_facts

ACTING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_no_character_that_acts_is_left() -> None:
    """Each of Unicode's controls, format characters, surrogates, private ones and separators is written as a number."""
    acting = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ACTING]
    shown = visible("".join(acting))
    assert shown.isascii()
    assert shown.isprintable()
    assert len(acting) > 65 + 2048
    assert shown.count("\\") == len(acting)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b2J", "\\x9b2J"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb", "a\\u200bb"),
        ("a\u2028b\nc", "a\\u2028b\\x0ac"),
        ("a\udcffb", "a\\udcffb"),
        ("\U000e0041", "\\U000e0041"),
        ("a\u3164b", "a\\u3164b"),
        ("テスト\u3000花子 C:\\Users", "テスト\u3000花子 C:\\Users"),
        ("葛\U000e0100", "葛\U000e0100"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    """Numbers as in Python and JSON; Japanese, its blanks and variants of its characters stay."""
    assert visible(text) == shown
    assert visible(shown) == shown


def test_facts_of_a_json_object() -> None:
    """Names and values at any depth; lines of PEM stay lines, other values stay what they are."""
    facts = {"a\x1b": ["b\u202e", ("c\u200b", None, 1, True)], "pem": "x\ny\n", "reader": "x\ny"}
    shown = {"a\\x1b": ["b\\u202e", ["c\\u200b", None, 1, True]], "pem": "x\ny\n", "reader": "x\\x0ay"}
    assert visible_facts(facts) == shown


RAW, SHOWN = "a\x1b[2J\u202eb", "a\\x1b[2J\\u202eb"


def test_whatever_is_done_with_it_gives_the_visible_form(capsys: pytest.CaptureFixture[str]) -> None:
    """Written, formatted, joined, sliced, escaped, written in JSON or to a file."""
    text = OutsideText(RAW)
    sys.stdout.write(text)
    made = [
        str(text),
        f"{text}",
        text + "",
        "" + text,
        text[:],
        text.encode().decode(),
    ]
    made += ["".join(part) for part in ((text, ""), ("", text))]
    made += [json.loads(json.dumps(text)), json.loads(json.dumps({"a": text}, ensure_ascii=False))["a"]]
    made += [f"{text:s}", text.ljust(1), text.replace("z", "y"), visible(text), visible_facts({"a": text})["a"]]
    assert [str(one) for one in made] == [SHOWN] * len(made)
    assert capsys.readouterr().out == SHOWN


def test_it_is_compared_as_it_came() -> None:
    """What is only shown alike is not the same, in dictionaries and sets neither."""
    text = OutsideText(RAW)
    assert text == RAW
    assert text == OutsideText(RAW)
    assert text != SHOWN
    assert text != OutsideText(SHOWN)
    assert text != 1
    assert {RAW: 1}[text] == 1
    assert len({text, RAW, OutsideText(RAW), OutsideText(SHOWN), SHOWN}) == 2
    assert OutsideText("plain") == "plain"


def test_it_can_be_given_back() -> None:
    """As it came, through copies of it too; twice made is once made."""
    text = OutsideText(RAW)
    for same in (text, OutsideText(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301 - our own
        assert as_it_came(same) == RAW
        assert str(same) == SHOWN
    assert as_it_came("a\x1b") == "a\x1b"
    assert type(visible(text)) is str


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("テスト\u3000花子", "テスト\u3000花子"),
        ('CN=O\u2019Brien, O=\\"x\\"', 'CN=O\u2019Brien, O=\\"x\\"'),
        ("a”; this is true. “b", "a\\u201d; this is true. \\u201cb"),
        ("a」の署名です。「b", "a\\u300dの署名です。\\u300cb"),
        ("a  b\u3000\u3000\u3000c", "a \\x20b\u3000\\u3000\\u3000c"),
        ("a\u2800\u2800\xa0b", "a\u2800\\u2800\\xa0b"),
        ("a\u202eb", "a\\u202eb"),
        ("山" * 200, "山" * 200),
        ("山" * 201, "山" * 200 + "…"),
    ],
)
def test_what_is_quoted_does_not_say_the_rest_of_the_sentence(text: str, shown: str) -> None:
    """No end of the quotation, no row of blanks that fills a line, no more than any name has."""
    assert (quoted(text), quoted(OutsideText(text))) == (shown, shown)
