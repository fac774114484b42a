"""What the card itself says for the truth of its four attributes: two hashes, and a signature over them.

By docs/card.md, 1.3, EF 0003 holds SHA-256 of the physical EF 0001 and of the attributes in EF 0002, and a signature.
The key for it is in EF 0004, a certificate of the card's own (CV certificate). Who issued that certificate cannot be
checked: no key of its issuers is published. So a match says that the parts of this card belong together, and no more.

That the signature covers both hashes as data objects, one after the other, is inferred: no source says what it covers.
"""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jpki.crypto import Digest, check_signature
from jpki.errors import DataError, SignatureInvalidError
from jpki.iso7816 import expect

if TYPE_CHECKING:
    from .parsing import FourAttributes

_INTEGRITY: Final = 0xFF30
_MY_NUMBER_DIGEST: Final = 0xDF31
_ATTRIBUTES_DIGEST: Final = 0xDF32
_SIGNATURE: Final = 0xDF33
_CV_CERTIFICATE: Final = 0x7F21
_CV_BODY: Final = 0x5F4E
_CV_SIGNATURE: Final = 0x5F37
_EXPONENT: Final = 0x90
_MODULUS: Final = 0x91
_KEY_ID_BYTES: Final = 16
_DIGEST_BYTES: Final = 32
_MODULUS_BYTES: Final = 256
_MAX_EXPONENT_BYTES: Final = 4


class IntegrityVerdict(enum.Enum):
    """What came of a check; the values are those of the JSON output."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_CHECKED = "not_checked"


class IntegrityReason(enum.Enum):
    """Why something was not checked."""

    NOT_ASKED = "not_asked"  # it was not asked for
    NO_RECORD = "no_record"  # the card gives out no EF 0003
    BAD_RECORD = "bad_record"  # it has another form
    NOT_READ = "not_read"  # the My Number was not asked for
    NO_KEY = "no_key"  # the card gives out no EF 0004
    BAD_KEY = "bad_key"  # it has another form


@dataclass(frozen=True, slots=True)
class IntegrityResult:
    """What came of one check; ``reason`` says why it was not made, if it was not."""

    verdict: IntegrityVerdict
    reason: IntegrityReason | None = None


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """The three checks, each by itself."""

    attributes: IntegrityResult
    my_number: IntegrityResult
    signature: IntegrityResult

    @property
    def has_mismatch(self) -> bool:
        """Whether something does not belong to the rest."""
        return IntegrityVerdict.MISMATCH in (self.attributes.verdict, self.my_number.verdict, self.signature.verdict)


_NOT_ASKED: Final = IntegrityResult(IntegrityVerdict.NOT_CHECKED, IntegrityReason.NOT_ASKED)
#: The report where the files for it were not read.
NOT_ASKED: Final = IntegrityReport(_NOT_ASKED, _NOT_ASKED, _NOT_ASKED)


@dataclass(frozen=True, slots=True)
class IntegrityRecord:
    """Content of EF 0003; ``signed`` are both data objects of the hashes as they stand."""

    my_number_digest: bytes
    attributes_digest: bytes
    signed: bytes
    signature: bytes


def read_integrity_record(file: bytes) -> IntegrityRecord:
    """Read EF 0003.

    Raises:
        DataError: another form.
    """
    content, _ = expect(file, _INTEGRITY)
    my_number, after_first = expect(content, _MY_NUMBER_DIGEST)
    attributes, after_second = expect(content, _ATTRIBUTES_DIGEST, after_first)
    signature, end = expect(content, _SIGNATURE, after_second)
    if len(my_number) != _DIGEST_BYTES or len(attributes) != _DIGEST_BYTES or end != len(content):
        raise DataError("the record of hashes has another form")
    return IntegrityRecord(my_number, attributes, content[:after_second], signature)


def read_cv_key(file: bytes) -> bytes:
    """Read the public key in a CV certificate (EF 0004), as a SubjectPublicKeyInfo.

    Raises:
        DataError: another form, or no RSA key of 2048 bits.
    """
    content, _ = expect(file, _CV_CERTIFICATE)
    body, after_body = expect(content, _CV_BODY)
    _, end = expect(content, _CV_SIGNATURE, after_body)
    exponent, after_exponent = expect(body, _EXPONENT, 2 * _KEY_ID_BYTES)
    modulus, body_end = expect(body, _MODULUS, after_exponent)
    is_whole = end == len(content) and body_end == len(body)
    if not is_whole or len(modulus) != _MODULUS_BYTES or len(exponent) > _MAX_EXPONENT_BYTES:
        raise DataError("the card's own certificate has another form")
    try:
        key = RSAPublicNumbers(int.from_bytes(exponent), int.from_bytes(modulus)).public_key()
    except ValueError as exc:
        raise DataError("the card's own certificate holds no RSA key") from exc
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def check_integrity(
    attributes: FourAttributes, my_number_file: bytes | None, integrity_file: bytes | None, cv_file: bytes | None
) -> IntegrityReport:
    """Check what was read against EF 0003, and EF 0003 against EF 0004; None stands for a file that was not read."""
    try:
        record = None if integrity_file is None else read_integrity_record(integrity_file)
    except DataError:
        record = None
    if record is None:
        reason = IntegrityReason.NO_RECORD if integrity_file is None else IntegrityReason.BAD_RECORD
        nothing = IntegrityResult(IntegrityVerdict.NOT_CHECKED, reason)
        return IntegrityReport(nothing, nothing, nothing)
    digests = [hashlib.sha256(part).digest() for part in attributes.hashed]
    if my_number_file is None:
        my_number = IntegrityResult(IntegrityVerdict.NOT_CHECKED, IntegrityReason.NOT_READ)
    else:
        my_number = _finding(is_match=hashlib.sha256(my_number_file).digest() == record.my_number_digest)
    return IntegrityReport(
        _finding(is_match=record.attributes_digest in digests), my_number, _check_signature(record, cv_file)
    )


def _finding(*, is_match: bool) -> IntegrityResult:
    return IntegrityResult(IntegrityVerdict.MATCH if is_match else IntegrityVerdict.MISMATCH)


def _check_signature(record: IntegrityRecord, cv_file: bytes | None) -> IntegrityResult:
    if cv_file is None:
        return IntegrityResult(IntegrityVerdict.NOT_CHECKED, IntegrityReason.NO_KEY)
    try:
        key = read_cv_key(cv_file)
    except DataError:
        return IntegrityResult(IntegrityVerdict.NOT_CHECKED, IntegrityReason.BAD_KEY)
    try:
        check_signature(key, record.signature, Digest.SHA256, Digest.SHA256.of(record.signed))
    except SignatureInvalidError:
        return _finding(is_match=False)
    return _finding(is_match=True)
