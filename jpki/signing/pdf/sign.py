"""Signing a PDF: PAdES B-B, added as an incremental update, so that what was there stays as it was.

Everything but the signature itself is made first (:func:`prepare_pdf`), without the card: the new revision with a gap
for the signature, and its hash. The signer's certificate is readable with the password only, so the signed attributes,
which hold its hash, are made inside the card's transaction (:meth:`PreparedPdf.sign`).
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from jpki.certificate import in_japan
from jpki.certificate.checks import Verdict
from jpki.errors import PdfError

from .appearance import SignaturePlace, field_spec, turn_of_place
from .changes import later_changes
from .library import PdfFault, has_xfa, open_reader, pdf_errors, writer_of
from .signatures import empty_field_names, filled_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
    from pyhanko.sign.signers.pdf_signer import PdfSigner

    from jpki.crypto import Digest
    from jpki.signing.key import SigningKey
    from jpki.signing.time_stamp_service import TimeStampService

    from .signatures import SignatureField

#: Hexadecimal digits kept for the signature: two certificates, a signature and the attributes take about 8,000.
_RESERVED: Final = 16 * 1024
#: A time stamp encloses the certificates of its service.
_RESERVED_STAMPED: Final = 64 * 1024
_FIELD_NAME: Final = "Signature{}"


@dataclass(frozen=True, slots=True)
class PreparedPdf:
    """A PDF that waits for its signature in a second file; ``field`` is the name of its signature field."""

    field: str
    digest_name: Digest
    prepared: PreparedByteRangeDigest
    signing_time: datetime
    is_pades: bool = True
    reserved: int = _RESERVED

    def sign(self, key: SigningKey) -> bytes:
        """Make the CMS for the gap; one signature of the card, inside its transaction.

        Raises:
            PdfError: the card's certificates are larger than the space kept for them.
            DataError, CardError: as :meth:`jpki.signing.key.SigningKey.sign`.
        """
        from .signer import make_signer

        signer = make_signer(key)
        made = asyncio.run(
            signer.async_sign(self.prepared.document_digest, self.digest_name.value, **self._attributes())
        )
        return self._fitting(bytes(made.dump()))

    def stamp(self, signature: bytes, service: TimeStampService) -> bytes:
        """Have the time of a signature that :meth:`sign` made stated by a service; without the card.

        Raises:
            TimeStampError: there is no time stamp.
            PdfError: it is larger than the space kept for it.
        """
        from jpki.signing.cms import signature_value, with_time_stamp

        token = service.stamp(self.digest_name, signature_value(signature))
        return self._fitting(with_time_stamp(signature, token))

    def _fitting(self, encoded: bytes) -> bytes:
        if len(encoded) * 2 > self.reserved:
            raise PdfError("the signature is too large", fault=PdfFault.CERTIFICATES_TOO_LARGE.value)
        return encoded

    def _attributes(self) -> dict[str, Any]:
        """PAdES has the time in the dictionary and not among the attributes (ETSI EN 319 142-1, 5.3)."""
        from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

        if self.is_pades:
            return {"use_pades": True}
        return {"signed_attr_settings": PdfCMSSignedAttributes(signing_time=self.signing_time)}

    def fill(self, output: BinaryIO, signature: bytes) -> None:
        """Put the signature into the gap of the file that :func:`prepare_pdf` wrote."""
        self.prepared.fill_with_cms(output, signature)


def _no_one(_: int) -> None:
    """Stand-in for a caller that shows no progress."""


def prepare_pdf(
    source: BinaryIO,
    output: BinaryIO,
    digest_name: Digest,
    place: SignaturePlace,
    *,
    at: datetime | None = None,
    expect: Callable[[int], None] = _no_one,
) -> PreparedPdf:
    """Write the PDF with a new revision that has a gap for the signature, and hash it.

    Args:
        source: the PDF.
        output: an empty file, for reading and writing.
        digest_name: hash function.
        place: the field to sign in, and whether the signature is seen on a page.
        at: the time that the signature states, in Japan's zone; this instant if None.
        expect: told, before the long reading begins, about how many bytes will be read of both files together.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        PdfError: broken, encrypted, an XFA form, no such page or field, or a signature in it forbids another one.
    """
    reader = open_reader(source)
    if has_xfa(reader):
        raise PdfError("the PDF is an XFA form", fault=PdfFault.XFA.value)
    field = _field_name(reader, place)
    time = in_japan(at or datetime.now(UTC)).replace(microsecond=0)
    size = source.seek(0, os.SEEK_END)
    earlier = [field for field in filled_fields(reader) if field.embedded is not None]
    # The file is copied and hashed; earlier signatures are looked at in it and in the copy.
    expect(size * (len(earlier) ** 2 + 4 if earlier else 2))
    _require_permission(earlier)
    with pdf_errors():
        prepared = _write(reader, source, output, (field, digest_name, place), time)
    if earlier:
        _require_intact(source, output)
    return PreparedPdf(field, digest_name, prepared, time, is_pades=not place.for_registry, reserved=_reserved(place))


def examine_pdf(source: BinaryIO, digest_name: Digest, place: SignaturePlace) -> None:
    """Look whether a PDF can be signed so, without writing anything; what a later signature breaks is not looked at.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        PdfError: as :func:`prepare_pdf`.
    """
    reader = open_reader(source)
    if has_xfa(reader):
        raise PdfError("the PDF is an XFA form", fault=PdfFault.XFA.value)
    field = _field_name(reader, place)
    _require_permission([field for field in filled_fields(reader) if field.embedded is not None])
    with pdf_errors():
        _pdf_signer(writer_of(reader, source), field, (digest_name, place), datetime.now(UTC))


def _reserved(place: SignaturePlace) -> int:
    return _RESERVED_STAMPED if place.has_time_stamp else _RESERVED


def _require_permission(earlier: Sequence[SignatureField]) -> None:
    """Refuse to sign where a certification allows no change at all.

    Raises:
        PdfError: it does.
    """
    from pyhanko.sign.fields import MDPPerm

    for field in earlier:
        with pdf_errors():
            level = None if field.embedded is None else field.embedded.docmdp_level
        if level is MDPPerm.NO_CHANGES:
            raise PdfError("a signature forbids changes", fault=PdfFault.CHANGES_FORBIDDEN.value, names=(field.name,))


def _field_name(reader: PdfFileReader, place: SignaturePlace) -> str:
    empty, names = empty_field_names(reader)
    if place.field is None:
        taken = {name.partition(".")[0] for name in names}
        return next(name for number in range(1, len(taken) + 2) if (name := _FIELD_NAME.format(number)) not in taken)
    if place.field not in empty:
        raise PdfError("no such empty signature field", fault=PdfFault.NO_SUCH_FIELD.value, names=empty)
    return place.field


def _write(
    reader: PdfFileReader, source: BinaryIO, output: BinaryIO, how: tuple[str, Digest, SignaturePlace], time: datetime
) -> PreparedByteRangeDigest:
    field, digest_name, place = how
    writer = writer_of(reader, source)
    session = _pdf_signer(writer, field, (digest_name, place), time).init_signing_session(
        writer, existing_fields_only=place.field is not None
    )
    session.system_time = time
    document = session.prepare_tbs_document(None, _reserved(place))
    prepared, _ = document.digest_tbs_document(output=output)
    return prepared


def _pdf_signer(
    writer: IncrementalPdfFileWriter, field: str, how: tuple[Digest, SignaturePlace], time: datetime
) -> PdfSigner:
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers.pdf_cms import ExternalSigner
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

    from .drawing import StampStyle

    digest_name, place = how
    # No name, place or reason unless they were typed: nothing personal but the certificate itself.
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm=digest_name.value,
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED if place.for_registry else SigSeedSubFilter.PADES,
        name=place.name,
        reason=place.reason,
        location=place.location,
    )
    spec = None if place.field is not None else field_spec(writer, field, place)
    # The certificate is not known yet; it is in the CMS, which is made later.
    unknown = ExternalSigner(signing_cert=None, cert_registry=None)
    style = StampStyle(stamp=place.stamp, at=time, turn=turn_of_place(writer, place))
    return PdfSigner(metadata, unknown, stamp_style=style, new_field_spec=spec)


def _require_intact(source: BinaryIO, output: BinaryIO) -> None:
    """Refuse to sign where an earlier signature that was intact would not be so any longer.

    The file is read anew: what writes the new revision changes what its own reader knows of the old one.

    Raises:
        PdfError: an earlier signature forbids changes.
    """
    from .readers import BoundedReader

    before = open_reader(source)
    with pdf_errors():
        after = BoundedReader(output, strict=before.strict)
    names = empty_field_names(after)[1]
    later = {field.name: field.embedded for field in filled_fields(after)}
    for field in filled_fields(before):
        then, now = field.embedded, later.get(field.name)
        if then is None or later_changes(before, then, names).verdict is Verdict.FAIL:
            continue
        if now is None or later_changes(after, now, names).verdict is Verdict.FAIL:
            raise PdfError("a signature forbids changes", fault=PdfFault.CHANGES_FORBIDDEN.value, names=(field.name,))
