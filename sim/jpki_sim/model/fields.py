"""How a value of a card file is checked, and objects turned into JSON and back.

A model class is a dataclass whose fields carry a rule in an ``Annotated`` type, and a description where the rule does
not say enough; ``scripts/generate-docs`` writes docs/schema/card.json from both. Reading is strict: an unknown key, a
missing one or a wrong value is a :class:`CardFileError` that names the key and never repeats the value, which may be a
PIN. Rules are plain classes: making ten dataclasses would cost a card's start-up several milliseconds.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import MISSING, fields
from datetime import date
from types import UnionType
from typing import Annotated, Any, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from jpki_sim import dates
from jpki_sim.errors import CardFileError

T = TypeVar("T")
_ANY_DAY = date(2000, 1, 1)
#: What stands for JSON's null in ``sim set FILE KEY=VALUE``.
NULL_WORDS = ("null", "none")


class Rule(Protocol):
    """What a value must be."""

    def read(self, value: object, key: str) -> Any:
        """Check a JSON value; the value of the model.

        Raises:
            CardFileError: not what the key must hold.
        """
        ...

    def from_text(self, text: str) -> object:
        """The JSON value that is meant by what was typed on a command line."""
        ...


def refuse(key: str, what: str) -> CardFileError:
    """Error for a value that is not what it must be."""
    return CardFileError(f"{key} must be {what}", key=key)


class _AsTyped:
    """Base of rules whose JSON value is a string, or cannot be typed at all and is then refused as one."""

    __slots__ = ()

    def from_text(self, text: str) -> object:
        """The text as it was typed."""
        return text


class Text(_AsTyped):
    """A string that matches a regular expression as a whole; ``what`` describes it."""

    __slots__ = ("pattern", "what")

    def __init__(self, pattern: str, what: str) -> None:
        self.pattern = pattern
        self.what = what

    def read(self, value: object, key: str) -> str:
        """The text, if it has the form of this field."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value, re.DOTALL):
            raise refuse(key, self.what)
        return value


class Integer:
    """A whole number."""

    __slots__ = ("highest", "lowest")

    def __init__(self, lowest: int, highest: int) -> None:
        self.lowest = lowest
        self.highest = highest

    def read(self, value: object, key: str) -> int:
        """The number, if it lies between the limits."""
        if type(value) is not int or not self.lowest <= value <= self.highest:
            raise refuse(key, f"a whole number from {self.lowest} to {self.highest}")
        return value

    def from_text(self, text: str) -> object:
        """The number, or what was typed where it is not one."""
        return int(text) if re.fullmatch(r"-?[0-9]{1,48}", text) else text


class Choice:
    """One of several values."""

    __slots__ = ("values",)

    def __init__(self, values: tuple[object, ...]) -> None:
        self.values = values

    def read(self, value: object, key: str) -> object:
        """The value, if it is one of those that are allowed."""
        for allowed in self.values:
            if value == allowed and type(value) is type(allowed):
                return allowed
        raise refuse(key, "one of " + ", ".join(_json_word(allowed) for allowed in self.values))

    def from_text(self, text: str) -> object:
        """The value whose JSON word was typed."""
        return next((allowed for allowed in self.values if _json_word(allowed) == text), text)


def _json_word(value: object) -> str:
    words: dict[object, str] = {True: "true", False: "false", None: "null"}
    return value if isinstance(value, str) else words[value]


