"""Whose signature it is: what the signer's certificate says, and whether that is more than a claim."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jpki.certificate import read_details
from jpki.certificate.checks import Verdict

from .results import SignatureItem, SignatureReason, SignatureResult, SignerIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .results import SignerReport


def read_identity(certificate: bytes) -> SignerIdentity:
    """Read whom a certificate names.

    Raises:
        CertificateError: it cannot be read.
    """
    details = read_details(certificate)
    name = details.personal.name
    return SignerIdentity(
        None if name is None else name.text,
        details.subject.to_text(),
        details.issuer.to_text(),
        details.serial,
        details.sha256,
        details.public_key_sha256,
    )


def expect_signer(reports: Sequence[SignerReport], sha256: bytes) -> tuple[SignerReport, ...]:
    """Judge each signature by whether the expected certificate or key made it, identified by its SHA-256.

    Where one of several signatures is the expected one, the others are no failure: others may sign too.
    """
    is_there = any(_is_of(report, sha256) for report in reports)
    return tuple(
        report
        if report.is_time_stamp
        else replace(report, results=(*report.results, _result(report, sha256, is_there)))
        for report in reports
    )


def _is_of(report: SignerReport, sha256: bytes) -> bool:
    signer = report.signer
    return signer is not None and sha256 in (signer.certificate_sha256, signer.public_key_sha256)


def _result(report: SignerReport, sha256: bytes, is_there: bool) -> SignatureResult:  # noqa: FBT001 - of one caller
    item = SignatureItem.EXPECTED_SIGNER
    if _is_of(report, sha256):
        return SignatureResult(item, Verdict.PASS, SignatureReason.OK)
    verdict = Verdict.NOT_CHECKED if is_there else Verdict.FAIL
    return SignatureResult(item, verdict, SignatureReason.ANOTHER_SIGNER)
