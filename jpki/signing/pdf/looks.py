"""Whether the fields of a form can look otherwise than when it was signed, though their values are the same.

A viewer draws a field with what the form and the field say of fonts, and by flags; none of it is the field's value.
What a new field does when its page is shown can change any other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .entries import entry, raw_entry, written
from .library import pdf_errors
from .parts import form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_RESOURCES: Final = "/DR"
_APPEARANCE: Final = "/DA"
_FLAGS: Final = "/Ff"
#: What fields with a text inherit.
_OF_ALL_FIELDS: Final = (_APPEARANCE, "/Q")
#: Viewers are to draw all fields by their values. Programs that sign take it back.
_DRAW_ANEW: Final = "/NeedAppearances"
#: ReadOnly, Required and NoExport (ISO 32000-1, 12.7.3.1), which nobody sees; programs that sign set them.
_UNSEEN_FLAGS: Final = 0b111
_NAME: Final = re.compile(r"/[^\s/<>\[\](){}%]+")
_NUMBER: Final = re.compile("#([0-9A-Fa-f]{2})")


class _Field(NamedTuple):
    """A field, or a part of one, and its kind and name, which it may have from the one that holds it."""

    entries: Any
    kind: str
    name: str
    given: frozenset[str] = frozenset()
    """Of what fields have from the form, what it says itself, or one that holds it."""

    @property
    def is_more(self) -> bool:
        """Whether it does something, as a script that can change other fields, or is drawn as a note."""
        is_note = entry(self.entries, "/Subtype", "/Widget") != "/Widget"
        return is_note or "/A" in self.entries or "/AA" in self.entries

    def inherits(self, key: str) -> bool:
        """Whether it shows a text by what the form says for all."""
        return self.kind != "/Btn" and "/Kids" not in self.entries and key not in self.given


def fields_look_different(reader: PdfFileReader, embedded: EmbeddedPdfSignature, *, are_filled: bool = False) -> bool:
    """Whether something changed after a signature that a viewer draws the other fields with, or that acts on them.

    Args:
        reader: the file as it is now.
        embedded: the signature.
        are_filled: fields were filled, as the signer allows; whoever may fill one may draw it, so the looks of those
            alone count that the signature locks.

    Raises:
        PdfError: the form cannot be read.
    """
    with pdf_errors():
        then, now = form_of(reader.get_historical_root(embedded.signed_revision)), form_of(reader.root)
        before, after = dict(_fields(then)), dict(_fields(now))
        if any(field.is_more for key, field in after.items() if key not in before):
            return True
        counts = _locked(embedded) if are_filled else _every
        fields = _drawn(before, counts)
        if not fields:
            return False
        changed = [key for key in _OF_ALL_FIELDS if _entry(then, key) != _entry(now, key)]
        if any(field.inherits(key) for field in fields.values() for key in changed):
            return True
        if _entry(now, _DRAW_ANEW) not in (b"", b"false", _entry(then, _DRAW_ANEW)):
            return True
        holders = [then, *(field.entries for field in fields.values())]
        named = {name for holder in holders for name in _names(entry(holder, _APPEARANCE, ""))}
        return _flags(fields) != _flags(_drawn(after, counts)) or _resources_differ(then, now, named)


def _fields(form: Any) -> Iterator[tuple[bytes, _Field]]:
    """The fields of a form, and those in them, by what they are called in the file; one that holds itself ends too."""
    pending, seen = [(entry(form, "/Fields", ()), b"", _Field(None, "", ""))], set[bytes]()
    while pending:
        members, holder_key, holder = pending.pop()
        for number in range(len(members)):
            raw = members.raw_get(number)
            key = written(raw)
            if key in seen:
                continue
            seen.add(key)
            field = raw.get_object()
            kind = str(entry(field, "/FT", holder.kind))
            name = ".".join(part for part in (holder.name, str(entry(field, "/T", ""))) if part)
            # A viewer asks the one that the field itself says is its holder.
            is_held = "/Parent" in field and written(raw_entry(field, "/Parent")) == holder_key
            given = frozenset(own for own in _OF_ALL_FIELDS if own in field or (is_held and own in holder.given))
            found = _Field(field, kind, name, given)
            yield key, found
            pending.append((entry(field, "/Kids", ()), key, found))


def _drawn(fields: dict[bytes, _Field], counts: Callable[[str], bool]) -> dict[bytes, _Field]:
    """Those that are not for signatures, and whose name counts."""
    return {key: field for key, field in fields.items() if field.kind != "/Sig" and counts(field.name)}


def _every(_: str) -> bool:
    return True


def _locked(embedded: EmbeddedPdfSignature) -> Callable[[str], bool]:
    """Whether a signature locks a field of a name (``/FieldMDP``, ISO 32000-1, 12.8.2.4)."""
    spec = embedded.fieldmdp
    return lambda name: spec is not None and bool(spec.is_locked(name))


def _entry(form: Any, key: str) -> bytes:
    """An entry as it is written; nothing where it is left out."""
    return written(form[key]) if key in form else b""


def _names(appearance: Any) -> set[str]:
    """The names of resources in what a field is drawn with; a letter of one may be written as its number."""
    text = appearance.decode("latin-1") if isinstance(appearance, bytes) else str(appearance)
    return {_NUMBER.sub(lambda found: chr(int(found[1], 16)), name) for name in _NAME.findall(text)}


def _flags(fields: dict[bytes, _Field]) -> dict[bytes, int]:
    """The flags that are seen, of each field."""
    return {key: int(entry(field.entries, _FLAGS, 0)) & ~_UNSEEN_FLAGS for key, field in fields.items()}


def _resources_differ(old: Any, new: Any, named: set[str]) -> bool:
    """Whether a resource is another one, or one was added that fields name already."""
    before, after = _resources(old), _resources(new)
    if any(after.get(key) != value for key, value in before.items()):
        return True
    return any(name in named for _, name in after.keys() - before.keys())


def _resources(form: Any) -> dict[tuple[str, str], bytes]:
    """Each resource by its kind and name, as it is written; that what it refers to is unchanged is asked elsewhere."""
    resources = entry(form, _RESOURCES, {})
    found: dict[tuple[str, str], bytes] = {}
    for kind in resources:
        group: Any = resources[kind]
        # A dictionary's entries as they are written; what else may stand there, as a list, has no names.
        members = {name: raw_entry(group, name) for name in group} if isinstance(group, dict) else {"": group}
        found |= {(kind, name): written(part) for name, part in members.items()}
    return found
