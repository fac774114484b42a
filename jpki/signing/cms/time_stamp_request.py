"""Asking for a time stamp (RFC 3161, 2.4), and putting it beside the signature that it is of."""

from __future__ import annotations

import enum
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from asn1crypto import core, tsp

from jpki.asn1 import der
from jpki.certificate.checks import Verdict
from jpki.errors import DataError, TimeStampError, TlvError
from jpki.iso7816 import encode

from .attributes import TIME_STAMP
from .results import SignatureReason
from .structure import split_signed_data
from .time_stamp import judge_time_stamp, read_statement

if TYPE_CHECKING:
    from jpki.crypto import Digest

_UNSIGNED: Final = 0xA1
_EXPLICIT: Final = 0xA0
_NONCE_BITS: Final = 63
#: Given as asked, or with changes that the token tells.
_GRANTED: Final = (0, 1)


class TimeStampFault(enum.Enum):
    """Why there is no time stamp."""

    ADDRESS = "address"
    UNREACHABLE = "unreachable"
    SERVER_UNKNOWN = "server_unknown"
    SERVER_EXPIRED = "server_expired"
    SERVER_OTHER = "server_other"
    SLOW = "slow"
    REDIRECTED = "redirected"
    DECLINED = "declined"
    NOT_AN_ANSWER = "not_an_answer"
    OTHER_ANSWER = "other_answer"
    NO_CERTIFICATE_FOR_IT = "no_certificate_for_it"
    NOT_GOOD = "not_good"


_NOT_GOOD: Final = {SignatureReason.NO_TIME_STAMP_CERTIFICATE: TimeStampFault.NO_CERTIFICATE_FOR_IT}


@dataclass(frozen=True, slots=True)
class TimeStampRequest:
    """A request: the hash of what is to be stamped goes to the service, and a number that its answer has to hold."""

    digest_name: Digest
    digest: bytes
    nonce: int

    @classmethod
    def of(cls, digest_name: Digest, data: bytes) -> TimeStampRequest:
        """Make one with a new number."""
        return cls(digest_name, digest_name.of(data), secrets.randbits(_NONCE_BITS))

    def encode(self) -> bytes:
        """The TimeStampReq; the service is asked to enclose its certificate."""
        imprint = {"hash_algorithm": {"algorithm": self.digest_name.value}, "hashed_message": self.digest}
        request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": self.nonce, "cert_req": True})
        return bytes(request.dump())

    def token(self, answer: bytes) -> bytes:
        """Take the time stamp out of a service's answer, compare it with what was asked for, and check its signature.

        Whose the service is is not asked, nor this computer's clock.

        Raises:
            TimeStampError: no answer of a service, one that declines, the stamp of something else, or one that no
                verifier would accept.
        """
        try:
            status, token = _split(answer)
            if status not in _GRANTED:
                raise TimeStampError(TimeStampFault.DECLINED.value, f"PKIStatus {status}")
            statement = read_statement(token)
        except DataError as exc:
            raise TimeStampError(TimeStampFault.NOT_AN_ANSWER.value) from exc
        asked = (self.digest_name, self.digest, self.nonce)
        if (statement.digest_name, statement.digest, statement.nonce) != asked:
            raise TimeStampError(TimeStampFault.OTHER_ANSWER.value)
        result, _ = judge_time_stamp(token, lambda _: self.digest, (), now=statement.time)
        if result.verdict is Verdict.FAIL:
            raise TimeStampError(_NOT_GOOD.get(result.reason, TimeStampFault.NOT_GOOD).value)
        return token


def _split(answer: bytes) -> tuple[int, bytes]:
    """Status and token of a TimeStampResp; an empty token if it was refused."""
    try:
        members = der.read_only(answer, der.SEQUENCE)
        status = der.decode_integer(members.enter(der.SEQUENCE).take(der.INTEGER))
        token = b"" if members.is_empty else members.take_whole(der.SEQUENCE)
        members.finish()
    except TlvError as exc:
        raise DataError("no answer of a time stamp service") from exc
    return status, token


def unsigned_attributes(token: bytes) -> bytes:
    """The member unsignedAttrs of a SignerInfo, with a time stamp of its signature."""
    attribute = encode(der.OBJECT_IDENTIFIER, bytes(core.ObjectIdentifier(TIME_STAMP).contents))
    return encode(_UNSIGNED, encode(der.SEQUENCE, attribute + encode(der.SET, token)))


def signature_value(signed_data: bytes) -> bytes:
    """The signature of the one signer of a ContentInfo: what is stamped."""
    return split_signed_data(signed_data).signers[0].signature


def with_time_stamp(signed_data: bytes, token: bytes) -> bytes:
    """The same ContentInfo in DER with a time stamp beside its one signer's signature, which it is of."""
    # Put together here: asn1crypto takes minutes to write a SignedData again.
    info = der.read_only(signed_data, der.SEQUENCE)
    kind, data, members = info.take_whole(der.OBJECT_IDENTIFIER), info.enter(_EXPLICIT).enter(der.SEQUENCE), []
    while not data.is_empty:
        members.append(data.take_any()[2])
    signer = der.read_only(members.pop(), der.SET).take(der.SEQUENCE) + unsigned_attributes(token)
    members.append(encode(der.SET, encode(der.SEQUENCE, signer)))
    return encode(der.SEQUENCE, kind + encode(_EXPLICIT, encode(der.SEQUENCE, b"".join(members))))
