"""The result of a survey: what may be in it, how it is compared, and how several are merged."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from surveying import make_card, survey_of

from jpki.errors import DataError
from jpki.survey import SCHEMA, Agreement, SurveyResult, compare, parse_result
from jpki.survey.answers import describe_atr, interface_of, size_class, tags_text
from jpki.survey.facts import FACTS
from jpki.survey.merge import count, fill_in, seen, table
from jpki.survey.token import differing_fields

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def result() -> SurveyResult:
    """What the ordinary card answers without a PIN."""
    return survey_of(make_card(), pins=())


def _json(result: SurveyResult) -> dict[str, Any]:
    value = json.loads(json.dumps({"schema": SCHEMA, **result.facts()}))
    assert isinstance(value, dict)
    return value


def test_a_result_is_read_as_it_was_written(result: SurveyResult) -> None:
    """JSON and back is the same."""
    assert parse_result(_json(result)) == result


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "jpki.survey/2"},
        {"interface": "wireless"},
        {"pins": ["juki"]},
        {"pins": ["auth", "auth"]},
        {"pins": 3},
        {"was_restarted": 1},
        {"program": "テスト"},
        {"program": ""},
        {"answers": {"name": "x"}},
        {"answers": {"atr": "テスト　太郎"}},
        {"answers": {"atr": "x" * 81}},
        {"answers": {"atr": 3}},
        {"answers": {"atr": ""}},
        {"answers": []},
        {"timings": {"select": {"count": 1, "median_ms": 1.5, "slowest_ms": 2}}},
        {"timings": {"select": {"count": 1, "median_ms": True, "slowest_ms": 2}}},
        {"timings": {"select": {"count": -1, "median_ms": 1, "slowest_ms": 2}}},
        {"timings": {"select": {"count": 1, "median_ms": 1, "slowest_ms": 2, "at": 3}}},
        {"timings": {"other": {"count": 1, "median_ms": 1, "slowest_ms": 2}}},
        {"timings": {"select": 3}},
        {"reader": "Reader 0001"},
    ],
)
def test_a_file_that_holds_something_else_is_refused(result: SurveyResult, change: dict[str, Any]) -> None:
    """Whatever somebody sends: what no result holds is in no table."""
    with pytest.raises(DataError):
        parse_result({**_json(result), **change})


@pytest.mark.parametrize("value", [None, [], 3, "x", {}, {"schema": SCHEMA}])
def test_what_is_no_result_is_refused(value: object) -> None:
    """Other JSON is no result."""
    with pytest.raises(DataError):
        parse_result(value)


def test_an_answer_that_fits_is_confirmed_and_another_contradicted() -> None:
    """What was not asked, and what the document does not state, stays open."""
    found = {item.fact.key: item for item in compare({"locked.status": "6983", "verified.status": "63Cx"})}

    assert found["verified.status"].verdict is Agreement.CONFIRMED
    assert found["locked.status"].verdict is Agreement.CONTRADICTED
    assert found["locked.status"].is_handled
    assert found["atr"].verdict is Agreement.OPEN
    assert not {i.fact.key: i for i in compare({"auth.power_cut": "open"})}["auth.power_cut"].is_handled
    assert len(found) == len(FACTS)


def test_counts_of_several_cards() -> None:
    """Each answer with the number of cards that gave it."""
    results = [
        SurveyResult("0.1.0", "contact", (), was_restarted=False, answers={"locked.status": answer})
        for answer in ("63C0", "63C0", "6983")
    ]
    counts = count(results)

    assert seen(counts, "locked.status") == "3 cards: 63C0 2; 6983 1"
    assert seen(counts, "atr") == "0 cards"
    assert "| `locked.status` | 3 cards: 63C0 2; 6983 1 |" in table(counts)


def test_the_column_of_the_document_is_filled_and_nothing_else() -> None:
    """Only cells of "seen on" change; without results they say what stands there today: 0 cards."""
    document = (ROOT / "docs" / "card.md").read_text(encoding="utf-8")
    results = [SurveyResult("0.1.0", "contact", (), was_restarted=False, answers={"locked.status": "6983"})]
    filled = fill_in(document, count(results))

    assert fill_in(document, {}) == document
    changed = [(a, b) for a, b in zip(document.splitlines(), filled.splitlines(), strict=True) if a != b]
    assert [(a.replace(" 0 cards ", " ? "), b.replace(" 1 card: 6983 1 ", " ? ")) for a, b in changed] == [
        (changed[0][0].replace(" 0 cards ", " ? "),) * 2
    ]
    assert fill_in(filled, {}) == document


def test_the_script_merges_files(result: SurveyResult, tmp_path: Path) -> None:
    """Two files give a table; a file that is no result ends it."""
    names = []
    for number in range(2):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(_json(result)), encoding="utf-8")
        names.append(str(path))
    script = str(ROOT / "scripts" / "merge-surveys")
    merged = subprocess.run([sys.executable, script, *names], capture_output=True, text=True, check=True).stdout
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    refused = subprocess.run(
        [sys.executable, script, names[0], str(tmp_path / "bad.json")], capture_output=True, text=True, check=False
    )

    assert "| `locked.status` | 2 cards: 63C0 2 |" in merged
    assert refused.returncode == 1
    assert "bad.json" in refused.stderr
    assert refused.stdout == ""


def test_lengths_are_told_by_their_class() -> None:
    """256 bytes a class; beyond what a file can have nothing is told."""
    assert [size_class(n) for n in (0, 1, 256, 257, 1573)] == [
        *("0 bytes", "1 to 256 bytes", "1 to 256 bytes", "257 to 512 bytes", "1537 to 1792 bytes")
    ]
    assert size_class(10**9) == "longer than any file"


def test_an_unknown_answer_to_reset_is_not_told() -> None:
    """Its historical bytes could tell one card from all others; the form tells the interface."""
    known = bytes.fromhex("3B888001000005E0B381A1007F")
    unknown = bytes.fromhex("3B8880010011223344556677AA")

    assert describe_atr(known) == known.hex().upper()
    assert describe_atr(unknown) == "not in the list, 13 bytes"
    assert (interface_of(unknown), interface_of(bytes.fromhex("3BE000FF8131FE4514"))) == ("contactless", "contact")


def test_an_unknown_tag_is_not_told() -> None:
    """A tag could be made of anything."""
    assert tags_text(bytes.fromhex("6F058401AA5000")) == "6F 84 other"
    assert tags_text(bytes.fromhex("DF7700")) == "other"
    assert tags_text(b"") == tags_text(bytes.fromhex("6F0384")) == "no data object"


def test_token_fields_that_differ_are_named_and_not_shown() -> None:
    """Of EF 0006 nothing but names of fields comes out."""
    text = differing_fields(b"x" * 160)

    assert re.fullmatch(r"[a-z_ ]+", text)
    assert set(text.split()) >= {"label", "flags", "time"}


def test_how_many_tries_were_used_is_not_told() -> None:
    """A counter that is not full is only that: two holders who mistyped once and twice give the same answers."""
    answers = [
        survey_of(make_card(pins__auth__retries_remaining=left, pins__sign__retries_remaining=left), pins=()).answers
        for left in (1, 2)
    ]

    assert answers[0] == answers[1]
    assert answers[0]["counter.jpki.0018"] == answers[0]["counter.jpki.001B"] == "63Cx"