class Nullable:
    """Another rule, or null."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def read(self, value: object, key: str) -> Any:
        """What the other rule makes of it, or None."""
        return None if value is None else self.rule.read(value, key)

    def from_text(self, text: str) -> object:
        """None for ``null`` and ``none``, else what the other rule makes of it."""
        return None if text.lower() in NULL_WORDS else self.rule.from_text(text)


class Day(_AsTyped):
    """A day: ``2031-03-10``, or relative to the day of use: ``today``, ``today+80d``, ``today-1d``."""

    __slots__ = ()

    def read(self, value: object, key: str) -> str:
        """The day as it was written."""
        text = value if isinstance(value, str) else ""
        try:
            dates.resolve_day(text, _ANY_DAY)
        except ValueError:
            raise refuse(key, "a day like 2031-03-10 or today+80d") from None
        return text


class Instant(_AsTyped):
    """A day as in :class:`Day`, or an instant like ``2026-11-22T01:30:07+09:00``."""

    __slots__ = ()

    def read(self, value: object, key: str) -> str:
        """The instant as it was written."""
        text = value if isinstance(value, str) else ""
        try:
            dates.resolve_instant(text, _ANY_DAY, is_end=False)
        except ValueError:
            raise refuse(key, "a day like 2031-03-10 or today+80d, or 2026-11-22T01:30:07+09:00") from None
        return text


class Nested(_AsTyped):
    """An object with the fields of a model class."""

    __slots__ = ("model",)

    def __init__(self, model: type[Any]) -> None:
        self.model = model

    def read(self, value: object, key: str) -> Any:
        """An instance of the model class."""
        return read_object(self.model, value, key)


class Mapping(_AsTyped):
    """An object whose keys are some of the given ones and whose values follow one rule."""

    __slots__ = ("keys", "rule")

    def __init__(self, keys: tuple[str, ...], rule: Rule) -> None:
        self.keys = keys
        self.rule = rule

    def read(self, value: object, key: str) -> dict[str, Any]:
        """A dictionary, in the order of ``keys``."""
        given = _object(value, key)
        _no_unknown(given, self.keys, key)
        return {name: self.rule.read(given[name], join(key, name)) for name in self.keys if name in given}


class ListOf(_AsTyped):
    """An array whose members follow one rule."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def read(self, value: object, key: str) -> list[Any]:
        """The list, with each of its entries read by their rule."""
        if not isinstance(value, list):
            raise refuse(key, "an array")
        return [self.rule.read(member, f"{key}[{index}]") for index, member in enumerate(value)]


def rules_of(model: type[Any]) -> dict[str, Rule]:
    """The rule of each field of a model class: from its Annotated type, or the values of a bool or Literal type."""
    hints = get_type_hints(model, include_extras=True)
    return {name: _rule_of(hint) for name, hint in hints.items()}


def _rule_of(hint: Any) -> Rule:
    if get_origin(hint) is Annotated:
        rule: Rule = get_args(hint)[1]
        return rule
    is_union = get_origin(hint) in (Union, UnionType)
    values = [value for part in (get_args(hint) if is_union else (hint,)) for value in _values_of(part)]
    return Choice(tuple(values))


def _values_of(part: object) -> tuple[object, ...]:
    if part is bool:
        return (True, False)
    return (None,) if part is type(None) else get_args(part)


def join(key: str, name: str) -> str:
    """Dotted key of a member."""
    return f"{key}.{name}" if key else name


def read_object(model: type[T], value: object, key: str) -> T:
    """An instance of a model class from a JSON object.

    Raises:
        CardFileError: an unknown key, a missing one, or a wrong value.
    """
    given = _object(value, key)
    rules = rules_of(model)
    _no_unknown(given, tuple(rules), key)
    for member in fields(model):  # type: ignore[arg-type] # every model is a dataclass
        if member.name not in given and member.default is MISSING and member.default_factory is MISSING:
            raise CardFileError(f"{join(key, member.name)} is missing", key=join(key, member.name))
    return model(**{name: rules[name].read(part, join(key, name)) for name, part in given.items()})


def _object(value: object, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse(key or "the file", "an object")
    return value


def _no_unknown(given: dict[str, Any], known: tuple[str, ...], key: str) -> None:
    for name in given:
        if name not in known:
            raise CardFileError(f"{join(key, name)} is not a key of a card file", key=join(key, name))


def write_object(value: Any) -> Any:
    """JSON of an instance of a model class, keys in the order of its fields."""
    if dataclasses.is_dataclass(value):
        return {member.name: write_object(getattr(value, member.name)) for member in fields(value)}
    if isinstance(value, dict):
        return {name: write_object(part) for name, part in value.items()}
    if isinstance(value, list):
        return [write_object(part) for part in value]
    return value
