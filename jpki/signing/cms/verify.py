"""Verifying a signed file item by item; revocation is never among what passes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from jpki.certificate.check import POLICIES, check
from jpki.certificate.check_results import CheckItem, CheckReport, CheckResult, Reason, Verdict
from jpki.certificate.details import read_details
from jpki.certificate.extensions import NON_REPUDIATION
from jpki.certificate.issuers import Issuers
from jpki.certificate.summary import read_summary, split
from jpki.certificate.trust import issuer_label
from jpki.crypto.rsa_signature import check_signature
from jpki.errors import CertificateError, DataError, SignatureInvalidError
from jpki.identifiers import CertificateKind
from jpki.signing.cms.identity import read_identity
from jpki.signing.cms.results import SignatureItem, SignatureReason, SignatureResult, SignerReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from jpki.signing.cms.signers import SignedFile, Signer

_DATA: Final = "data"


def _result(item: SignatureItem, fault: SignatureReason | None) -> SignatureResult:
    verdict = Verdict.PASS if fault is None else Verdict.FAIL
    return SignatureResult(item, verdict, fault or SignatureReason.OK)


def _no_card(_: CertificateKind) -> bytes | None:
    """Stand-in for a caller that reads no CA certificate from a card."""
    return None


@dataclass(frozen=True, slots=True)
class Trust:
    """Where CA certificates come from besides the signature, and which others the caller accepts.

    ``from_card`` is asked for the CA certificate of the signer's kind once the signer's certificate has been read; what
    it raises goes to the caller. ``allow_auth`` accepts a signature made with the login key, which signs no documents.
    """

    issuers: Issuers = field(default_factory=Issuers)
    from_card: Callable[[CertificateKind], bytes | None] = _no_card
    allow_auth: bool = False


def verify_signer(
    signed: SignedFile, signer: Signer, content_digest: bytes | None, trust: Trust, *, now: datetime
) -> SignerReport:
    """Check one signature of a file.

    Args:
        signed: the file's certificates and signers.
        signer: the signature in question.
        content_digest: hash of the content with ``signer.digest_name``; None where that is not accepted.
        trust: where the issuer's certificate comes from, and what is accepted.
        now: the instant of looking.
    """
    results = [
        _result(SignatureItem.CONTENT, _content_fault(signer, content_digest)),
        _result(SignatureItem.SIGNATURE, _signature_fault(signer)),
        _result(SignatureItem.COVERAGE, None if signed.content_type == _DATA else SignatureReason.NOT_WHOLE_FILE),
    ]
    certificate_fault = _certificate_fault(signer)
    results.append(_result(SignatureItem.SIGNER_CERTIFICATE, certificate_fault))
    if certificate_fault is not None or signer.certificate is None:
        return SignerReport(tuple(results), None, signer.signing_time, None)
    results.append(_binding(signer, signer.certificate))
    kind = kind_of(signer.certificate)
    at = signer.signing_time or now
    report = check(
        signer.certificate,
        _issuer(signed, signer.certificate, kind, trust),
        at,
        kind=kind,
        test_anchors=trust.issuers.test,
        accepted=trust.issuers.accepted,
    )
    if kind is CertificateKind.AUTH and not trust.allow_auth:
        report = _as_document_signer(report)
    results.append(_period_now(signer.certificate, now))
    issuer = issuer_label(read_summary(signer.certificate))
    identity = read_identity(signer.certificate)
    return SignerReport(tuple(results), report, signer.signing_time, kind, issuer=issuer, signer=identity)


def _as_document_signer(report: CheckReport) -> CheckReport:
    """Fail the key usage and policy of a user certificate: its key logs in, and is asked to by whatever asks.

    A document signature wants nonRepudiation and the policy of signature certificates (docs/certificates.md, 2.4).
    """
    verdicts = {
        CheckItem.KEY_USAGE: (Reason.USAGE_MISSING, (NON_REPUDIATION,)),
        CheckItem.POLICY: (Reason.LOGIN_POLICY, ()),
    }
    results = (
        CheckResult(result.item, Verdict.FAIL, *verdicts[result.item])
        if result.item in verdicts and result.verdict is not Verdict.FAIL
        else result
        for result in report.results
    )
    return replace(report, results=tuple(results))


def _issuer(signed: SignedFile, certificate: bytes, kind: CertificateKind, trust: Trust) -> bytes | None:
    """Find the CA certificate that a certificate names, one that counts before any other; a card is asked last."""
    found = trust.issuers.find(certificate, signed.certificates)
    if found is not None and trust.issuers.is_anchor(found):
        return found
    on_card = trust.from_card(CertificateKind.AUTH_CA if kind is CertificateKind.AUTH else CertificateKind.SIGN_CA)
    return found if on_card is None else trust.issuers.find(certificate, (on_card, *signed.certificates))


def kind_of(certificate: bytes) -> CertificateKind:
    """Tell a user certificate from a signature certificate, by its policy; phones have others in the same arcs."""
    arc = POLICIES["auth"].rpartition(".")[0] + "."
    policies = read_summary(certificate).policies
    return CertificateKind.AUTH if any(oid.startswith(arc) for oid in policies) else CertificateKind.SIGN


def _content_fault(signer: Signer, content_digest: bytes | None) -> SignatureReason | None:
    if signer.digest_name is None:
        return SignatureReason.ALGORITHM_NOT_ACCEPTED
    if signer.message_digest is None or signer.content_type is None:
        return SignatureReason.NO_CONTENT_HASH
    if content_digest is None or signer.message_digest != content_digest or signer.content_type != _DATA:
        return SignatureReason.CONTENT_CHANGED
    return None


def _certificate_fault(signer: Signer) -> SignatureReason | None:
    if signer.certificate is None:
        return SignatureReason.NO_CERTIFICATE
    try:
        read_summary(signer.certificate)
        read_details(signer.certificate)
    except CertificateError:
        return SignatureReason.UNREADABLE_CERTIFICATE
    return None


def _signature_fault(signer: Signer) -> SignatureReason | None:
    if signer.digest_name is None:
        return SignatureReason.ALGORITHM_NOT_ACCEPTED
    if signer.certificate is None:
        return SignatureReason.NO_CERTIFICATE
    if not signer.signed_attributes:
        return SignatureReason.NO_CONTENT_HASH
    try:
        public_key = split(signer.certificate).public_key
        digest = signer.digest_name.of(signer.signed_attributes)
        check_signature(public_key, signer.signature, signer.digest_name, digest)
    except (SignatureInvalidError, DataError):
        return SignatureReason.BAD_SIGNATURE
    return None


def _binding(signer: Signer, certificate: bytes) -> SignatureResult:
    """Whether the signed attributes name this very certificate; files of other programs may not."""
    if signer.bound_certificate is None:
        item = SignatureItem.CERTIFICATE_BINDING
        return SignatureResult(item, Verdict.NOT_CHECKED, SignatureReason.NOT_BOUND)
    digest_name, expected = signer.bound_certificate
    fault = None if digest_name.of(certificate) == expected else SignatureReason.OTHER_CERTIFICATE
    return _result(SignatureItem.CERTIFICATE_BINDING, fault)


def _period_now(certificate: bytes, now: datetime) -> SignatureResult:
    summary = read_summary(certificate)
    fault = None
    if now > summary.not_after:
        fault = SignatureReason.EXPIRED
    elif now < summary.not_before:
        fault = SignatureReason.NOT_YET_VALID
    return _result(SignatureItem.PERIOD_NOW, fault)
