"""Verifying every signature of a PDF, each by itself; revocation is never among what passes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Final

from jpki.certificate.checks import Verdict
from jpki.errors import DataError, PdfError, UnsupportedSignatureError
from jpki.signing.cms import (
    CALENDAR_YEARS,
    ContentFacts,
    SignatureItem,
    SignatureReason,
    SignatureResult,
    SignerReport,
    judge_time_stamp,
    read_signers,
    verify_signer,
)

from .changes import later_changes
from .dates import read_universal_date
from .library import open_reader, pdf_errors
from .signatures import empty_field_names, filled_fields, signed_range

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from jpki.crypto import Digest
    from jpki.signing.cms import SignedData, SignerInfo, Trust

    from .signatures import SignatureField, SignedRange

_CHUNK: Final = 1024 * 1024
_TAIL: Final = 64
#: Ways to store a signature that are accepted: PAdES, and the older one of ISO 32000-1 (both CMS without content).
_SUB_FILTERS: Final = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached")


@dataclass(frozen=True, slots=True)
class _Document:
    """The file, its structure, how far its signatures reach together, and which of them reaches so far."""

    file: BinaryIO
    size: int
    reader: PdfFileReader
    signature_fields: tuple[str, ...]
    filled: tuple[SignatureField, ...]
    reach: int
    last: EmbeddedPdfSignature | None


def _no_one(_: int) -> None:
    """Stand-in for a caller that shows no progress."""


def verify_pdf(
    file: BinaryIO, trust: Trust, *, now: datetime, expect: Callable[[int], None] = _no_one
) -> tuple[SignerReport, ...]:
    """Check every signature of a PDF, in the order in which they were made; an empty tuple where there is none.

    Args:
        file: the PDF.
        trust: CA certificates besides those in the file.
        now: the instant of looking.
        expect: told, before the long reading begins, about how many bytes will be read.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        PdfError: the PDF is broken or encrypted, so that its signatures cannot be found.
    """
    reader = open_reader(file)
    fields = filled_fields(reader)
    ranges = [_range_of(file, field) for field in fields]
    size = file.seek(0, os.SEEK_END)
    ends = [(found.end, field.embedded) for field, found in zip(fields, ranges, strict=True) if found is not None]
    reach, last = max(ends, key=lambda end: end[0], default=(0, None))
    expect(_bytes_to_read(size, [end for end, _ in ends]))
    document = _Document(file, size, reader, empty_field_names(reader)[1], fields, reach, last)
    return tuple(
        replace(_report(document, field, found, trust, now), field=field.name)
        for field, found in zip(fields, ranges, strict=True)
    )


def _bytes_to_read(size: int, ends: list[int]) -> int:
    """Each signature's part is hashed here; where something follows it, the library hashes it again and compares."""
    earlier = [end for end in ends if end < size]
    return sum(ends) + sum(earlier) + (size if earlier else 0)


def _range_of(file: BinaryIO, field: SignatureField) -> SignedRange | None:
    if field.embedded is None:
        return None
    try:
        return signed_range(file, field.embedded)
    except DataError:
        return None


def _report(
    document: _Document, field: SignatureField, found: SignedRange | None, trust: Trust, now: datetime
) -> SignerReport:
    if field.embedded is None:
        return _failed(SignatureItem.SIGNATURE, SignatureReason.UNREADABLE_SIGNATURE)
    if found is None:
        return _failed(SignatureItem.COVERAGE, SignatureReason.BAD_RANGE)
    if field.is_time_stamp:
        return _time_stamp(document, found, trust, now)
    try:
        signed, signer = _read_signature(field.embedded, found)
    except UnsupportedSignatureError:
        return _failed(SignatureItem.SIGNATURE, SignatureReason.UNSUPPORTED)
    except DataError:
        return _failed(SignatureItem.SIGNATURE, SignatureReason.UNREADABLE_SIGNATURE)
    digest = None if signer.digest_name is None else _digest(document.file, found, signer.digest_name)
    report = verify_signer(signed, signer, ContentFacts(digest), trust, now=now)
    later = _later(document, field.embedded, found.end)
    added = (_coverage(document, field.embedded, found, later), later)
    return replace(report, results=_with_coverage(report.results, added))


def _time_stamp(document: _Document, found: SignedRange, trust: Trust, now: datetime) -> SignerReport:
    """Judge a document time stamp, which is of the file as it was then (ETSI EN 319 142-1, 5.4.3)."""
    result, stamp = judge_time_stamp(
        found.contents, lambda digest_name: _digest(document.file, found, digest_name), trust.time_stamp_cas, now=now
    )
    return SignerReport((result,), None, None, None, is_time_stamp=True, time_stamp=stamp)


def _failed(item: SignatureItem, reason: SignatureReason) -> SignerReport:
    return SignerReport((SignatureResult(item, Verdict.FAIL, reason),), None, None, None)


