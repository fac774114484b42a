"""Time stamps (RFC 3161): a third party's signed statement that a signature was there at a time.

It stands among the attributes that the signer did not sign, so anybody can add one or take it out; what it says is
signed by the service. Whether that service is to be believed only the caller can say, by its CA certificate.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from jpki.asn1 import der
from jpki.certificate import (
    DIGITAL_SIGNATURE,
    EXTENDED_KEY_USAGE,
    KEY_CERT_SIGN,
    NON_REPUDIATION,
    read_details,
    read_extensions,
    split,
)
from jpki.certificate.checks import Verdict, find_signature_fault
from jpki.errors import CertificateError, DataError, KeyNotSupportedError, SignatureInvalidError, TlvError

from .attributes import read_time
from .content import locate
from .results import SignatureItem, SignatureReason, SignatureResult, TimeStamp
from .schemes import read_digest
from .signers import read_signers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from jpki.certificate import Extensions
    from jpki.crypto import Digest

    from .signers import SignedData, SignerInfo

STATEMENT: Final = "1.2.840.113549.1.9.16.1.4"  # id-ct-TSTInfo
#: The purpose of a certificate that may do nothing but state times (RFC 3161, 2.3).
_PURPOSE: Final = "1.3.6.1.5.5.7.3.8"
_SIGNING_USAGES: Final = frozenset({DIGITAL_SIGNATURE, NON_REPUDIATION})
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
_MAX_CHAIN: Final = 5
#: More certificates than any service encloses; each is compared with each.
_MOST_CERTIFICATES: Final = 32
_VERSION: Final = 1
_WHOLE_SECONDS: Final = 14


@dataclass(frozen=True, slots=True)
class Statement:
    """What a service stated: that something with this hash was there at a time; ``nonce`` is the asker's number."""

    digest_name: Digest | None
    digest: bytes
    time: datetime
    nonce: int | None


@dataclass(frozen=True, slots=True)
class _Token:
    """A time stamp taken apart; ``encoded`` is the statement as it was signed."""

    statement: Statement
    encoded: bytes
    signed: SignedData
    signer: SignerInfo


def judge_time_stamp(
    token: bytes, digest_of: Callable[[Digest], bytes], anchors: Sequence[bytes], *, now: datetime
) -> tuple[SignatureResult, TimeStamp | None]:
    """Check a time stamp; what it says is None if it does not hold.

    It passes where its service's certificate was issued by one of the anchors; else it is reported as not
    checked. Revocation is not looked at.

    Args:
        token: the time stamp in BER or DER.
        digest_of: the hash of what it has to be of.
        anchors: CA certificates of services that the caller believes.
        now: the instant of looking.
    """
    item = SignatureItem.TIME_STAMP
    try:
        found = _read(token)
        fault = _fault(found, digest_of, now)
        if fault is not None or found.signer.certificate is None:
            return SignatureResult(item, Verdict.FAIL, fault or SignatureReason.NO_CERTIFICATE), None
        name = read_details(found.signer.certificate).subject.to_text()
        is_known = _is_issued(found.signer.certificate, found.signed.certificates, anchors, found.statement.time)
    except DataError:
        return SignatureResult(item, Verdict.FAIL, SignatureReason.TIME_STAMP_UNREADABLE), None
    stamp = TimeStamp(found.statement.time, name, is_confirmed=is_known)
    if is_known:
        return SignatureResult(item, Verdict.PASS, SignatureReason.OK), stamp
    return SignatureResult(item, Verdict.NOT_CHECKED, SignatureReason.TIME_STAMP_SERVICE_UNKNOWN), stamp


def read_statement(token: bytes) -> Statement:
    """Read what a time stamp states, without a check.

    Raises:
        DataError: not a time stamp token.
    """
    return _read(token).statement


def _read(token: bytes) -> _Token:
    file = io.BytesIO(token)
    located = locate(file, len(token))
    if located.content is None:
        raise DataError("a time stamp without a statement")
    encoded = b"".join(located.content.pieces(file))
    signed = read_signers(located.signed_data)
    if len(signed.signers) != 1 or signed.content_type != STATEMENT:
        raise DataError("a time stamp is one statement of one service")
    try:
        return _Token(_statement(encoded), encoded, signed, signed.signers[0])
    except TlvError as exc:
        raise DataError("a time stamp cannot be read") from exc


def _statement(encoded: bytes) -> Statement:
    """Read a TSTInfo (RFC 3161, 2.4.2)."""
    info = der.read_only(encoded, der.SEQUENCE)
    if der.decode_integer(info.take(der.INTEGER)) != _VERSION:
        raise TlvError("another version")
    info.take(der.OBJECT_IDENTIFIER)
    imprint = info.enter(der.SEQUENCE)
    digest_name, digest = read_digest(imprint.take_whole(der.SEQUENCE)), imprint.take(der.OCTET_STRING)
    imprint.finish()
    info.take(der.INTEGER)
    time = _time(info.take(der.GENERALIZED_TIME))
    for tag in (der.SEQUENCE, der.BOOLEAN):  # how exact it is, and whether one follows another
        if info.next_is(tag):
            info.take(tag)
    # The asker's own number, of any size.
    nonce = int.from_bytes(info.take(der.INTEGER), signed=True) if info.next_is(der.INTEGER) else None
    return Statement(digest_name, digest, time, nonce)


