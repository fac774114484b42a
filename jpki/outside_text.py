"""Text that came from outside: names of readers and cards' certificates, which may hold any character.

A reader's name is what its driver or a program on the computer says, and a certificate is what a card says. Either
may hold characters that act on a terminal, hide, or reorder what stands beside them. Only the visible form of such a
text is printed, put into JSON or a page, or shown in a dialog; names are compared as they came.
"""

from __future__ import annotations

from typing import Final, TypeVar, cast

#: Unicode categories: control, format (bidirectional controls and zero-width characters), surrogate, private use,
#: line and paragraph separators.
_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
#: Letters and marks that are drawn as nothing: U+034F, and the fillers of Hangul (Unicode, Default_Ignorable).
_DRAWN_AS_NOTHING: Final = "\u034f\u115f\u1160\u3164\uffa0"
_LINES: Final = "\n\t"
_IN_LINES: Final = frozenset({"pem", "commands", "en", "ja"})

_Any = TypeVar("_Any")


def visible(text: str, *, keep_lines: bool = False) -> str:
    """Write characters that act, hide or reorder as ``\\x1b`` or ``\\u202e``, as Python and JSON do.

    A backslash stays as it is: the form is for reading, and is not turned back. ``keep_lines`` leaves LF and TAB.
    """
    if text.isascii() and text.isprintable():
        return text
    from unicodedata import category

    kept = _LINES if keep_lines else ""
    return "".join(
        _number(c) if c not in kept and (category(c) in _ACTING or c in _DRAWN_AS_NOTHING) else c for c in text
    )


def _number(character: str) -> str:
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"


def visible_facts(facts: _Any, *, keep_lines: bool = False) -> _Any:
    """Write each text in dictionaries, lists and tuples in its visible form.

    Lines are kept in what this project writes in lines itself: PEM, commands to type, and sentences in both languages.
    """
    if isinstance(facts, str):
        return cast("_Any", visible(facts, keep_lines=keep_lines))
    if isinstance(facts, dict):
        shown = {visible(str(k)): visible_facts(v, keep_lines=k in _IN_LINES) for k, v in facts.items()}
        return cast("_Any", shown)
    if isinstance(facts, (list, tuple)):
        return cast("_Any", [visible_facts(value, keep_lines=keep_lines) for value in facts])
    return facts
