"""The words of what a look at a signature can find: whose it is first, then the items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.certificate import in_japan
from jpki.certificate.checks import CheckItem, CheckReason, Verdict, item_text, reason_text
from jpki.identifiers import CertificateKind
from jpki.outside_text import quoted
from jpki.signing.cms import SignatureItem
from jpki.words import CERTIFICATES, M, Message

if TYPE_CHECKING:
    from jpki.certificate.checks import CheckReport, CheckResult
    from jpki.signing.cms import SignerIdentity, SignerReport


ITEMS: Final = {
    "content": M("Content is unchanged"),
    "signature": M("Signature"),
    "signer_certificate": M("Signer's certificate"),
    "certificate_binding": M("Certificate is bound to the signature"),
    "coverage": M("Covers the whole file"),
    "later_changes": M("Unchanged since"),
    "time_stamp": M("Time stamp"),
    "signing_time": M("Stated time"),
    "unsigned_attributes": M("Attributes that are not signed"),
    "period_now": M("Certificate's period now"),
    "expected_signer": M("The expected signer"),
}
#: The words for why a check of a signature did not pass, by its code.
REASONS: Final = {
    "ok": M("as expected"),
    "content_changed": M("the file is not what was signed"),
    "content_or_signature_changed": M("the file or its signature was changed"),
    "content_is_attributes": M("the file consists of another signature's attributes: it is not a document"),
    "other_content_type": M("it signs something that is not a file"),
    "no_content_hash": M("it does not say what was signed"),
    "bad_signature": M("the signature does not match"),
    "algorithm_not_accepted": M("a signature algorithm that is not accepted"),
    "key_not_accepted": M("a key that is not accepted: too short, or of the wrong kind"),
    "no_certificate": M("the signer's certificate is not in the file"),
    "unreadable_certificate": M("the signer's certificate cannot be read"),
    "other_certificate": M("another certificate was put in its place"),
    "not_bound": M("the signature does not name its certificate's hash"),
    "weakly_bound": M("the signature identifies its certificate by a hash that is too weak"),
    "time_in_future": M("the stated time is in the future"),
    "time_unreadable": M("the stated time is unusable: without a time zone, or outside the calendar"),
    "not_signed": M("there are some, and no signature covers them"),
    "expired": M("the period has ended"),
    "not_yet_valid": M("the period has not started; is the date of this computer correct?"),
    "no_signing_time": M("it does not say when it was signed"),
    "not_whole_file": M("it does not cover the whole file"),
    "another_signer": M("another certificate and key"),
    "unsupported": M("a kind of signature that this program does not support"),
    "unreadable_signature": M("the signature cannot be read"),
    "bad_range": M("it does not cover everything in the file except the signature itself"),
    "whole_file_then": M("the file as it was; a later signature covers the rest"),
    "rest_not_signed": M("the file as it was; what was added since is checked separately"),
    "covers_a_page": M("boxes of signatures were added later that cover too much of a page"),
    "nothing_added": M("nothing was added"),
    "signature_added": M("another signature was added"),
    "validation_data_added": M("data for later verification were added"),
    "form_filled": M("form fields were filled in after signing"),
    "annotated": M("annotations were added after signing"),
    "changed_after_signing": M("the PDF was changed after signing"),
    "cannot_tell": M("what was added after signing cannot be determined"),
    "time_stamp_unreadable": M("it cannot be read, or is not a time stamp"),
    "time_stamp_of_other": M("it is the time stamp of something else"),
    "time_stamp_service_unknown": M("correct, but who issued it is not confirmed (--timestamp-ca)"),
    "no_time_stamp_certificate": M("a certificate that is not for time stamps"),
}
#: Below every verdict.
LAW: Final = M("Verifying signatures as a business needs the minister's approval (the law on JPKI, article 17).")


def heading(number: int, report: SignerReport) -> Message:
    """Number a signature, and name the kind of its certificate."""
    if report.is_time_stamp:
        return M("Time stamp {number}", number=number)
    certificate = M("unknown") if report.kind is None else CERTIFICATES[report.kind.value]
    return M("Signature {number}: {certificate}", number=number, certificate=certificate)


def opening_lines(report: SignerReport) -> list[Message]:
    """Say whose signature it is, since when by whose clock, and of what; of a time stamp only its time."""
    if report.is_time_stamp:
        return _stamped(report)
    lines = [_who(report), _when(report), *_stamped(report), _what(report)]
    if report.kind is CertificateKind.AUTH:
        lines.append(M("Made with the login key, which is not for signing documents."))
    if not report.has_attributes:
        lines.append(M("Made over the content alone: it states no time and is not bound to a certificate."))
    if report.field is not None:
        lines.append(M("Field of the PDF: {name}", name=quoted(report.field)))
    return lines


def _who(report: SignerReport) -> Message:
    """Name the signer: as a fact only where issuer and signature have passed."""
    if report.signer is None:
        return M("Signed by somebody whose certificate cannot be read.")
    name = quoted(_name(report.signer))
    if not report.is_signer_confirmed:
        return M("Signed by somebody who claims to be “{name}”; this is not confirmed.", name=name)
    if _is_test(report):
        return M("Signed by “{name}” with a TEST certificate: not a real person.", name=name)
    return M("Signed by “{name}”.", name=name)


def _name(signer: SignerIdentity) -> str:
    return signer.subject if signer.name is None else signer.name


def _is_test(report: SignerReport) -> bool:
    result = None if report.certificate is None else report.certificate.result_of(CheckItem.ISSUER_PIN)
    return result is not None and result.reason is CheckReason.TEST_ISSUER


def _when(report: SignerReport) -> Message:
    if report.signing_time is None:
        return M("The signing time is not known: the signature states none.")
    return M(
        "Signed on {time} Japan time, by the signer's clock.",
        time=in_japan(report.signing_time).strftime("%Y-%m-%d %H:%M:%S"),
    )


def _stamped(report: SignerReport) -> list[Message]:
    """Say what a third party states of the time, and whether it is known who that is."""
    stamp = report.time_stamp
    if stamp is None:
        return []
    time, service = in_japan(stamp.time).strftime("%Y-%m-%d %H:%M:%S"), quoted(stamp.service)
    if stamp.is_confirmed:
        return [M("Time stamp of {time} Japan time, by “{service}”.", time=time, service=service)]
    text = M(
        "Time stamp of {time} Japan time, by a service that calls itself “{service}”, not confirmed.",
        time=time,
        service=service,
    )
    return [text]


def _what(report: SignerReport) -> Message:
    """Say whether the content is the one that was signed, which the signature itself has to confirm."""
    content, signature = (report.result_of(item) for item in (SignatureItem.CONTENT, SignatureItem.SIGNATURE))
    if content is None or content.verdict is not Verdict.PASS:
        return M("It is NOT certain that the content is what was signed.")
    if signature is None or signature.verdict is not Verdict.PASS:
        return M("The content matches the hash in the signature, but the signature itself does NOT match.")
    return M("The content is what was signed.")


def ordered(report: SignerReport) -> list[tuple[Verdict, Message, Message]]:
    """Name each item with its verdict and why: failures first, then what was not checked, then what passed."""
    rows = _rows(report)
    return [row for verdict in (Verdict.FAIL, Verdict.NOT_CHECKED, Verdict.PASS) for row in rows if row[0] is verdict]


def _rows(report: SignerReport) -> list[tuple[Verdict, Message, Message]]:
    rows = [(result.verdict, ITEMS[result.item.value], REASONS[result.reason.value]) for result in report.results]
    if report.certificate is not None:
        rows += [
            (result.verdict, _certificate_item(report.certificate, result), reason_text(result))
            for result in report.certificate.results
        ]
    return rows


def _certificate_item(report: CheckReport, result: CheckResult) -> Message:
    """Name an item of the certificate; its period is the one at the time of signing."""
    if result.item is CheckItem.PERIOD:
        return M("Certificate's period when signed")
    return item_text(report, result)
