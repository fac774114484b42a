"""Sentences of the library: none without English, each error with its words, and nothing loaded before it is said."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

import pytest

from jpki import errors
from jpki.pin import FormFault
from jpki.words import M, Message, day_words, failure_text, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bases that are never raised themselves.
BASES: Final = (errors.JpkiError, errors.PinError, errors.ReaderChoiceError, errors.NobodyToAskError)
VALUES: Final[dict[str, Any]] = {
    "pin": "auth",
    "retries_remaining": 2,
    "reason": FormFault.NOT_FOUR_DIGITS.value,
    "readers": ("A", "B"),
    "expected": 3,
    "found": 2,
    "is_unknown": True,
    "cause": errors.CardResetError("reset"),
    "extra": "pdf",
    "component": "pyscard",
    "weaknesses": ("run",),
    "fault": "encrypted",
    "kind": "auth",
}


def every_error() -> Iterator[errors.JpkiError]:
    """One of each class, with values in the places that its constructor asks for."""
    for cls in (getattr(errors, name) for name in import_module("jpki.errors").__all__):
        if isinstance(cls, type) and issubclass(cls, errors.JpkiError) and cls not in BASES:
            yield cls(**_values(cls)) if cls.__init__ is not Exception.__init__ else cls("text")


def _values(cls: type[errors.JpkiError]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, parameter in list(signature(cls.__init__).parameters.items())[1:]:
        if name in VALUES:
            given[name] = VALUES[name]
        elif parameter.default is parameter.empty:
            given[name] = 0x6A82 if name == "sw" else "text"
    if cls is errors.FileError:
        return given | {"fault": "file_changed"}
    return given | ({"reason": errors.PadFault.TIMEOUT} if cls is errors.PinPadError else {})


@pytest.mark.parametrize("error", list(every_error()), ids=lambda error: type(error).__name__)
def test_every_error_is_said_in_both_languages(error: errors.JpkiError) -> None:
    """Its code has words, with values in all places, and next steps in both languages too."""
    said = failure_text(error)
    assert said is not None
    for message in (said.message, *said.remedy):
        both = message.both()
        assert "{" not in both["ja"] + both["en"]
        assert both["ja"] != both["en"] or "{" in repr(message)
    assert said.code == error.code or isinstance(error, errors.PinChangeError)


def test_what_is_no_error_of_the_library_has_no_words() -> None:
    """But for Ctrl-C, which may end the change of a PIN."""
    assert failure_text(ValueError("x")) is None
    said = failure_text(KeyboardInterrupt())
    assert said is not None
    assert said.code == "interrupted"


def test_no_sentence_without_english() -> None:
    """A record cannot be made without it."""
    with pytest.raises(ValueError, match="English"):
        Message("", {})


def test_lists_and_days_are_parts_of_a_sentence() -> None:
    """Each language has its comma, and its order of a day."""
    from datetime import date

    three = listed([M("user certificate"), M("signature certificate"), M("user certificate")])
    assert three.text("en") == "user certificate, signature certificate, user certificate"
    assert three.text("ja").count("、") == 2
    assert day_words(date(2026, 3, 1)).both() == {"ja": "2026年3月1日", "en": "2026-03-01"}


def test_the_library_loads_no_words_before_it_is_asked_to() -> None:
    """Neither ``import jpki`` nor its errors."""
    code = (
        "import sys, jpki, jpki.errors; print([m for m in sys.modules if m.startswith('jpki.words') or m == 'gettext'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