def _time(content: bytes) -> datetime:
    """The time, in whole seconds; a fraction may stand behind a point."""
    whole, point, fraction = content[:-1].partition(b".")
    time = read_time(bytes((der.GENERALIZED_TIME, _WHOLE_SECONDS + 1)) + whole + b"Z")
    if time is None or content[-1:] != b"Z" or (point and not fraction.isdigit()):
        raise TlvError("no time")
    return time


def _fault(token: _Token, digest_of: Callable[[Digest], bytes], now: datetime) -> SignatureReason | None:
    statement, signer = token.statement, token.signer
    if statement.digest_name is None or signer.scheme is None:
        return SignatureReason.ALGORITHM_NOT_ACCEPTED
    if statement.digest != digest_of(statement.digest_name):
        return SignatureReason.TIME_STAMP_OF_OTHER
    if signer.certificate is None:
        return SignatureReason.NO_CERTIFICATE
    attributes = signer.attributes
    if (attributes.content_type, attributes.message_digest) != (STATEMENT, signer.scheme.digest.of(token.encoded)):
        return SignatureReason.BAD_SIGNATURE
    if not attributes.bindings or not all(binding.fits(signer.certificate) for binding in attributes.bindings):
        return SignatureReason.OTHER_CERTIFICATE
    return _signature_fault(signer, signer.certificate) or _certificate_fault(signer.certificate, statement.time, now)


def _signature_fault(signer: SignerInfo, certificate: bytes) -> SignatureReason | None:
    if signer.scheme is None or signer.signed_attributes is None:
        return SignatureReason.BAD_SIGNATURE
    try:
        digest = signer.scheme.digest.of(signer.signed_attributes)
        signer.scheme.check(split(certificate).public_key, signer.signature, digest)
    except KeyNotSupportedError:
        return SignatureReason.KEY_NOT_ACCEPTED
    except SignatureInvalidError:
        return SignatureReason.BAD_SIGNATURE
    return None


def _certificate_fault(certificate: bytes, time: datetime, now: datetime) -> SignatureReason | None:
    """Whether the certificate may state times, and was in its period then."""
    parts = split(certificate)
    purpose, extensions = parts.extension(EXTENDED_KEY_USAGE), read_extensions(parts)
    if purpose is None or not purpose.is_critical or extensions.extended_key_usage != (_PURPOSE,):
        return SignatureReason.NO_TIME_STAMP_CERTIFICATE
    if extensions.key_usage is not None and _SIGNING_USAGES.isdisjoint(extensions.key_usage):
        return SignatureReason.NO_TIME_STAMP_CERTIFICATE
    if time - now > _CLOCKS_DIFFER:
        return SignatureReason.TIME_IN_FUTURE
    if time > parts.not_after:
        return SignatureReason.EXPIRED
    return SignatureReason.NOT_YET_VALID if time < parts.not_before else None


def _is_issued(certificate: bytes, others: Sequence[bytes], anchors: Sequence[bytes], at: datetime) -> bool:
    """Whether one of the anchors issued a certificate, or a CA among the others that one of them issued.

    Each of the others is looked at once, by the shortest way to it, which leaves the most room for the lengths of path:
    a stamp may enclose many of one name and key, and each of them issued every other.
    """
    above, left = {certificate}, set(others[:_MOST_CERTIFICATES]) - {certificate}
    for depth in range(_MAX_CHAIN + 1):
        if any(one in anchors or any(_issued_by(one, anchor, at, depth) for anchor in anchors) for one in above):
            return True
        above = {other for other in left if any(_issued_by(one, other, at, depth) for one in above)}
        left -= above
    return False


def _issued_by(certificate: bytes, issuer: bytes, at: datetime, depth: int) -> bool:
    """Whether a CA, with so many others below it, issued a certificate; ``depth`` counts those."""
    try:
        parts, ca = split(certificate), split(issuer)
        return (
            parts.issuer == ca.subject
            and not read_extensions(parts).unknown_critical
            and _may_issue(read_extensions(ca), depth)
            and ca.not_before <= at <= ca.not_after
            and find_signature_fault(parts, ca.public_key) is None
        )
    except CertificateError:
        return False


def _may_issue(extensions: Extensions, depth: int) -> bool:
    """Whether a certificate is one of a CA, for certificates, and allows so many CAs below (RFC 5280, 6.1.4)."""
    constraints, usages = extensions.basic_constraints, extensions.key_usage
    if constraints is None or not constraints.is_ca or extensions.unknown_critical:
        return False
    is_near_enough = constraints.path_length is None or depth <= constraints.path_length
    return is_near_enough and (usages is None or KEY_CERT_SIGN in usages)
