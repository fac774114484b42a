"""The screen and the JSON object of ``jpki verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.certificate import in_japan
from jpki.certificate.checks import VERDICTS, Verdict
from jpki.outside_text import visible
from jpki.signing import LAW, REASONS, heading, opening_lines, ordered
from jpki.words import REVOCATION
from jpki_cli.terminal import colour, wrap
from jpki_cli.words import M, Message

from .check import VERDICT_COLOURS, item_facts, verdict_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.signing.cms import SignatureResult, SignerReport
    from jpki_cli.results.signing import SignatureFacts, SignatureItemFacts, SignerFacts, TimeStampFacts


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
        lines += [wrap(visible(str(sentence)), indent="  ", first="  ") for sentence in opening_lines(report)]
        lines += _item_lines(report, is_verbose=is_verbose)
    lines += [wrap(str(REVOCATION)), wrap(str(LAW))]
    return "\n".join(lines) + "\n"


def _heading(number: int, report: SignerReport) -> str:
    return wrap(str(heading(number, report)))


def _item_lines(report: SignerReport, *, is_verbose: bool) -> list[str]:
    """Failures first, then what was not checked; what passed in one line, unless each is to be seen."""
    rows = ordered(report)
    shown = [_row(*row) for row in rows if is_verbose or row[0] is not Verdict.PASS]
    lines = verdict_lines(shown) if shown else []
    passed = [str(item) for verdict, item, _ in rows if verdict is Verdict.PASS]
    if passed and not is_verbose:
        lines.append(wrap(str(M("Passed: {items}", items=", ".join(passed))), indent="  ", first="  "))
    return lines


def _row(verdict: Verdict, item: Message, reason: Message) -> list[str]:
    return [colour(str(VERDICTS[verdict]), VERDICT_COLOURS[verdict]), str(item), str(reason)]


def facts(report: SignerReport) -> SignatureFacts:
    """Return one entry of ``signatures``."""
    return {
        "kind": None if report.kind is None else report.kind.value,
        "field": report.field,
        "issuer": report.issuer,
        "signer": _signer_facts(report),
        "signing_time": None if report.signing_time is None else in_japan(report.signing_time).isoformat(),
        "time_stamp": _time_stamp_facts(report),
        "results": [_result_facts(result) for result in report.results],
        "certificate": None if report.certificate is None else item_facts(report.certificate),
    }


def _time_stamp_facts(report: SignerReport) -> TimeStampFacts | None:
    stamp = report.time_stamp
    if stamp is None:
        return None
    return {
        "time": in_japan(stamp.time).isoformat(),
        "service": visible(stamp.service),
        "is_confirmed": stamp.is_confirmed,
    }


def _signer_facts(report: SignerReport) -> SignerFacts | None:
    signer = report.signer
    if signer is None:
        return None
    return {
        "is_confirmed": report.is_signer_confirmed,
        "name": signer.name,
        "subject": signer.subject,
        "issuer": signer.issuer,
        "serial": f"{signer.serial:X}",
        "sha256": signer.certificate_sha256.hex(),
        "public_key_sha256": signer.public_key_sha256.hex(),
    }


def _result_facts(result: SignatureResult) -> SignatureItemFacts:
    return {
        "item": result.item.value,
        "verdict": result.verdict.value,
        "reason": result.reason.value,
        "text": REASONS[result.reason.value].both(),
    }
