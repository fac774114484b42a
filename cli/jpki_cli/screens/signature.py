"""The screen and the JSON object of ``jpki verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki.certificate.period import in_japan
from jpki_cli.screens.check import VERDICT_COLOURS, VERDICTS, item_text, reason_text, verdict_lines
from jpki_cli.terminal.text import colour, visible, wrap
from jpki_cli.words.i18n import M, Message
from jpki_cli.words.sentences import CERTIFICATES, REVOCATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.certificate.check_results import CheckReport, CheckResult, Verdict
    from jpki.signing.cms.verify import SignatureResult, SignerReport

_ITEMS: Final = {
    "content": M("Content is unchanged"),
    "signature": M("Signature"),
    "signer_certificate": M("Signer's certificate"),
    "certificate_binding": M("Certificate is bound in"),
    "coverage": M("Covers the whole file"),
    "later_changes": M("Unchanged since"),
    "time_stamp": M("Time stamp"),
    "period_now": M("Certificate's period now"),
}
_REASONS: Final = {
    "ok": M("as it should be"),
    "content_changed": M("the file is not the one that was signed"),
    "no_content_hash": M("it does not say what was signed"),
    "bad_signature": M("the signature does not match"),
    "algorithm_not_accepted": M("a signature algorithm that is not accepted"),
    "no_certificate": M("the signer's certificate is not in the file"),
    "unreadable_certificate": M("the signer's certificate cannot be read"),
    "other_certificate": M("another certificate was put in its place"),
    "not_bound": M("the signature does not name its certificate's hash"),
    "expired": M("the period is over"),
    "not_yet_valid": M("the period has not begun; is this computer's date right?"),
    "no_signing_time": M("it does not say when it was signed"),
    "not_whole_file": M("it does not cover the whole file"),
    "unreadable_signature": M("the signature cannot be read, or is of a kind not accepted"),
    "bad_range": M("what it covers is not the file but for the signature itself"),
    "whole_file_then": M("the file as it was; a later signature covers the rest"),
    "nothing_added": M("nothing was added"),
    "signature_added": M("another signature was added"),
    "validation_data_added": M("data for later verification were added"),
    "form_filled": M("form fields were filled in after signing"),
    "annotated": M("annotations were added after signing"),
    "changed_after_signing": M("the PDF was changed after signing"),
    "cannot_tell": M("what was added after signing cannot be told"),
    "third_party": M("a third party's statement of time, not judged here"),
}
_LAW: Final = M("Verifying signatures as a business needs the minister's approval (the law on JPKI, article 17).")


def _rows(report: SignerReport) -> list[list[str]]:
    rows = [_row(result.verdict, _ITEMS[result.item.value], _REASONS[result.reason.value]) for result in report.results]
    if report.certificate is not None:
        rows += [
            _row(result.verdict, _certificate_item(report.certificate, result), reason_text(result))
            for result in report.certificate.results
        ]
    return rows


def _certificate_item(report: CheckReport, result: CheckResult) -> Message:
    """Name an item of the certificate; its period is the one at the time of signing."""
    if result.item.value == "period":
        return M("Certificate's period when signed")
    return item_text(report, result)


def _row(verdict: Verdict, item: Message, reason: Message) -> list[str]:
    return [colour(str(VERDICTS[verdict]), VERDICT_COLOURS[verdict]), str(item), str(reason)]


def render(reports: Sequence[SignerReport], compared: Message) -> str:
    """Return the screen; the certificate is judged at the time that the signer's computer gave.

    ``compared`` says which file was compared with the content that was signed.
    """
    lines = [wrap(visible(str(compared)))]
    for number, report in enumerate(reports, 1):
        lines.append(wrap(str(_title(number, report))))
        if report.field is not None:
            lines.append("  " + str(M("Field of the PDF: {name}", name=_plain(report.field))))
        lines += _login_key_lines(report)
        lines += verdict_lines(_rows(report))
    lines += [wrap(str(REVOCATION)), wrap(str(_LAW))]
    return "\n".join(lines) + "\n"


def _title(number: int, report: SignerReport) -> Message:
    if report.is_time_stamp:
        return M("Time stamp {number}", number=number)
    certificate = M("unknown") if report.kind is None else CERTIFICATES[report.kind.value]
    if report.signing_time is None:
        return M("Signature {number}: {certificate}, time not known", number=number, certificate=certificate)
    return M(
        "Signature {number}: {certificate}, made on {time} Japan time by the signer's clock",
        number=number,
        certificate=certificate,
        time=in_japan(report.signing_time).strftime("%Y-%m-%d %H:%M:%S"),
    )


def _login_key_lines(report: SignerReport) -> list[str]:
    """Say of a signature that it was made with the key that logs in."""
    if report.kind is None or report.kind.value != "auth":
        return []
    return [wrap(str(M("Made with the login key, which is not for signing documents.")), indent="  ")]


def _plain(name: str) -> str:
    """Take what is no letter out of a name that comes from the file: it could move the cursor."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)


def facts(report: SignerReport) -> dict[str, Any]:
    """Return one entry of ``signatures``."""
    results = [_result_facts(result) for result in report.results]
    certificate = None
    if report.certificate is not None:
        certificate = [
            {
                "item": result.item.value,
                "verdict": result.verdict.value,
                "reason": result.reason.value,
                "details": list(result.details),
                "text": reason_text(result).both(),
            }
            for result in report.certificate.results
        ]
    return {
        "kind": None if report.kind is None else report.kind.value,
        "field": report.field,
        "issuer": report.issuer,
        "signing_time": None if report.signing_time is None else in_japan(report.signing_time).isoformat(),
        "results": results,
        "certificate": certificate,
    }


def _result_facts(result: SignatureResult) -> dict[str, Any]:
    return {
        "item": result.item.value,
        "verdict": result.verdict.value,
        "reason": result.reason.value,
        "text": _REASONS[result.reason.value].both(),
    }
