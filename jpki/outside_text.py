"""Text that came from outside: names of readers, certificates, programs and users, and what a card says.

A reader's name is what its driver or a program on the computer says, and a certificate is what a card says. Either
may hold characters that act on a terminal, hide, or reorder what is beside them. Such a text is an
:class:`OutsideText` from where it is read: whatever prints it, puts it into JSON or a page, or shows it in a dialog
gets its visible form. Names are compared as they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    from typing import Self

#: Unicode categories: control, format (bidirectional controls and zero-width characters), surrogate, private use,
#: line and paragraph separators.
_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
#: Letters and marks that are drawn as nothing: U+034F, and the fillers of Hangul (Unicode, Default_Ignorable).
_DRAWN_AS_NOTHING: Final = "\u034f\u115f\u1160\u3164\uffa0"
_LINES: Final = "\n\t"
#: What opens or ends a quotation, in the languages of this project and in print.
_QUOTATION_MARKS: Final = "\u201c\u201d\u201e\u201f\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff62\uff63"
#: A blank of braille, which is a letter to Unicode.
_BLANK_LETTER: Final = "\u2800"
#: No name in a certificate is longer.
_LONGEST_QUOTED: Final = 200
_IN_LINES: Final = frozenset({"pem", "commands", "en", "ja"})

_Any = TypeVar("_Any")


class OutsideText(str):
    """A text from outside: a ``str`` of its visible form, whatever is done with it.

    ``raw`` is the text as it came, which has to be asked for: to hand it back to where it came from, and to compare.
    Two of them are equal, and equal to a plain text, as they came: what is only shown alike is not the same.
    """

    __slots__ = ("raw",)
    raw: str

    def __new__(cls, text: str) -> Self:
        """Take a text as it came; one that is of this type already is taken as that came."""
        raw = as_it_came(text)
        made = super().__new__(cls, visible(raw))
        made.raw = raw
        return made

    def __getnewargs__(self) -> tuple[str]:
        return (self.raw,)

    def __eq__(self, other: object) -> bool:
        return self.raw == as_it_came(other) if isinstance(other, str) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.raw)


def as_it_came(text: str) -> str:
    """Give a text as it came from outside; one from inside as it is."""
    return text.raw if isinstance(text, OutsideText) else text


def visible(text: str, *, keep_lines: bool = False) -> str:
    """Write characters that act, hide or reorder as ``\\x1b`` or ``\\u202e``, as Python and JSON do.

    A backslash stays as it is: the form is for reading, and is not turned back. ``keep_lines`` leaves LF and TAB.
    """
    if isinstance(text, OutsideText):
        return str(text)
    if text.isascii() and text.isprintable():
        return text
    from unicodedata import category

    kept = _LINES if keep_lines else ""
    return "".join(
        _number(c) if c not in kept and (category(c) in _ACTING or c in _DRAWN_AS_NOTHING) else c for c in text
    )


def quoted(text: str) -> str:
    """Write a text so that it can stand between quotation marks in a sentence, and cannot say the rest of it itself.

    It is in its visible form, with quotation marks and every blank behind another one as their numbers, so that it
    neither ends the quotation nor begins a line of its own; what is longer than any name is cut.
    """
    whole, shown, last = visible(text), "", ""
    for character in whole[:_LONGEST_QUOTED]:
        is_second_blank = _is_blank(last) and _is_blank(character)
        shown += _number(character) if character in _QUOTATION_MARKS or is_second_blank else character
        last = character
    return shown if len(whole) <= _LONGEST_QUOTED else f"{shown}…"


def _is_blank(character: str) -> bool:
    return character.isspace() or character == _BLANK_LETTER


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
