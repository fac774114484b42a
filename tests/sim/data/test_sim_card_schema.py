"""The published schema of card files takes what the program takes, and refuses what it refuses."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from jsonschema import Draft202012Validator

from jpki_sim.card import Settings
from jpki_sim.contents import PIN_RULES
from jpki_sim.errors import CardFileError
from jpki_sim.model import CardFile, as_model, write_object
from jpki_sim.model.fields import Choice, ListOf, Mapping, Nested, Nullable, rules_of
from jpki_sim.personas import find_persona, new_card, personas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jpki_sim.model.fields import Rule

SCHEMAS = Path(__file__).parents[3] / "docs" / "schema"
CARD_SCHEMA: dict[str, Any] = json.loads((SCHEMAS / "card.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(CARD_SCHEMA)
AVAILABLE = [persona for persona in personas() if not persona.unavailable]


def document_of(name: str, today: date) -> dict[str, Any]:
    """JSON of a persona's card file."""
    card = new_card(find_persona(name), today=today, generate_keys=False)
    return {"schema": "jpki.card/1", **write_object(card)}


@pytest.mark.parametrize("persona", AVAILABLE, ids=lambda persona: persona.name)
def test_the_schema_takes_every_persona(persona: Any, today: date) -> None:
    """The card file of each persona is valid."""
    VALIDATOR.validate(document_of(persona.name, today))


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value but the whole and the name of the schema."""
    if path and path != ("schema",):
        yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from places(part, (*path, name))


VALUES: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-2, 20)
    | st.floats(0.1, 0.9)
    | st.sampled_from(["", "auto", "today", "today+3d", "2026-01-02", "2026-01-02T03:04:05Z", "6983", "63C0", "1.2.3"])
    | st.sampled_from(["card", "long", "absent", "sign-2019", "bad-signature", "008F00", "TWF", "TWFu", "test:auth-1"])
    | st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20)
    | st.lists(st.none(), max_size=1)
    | st.just({})
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_schema_and_program_agree(data: st.DataObject, today: date) -> None:
    """A card file with one value replaced, or one key removed or added, is valid exactly if the program reads it."""
    document = copy.deepcopy(document_of(data.draw(st.sampled_from(["adult", "child", "phone", "furigana"])), today))
    *path, last = data.draw(st.sampled_from(list(places(document))))
    parent: Any = document
    for name in path:
        parent = parent[name]
    changes = ["replace", "remove"] if isinstance(parent, list) else ["replace", "remove", "add"]
    change = data.draw(st.sampled_from(changes))
    if change == "remove":
        del parent[last]
    else:
        parent[last if change == "replace" else "surplus"] = data.draw(VALUES)
    assert VALIDATOR.is_valid(document) == is_read(document)


def is_read(document: dict[str, Any]) -> bool:
    """Whether the program takes a card file."""
    try:
        as_model({name: part for name, part in document.items() if name != "schema"})
    except CardFileError:
        return False
    return True


def words_of(rules: dict[str, Rule]) -> Iterator[str]:
    """Every key and every choice of the model."""
    for name, rule in rules.items():
        yield name
        plain: Any = rule
        while isinstance(plain, Nullable | ListOf | Mapping):
            yield from plain.keys if isinstance(plain, Mapping) else ()
            plain = plain.rule
        if isinstance(plain, Nested):
            yield from words_of(rules_of(plain.model))
        elif isinstance(plain, Choice):
            yield from (value for value in plain.values if isinstance(value, str))


def test_the_document_explains_every_key_and_choice() -> None:
    """docs/card-file.md names each key of a card file and each value that a key may choose from."""
    text = (SCHEMAS.parent / "card-file.md").read_text(encoding="utf-8")
    named = {part for word in re.findall(r"`([^`\n]+)`", text) for part in re.split(r"[. ]", word)}
    assert set(words_of(rules_of(CardFile))) - named == set()


def test_the_document_tells_the_usual_settings() -> None:
    """The table of settings gives the usual value of each first."""
    text = (SCHEMAS.parent / "card-file.md").read_text(encoding="utf-8")
    usual = dict(re.findall(r"^\| `(\w+)` \| `?(\w+)`?[,; ]", text.partition("## `settings`")[2], re.MULTILINE))
    words = {True: "true", False: "false", None: "null"}
    expected = {name: words.get(value, value) for name, value in write_object(Settings()).items()}
    assert {name: usual.get(name) for name in expected} == expected


def test_the_document_tells_where_each_pin_is() -> None:
    """The table of PINs has the place and the tries of each."""
    text = (SCHEMAS.parent / "card-file.md").read_text(encoding="utf-8")
    table = text.partition("## `pins`")[2].partition("##")[0]
    for name, rule in PIN_RULES.items():
        (row,) = [line for line in table.splitlines() if f"`{name}`" in line]
        assert f"{rule.ef_id:04X}" in row
        assert re.search(rf"\| {rule.retry_limit}\b", row)
