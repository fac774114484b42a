"""Verifying a signed file item by item; revocation is never among what passes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from jpki.certificate import NON_REPUDIATION, Issuers, issuer_label, read_details, read_summary, split
from jpki.certificate.checks import POLICIES, CheckItem, CheckReason, CheckReport, CheckResult, Verdict, check
from jpki.errors import CertificateError, DataError, KeyNotSupportedError, SignatureInvalidError
from jpki.identifiers import CertificateKind

from .attributes import TIME_STAMP
from .identity import read_identity
from .results import SignatureItem, SignatureReason, SignatureResult, SignerReport
from .structure import DATA
from .time_stamp import judge_time_stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .results import TimeStamp
    from .signers import SignedData, SignerInfo

#: By so much two computers' clocks may differ.
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
_MOST_TIME_STAMPS: Final = 16
_WORST_FIRST: Final = (Verdict.FAIL, Verdict.NOT_CHECKED, Verdict.PASS)


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
    ``time_stamp_cas`` are CA certificates of time stamp services that the caller believes.
    """

    issuers: Issuers = field(default_factory=Issuers)
    from_card: Callable[[CertificateKind], bytes | None] = _no_card
    allow_auth: bool = False
    time_stamp_cas: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentFacts:
    """What is known of the content that a signature is compared with.

    ``digest`` is its hash with the signer's function, None if that is not accepted. ``is_attribute_set`` tells a
    content that is itself the signed attributes of another signature: whoever has such a signature could pass it off
    as one of these bytes. ``is_other`` tells that the file beside the signature is not the content inside it, so that
    nothing that was signed can be its hash.
    """

    digest: bytes | None
    is_attribute_set: bool = False
    is_other: bool = False


def verify_signer(
    signed: SignedData, signer: SignerInfo, content: ContentFacts, trust: Trust, *, now: datetime
) -> SignerReport:
    """Check one signature of a file.

    Args:
        signed: the file's certificates and signers.
        signer: the signature in question.
        content: what is known of the content.
        trust: where the issuer's certificate comes from, and what is accepted.
        now: the instant of looking.
    """
    signature_fault = _signature_fault(signer, content)
    certificate_fault = _certificate_fault(signer)
    results = [
        _result(SignatureItem.CONTENT, _content_fault(signed, signer, content, signature_fault)),
        _result(SignatureItem.SIGNATURE, signature_fault),
        _result(SignatureItem.COVERAGE, None),
        _result(SignatureItem.SIGNER_CERTIFICATE, certificate_fault),
    ]
    time = signer.attributes.signing_time
    if certificate_fault is not None or signer.certificate is None:
        return SignerReport(tuple(results), None, time, None, has_attributes=signer.signed_attributes is not None)
    stamp_results, stamp = _time_stamps(signer, trust, now)
    results += [_binding(signer, signer.certificate), _time(signer, now), *stamp_results, *_unsigned(signer)]
    kind = kind_of(signer.certificate)
    report = check(
        signer.certificate,
        _issuer(signed, signer.certificate, kind, trust),
        time or now,
        kind=kind,
        test_anchors=trust.issuers.test,
        accepted=trust.issuers.accepted,
    )
    if kind is CertificateKind.AUTH and (not trust.allow_auth or signer.signed_attributes is None):
        report = _as_document_signer(report)
    results.append(_period_now(signer.certificate, now))
    return SignerReport(
        tuple(results),
        report,
        time,
        kind,
        issuer=issuer_label(read_summary(signer.certificate)),
        signer=read_identity(signer.certificate),
        has_attributes=signer.signed_attributes is not None,
        time_stamp=stamp,
    )


def _as_document_signer(report: CheckReport) -> CheckReport:
    """Fail the key usage and policy of a user certificate: its key logs in, and is asked to by whatever asks.

    A document signature wants nonRepudiation and the policy of signature certificates (docs/certificates.md, 2.4).
    """
    verdicts = {
        CheckItem.KEY_USAGE: (CheckReason.USAGE_MISSING, (NON_REPUDIATION,)),
        CheckItem.POLICY: (CheckReason.LOGIN_POLICY, ()),
    }
    results = (
        CheckResult(result.item, Verdict.FAIL, *verdicts[result.item])
        if result.item in verdicts and result.verdict is not Verdict.FAIL
        else result
        for result in report.results
    )
    return replace(report, results=tuple(results))


def _issuer(signed: SignedData, certificate: bytes, kind: CertificateKind, trust: Trust) -> bytes | None:
    """Find the CA certificate that a certificate names, one that counts before any other; a card is asked last."""
    found = trust.issuers.find(certificate, signed.certificates)
    if found is not None and trust.issuers.is_anchor(found):
        return found
    on_card = trust.from_card(kind.issuer)
    return found if on_card is None else trust.issuers.find(certificate, (on_card, *signed.certificates))


def kind_of(certificate: bytes) -> CertificateKind:
    """Tell a user certificate from a signature certificate, by its policy; phones have others in the same arcs."""
    arc = POLICIES["auth"].rpartition(".")[0] + "."
    policies = read_summary(certificate).policies
    return CertificateKind.AUTH if any(oid.startswith(arc) for oid in policies) else CertificateKind.SIGN


