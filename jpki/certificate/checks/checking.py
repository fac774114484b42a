"""Checks a certificate item by item: period, issuer, signature, use, policy (docs/certificates.md, 2.6 and 4).

Revocation is never checked: lists and responders of J-LIS answer to notified verifiers only. A certificate that passes
every item here may have been revoked by a move, a new name, a renewal or a loss.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.certificate import trust
from jpki.certificate.details import CertificateDetails, read_details
from jpki.certificate.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    CLIENT_AUTH,
    CRL_SIGN,
    DIGITAL_SIGNATURE,
    KEY_CERT_SIGN,
    NON_REPUDIATION,
    issuer_names,
)
from jpki.certificate.period import PeriodState, period_of
from jpki.certificate.summary import CertificateParts, read_summary, split
from jpki.errors import CertificateError
from jpki.identifiers import CertificateKind

from . import results
from .results import CheckItem, CheckReason, CheckReport, CheckResult, Verdict
from .signature import find_signature_fault

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

#: Certificate policies by use, with the arc that policies of this use lie in (docs/certificates.md, 2.4).
POLICIES: Final = {"auth": "1.2.392.200149.8.5.1.3.30", "sign": "1.2.392.200149.8.5.1.1.20"}
TEST_POLICY_ARC: Final = "1.2.392.200149.8.5.1.0."
_KEY_USAGES: Final = {"auth": (DIGITAL_SIGNATURE,), "sign": (DIGITAL_SIGNATURE, NON_REPUDIATION)}
_CA_KEY_USAGES: Final = (KEY_CERT_SIGN,)
_CA_ITEMS: Final = (
    CheckItem.ISSUER_KEY,
    CheckItem.SIGNATURE,
    CheckItem.CA_PERIOD,
    CheckItem.CA_SIGNATURE,
    CheckItem.CA_BASIC_CONSTRAINTS,
    CheckItem.CA_KEY_USAGE,
    CheckItem.CA_CRITICAL_EXTENSIONS,
)


@dataclass(frozen=True, slots=True)
class _Certificate:
    """A certificate as its bytes, its parts and its details."""

    encoded: bytes
    parts: CertificateParts
    details: CertificateDetails

    def __repr__(self) -> str:
        return "<_Certificate>"


class _Anchors(NamedTuple):
    """CA certificates that the caller accepts: TEST ones, and the SHA-256 of others."""

    test: frozenset[bytes]
    accepted: frozenset[bytes]


def check(
    certificate: bytes,
    ca_certificate: bytes | None,
    at: datetime,
    *,
    kind: CertificateKind,
    test_anchors: Collection[bytes] = (),
    accepted: Collection[bytes] = (),
) -> CheckReport:
    """Check a certificate at an instant, with the CA certificate from the card or a file.

    The CA certificate must be one of :data:`jpki.certificate.trust.KNOWN_ISSUERS`, else the item ``issuer_pin`` fails;
    the reason says TEST or unknown issuer. ``test_anchors`` are certificates of TEST issuers that the
    caller accepts (those of the simulator, for a simulated card); ``accepted`` are SHA-256 of further CA certificates
    that it accepts. A known CA certificate passes only where the certificate was issued with its key. Without a CA
    certificate ``issuer_pin`` fails too, as nothing is known of the issuer then. For a CA's own certificate
    ``ca_certificate`` is not used.

    Raises:
        CertificateError: ``certificate`` cannot be read.
        ValueError: ``at`` has no time zone, or is outside the calendar.
    """
    subject, anchors = _read(certificate), _Anchors(frozenset(test_anchors), frozenset(accepted))
    if kind.is_ca:
        found = _check_ca(subject, at, kind, anchors)
    else:
        found = [*_check_holder(subject, at, kind), *_check_issuer(subject, ca_certificate, at, kind, anchors)]
    found.append(results.not_checked(CheckItem.REVOCATION, CheckReason.CLOSED_SERVICE))
    order = list(CheckItem)
    return CheckReport(kind, tuple(sorted(found, key=lambda result: order.index(result.item))))


def _read(certificate: bytes) -> _Certificate:
    return _Certificate(certificate, split(certificate), read_details(certificate))


def _use(kind: CertificateKind) -> str:
    return kind.value.partition("-")[0]


def _check_ca(ca: _Certificate, at: datetime, kind: CertificateKind, anchors: _Anchors) -> list[CheckResult]:
    return [
        _period(CheckItem.PERIOD, ca, at),
        _issuer_pin(ca, kind, anchors),
        _issuer_key(ca, ca),
        _signature(CheckItem.SIGNATURE, ca, ca),
        _is_ca(CheckItem.BASIC_CONSTRAINTS, ca),
        _key_usage(CheckItem.KEY_USAGE, ca, _CA_KEY_USAGES),
        _critical_extensions(CheckItem.CRITICAL_EXTENSIONS, ca),
    ]


def _check_holder(subject: _Certificate, at: datetime, kind: CertificateKind) -> list[CheckResult]:
    return [
        _period(CheckItem.PERIOD, subject, at),
        _is_no_ca(subject),
        _key_usage(CheckItem.KEY_USAGE, subject, _KEY_USAGES[_use(kind)]),
        _extended_key_usage(subject, kind),
        _policy(subject, _use(kind)),
        _critical_extensions(CheckItem.CRITICAL_EXTENSIONS, subject),
    ]


def _check_issuer(
    subject: _Certificate,
    ca_certificate: bytes | None,
    at: datetime,
    kind: CertificateKind,
    anchors: _Anchors,
) -> list[CheckResult]:
    if ca_certificate is None:
        is_known = trust.issuer_label(read_summary(subject.encoded)) is not None
        return _without_ca(CheckReason.NO_CA_CERTIFICATE if is_known else CheckReason.UNKNOWN_ISSUER)
    try:
        ca = _read(ca_certificate)
    except CertificateError:
        return _without_ca(CheckReason.CA_UNREADABLE)
    pin, key = _issuer_pin(ca, kind, anchors), _issuer_key(subject, ca)
    signature = _signature(CheckItem.SIGNATURE, subject, ca)
    if pin.verdict is Verdict.PASS and (key.verdict is Verdict.FAIL or signature.verdict is Verdict.FAIL):
        # Anybody can enclose a CA certificate: it proves something only about what was issued with its key.
        pin = results.not_checked(CheckItem.ISSUER_PIN, CheckReason.NOT_ISSUED_WITH_ITS_KEY, *pin.details)
    return [
        pin,
        key,
        signature,
        _period(CheckItem.CA_PERIOD, ca, at),
        _signature(CheckItem.CA_SIGNATURE, ca, ca),
        _is_ca(CheckItem.CA_BASIC_CONSTRAINTS, ca),
        _key_usage(CheckItem.CA_KEY_USAGE, ca, _CA_KEY_USAGES),
        _critical_extensions(CheckItem.CA_CRITICAL_EXTENSIONS, ca),
    ]


def _without_ca(reason: CheckReason) -> list[CheckResult]:
    return [
        results.failed(CheckItem.ISSUER_PIN, reason),
        *(
            results.not_checked(item, CheckReason.NO_CA_CERTIFICATE if reason is CheckReason.UNKNOWN_ISSUER else reason)
            for item in _CA_ITEMS
        ),
    ]


def _period(item: CheckItem, certificate: _Certificate, at: datetime) -> CheckResult:
    state = period_of(certificate.parts, at).state
    if state is PeriodState.EXPIRED:
        return results.failed(item, CheckReason.EXPIRED)
    if state is PeriodState.NOT_YET_VALID:
        return results.failed(item, CheckReason.NOT_YET_VALID)
    return results.passed(item)


def _issuer_pin(ca: _Certificate, kind: CertificateKind, anchors: _Anchors) -> CheckResult:
    item = CheckItem.ISSUER_PIN
    pin = trust.known_issuer(ca.encoded)
    if pin is not None:
        if pin.use != _use(kind):
            return results.failed(item, CheckReason.ISSUER_OF_OTHER_KIND, pin.label)
        return results.passed(item, CheckReason.PINNED, pin.label)
    if ca.details.sha256 in anchors.accepted:
        return results.passed(item, CheckReason.ACCEPTED_ISSUER)
    if ca.details.sha256 in {hashlib.sha256(anchor).digest() for anchor in anchors.test}:
        return results.passed(item, CheckReason.TEST_ISSUER, trust.TEST_LABEL)
    if trust.is_test_issuer(ca.details.subject.texts("O")):
        return results.failed(item, CheckReason.TEST_ISSUER, trust.TEST_LABEL)
    return results.failed(item, CheckReason.UNKNOWN_ISSUER)


def _issuer_key(subject: _Certificate, ca: _Certificate) -> CheckResult:
    fault = _find_issuer_key_fault(subject, ca)
    return results.passed(CheckItem.ISSUER_KEY) if fault is None else results.failed(CheckItem.ISSUER_KEY, fault)


def _find_issuer_key_fault(subject: _Certificate, ca: _Certificate) -> CheckReason | None:
    if subject.parts.issuer != ca.parts.subject:
        return CheckReason.ISSUER_NAME_DIFFERS
    authority, ca_key = subject.details.extensions.authority_key, ca.details.extensions.subject_key_identifier
    if authority is None and subject is ca:
        return None if ca_key else CheckReason.NO_KEY_IDENTIFIER
    if authority is None or authority.key_identifier is None or ca_key is None:
        return CheckReason.NO_KEY_IDENTIFIER
    if authority.key_identifier != ca_key:
        return CheckReason.KEY_IDENTIFIER_DIFFERS
    if authority.serial not in (None, ca.details.serial):
        return CheckReason.ISSUER_SERIAL_DIFFERS
    if any(name != ca.details.issuer for name in issuer_names(authority)):
        return CheckReason.ISSUER_NAME_DIFFERS
    return None


def _signature(item: CheckItem, certificate: _Certificate, issuer: _Certificate) -> CheckResult:
    fault = find_signature_fault(certificate.parts, issuer.parts.public_key)
    return results.passed(item) if fault is None else results.failed(item, CheckReason(fault.value))


def _is_ca(item: CheckItem, ca: _Certificate) -> CheckResult:
    constraints = ca.details.extensions.basic_constraints
    is_ca = constraints is not None and constraints.is_ca
    return results.passed(item) if is_ca else results.failed(item, CheckReason.NOT_A_CA)


def _is_no_ca(subject: _Certificate) -> CheckResult:
    item, constraints = CheckItem.BASIC_CONSTRAINTS, subject.details.extensions.basic_constraints
    is_ca = constraints is not None and constraints.is_ca
    return results.failed(item, CheckReason.IS_CA) if is_ca else results.passed(item)


def _key_usage(item: CheckItem, certificate: _Certificate, wanted: tuple[str, ...]) -> CheckResult:
    usages = certificate.details.extensions.key_usage
    if usages is None:
        return results.failed(item, CheckReason.NO_KEY_USAGE)
    missing = [usage for usage in wanted if usage not in usages]
    if missing:
        return results.failed(item, CheckReason.USAGE_MISSING, *missing)
    surplus = [usage for usage in (KEY_CERT_SIGN, CRL_SIGN) if usage in usages]
    if surplus and KEY_CERT_SIGN not in wanted:
        return results.failed(item, CheckReason.CA_USAGE, *surplus)
    return results.passed(item)


def _extended_key_usage(subject: _Certificate, kind: CertificateKind) -> CheckResult:
    item, purposes = CheckItem.EXTENDED_KEY_USAGE, subject.details.extensions.extended_key_usage
    if purposes is None:
        return results.passed(item, CheckReason.UNRESTRICTED)
    if kind is not CertificateKind.AUTH:
        return results.not_checked(item, CheckReason.NOT_IN_PROFILE, *purposes)
    if not {CLIENT_AUTH, ANY_EXTENDED_KEY_USAGE}.intersection(purposes):
        return results.failed(item, CheckReason.USAGE_MISSING, CLIENT_AUTH)
    return results.passed(item)


def _policy(subject: _Certificate, use: str) -> CheckResult:
    item, wanted = CheckItem.POLICY, POLICIES[use]
    found = [policy.oid for policy in subject.details.extensions.policies]
    if not found:
        return results.failed(item, CheckReason.NO_POLICY)
    if wanted in found:
        return results.passed(item, CheckReason.OK, wanted)
    arc = wanted.rpartition(".")[0] + "."
    if any(oid.startswith(arc) for oid in found):
        # Of the phones only this arc is known, and not which policy in it is theirs (docs/certificates.md, 2.4).
        return results.not_checked(item, CheckReason.UNKNOWN_POLICY_OF_KIND, *found)
    is_test = any(oid.startswith(TEST_POLICY_ARC) for oid in found)
    return results.failed(item, CheckReason.TEST_POLICY if is_test else CheckReason.OTHER_POLICY, *found)


def _critical_extensions(item: CheckItem, certificate: _Certificate) -> CheckResult:
    unknown = certificate.details.extensions.unknown_critical
    if unknown:
        return results.failed(item, CheckReason.UNKNOWN_CRITICAL_EXTENSION, *unknown)
    return results.passed(item)