def _with_coverage(
    results: tuple[SignatureResult, ...], added: tuple[SignatureResult, SignatureResult]
) -> tuple[SignatureResult, ...]:
    """Put what is covered in the place of the same item of the CMS, unless that failed already."""
    merged: list[SignatureResult] = []
    for result in results:
        if result.item is SignatureItem.COVERAGE:
            coverage = result if result.verdict is Verdict.FAIL else added[0]
            merged += [coverage, added[1]]
        else:
            merged.append(result)
    return tuple(merged)


def _read_signature(embedded: EmbeddedPdfSignature, found: SignedRange) -> tuple[SignedData, SignerInfo]:
    """Read the one signer of a signature (ETSI EN 319 142-1, 4.1).

    Raises:
        DataError: another way to store it, unreadable, or not one signer.
    """
    with pdf_errors():
        sub_filter = str(embedded.sig_object["/SubFilter"])
    if sub_filter not in _SUB_FILTERS:
        raise UnsupportedSignatureError("a way to store signatures that is not accepted")
    signed = read_signers(found.contents)
    if len(signed.signers) != 1 or signed.has_content:
        raise DataError("a signature in a PDF has one signer, and no content of its own")
    (signer,) = signed.signers
    if signer.attributes.signing_time is None and not signer.attributes.has_odd_time:
        time, is_odd = _stated_time(embedded)
        attributes = signer.attributes._replace(signing_time=time, has_odd_time=is_odd)
        signer = replace(signer, attributes=attributes)
    return signed, signer


def _stated_time(embedded: EmbeddedPdfSignature) -> tuple[datetime | None, bool]:
    """Read the time from the signature's dictionary, where PAdES has it (``/M``), and whether it is an odd one.

    A time without a zone, or outside the calendar, is not shown.
    """
    if "/M" not in embedded.sig_object:
        return None, False
    try:
        with pdf_errors():
            stated = embedded.self_reported_timestamp
    except PdfError:
        stated = read_universal_date(str(embedded.sig_object["/M"]))
    if stated is None or stated.tzinfo is None or stated.year not in CALENDAR_YEARS:
        return None, True
    return stated, False


def _digest(file: BinaryIO, found: SignedRange, digest_name: Digest) -> bytes:
    digest = hashlib.new(digest_name.value)
    for start, end in ((0, found.gap_start), (found.gap_end, found.end)):
        file.seek(start)
        left = end - start
        while left > 0:
            chunk = file.read(min(_CHUNK, left))
            if not chunk:
                raise DataError("the file ends within the signed ranges")
            digest.update(chunk)
            left -= len(chunk)
    return digest.digest()


def _coverage(
    document: _Document, embedded: EmbeddedPdfSignature, found: SignedRange, later: SignatureResult
) -> SignatureResult:
    """Whether the signature covers the whole file, or the whole file as it was then.

    The rest is covered by a later signature, or else it may only be what ``later`` found to be allowed: data for later
    verification, or what the signer allowed to be filled in. A field without a signature is neither.
    """
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    item = SignatureItem.COVERAGE
    if found.end == document.size:
        return SignatureResult(item, Verdict.PASS, SignatureReason.OK)
    try:
        with pdf_errors():
            level = embedded.evaluate_signature_coverage()
    except PdfError:
        return SignatureResult(item, Verdict.FAIL, SignatureReason.CANNOT_TELL)
    if level is SignatureCoverageLevel.ENTIRE_REVISION and document.reach == document.size:
        return SignatureResult(item, Verdict.PASS, SignatureReason.WHOLE_FILE_THEN)
    if (
        level is SignatureCoverageLevel.ENTIRE_REVISION
        and later.verdict is Verdict.PASS
        and _is_whole_revision(document, embedded)
        and _may_be_unsigned(document, later.reason)
    ):
        return SignatureResult(item, Verdict.PASS, SignatureReason.REST_NOT_SIGNED)
    return SignatureResult(item, Verdict.FAIL, SignatureReason.NOT_WHOLE_FILE)


def _may_be_unsigned(document: _Document, reason: SignatureReason) -> bool:
    """Whether what follows the last signature may stand there without one."""
    if reason is SignatureReason.SIGNATURE_ADDED and document.last is not None:
        reason = _later(document, document.last, document.reach).reason
    if reason is SignatureReason.VALIDATION_DATA_ADDED:
        return "/DSS" in document.reader.root
    return reason in (SignatureReason.FORM_FILLED, SignatureReason.ANNOTATED)


def _is_whole_revision(document: _Document, embedded: EmbeddedPdfSignature) -> bool:
    """Whether what follows a signature is one revision or more, up to the very end of the file."""
    if document.reader.xrefs.total_revisions <= embedded.signed_revision + 1:
        return False
    document.file.seek(max(0, document.size - _TAIL))
    _, mark, rest = document.file.read(_TAIL).rpartition(b"%%EOF")
    return bool(mark) and rest in (b"", b"\n", b"\r", b"\r\n")


def _later(document: _Document, embedded: EmbeddedPdfSignature, end: int) -> SignatureResult:
    if end == document.size:
        return SignatureResult(SignatureItem.LATER_CHANGES, Verdict.PASS, SignatureReason.NOTHING_ADDED)
    return later_changes(document.reader, embedded, document.signature_fields, document.filled)
