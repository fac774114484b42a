"""What people read, in English and Japanese: sentences, names of things, and the words for every error.

A sentence is a :class:`Message`, said by ``message.text("ja")`` or ``message.text("en")``; the catalogue is read when
the first one is said in Japanese. The records of advice, guidance, diagnosis and failures hold theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.words.message import LANGUAGES, MN, N_, M, Message, current_language, speak

if TYPE_CHECKING:
    from jpki.words.failures import FailureText, failure_text

__all__ = ["LANGUAGES", "MN", "N_", "FailureText", "M", "Message", "current_language", "failure_text", "speak"]

_FAILURES = ("FailureText", "failure_text")


def __getattr__(name: str) -> object:
    """Load the words for errors when something has failed (PEP 562)."""
    if name not in _FAILURES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from jpki.words import failures

    return getattr(failures, name)
