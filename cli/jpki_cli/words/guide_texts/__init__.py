"""The sentences of ``jpki guide``, by the id of their rule; one module for each of the library's tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jpki_cli.words.i18n import Message


@cache
def texts() -> dict[str, Message]:
    """All sentences."""
    from jpki_cli.words.guide_texts import certificates, contacts, events, examples, pins, reset

    modules = (pins, reset, examples, certificates, events, contacts)
    return {rule_id: text for module in modules for rule_id, text in module.TEXTS.items()}
