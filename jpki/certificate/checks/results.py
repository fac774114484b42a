"""What a check of a certificate can find: a verdict with a reason for each item, and never one word for all."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jpki.identifiers import CertificateKind


class CheckItem(enum.Enum):
    """What is looked at; the values are those of the JSON output. ``ca_`` is the issuer's certificate."""

    PERIOD = "period"
    ISSUER_PIN = "issuer_pin"
    ISSUER_KEY = "issuer_key"
    SIGNATURE = "signature"
    BASIC_CONSTRAINTS = "basic_constraints"
    KEY_USAGE = "key_usage"
    EXTENDED_KEY_USAGE = "extended_key_usage"
    POLICY = "policy"
    CRITICAL_EXTENSIONS = "critical_extensions"
    CA_PERIOD = "ca_period"
    CA_SIGNATURE = "ca_signature"
    CA_BASIC_CONSTRAINTS = "ca_basic_constraints"
    CA_KEY_USAGE = "ca_key_usage"
    CA_CRITICAL_EXTENSIONS = "ca_critical_extensions"
    REVOCATION = "revocation"


class Verdict(enum.Enum):
    """Outcome of one item, of a certificate, a signature or a computer (jpki.diagnosis)."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NOT_CHECKED = "not_checked"


class CheckReason(enum.Enum):
    """Why the verdict is what it is; the values are those of the JSON output."""

    OK = "ok"
    # period, ca_period
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    # issuer_pin
    PINNED = "pinned"
    TEST_ISSUER = "test_issuer"
    UNKNOWN_ISSUER = "unknown_issuer"
    ISSUER_OF_OTHER_KIND = "issuer_of_other_kind"
    NO_CA_CERTIFICATE = "no_ca_certificate"
    CA_UNREADABLE = "ca_unreadable"
    ACCEPTED_ISSUER = "accepted_issuer"  # by its fingerprint, which the user gave
    NOT_ISSUED_WITH_ITS_KEY = "not_issued_with_its_key"  # the CA certificate is known, and had no part in this one
    # issuer_key
    NO_KEY_IDENTIFIER = "no_key_identifier"
    KEY_IDENTIFIER_DIFFERS = "key_identifier_differs"
    ISSUER_NAME_DIFFERS = "issuer_name_differs"
    ISSUER_SERIAL_DIFFERS = "issuer_serial_differs"
    # signature, ca_signature
    ALGORITHMS_DIFFER = "algorithms_differ"
    ALGORITHM_NOT_ACCEPTED = "algorithm_not_accepted"
    KEY_NOT_ACCEPTED = "key_not_accepted"
    BAD_SIGNATURE = "bad_signature"
    # basic_constraints, ca_basic_constraints
    IS_CA = "is_ca"
    NOT_A_CA = "not_a_ca"
    # key_usage, ca_key_usage, extended_key_usage
    NO_KEY_USAGE = "no_key_usage"
    USAGE_MISSING = "usage_missing"
    CA_USAGE = "ca_usage"
    UNRESTRICTED = "unrestricted"
    NOT_IN_PROFILE = "not_in_profile"
    # policy
    NO_POLICY = "no_policy"
    TEST_POLICY = "test_policy"
    OTHER_POLICY = "other_policy"
    UNKNOWN_POLICY_OF_KIND = "unknown_policy_of_kind"
    LOGIN_POLICY = "login_policy"  # of a user certificate, where a document was signed with it
    # critical_extensions, ca_critical_extensions
    UNKNOWN_CRITICAL_EXTENSION = "unknown_critical_extension"
    # revocation
    CLOSED_SERVICE = "closed_service"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One item with its verdict and reason.

    ``details`` are what the reason is about: the issuer's label (``auth-2023``), missing key usages, object
    identifiers. None of them distinguishes one holder from another.
    """

    item: CheckItem
    verdict: Verdict
    reason: CheckReason
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Results of all items for one certificate, in the order in which they are shown."""

    kind: CertificateKind
    results: tuple[CheckResult, ...]

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """The items that failed."""
        return tuple(result for result in self.results if result.verdict is Verdict.FAIL)

    def result_of(self, item: CheckItem) -> CheckResult | None:
        """The result of one item; None if this kind of certificate has no such item."""
        return next((result for result in self.results if result.item is item), None)


def passed(item: CheckItem, reason: CheckReason = CheckReason.OK, *details: str) -> CheckResult:
    """A result that an item passed."""
    return CheckResult(item, Verdict.PASS, reason, details)


def failed(item: CheckItem, reason: CheckReason, *details: str) -> CheckResult:
    """A result that an item failed."""
    return CheckResult(item, Verdict.FAIL, reason, details)


def not_checked(item: CheckItem, reason: CheckReason, *details: str) -> CheckResult:
    """A result that an item could not be checked."""
    return CheckResult(item, Verdict.NOT_CHECKED, reason, details)
