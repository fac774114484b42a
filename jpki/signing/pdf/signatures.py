"""Finding the signatures of a PDF, and what each of them covers.

A signature's dictionary names two ranges of the file (``/ByteRange``), one before and one behind its ``/Contents``. The
gap between is the only part of the file that is not signed, so it may hold the signature in hexadecimal and nothing
else (ISO 32000-1, 12.8.1).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from jpki.errors import DataError, PdfError, TlvError
from jpki.iso7816 import read_header
from jpki.signing.cms import first_object, is_indefinite

from .entries import entry
from .library import open_reader, pdf_errors
from .parts import form_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

#: Signatures in one PDF; each costs a look at everything that was added after it.
MAX_SIGNATURES: Final = 64
#: A signature with its certificates in hexadecimal, with the space kept for it.
_MAX_GAP: Final = 2 * 1024 * 1024
#: Ways to a field: fields that hold the next one twice would double them each time.
_MOST_FIELDS: Final = 100_000
_RANGE_NUMBERS: Final = 4
_SIG: Final = "/Sig"
_TIME_STAMP: Final = "/DocTimeStamp"


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A signature field that is filled.

    ``embedded`` is None where the signature in it cannot be read at all; ``is_time_stamp`` tells a third party's
    statement of time from a signature.
    """

    name: str
    embedded: EmbeddedPdfSignature | None
    is_time_stamp: bool


@dataclass(frozen=True, slots=True)
class SignedRange:
    """The two signed parts of a file: from its beginning to the gap, and from behind it to ``end``."""

    gap_start: int
    gap_end: int
    end: int
    contents: bytes


def revision_count(file: BinaryIO) -> int:
    """How often a PDF was saved, with whatever was added each time; a signature adds one.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        PdfError: it is broken or encrypted.
    """
    return int(open_reader(file).xrefs.total_revisions)


def filled_fields(reader: PdfFileReader) -> tuple[SignatureField, ...]:
    """List every filled signature field, in the order in which they were signed.

    Raises:
        PdfError: the fields cannot be read, or there are too many.
    """
    from pyhanko.sign.fields import enumerate_sig_fields

    found = []
    with pdf_errors():
        _require_end(reader)
        for name, _, field in enumerate_sig_fields(reader, filled_status=True):
            found.append(_read_field(reader, str(name), field))
            if len(found) > MAX_SIGNATURES:
                raise ValueError("too many signatures")
    return tuple(sorted(found, key=_order))


def _require_end(reader: PdfFileReader) -> None:
    """Refuse a form of which pyHanko would list the fields for ever.

    Raises:
        ValueError: there are too many ways to its fields.
    """
    pending, count = [entry(form_of(reader.root), "/Fields", ())], 0
    while pending:
        members = pending.pop()
        count += len(members)
        if count > _MOST_FIELDS:
            raise ValueError("too many ways to fields")
        fields = (members[number] for number in range(len(members)))
        pending += [entry(field, "/Kids", ()) for field in fields if "/Kids" in field]


def _order(field: SignatureField) -> int:
    return -1 if field.embedded is None else field.embedded.signed_revision


def _read_field(reader: PdfFileReader, name: str, field: Any) -> SignatureField:
    from .embedded import EmbeddedSignature

    try:
        with pdf_errors():
            embedded = EmbeddedSignature(reader, field, name)
            kind = str(embedded.sig_object_type)
    except PdfError:
        return SignatureField(name, None, is_time_stamp=False)
    return SignatureField(name, embedded if kind in (_SIG, _TIME_STAMP) else None, is_time_stamp=kind == _TIME_STAMP)


def empty_field_names(reader: PdfFileReader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List the names of the empty signature fields, and of all."""
    from pyhanko.sign.fields import enumerate_sig_fields

    with pdf_errors():
        _require_end(reader)
        fields = [(str(name), value) for name, value, _ in enumerate_sig_fields(reader)]
    return tuple(name for name, value in fields if value is None), tuple(name for name, _ in fields)


def signed_range(file: BinaryIO, embedded: EmbeddedPdfSignature) -> SignedRange:
    """Read which part of the file a signature covers.

    Raises:
        DataError: not two ranges with nothing but the signature between.
    """
    numbers = [int(number) for number in _numbers(embedded)]
    start, gap_start, gap_end, length = numbers
    size = file.seek(0, os.SEEK_END)
    if start != 0 or not 0 < gap_start < gap_end <= gap_end + length <= size or length <= 0:
        raise DataError("the ranges do not lie in the file")
    if gap_end - gap_start > _MAX_GAP:
        raise DataError("the gap is larger than any signature")
    file.seek(gap_start)
    contents = _contents(file.read(gap_end - gap_start))
    if contents != embedded.pkcs7_content:
        raise DataError("the gap does not hold this signature")
    return SignedRange(gap_start, gap_end, gap_end + length, _without_padding(contents))


def _numbers(embedded: EmbeddedPdfSignature) -> Iterator[int]:
    with pdf_errors():
        value: Any = embedded.byte_range
        found = list(value)
    if len(found) != _RANGE_NUMBERS or any(not isinstance(number, int) for number in found):
        raise DataError("not two ranges")
    yield from found


def _contents(gap: bytes) -> bytes:
    """Decode a gap: one hexadecimal string without blanks, in one case, so that it has one form only."""
    digits = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or digits not in (digits.upper(), digits.lower()):
        raise DataError("the gap is not one hexadecimal string")
    try:
        return bytes.fromhex(digits.decode("ascii")) if b" " not in digits and digits.isalnum() else b""
    except (ValueError, UnicodeDecodeError) as exc:
        raise DataError("the gap is not one hexadecimal string") from exc


def _without_padding(contents: bytes) -> bytes:
    """Cut off the zeros that fill the space kept for the signature; anything else behind it is refused."""
    try:
        length = first_object(contents)[1] if is_indefinite(contents, 0) else read_header(contents).total
    except (TlvError, IndexError) as exc:
        raise DataError("the gap does not hold a signature") from exc
    if length > len(contents) or any(contents[length:]):
        raise DataError("something stands behind the signature in its gap")
    return contents[:length]