def _content_fault(
    signed: SignedData, signer: SignerInfo, content: ContentFacts, signature_fault: SignatureReason | None
) -> SignatureReason | None:
    if signer.digest_name is None:
        return SignatureReason.ALGORITHM_NOT_ACCEPTED
    if signer.signed_attributes is None:
        return _direct_fault(signed, content, signature_fault)
    attributes = signer.attributes
    if attributes.message_digest is None or attributes.content_type is None:
        return SignatureReason.NO_CONTENT_HASH
    if attributes.content_type != signed.content_type or signed.content_type != DATA:
        return SignatureReason.OTHER_CONTENT_TYPE
    is_same = attributes.message_digest == content.digest and not content.is_other
    return None if is_same else SignatureReason.CONTENT_CHANGED


def _direct_fault(
    signed: SignedData, content: ContentFacts, signature_fault: SignatureReason | None
) -> SignatureReason | None:
    """Judge the content of a signature without signed attributes, which is made over the content itself.

    Whoever signed attributes has signed these bytes, too: a content that is such a set is not a document
    (draft-ietf-lamps-cms-euf-cma-signeddata).
    """
    if content.is_attribute_set:
        return SignatureReason.CONTENT_IS_ATTRIBUTES
    if signed.content_type != DATA:
        return SignatureReason.OTHER_CONTENT_TYPE
    is_same = signature_fault is None and not content.is_other
    return None if is_same else SignatureReason.CONTENT_OR_SIGNATURE_CHANGED


def _certificate_fault(signer: SignerInfo) -> SignatureReason | None:
    if signer.certificate is None:
        return SignatureReason.NO_CERTIFICATE
    try:
        read_summary(signer.certificate)
        read_details(signer.certificate)
    except CertificateError:
        return SignatureReason.UNREADABLE_CERTIFICATE
    return None


def _signature_fault(signer: SignerInfo, content: ContentFacts) -> SignatureReason | None:
    if signer.scheme is None or content.digest is None:
        return SignatureReason.ALGORITHM_NOT_ACCEPTED
    if signer.certificate is None:
        return SignatureReason.NO_CERTIFICATE
    signed = signer.signed_attributes
    digest = content.digest if signed is None else signer.scheme.digest.of(signed)
    try:
        public_key = split(signer.certificate).public_key
    except CertificateError:
        return SignatureReason.UNREADABLE_CERTIFICATE
    try:
        signer.scheme.check(public_key, signer.signature, digest)
    except KeyNotSupportedError:
        return SignatureReason.KEY_NOT_ACCEPTED
    except (SignatureInvalidError, DataError):
        return SignatureReason.BAD_SIGNATURE
    return None


def _binding(signer: SignerInfo, certificate: bytes) -> SignatureResult:
    """Whether the signed attributes name this very certificate; files of other programs may not."""
    item, bindings = SignatureItem.CERTIFICATE_BINDING, signer.attributes.bindings
    if any(not binding.fits(certificate) for binding in bindings):
        return SignatureResult(item, Verdict.FAIL, SignatureReason.OTHER_CERTIFICATE)
    if any(not binding.is_weak for binding in bindings):
        return SignatureResult(item, Verdict.PASS, SignatureReason.OK)
    reason = SignatureReason.WEAKLY_BOUND if bindings else SignatureReason.NOT_BOUND
    return SignatureResult(item, Verdict.NOT_CHECKED, reason)


def _time(signer: SignerInfo, now: datetime) -> SignatureResult:
    """Whether the time that the signer states can be one; the certificate's period at that time is its own item."""
    return time_result(signer.attributes.signing_time, now, is_odd=signer.attributes.has_odd_time)


def time_result(stated: datetime | None, now: datetime, *, is_odd: bool) -> SignatureResult:
    """Judge a stated time; ``is_odd`` marks one that cannot be read, has no zone or lies outside the calendar."""
    item = SignatureItem.SIGNING_TIME
    if is_odd:
        return SignatureResult(item, Verdict.FAIL, SignatureReason.TIME_UNREADABLE)
    if stated is None:
        return SignatureResult(item, Verdict.NOT_CHECKED, SignatureReason.NO_SIGNING_TIME)
    return _result(item, SignatureReason.TIME_IN_FUTURE if stated - now > _CLOCKS_DIFFER else None)


def _unsigned(signer: SignerInfo) -> list[SignatureResult]:
    """Name attributes that no signature covers; a time stamp has a signature of its own."""
    if set(signer.unsigned_types) <= {TIME_STAMP}:
        return []
    item, reason = SignatureItem.UNSIGNED_ATTRIBUTES, SignatureReason.NOT_SIGNED
    return [SignatureResult(item, Verdict.NOT_CHECKED, reason)]


def _time_stamps(signer: SignerInfo, trust: Trust, now: datetime) -> tuple[list[SignatureResult], TimeStamp | None]:
    """Judge the time stamps of a signature: the result is the worst, the time that of the earliest good one."""
    found = [
        judge_time_stamp(token, lambda digest_name: digest_name.of(signer.signature), trust.time_stamp_cas, now=now)
        for token in signer.time_stamps[:_MOST_TIME_STAMPS]
    ]
    if not found:
        return [], None
    worst = min((result for result, _ in found), key=lambda result: _WORST_FIRST.index(result.verdict))
    stamps = [stamp for _, stamp in found if stamp is not None]
    return [worst], min(stamps, key=lambda stamp: (not stamp.is_confirmed, stamp.time), default=None)


def _period_now(certificate: bytes, now: datetime) -> SignatureResult:
    summary = read_summary(certificate)
    fault = None
    if now > summary.not_after:
        fault = SignatureReason.EXPIRED
    elif now < summary.not_before:
        fault = SignatureReason.NOT_YET_VALID
    return _result(SignatureItem.PERIOD_NOW, fault)
