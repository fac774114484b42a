"""Signatures in PDF files below the command line: what they cover, and files that are not by the letter."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pdfsamples import once, plain, signed, twice, updated, written
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper

from jpki.certificate import Issuers
from jpki.certificate.checks import Verdict
from jpki.crypto import Digest
from jpki.errors import DataError, PdfError
from jpki.signing.cms import SignatureItem, SignatureReason, Trust
from jpki.signing.pdf import SignaturePlace, prepare_pdf, verify_pdf
from jpki.signing.pdf.library import is_pdf, open_reader
from jpki.signing.pdf.signatures import filled_fields, signed_range
from jpki_sim import dates
from jpki_sim.pki import anchors

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

    from jpki.signing.cms import SignerReport


def _verify(pdf: bytes) -> tuple[SignerReport, ...]:
    return verify_pdf(io.BytesIO(pdf), Trust(Issuers(test=anchors())), now=dates.now())


def _reason(report: SignerReport, item: SignatureItem) -> tuple[Verdict, SignatureReason]:
    (found,) = [result for result in report.results if result.item is item]
    return found.verdict, found.reason


def _time_stamped(pdf: bytes) -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    subject = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "TEST time stamps")])
    now = dates.now()
    made = (
        pyca.CertificateBuilder(subject, subject, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(
        tsa_cert=x509.Certificate.load(made.public_bytes(Encoding.DER)),
        tsa_key=keys.PrivateKeyInfo.load(private),
        fixed_dt=now,
    )
    output = io.BytesIO()
    update = IncrementalPdfFileWriter(io.BytesIO(pdf))
    PdfTimeStamper(stamper).timestamp_pdf(update, "sha256", output=output)
    return output.getvalue()


def test_a_time_stamp_is_judged_apart() -> None:
    """It covers the rest of the file for the signature before it, and is no signature of a person."""
    signature, stamp = _verify(_time_stamped(once()))

    assert not signature.has_failed
    assert _reason(signature, SignatureItem.COVERAGE) == (Verdict.PASS, SignatureReason.WHOLE_FILE_THEN)
    assert stamp.is_time_stamp
    assert not stamp.has_failed
    found = _reason(stamp, SignatureItem.TIME_STAMP)
    assert found == (Verdict.NOT_CHECKED, SignatureReason.TIME_STAMP_SERVICE_UNKNOWN)
    assert stamp.time_stamp is not None
    assert stamp.time_stamp.service == "CN=TEST time stamps"


def test_a_time_stamp_of_another_file_fails() -> None:
    """A byte of what it covers is another one; the signature before it fails by itself."""
    pdf = bytearray(_time_stamped(once()))
    place = pdf.index(b"I owe 100")
    pdf[place : place + 1] = b"U"
    stamp = _verify(bytes(pdf))[1]

    assert stamp.has_failed
    assert _reason(stamp, SignatureItem.TIME_STAMP) == (Verdict.FAIL, SignatureReason.TIME_STAMP_OF_OTHER)


def _sloppy() -> bytes:
    """A PDF that says less of its size than there is: widespread programs read it, the standard does not allow it."""
    return re.sub(rb"/Size \d+", b"/Size 3", plain())


def test_a_pdf_that_is_not_by_the_letter_is_signed() -> None:
    """Its signature covers all of it, so nothing hangs on how the rest is read."""
    pdf = signed(_sloppy())
    (report,) = _verify(pdf)

    assert not open_reader(io.BytesIO(_sloppy())).strict
    assert not report.has_failed


def test_what_was_added_to_a_sloppy_pdf_cannot_be_told() -> None:
    """What it shows depends on the program that shows it, so the earlier signature fails."""
    pdf = signed(_sloppy())
    update = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    update.update_root()
    (report,) = _verify(written(update))

    assert _reason(report, SignatureItem.LATER_CHANGES) == (Verdict.FAIL, SignatureReason.CANNOT_TELL)


@pytest.mark.parametrize("ends", [1, 2])
def test_ranges_reach_to_the_end_of_each_revision(ends: int) -> None:
    """The gap holds the signature and nothing else."""
    data = once() if ends == 1 else twice()
    file = io.BytesIO(data)
    fields = filled_fields(open_reader(file))
    found = [signed_range(file, field.embedded) for field in fields if field.embedded is not None]

    assert [each.end for each in found] == [len(once()), len(twice())][:ends]
    for each in found:
        assert data[each.gap_start : each.gap_start + 1] == b"<"
        assert data[each.gap_end - 1 : each.gap_end] == b">"
        assert bytes.fromhex(data[each.gap_start + 1 : each.gap_end - 1].decode()).startswith(each.contents)


def test_an_unsigned_pdf_has_no_signature() -> None:
    """An empty tuple, and no error."""
    assert _verify(plain()) == ()


def test_the_new_field_has_a_free_name() -> None:
    """Signature1 is taken, so the next one is Signature2."""
    prepared = prepare_pdf(io.BytesIO(once()), io.BytesIO(), Digest.SHA256, SignaturePlace())

    assert prepared.field == "Signature2"


def test_too_many_signatures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs a look at everything after it."""
    monkeypatch.setattr("jpki.signing.pdf.signatures.MAX_SIGNATURES", 1)
    with pytest.raises(PdfError) as caught:
        _verify(twice())
    assert caught.value.fault == "broken"


def test_certificates_without_room_make_no_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """The space is kept before the card's certificates are known."""
    monkeypatch.setattr("jpki.signing.pdf.sign._RESERVED", 1024)
    with pytest.raises(DataError):
        signed(plain())


@pytest.mark.parametrize(
    ("data", "is_one"), [(b"%PDF-1.7", True), (b"%PDF", False), (b"", False), (b"\n%PDF-1", False)]
)
def test_a_pdf_begins_as_one(data: bytes, is_one: bool) -> None:  # noqa: FBT001 - a parametrised value
    """Nothing stands before the header, since offsets count from there."""
    assert is_pdf(io.BytesIO(data)) is is_one


def test_the_box_is_on_the_page() -> None:
    """Each visible signature has a box of its own within the page."""
    pdf = plain()
    for _ in range(3):
        pdf = signed(pdf, place=SignaturePlace(page=2))
    reader = open_reader(io.BytesIO(pdf))
    boxes = [tuple(int(n) for n in field["/Rect"]) for field in _widgets(reader)]

    assert len(set(boxes)) == 3
    assert all(0 <= x1 < x2 <= 595 and 0 <= y1 < y2 <= 842 for x1, y1, x2, y2 in boxes)
    assert not any(report.has_failed for report in _verify(updated(pdf, lambda _: None)[: len(pdf)]))


def _widgets(reader: PdfFileReader) -> list[Any]:
    return [field.embedded.sig_field for field in filled_fields(reader) if field.embedded is not None]
