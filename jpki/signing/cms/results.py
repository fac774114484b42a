"""What a look at a signature can find: a verdict with a reason for each item, and whose signature it is."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.certificate.checks import CheckItem, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from jpki.certificate.checks import CheckReport
    from jpki.identifiers import CertificateKind
    from jpki.outside_text import OutsideText

_ISSUED: Final = (CheckItem.ISSUER_PIN, CheckItem.ISSUER_KEY, CheckItem.SIGNATURE)


class SignatureItem(enum.Enum):
    """What is looked at in a signature; the values are those of the JSON output."""

    CONTENT = "content"
    SIGNATURE = "signature"
    SIGNER_CERTIFICATE = "signer_certificate"
    CERTIFICATE_BINDING = "certificate_binding"
    COVERAGE = "coverage"
    LATER_CHANGES = "later_changes"
    TIME_STAMP = "time_stamp"
    SIGNING_TIME = "signing_time"
    UNSIGNED_ATTRIBUTES = "unsigned_attributes"
    PERIOD_NOW = "period_now"
    EXPECTED_SIGNER = "expected_signer"


class SignatureReason(enum.Enum):
    """Why a verdict about a signature is what it is; the values are those of the JSON output."""

    OK = "ok"
    CONTENT_CHANGED = "content_changed"
    NO_CONTENT_HASH = "no_content_hash"
    CONTENT_OR_SIGNATURE_CHANGED = "content_or_signature_changed"  # where the content itself was signed
    CONTENT_IS_ATTRIBUTES = "content_is_attributes"
    OTHER_CONTENT_TYPE = "other_content_type"
    BAD_SIGNATURE = "bad_signature"
    ALGORITHM_NOT_ACCEPTED = "algorithm_not_accepted"
    KEY_NOT_ACCEPTED = "key_not_accepted"
    NO_CERTIFICATE = "no_certificate"
    UNREADABLE_CERTIFICATE = "unreadable_certificate"
    OTHER_CERTIFICATE = "other_certificate"
    NOT_BOUND = "not_bound"
    WEAKLY_BOUND = "weakly_bound"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NO_SIGNING_TIME = "no_signing_time"
    TIME_IN_FUTURE = "time_in_future"
    TIME_UNREADABLE = "time_unreadable"
    NOT_SIGNED = "not_signed"
    NOT_WHOLE_FILE = "not_whole_file"
    ANOTHER_SIGNER = "another_signer"
    # of signatures inside PDF files only
    UNREADABLE_SIGNATURE = "unreadable_signature"
    UNSUPPORTED = "unsupported"
    BAD_RANGE = "bad_range"
    WHOLE_FILE_THEN = "whole_file_then"
    REST_NOT_SIGNED = "rest_not_signed"
    COVERS_A_PAGE = "covers_a_page"
    NOTHING_ADDED = "nothing_added"
    SIGNATURE_ADDED = "signature_added"
    VALIDATION_DATA_ADDED = "validation_data_added"
    FORM_FILLED = "form_filled"
    ANNOTATED = "annotated"
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    CANNOT_TELL = "cannot_tell"
    # of time stamps only
    TIME_STAMP_UNREADABLE = "time_stamp_unreadable"
    TIME_STAMP_OF_OTHER = "time_stamp_of_other"
    TIME_STAMP_SERVICE_UNKNOWN = "time_stamp_service_unknown"
    NO_TIME_STAMP_CERTIFICATE = "no_time_stamp_certificate"


@dataclass(frozen=True, slots=True)
class SignatureResult:
    """One item of a signature with its verdict and reason."""

    item: SignatureItem
    verdict: Verdict
    reason: SignatureReason


@dataclass(frozen=True, slots=True)
class SignerIdentity:
    """What the signer's certificate says of its holder: a claim, until issuer and signature have passed.

    ``name`` is the name in a signature certificate, None if there is none; ``subject`` and ``issuer`` are the
    distinguished names (RFC 4514). The hashes are SHA-256 of the certificate and of its SubjectPublicKeyInfo. All of it
    is personal data, and text that whoever wrote the certificate chose.
    """

    name: OutsideText | None
    subject: OutsideText
    issuer: OutsideText
    serial: int
    certificate_sha256: bytes
    public_key_sha256: bytes

    def __repr__(self) -> str:
        return "<SignerIdentity>"


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What a third party stated: that the signature was there at ``time``.

    ``service`` is the distinguished name in the service's certificate (RFC 4514): a claim, unless ``is_confirmed``,
    which tells that a CA issued it whom the caller believes.
    """

    time: datetime
    service: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class SignerReport:
    """Everything found out about one signature.

    ``certificate`` is the check of the signer's certificate at the claimed signing time (now, where none is claimed);
    None if there is no readable certificate. ``signing_time`` is what the signer's computer said. ``field`` is the
    name of the signature field in a PDF. ``is_time_stamp`` tells a third party's statement of time in a PDF, of
    which ``time_stamp`` is what it says. ``issuer`` is the label of the issuer that the signer's certificate names,
    None for an unknown one: a claim, which ``certificate`` judges. ``signer`` is whom the certificate names, None where
    it cannot be read: a claim, too, unless :attr:`is_signer_confirmed`. ``has_attributes`` is False for a signature of
    the content itself, which states no time and is bound to no certificate. ``time_stamp`` is what a third party stated
    of it, None if no time stamp is there or it does not hold.
    """

    results: tuple[SignatureResult, ...]
    certificate: CheckReport | None
    signing_time: datetime | None
    kind: CertificateKind | None
    field: str | None = None
    is_time_stamp: bool = False
    issuer: str | None = None
    signer: SignerIdentity | None = None
    has_attributes: bool = True
    time_stamp: TimeStamp | None = None

    @property
    def is_signer_confirmed(self) -> bool:
        """Whether a known issuer issued the signer's certificate, and its key made this signature.

        That says whose signature it is, not whether the content is the one that was signed.
        """
        good = {result.item for result in self.results if result.verdict is Verdict.PASS}
        bad = {result.item for result in self.results if result.verdict is Verdict.FAIL}
        if self.certificate is None or SignatureItem.CERTIFICATE_BINDING in bad:
            return False
        if not good.issuperset({SignatureItem.SIGNATURE, SignatureItem.SIGNER_CERTIFICATE}):
            return False
        found = [self.certificate.result_of(item) for item in _ISSUED]
        return all(result is not None and result.verdict is Verdict.PASS for result in found)

    def result_of(self, item: SignatureItem) -> SignatureResult | None:
        """The result of one item; None if this signature has no such item."""
        return next((result for result in self.results if result.item is item), None)

    @property
    def has_failed(self) -> bool:
        """Whether any item failed."""
        own = any(result.verdict is Verdict.FAIL for result in self.results)
        if self.certificate is None:
            return own or not self.is_time_stamp
        return own or bool(self.certificate.failures)
