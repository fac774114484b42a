"""Schemas from types: what a type of a result says is what its schema takes (scripts/json_schemas.py)."""

import enum
from typing import Annotated, Any, Literal, NotRequired, Required, TypedDict

import pytest
from jsonschema import Draft202012Validator

from jpki.json_types import Keywords, OnlyWhere, Text, words
from json_schemas import command_schema


class Colour(enum.Enum):
    """Words of an enumeration."""

    RED = "red"
    BLUE = "blue"


class SampleFacts(TypedDict):
    """A part."""

    size: Annotated[int, Keywords(minimum=0)]
    colour: NotRequired[Annotated[str, words(Colour, ("grey",))] | None]


class SampleResult(TypedDict, total=False):
    """What a command prints."""

    schema: Required[Literal["jpki.sample/1"]]
    topic: Annotated[str | None, "What it is about."]
    lines: Annotated[list[str], OnlyWhere("topic", is_null=False)]
    topics: Annotated[dict[str, SampleFacts], OnlyWhere("topic", is_null=True)]
    part: NotRequired[SampleFacts | None]
    code: NotRequired[str]
    exit_code: NotRequired[int]
    message: NotRequired[Text]


SCHEMA: dict[str, Any] = command_schema(SampleResult)
WHOLE: dict[str, Any] = {"schema": "jpki.sample/1", "topic": "a", "lines": ["b"]}
WITHOUT: dict[str, Any] = {"schema": "jpki.sample/1", "topic": None, "topics": {"a": {"size": 1}}}
FAILURE: dict[str, Any] = {"code": "x", "exit_code": 3, "message": {"ja": "あ", "en": "a"}}


@pytest.mark.parametrize(
    "value",
    [
        WHOLE,
        WITHOUT,
        WHOLE | {"part": None},
        WHOLE | {"part": {"size": 0, "colour": None}},
        WHOLE | {"part": {"size": 0, "colour": "grey"}},
        {"schema": "jpki.sample/1"} | FAILURE,
        WHOLE | FAILURE,
    ],
)
def test_what_a_type_allows_is_taken(value: dict[str, Any]) -> None:
    """A whole result, one of the two that exclude each other, and a failure with all or nothing that was found."""
    Draft202012Validator(SCHEMA).validate(value)


@pytest.mark.parametrize(
    "value",
    [
        {"schema": "jpki.sample/1"},
        {"schema": "jpki.sample/1", "topic": "a"},
        WHOLE | {"schema": "jpki.sample/2"},
        {"topic": "a", "lines": []},
        WHOLE | {"surplus": 1},
        WHOLE | {"lines": [1]},
        WHOLE | {"topics": {}},
        WITHOUT | {"lines": []},
        WITHOUT | {"topics": {"a": {}}},
        WHOLE | {"part": {"size": -1}},
        WHOLE | {"part": {"size": 0, "colour": "green"}},
        WHOLE | {"part": {"size": 0, "surplus": 1}},
        WHOLE | {"exit_code": 3},
        WHOLE | {"code": "x", "exit_code": 3},
    ],
)
def test_what_a_type_does_not_allow_is_refused(value: dict[str, Any]) -> None:
    """A key that is missing, surplus or of another kind, a word that is none, and half a failure."""
    assert not Draft202012Validator(SCHEMA).is_valid(value)


def test_a_schema_says_what_it_describes() -> None:
    """Its name and address are those of the type, and its sentences the docstring's and those beside the values."""
    assert (SCHEMA["title"], SCHEMA["$id"]) == ("jpki.sample/1", "urn:jpki:schema:sample:1")
    assert SCHEMA["description"] == "What a command prints."
    assert SCHEMA["properties"]["topic"]["description"] == "What it is about."
    assert SCHEMA["$defs"]["sample"]["description"] == "A part."
