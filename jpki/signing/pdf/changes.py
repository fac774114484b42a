"""What was added to a PDF after a signature, and whether that changes what was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki.certificate.checks import Verdict
from jpki.errors import PdfError
from jpki.signing.cms import SignatureItem, SignatureReason, SignatureResult

from .boxes import covers_a_page
from .library import pdf_errors
from .looks import fields_look_different

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from .signatures import SignatureField

#: Additions that leave alone what is seen.
_ADDED: Final = (SignatureReason.SIGNATURE_ADDED, SignatureReason.VALIDATION_DATA_ADDED)


def later_changes(
    reader: PdfFileReader,
    embedded: EmbeddedPdfSignature,
    signature_fields: Collection[str],
    others: Sequence[SignatureField] = (),
) -> SignatureResult:
    """Judge everything that stands in the file behind the end of a signature.

    Another signature and what its verification needs may be added to any signed file. Filled fields and annotations
    pass only where the signature itself allows them (``/DocMDP``, ISO 32000-1, 12.8.2.2): they change what a reader
    sees.

    Args:
        reader: the file as it is now.
        embedded: the signature.
        signature_fields: names of the file's signature fields.
        others: all that are filled.
    """
    from .additions import is_plain

    reason = SignatureReason.CANNOT_TELL
    is_allowed = False
    # What a file that breaks the rules of the format shows depends on the program that shows it.
    if reader.strict:
        try:
            reason, is_allowed = _compared(reader, embedded, signature_fields)
            if is_allowed and fields_look_different(reader, embedded, are_filled=reason not in _ADDED):
                reason, is_allowed = SignatureReason.CHANGED_AFTER_SIGNING, False
            # Who allows notes allows them over the text, too.
            if is_allowed and reason is not SignatureReason.ANNOTATED and covers_a_page(reader, embedded, others):
                reason, is_allowed = SignatureReason.COVERS_A_PAGE, False
            if is_allowed and not is_plain(reader, embedded):
                reason, is_allowed = SignatureReason.CANNOT_TELL, False
        except PdfError:
            reason, is_allowed = SignatureReason.CANNOT_TELL, False
    return SignatureResult(SignatureItem.LATER_CHANGES, Verdict.PASS if is_allowed else Verdict.FAIL, reason)


def _compared(
    reader: PdfFileReader, embedded: EmbeddedPdfSignature, signature_fields: Collection[str]
) -> tuple[SignatureReason, bool]:
    """Compare the revisions, if need be once more with wrong lengths of streams repaired in what is signed.

    Raises:
        PdfError: they cannot be compared.
    """
    from .lengths import RepairingReader
    from .policy import POLICY
    from .readers import TooManyWaysError
    from .signatures import filled_fields

    try:
        with pdf_errors():
            embedded.compute_integrity_info(POLICY)
            return _judge(embedded, signature_fields)
    except PdfError as exc:
        if isinstance(exc.__cause__, TooManyWaysError):  # no length changes that
            raise
        with pdf_errors():
            mended = RepairingReader(reader.stream, embedded.signed_revision)
            same = {found.name: found.embedded for found in filled_fields(mended)}[embedded.field_name]
            if same is None or same.byte_range != embedded.byte_range:
                raise
            same.compute_integrity_info(POLICY)
            return _judge(same, signature_fields)


def _judge(embedded: EmbeddedPdfSignature, signature_fields: Collection[str]) -> tuple[SignatureReason, bool]:
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel

    result: Any = embedded.diff_result
    if not isinstance(result, DiffResult) or result.modification_level is ModificationLevel.OTHER:
        return SignatureReason.CHANGED_AFTER_SIGNING, False
    permission = embedded.docmdp_level
    is_permitted = permission is None or result.modification_level.value <= permission.value
    if result.modification_level is ModificationLevel.ANNOTATIONS:
        return SignatureReason.ANNOTATED, permission is not None and is_permitted
    if not result.changed_form_fields <= set(signature_fields):
        return SignatureReason.FORM_FILLED, permission is not None and is_permitted
    if result.modification_level is ModificationLevel.FORM_FILLING:
        return SignatureReason.SIGNATURE_ADDED, is_permitted
    return SignatureReason.VALIDATION_DATA_ADDED, is_permitted
