"""The facts of a report: what support needs to know, and nothing that shows whose card it is."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Final

from jpki.certificate import in_japan
from jpki.diagnosis import CHECKS, Check, examine
from jpki.diagnosis.detectors import target
from jpki.errors import JpkiError, TransportError
from jpki.words import current_language

from .privacy import month, shorten_paths, without_personal_details, without_serial

if TYPE_CHECKING:
    from jpki.card import CardStatus, CertificateStatus
    from jpki.diagnosis import Facts
    from jpki.diagnosis.system import CollectedFacts
    from jpki.transport import ReaderState

    from .result_types import CheckFacts, EnvironmentFacts, ReportCertificateFacts, ReportFacts, ReportReaderFacts

#: Libraries whose versions matter to this program; the extras among them may be missing.
_LIBRARIES: Final = ("pyscard", "cryptography", "asn1crypto", "click", "icalendar", "pyhanko")


def report_facts(facts: CollectedFacts, version: str) -> ReportFacts:
    """Collect the members of the JSON object; of the card's days only the month is shown.

    ``version`` is that of this program.
    """
    found: ReportFacts = {
        "created": in_japan(facts.platform.now).isoformat(timespec="seconds"),
        "environment": _environment(facts, version),
        "readers": _readers(facts),
    }
    checks = _note_checks(found, facts)
    status = _status(facts, checks)
    found.update({"card": None, "pins": [], "certificates": [], "verdict": None, "advice": []})
    if status is not None:
        _note_card(found, status, facts)
    return found


def _environment(facts: CollectedFacts, version: str) -> EnvironmentFacts:
    pcscd = None if facts.pcsc.is_simulated else facts.platform.pcscd_version()
    return {
        "jpki": version,
        "system": facts.platform.release,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "executable": shorten_paths(sys.executable),
        "pcscd": None if pcscd is None else ".".join(map(str, pcscd)),
        "libraries": [{"name": name, "version": _version(name)} for name in _LIBRARIES],
        "language": current_language(),
        "simulated": facts.pcsc.is_simulated,
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _readers(facts: Facts) -> list[ReportReaderFacts]:
    try:
        states = facts.pcsc.readers()
    except TransportError:  # the checks say why
        return []
    return [_reader(state) for state in states]


def _reader(state: ReaderState) -> ReportReaderFacts:
    return {
        "index": state.index,
        "name": without_serial(state.name),
        "card_present": state.is_card_present,
        "mute": state.is_mute,
        "exclusive": state.is_exclusive,
        "in_use": state.is_in_use,
        "virtual": state.is_virtual,
    }


def _note_checks(found: ReportFacts, facts: CollectedFacts) -> list[CheckFacts]:
    from jpki.diagnosis import first_obstacle, system_names

    from .checks import check_facts

    steps = {specification.check: specification.step for specification in CHECKS}
    findings = [without_personal_details(finding) for finding in examine(facts)]
    obstacle = first_obstacle(findings)
    names = system_names(facts)
    checks = [check_facts(finding, steps[finding.check], names) for finding in findings]
    obstacle_name = None if obstacle is None else obstacle.check.value
    found.update({"usable": obstacle is None, "obstacle": obstacle_name, "checks": checks})
    return checks


def _status(facts: Facts, checks: list[CheckFacts]) -> CardStatus | None:
    """State of the chosen card; None if a check says why no card can be used. Nothing is waited for again."""
    reached = next(check for check in checks if check["check"] == Check.APPLICATION.value)
    if reached["because_of"] is not None:
        return None
    try:
        reader = target(facts)
        return None if reader is None else facts.pcsc.status(reader.name)
    except JpkiError:
        return None


def _note_card(found: ReportFacts, status: CardStatus, facts: CollectedFacts) -> None:
    from jpki.advice import advise_status, verdict_on

    from .members import advice_facts, pin_facts

    advice = [a.without_days() for a in advise_status(status, facts.platform.now)]
    found.update(
        {
            "card": {
                "kind": status.token.kind.value,
                "ends_month": None if status.card_expires is None else month(status.card_expires),
            },
            "pins": [pin_facts(pin) for pin in status.pins],
            "certificates": [_certificate(certificate) for certificate in status.certificates],
            "verdict": verdict_on(advice).both(),
            "advice": advice_facts(advice),
        }
    )


def _certificate(status: CertificateStatus) -> ReportCertificateFacts:
    return {
        "kind": status.kind.value,
        "present": status.is_present,
        "state": status.state.value,
        "ends_month": None if status.period is None else month(status.period.last_day),
        "issuer": status.issuer,
        "reason": None if status.reason is None else status.reason.value,
        "revocation": "not_checked",
    }
