"""Attributes of objects on the wire: which form the value of each type has, reading templates, answering values.

What form a value has is not written beside it: both ends take it from the attribute's type (p11-kit's rpc-message.c),
and an unknown type is a byte array.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from .constants import Attribute, Rv
from .wire import WireError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .wire import Reader, Writer

#: Value of an attribute: a CK_BBOOL, a CK_ULONG, bytes, or an array of CK_ULONGs.
Value: TypeAlias = "bool | int | bytes | tuple[int, ...]"

#: p11-kit goes no deeper into attributes that are arrays of attributes.
MAX_DEPTH: Final = 8
#: No program asks for more attributes at once, or searches with more.
MAX_ATTRIBUTES: Final = 256

_ULONG: Final = 8
#: Least bytes of an attribute in a template, and in a request for values.
_TEMPLATE_ITEM: Final = 5
_REQUEST_ITEM: Final = 8


class Form(enum.Enum):
    """How a value is written."""

    BYTE = enum.auto()
    ULONG = enum.auto()
    BYTES = enum.auto()
    ATTRIBUTES = enum.auto()
    ULONGS = enum.auto()


_BYTES_OF_ONE: Final = frozenset(
    {
        *(0x001, 0x002, 0x086, *range(0x103, 0x10D), 0x162, 0x163, 0x164, 0x165, 0x170, 0x171),
        *(0x200, 0x202, 0x210, 0x301, 0x302, 0x406),
    }
)
_NUMBERS: Final = frozenset(
    {
        *(0x000, 0x080, 0x087, 0x088, 0x100, 0x121, 0x133, 0x134, 0x160, 0x161, 0x166, 0x201),
        *(0x300, 0x400, 0x401, 0x402, 0x403, 0x404, 0x405, 0x500),
    }
)
_ARRAYS: Final = frozenset({0x40000211, 0x40000212, 0x40000213})
#: Private parts of a key, which no card gives out.
_SENSITIVE: Final = frozenset(
    {
        Attribute.PRIVATE_EXPONENT,
        Attribute.PRIME_1,
        Attribute.PRIME_2,
        Attribute.EXPONENT_1,
        Attribute.EXPONENT_2,
        Attribute.COEFFICIENT,
    }
)


def form_of(attribute: int) -> Form:
    """Return how values of an attribute type are written."""
    if attribute in _BYTES_OF_ONE:
        return Form.BYTE
    if attribute in _NUMBERS:
        return Form.ULONG
    if attribute in _ARRAYS:
        return Form.ATTRIBUTES
    return Form.ULONGS if attribute == Attribute.ALLOWED_MECHANISMS else Form.BYTES


class TemplateItem(NamedTuple):
    """One attribute that is searched for; ``value`` is None where no object can have it."""

    attribute: int
    value: Value | None


class Wanted(NamedTuple):
    """One attribute that is asked for; ``room`` is the caller's buffer, 0 where only the size is wanted."""

    attribute: int
    room: int


def read_template(reader: Reader, depth: int = 0) -> list[TemplateItem]:
    """Read the attributes of a search.

    Raises:
        WireError: they are cut off, too many, or nested too deep.
    """
    number = _checked(reader.count(_TEMPLATE_ITEM), depth)
    return [_read_item(reader, depth) for _ in range(number)]


def _read_item(reader: Reader, depth: int) -> TemplateItem:
    attribute = reader.uint32()
    if not reader.byte():
        return TemplateItem(attribute, None)
    length = reader.uint32()
    return TemplateItem(attribute, _read_value(reader, form_of(attribute), length, depth))


def _read_value(reader: Reader, form: Form, length: int, depth: int) -> Value | None:
    if form is Form.BYTE:
        value = reader.byte()
        return bool(value) if length else None
    if form is Form.ULONG:
        number = reader.ulong()
        return number if length else None
    if form is Form.ULONGS:
        return tuple(reader.ulong() for _ in range(reader.count(_ULONG)))
    if form is Form.ATTRIBUTES:
        read_template(reader, depth + 1)
        return None
    found = reader.array() or b""
    if len(found) != length:
        raise WireError("an attribute has two lengths")
    return found


def read_wanted(reader: Reader, depth: int = 0) -> list[Wanted]:
    """Read which attributes are asked for.

    Raises:
        WireError: they are cut off, too many, or nested too deep.
    """
    found = []
    for _ in range(_checked(reader.count(_REQUEST_ITEM), depth)):
        wanted = Wanted(reader.uint32(), reader.uint32())
        if wanted.room and form_of(wanted.attribute) is Form.ATTRIBUTES:
            read_wanted(reader, depth + 1)
        found.append(wanted)
    return found


def _checked(number: int, depth: int) -> int:
    if number > MAX_ATTRIBUTES or depth > MAX_DEPTH:
        raise WireError("too many attributes")
    return number


def write_values(writer: Writer, attributes: Mapping[int, Value], wanted: list[Wanted]) -> Rv:
    """Answer a request for attributes: as many, in the same order, and the CK_RV that goes with them.

    The client's own verdict is replaced by this one, so a value that does not fit is reported here.
    """
    writer.uint32(len(wanted))
    verdict = Rv.OK
    for attribute, room in wanted:
        writer.uint32(attribute)
        value = attributes.get(attribute)
        if value is None:
            writer.byte(0)
            found = Rv.ATTRIBUTE_SENSITIVE if attribute in _SENSITIVE else Rv.ATTRIBUTE_TYPE_INVALID
            verdict = verdict if verdict is Rv.ATTRIBUTE_SENSITIVE else found
        elif room and room < size_of(value):
            writer.byte(0)
            verdict = Rv.BUFFER_TOO_SMALL if verdict is Rv.OK else verdict
        else:
            _write_value(writer.byte(1).uint32(size_of(value)), value)
    writer.ulong(verdict)
    return verdict


def size_of(value: Value) -> int:
    """Return the bytes that a value takes in the client's memory."""
    if isinstance(value, bool):
        return 1
    if isinstance(value, int):
        return _ULONG
    return len(value) if isinstance(value, bytes) else _ULONG * len(value)


def _write_value(writer: Writer, value: Value) -> None:
    if isinstance(value, bool):
        writer.byte(int(value))
    elif isinstance(value, int):
        writer.ulong(value)
    elif isinstance(value, bytes):
        writer.array(value)
    else:
        writer.uint32(len(value))
        for number in value:
            writer.ulong(number)


def matches(attributes: Mapping[int, Value], template: list[TemplateItem]) -> bool:
    """Whether an object has every attribute of a search, with that value."""
    return all(item.value is not None and attributes.get(item.attribute) == item.value for item in template)
