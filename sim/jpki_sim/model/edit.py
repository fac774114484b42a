"""Changing one value of a card file by its dotted key, with the same checks as reading the file."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from jpki_sim.errors import CardFileError

from .fields import Mapping, Nullable, Rule, join, rules_of
from .model import INTERFACES, require_complete

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import Interface

    from .model import CardFile


def set_value(card: CardFile, key: str, text: str) -> None:
    """Change a value as ``sim set FILE KEY=VALUE`` does: ``pins.auth.retries_remaining`` and ``1``.

    ``null`` or ``none`` empty what may be empty. ``atr`` also takes ``contact`` and ``contactless``.

    Raises:
        CardFileError: no such key, or not a value for it; nothing was changed.
    """
    interfaces: dict[str, Interface] = {word: word for word in INTERFACES}
    interface = interfaces.get(text.lower())
    if key == "atr" and interface is not None:
        card.interface = interface
        card.atr = None
    else:
        _put(card, key, lambda rule: rule.from_text(text))


def put(card: CardFile, key: str, value: object) -> None:
    """Change a value given as JSON.

    Raises:
        CardFileError: no such key, or not a value for it; nothing was changed.
    """
    _put(card, key, lambda _: value)


def _put(card: CardFile, key: str, value_for: Callable[[Rule], object]) -> None:
    parent, name, rule = _find(card, key)
    value = rule.read(value_for(rule), key)
    if parent is card.settings:
        card.settings = dataclasses.replace(card.settings, **{name: value})
    else:
        _put_in(parent, name, value, card)


def _put_in(parent: Any, name: str, value: object, card: CardFile) -> None:
    members = parent if isinstance(parent, dict) else vars(parent)
    before = dict(members)
    members[name] = value
    try:
        require_complete(card)
    except CardFileError:
        members.clear()
        members.update(before)
        raise


def _find(card: CardFile, key: str) -> tuple[Any, str, Rule]:
    """The object that holds a key, the key's last part in it, and its rule."""
    *path, last = key.split(".")
    parent: Any = card
    rules = rules_of(type(card))
    walked = ""
    for name in path:
        rule = rules.get(name)
        walked = join(walked, name)
        parent = None if rule is None else _member(parent, name)
        if rule is None or not (isinstance(parent, dict) or dataclasses.is_dataclass(parent)):
            raise CardFileError(_no_such(walked, key, is_empty=rule is not None and parent is None), key=key)
        rules = _rules_inside(rule, parent)
    if last not in rules:
        raise CardFileError(_no_such(join(walked, last), key, is_empty=False), key=key)
    return parent, last, rules[last]


def _member(parent: Any, name: str) -> Any:
    return parent.get(name) if isinstance(parent, dict) else getattr(parent, name)


def _rules_inside(rule: Rule, member: Any) -> dict[str, Rule]:
    if isinstance(rule, Nullable):
        rule = rule.rule
    if isinstance(rule, Mapping):
        return dict.fromkeys(rule.keys, rule.rule)
    return rules_of(type(member))


def _no_such(walked: str, key: str, *, is_empty: bool) -> str:
    if is_empty:
        return f"{walked} is empty on this card, so {key} cannot be set"
    return f"{key} is not a key of a card file"
