"""JSON Schema of types of results, as `jpki_cli.results` has them, and what they are made of (`jpki/json_types.py`)."""

from __future__ import annotations

import re
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from jpki.json_types import Keywords, OnlyWhere

Schema = dict[str, Any]
_NAMES: dict[Any, str] = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}
#: What a failure adds to a result.
_OF_A_FAILURE = ("code", "exit_code", "message")


def command_schema(result: Any) -> Schema:
    """The schema of what a command prints.

    What the type requires is always there, and what it marks as not required may be missing; the other keys are there
    when the command succeeds, and a failure has those of them that were found before it.
    """
    shapes: dict[str, Schema] = {}
    hints = get_type_hints(result, include_extras=True)
    name = get_args(_unqualified(hints["schema"]))[0]
    keys = sorted(hints, key=lambda key: (key != "schema", key in _OF_A_FAILURE))
    schema = named(name) | _object(result, {key: hints[key] for key in keys}, shapes)
    if "code" in result.__optional_keys__:
        found = [key for key in keys if get_origin(hints[key]) not in (Required, NotRequired)]
        schema |= _on_failure({key: hints[key] for key in found if key in result.__optional_keys__})
    return schema | ({"$defs": dict(sorted(shapes.items()))} if shapes else {})


def named(name: str) -> Schema:
    """How a schema with this name begins."""
    address = "urn:" + name.replace(".", ":schema:", 1).replace("/", ":")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, "title": name}


def _on_failure(found: dict[str, Any]) -> Schema:
    """A failure has its three keys; without one there are those that are found, and none of the three."""
    first, *others = _OF_A_FAILURE
    choices = {key: said for key, hint in found.items() for said in _said(hint) if isinstance(said, OnlyWhere)}
    required = [key for key in found if key not in choices]
    success: Schema = {"required": required} if required else {}
    success |= {"properties": dict.fromkeys(others, False)}
    return {"if": {"required": [first]}, "then": {"required": others}, "else": success | _choice(choices)}


def _choice(choices: dict[str, OnlyWhere]) -> Schema:
    """Which keys there are where another one is null, and which where it is not."""
    if not choices:
        return {}
    (other,) = {said.other for said in choices.values()}
    sides = [[key for key, said in choices.items() if said.is_null is is_null] for is_null in (True, False)]
    null, filled = (
        {"required": mine, "properties": dict.fromkeys(not_mine, False)} for mine, not_mine in (sides, sides[::-1])
    )
    return {"if": {"properties": {other: {"type": "null"}}}, "then": null, "else": filled}


def _said(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _unqualified(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) in (Required, NotRequired) else hint


def sentences(result: Any) -> str:
    """What the docstring of a type says."""
    return " ".join((result.__doc__ or "").split())


def _value(hint: Any, shapes: dict[str, Schema]) -> Schema:
    """The schema of a value; each shape of an object is described once, below ``$defs``."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(_value(parts[0], shapes), parts[1:])
    if origin in (Union, UnionType):
        return one_of([_value(part, shapes) for part in parts])
    if origin is Literal:
        return {"const": parts[0]} if len(parts) == 1 else {"enum": list(parts)}
    if origin in (list, dict):
        return _several(*(_value(part, shapes) for part in parts))
    if is_typeddict(hint):
        return _shape(hint, shapes)
    return {} if hint is object else {"type": _NAMES[hint]}


def _annotated(schema: Schema, annotations: tuple[Any, ...]) -> Schema:
    for said in annotations:
        if isinstance(said, str | Keywords):
            schema = schema | ({"description": said} if isinstance(said, str) else said.keywords)
    return {key: value for key, value in schema.items() if key != "type" or "enum" not in schema}


def one_of(schemas: list[Schema]) -> Schema:
    """One of several, or null, which most forms of a schema can say by themselves."""
    null = {"type": "null"}
    others = [schema for schema in schemas if schema != null]
    if len(others) == len(schemas) or len(others) > 1:
        return {"anyOf": schemas}
    (schema,) = others
    if "enum" in schema:
        return schema | {"enum": [*schema["enum"], None]}
    return schema | {"type": [schema["type"], "null"]} if "type" in schema else {"anyOf": schemas}


def _several(first: Schema, values: Schema | None = None) -> Schema:
    """An array of values, or an object with any keys or those that are listed."""
    if values is None:
        return {"type": "array", "items": first}
    names = {"propertyNames": first} if first != {"type": "string"} else {}
    return {"type": "object"} | names | ({"additionalProperties": values} if values else {})


def shape_name(shape: Any) -> str:
    """What an object is called below ``$defs``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", shape.__name__.removesuffix("Facts")).lower()


def _shape(shape: Any, shapes: dict[str, Schema]) -> Schema:
    name = shape_name(shape)
    if name not in shapes:
        shapes[name] = _object(shape, get_type_hints(shape, include_extras=True), shapes)
    return {"$ref": f"#/$defs/{name}"}


def _object(shape: Any, hints: dict[str, Any], shapes: dict[str, Schema]) -> Schema:
    if any(get_origin(hint) is Required and key not in shape.__required_keys__ for key, hint in hints.items()):
        raise TypeError(
            f"{shape.__module__} has annotations as strings: without the __future__ they say what is required"
        )
    return {
        "description": sentences(shape),
        "type": "object",
        "required": [key for key in hints if key in shape.__required_keys__],
        "properties": {key: _value(_unqualified(hint), shapes) for key, hint in hints.items()},
        "additionalProperties": False,
    }
