"""The screen and the JSON object of ``jpki verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki.certificate import CheckItem, Reason, Verdict, in_japan
from jpki.outside_text import visible
from jpki.signing.cms import SignatureItem
from jpki.words import CERTIFICATES
from jpki_cli.terminal import colour, wrap
from jpki_cli.words import REVOCATION, M, Message

from .check import VERDICT_COLOURS, VERDICTS, item_text, reason_text, verdict_lines
from .signature_words import ITEMS, REASONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.certificate import CheckReport, CheckResult
    from jpki.signing.cms import SignatureResult, SignerIdentity, SignerReport

_LAW: Final = M("Verifying signatures as a business needs the minister's approval (the law on JPKI, article 17).")


def render(reports: Sequence[SignerReport], compared: Message, *, is_verbose: bool = False) -> str:
    """Return the screen: of each signature first whose it is, then the items, failures first.

    Args:
        reports: what was found out.
        compared: says which file was compared with the content that was signed.
        is_verbose: whether items that passed get a line each.
    """
    lines = [wrap(visible(str(compared)))]
    for number, report in enumerate(reports, 1):
        lines.append(_heading(number, report))
        if not report.is_time_stamp:
            lines += [wrap(visible(str(sentence)), indent="  ", first="  ") for sentence in _first_lines(report)]
        lines += _item_lines(report, is_verbose=is_verbose)
    lines += [wrap(str(REVOCATION)), wrap(str(_LAW))]
    return "\n".join(lines) + "\n"


def _heading(number: int, report: SignerReport) -> str:
    if report.is_time_stamp:
        text = M("Time stamp {number}", number=number)
    else:
        certificate = M("unknown") if report.kind is None else CERTIFICATES[report.kind.value]
        text = M("Signature {number}: {certificate}", number=number, certificate=certificate)
    return wrap(str(text))


def _first_lines(report: SignerReport) -> list[Message]:
    """Say whose signature it is, since when by whose clock, and of what."""
    lines = [_who(report), _when(report), _what(report)]
    if report.kind is not None and report.kind.value == "auth":
        lines.append(M("Made with the login key, which is not for signing documents."))
    if not report.has_attributes:
        lines.append(M("Made over the content alone: it states no time, and is bound to no certificate."))
    if report.field is not None:
        lines.append(M("Field of the PDF: {name}", name=report.field))
    return lines


def _who(report: SignerReport) -> Message:
    """Name the signer: as a fact only where issuer and signature have passed."""
    if report.signer is None:
        return M("Signed by somebody whose certificate cannot be read.")
    name = visible(_name(report.signer))
    if not report.is_signer_confirmed:
        return M("Signed by somebody who calls themself “{name}”, not confirmed.", name=name)
    if _is_test(report):
        return M("Signed by “{name}”, by a TEST certificate that stands for nobody.", name=name)
    return M("Signed by “{name}”.", name=name)


def _name(signer: SignerIdentity) -> str:
    return signer.subject if signer.name is None else signer.name


def _is_test(report: SignerReport) -> bool:
    result = None if report.certificate is None else report.certificate.result_of(CheckItem.ISSUER_PIN)
    return result is not None and result.reason is Reason.TEST_ISSUER


def _when(report: SignerReport) -> Message:
    if report.signing_time is None:
        return M("When is not known: the signature states no time.")
    return M(
        "Signed on {time} Japan time, by the signer's clock.",
        time=in_japan(report.signing_time).strftime("%Y-%m-%d %H:%M:%S"),
    )


def _what(report: SignerReport) -> Message:
    """Say whether the content is the one that was signed, which the signature itself has to confirm."""
    content, signature = (report.result_of(item) for item in (SignatureItem.CONTENT, SignatureItem.SIGNATURE))
    if content is None or content.verdict is not Verdict.PASS:
        return M("The content is NOT known to be the one that was signed.")
    if signature is None or signature.verdict is not Verdict.PASS:
        return M("The content is the one that is named, but the signature of it is NOT good.")
    return M("The content is the one that was signed.")


def _item_lines(report: SignerReport, *, is_verbose: bool) -> list[str]:
    """Failures first, then what was not checked; what passed in one line, unless each is to be seen."""
    rows = _rows(report)
    order = [Verdict.FAIL, Verdict.NOT_CHECKED, *([Verdict.PASS] if is_verbose else [])]
    shown = [_row(*row) for verdict in order for row in rows if row[0] is verdict]
    lines = verdict_lines(shown) if shown else []
    passed = [str(item) for verdict, item, _ in rows if verdict is Verdict.PASS]
    if passed and not is_verbose:
        lines.append(wrap(str(M("Passed: {items}", items=", ".join(passed))), indent="  ", first="  "))
    return lines


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
    if result.item.value == "period":
        return M("Certificate's period when signed")
    return item_text(report, result)


def _row(verdict: Verdict, item: Message, reason: Message) -> list[str]:
    return [colour(str(VERDICTS[verdict]), VERDICT_COLOURS[verdict]), str(item), str(reason)]


def facts(report: SignerReport) -> dict[str, Any]:
    """Return one entry of ``signatures``."""
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
        "signer": _signer_facts(report),
        "signing_time": None if report.signing_time is None else in_japan(report.signing_time).isoformat(),
        "results": [_result_facts(result) for result in report.results],
        "certificate": certificate,
    }


def _signer_facts(report: SignerReport) -> dict[str, Any] | None:
    signer = report.signer
    if signer is None:
        return None
    return {
        "is_confirmed": report.is_signer_confirmed,
        "name": None if signer.name is None else visible(signer.name),
        "subject": visible(signer.subject),
        "issuer": visible(signer.issuer),
        "serial": f"{signer.serial:X}",
        "sha256": signer.certificate_sha256.hex(),
        "public_key_sha256": signer.public_key_sha256.hex(),
    }


def _result_facts(result: SignatureResult) -> dict[str, Any]:
    return {
        "item": result.item.value,
        "verdict": result.verdict.value,
        "reason": result.reason.value,
        "text": REASONS[result.reason.value].both(),
    }
