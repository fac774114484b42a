"""JSON Schema of a card file, from the model and its rules (`jpki_sim.model`)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from jpki_sim.dates import ISO_DAY, ISO_TIME, RELATIVE_DAY
from jpki_sim.model import CardFile
from jpki_sim.model.fields import Choice, Day, Instant, Integer, ListOf, Mapping, Nested, Nullable, Text, rules_of
from jpki_sim.model.model import NEEDED_KEYS, SCHEMA
from json_schemas import Schema, named, one_of, sentences, shape_name

if TYPE_CHECKING:
    from jpki_sim.model.fields import Rule

_DAY = f"(?:{RELATIVE_DAY.pattern}|{ISO_DAY.pattern})"
#: Halves of a character beyond the first 65,536, which engines that know no others would take whole ones for.
_HALVES = r"\ud800-\udfff"


def card_schema() -> Schema:
    """The schema of a card file; what a kind of card needs is at its end."""
    shapes: dict[str, Schema] = {}
    card = _model(CardFile, shapes)
    return {
        **named(SCHEMA),
        **card,
        "description": "A simulated My Number Card (docs/card-file.md). Everything in it is made up.",
        "required": ["schema", *card["required"]],
        "properties": {"schema": {"const": SCHEMA}, **card["properties"]},
        "allOf": [_needed(keys) for keys in dict.fromkeys(NEEDED_KEYS.values())],
        "$defs": dict(sorted(shapes.items())),
    }


def _needed(keys: tuple[str, ...]) -> Schema:
    kinds = [kind for kind, needed in NEEDED_KEYS.items() if needed == keys]
    return {
        "if": {"properties": {"kind": {"enum": kinds}}},
        "then": {"properties": {"keys": {"required": list(keys)}}},
    }


def _model(model: Any, shapes: dict[str, Schema]) -> Schema:
    hints = get_type_hints(model, include_extras=True)
    properties = {}
    for name, rule in rules_of(model).items():
        properties[name] = _rule(rule, shapes)
        if described := [said for said in get_args(hints[name])[1:] if isinstance(said, str)]:
            properties[name] |= {"description": described[0]}
    missing = dataclasses.MISSING
    members = dataclasses.fields(model)
    return {
        "description": sentences(model),
        "type": "object",
        "required": [m.name for m in members if m.default is missing and m.default_factory is missing],
        "properties": properties,
        "additionalProperties": False,
    }


def _rule(rule: Rule, shapes: dict[str, Schema]) -> Schema:
    """The schema of what a rule takes."""
    match rule:
        case Nullable():
            return one_of([_rule(rule.rule, shapes), {"type": "null"}])
        case Nested():
            name = shape_name(rule.model)
            shapes[name] = _model(rule.model, shapes)
            return {"$ref": f"#/$defs/{name}"}
        case Mapping():
            values = {key: _rule(rule.rule, shapes) for key in rule.keys}
            return {"type": "object", "properties": values, "additionalProperties": False}
        case ListOf():
            return {"type": "array", "items": _rule(rule.rule, shapes)}
    return _value(rule)


def _value(rule: Rule) -> Schema:
    match rule:
        case Integer():
            return {"type": "integer", "minimum": rule.lowest, "maximum": rule.highest}
        case Choice():
            return _choice(rule.values)
        case Day():
            return _text(_DAY, "a day of the calendar, or one counted from the day of use in Japan")
        case Instant():
            return _text(f"{_DAY}(?:T{ISO_TIME.pattern})?", "the same, or an instant with its offset")
        case Text():
            pattern = f"(?:{rule.pattern})" if "|" in rule.pattern else rule.pattern
            return _text(pattern.replace(_HALVES, ""), rule.what)
    raise TypeError(f"no schema for {type(rule).__name__}")


def _text(pattern: str, what: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$", "description": what}


def _choice(values: tuple[object, ...]) -> Schema:
    if True not in values:
        return {"enum": list(values)}
    return {"type": ["boolean", "null"] if None in values else "boolean"}
