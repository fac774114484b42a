"""Signatures and time stamps in a PDF as other programs make them, with TEST keys."""

from __future__ import annotations

import io
from datetime import datetime, tzinfo
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from asn1crypto import keys, x509
from cmsforge import NOW, File, Holder, Signer, ca_certificate, holder
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pdfsamples import name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import SimpleSigner, pdf_signer
from pyhanko.sign.signers.pdf_byterange import PdfSignedData
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from timestamping import service

if TYPE_CHECKING:
    from collections.abc import Callable


def _store() -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register(x509.Certificate.load(ca_certificate()))
    return store


def _key(who: Holder) -> Any:
    return keys.PrivateKeyInfo.load(who.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def pyhanko_signer(who: Holder | None = None, *, pss: bool = False) -> SimpleSigner:
    """PyHanko's own signer with a TEST key."""
    who = who or holder()
    return SimpleSigner(
        signing_cert=x509.Certificate.load(who.certificate),
        signing_key=_key(who),
        cert_registry=_store(),
        prefer_pss=pss,
    )


class _Clock(datetime):
    """The clock that pyHanko signs by: that of the tests."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _Clock:
        """The time of the cases."""
        return cls.fromtimestamp(NOW.timestamp(), tz)


def pyhanko_signed(
    pdf: bytes,
    *,
    who: Holder | None = None,
    pss: bool = False,
    box: tuple[int, int, int, int] | None = None,
    stamper: DummyTimeStamper | None = None,
    **metadata: Any,
) -> bytes:
    """The PDF signed by pyHanko, visibly where a box is given."""
    settings: dict[str, Any] = {
        "field_name": f"Field{pdf.count(b'/ByteRange') + 1}",
        "md_algorithm": "sha256",
        **metadata,
    }
    spec = None if box is None else SigFieldSpec(settings["field_name"], on_page=0, box=box)
    signer = PdfSigner(
        PdfSignatureMetadata(**settings), pyhanko_signer(who, pss=pss), timestamper=stamper, new_field_spec=spec
    )
    with patch.object(pdf_signer, "datetime", _Clock):
        made = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(made.getvalue())


@cache
def stamper() -> DummyTimeStamper:
    """A TEST service that states times; it is not trusted."""
    who, _ = service(key="2048")
    return DummyTimeStamper(
        x509.Certificate.load(who.certificate), _key(who), certs_to_embed=SimpleCertificateStore(), fixed_dt=NOW
    )


def time_stamped(pdf: bytes) -> bytes:
    """The PDF with a document time stamp."""
    made = PdfTimeStamper(stamper()).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256", validation_context=None
    )
    return bytes(made.getvalue())


def forged(pdf: bytes, sign: Callable[[bytes], bytes], **entries: Any) -> bytes:
    """The PDF with a signature dictionary of our own, and in it whatever ``sign`` makes of the signed bytes."""
    update = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(update, SigFieldSpec("Forged"))
    signature = PdfSignedData(name("/Sig"), subfilter=SigSeedSubFilter.PADES, bytes_reserved=32768)
    for key, value in entries.items():
        signature[name(f"/{key}")] = value
    fields = [field.get_object() for field in update.root["/AcroForm"]["/Fields"]]
    target = next(field for field in fields if field["/T"] == "Forged")
    target[name("/V")] = update.add_object(signature)
    update.update_container(target)
    output = io.BytesIO()
    prepared, _ = next(signature.fill(update, "sha256", output=output))
    data = output.getvalue()
    signed_bytes = data[: prepared.reserved_region_start] + data[prepared.reserved_region_end :]
    prepared.fill_with_cms(output, sign(signed_bytes))
    return output.getvalue()


def detached(**how: Any) -> Callable[[bytes], bytes]:
    """What signs bytes as a CMS without them, with a TEST key."""
    return lambda data: File((Signer(**how),), content=data).build()
