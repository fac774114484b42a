"""What the commands ``jpki cert …`` print."""

from typing import Annotated, Literal, Required, TypedDict

from jpki.certificate import EndRule, Era, PeriodState, Sex
from jpki.certificate.checks import CheckItem, CheckReason, Verdict
from jpki.identifiers import CertificateKind
from jpki.json_types import Count, Day, Hex, Instant, Keywords, Oid, Text, words

from .common import PinIfUsedFacts, ReaderResult, Revocation

#: The certificates of a holder.
HolderCertificate = Annotated[str, words((CertificateKind.AUTH, CertificateKind.SIGN))]
#: What the period of a certificate is at an instant.
PeriodWord = Annotated[str, words(PeriodState)]
#: How much of a period is left.
DaysLeft = Annotated[Count, "Calendar days of Japan until the last day; 0 on that day and after it."]
#: When a period can be renewed.
RenewableFrom = Annotated[Day, "First day, in Japan, on which every municipality renews it."]
#: What a certificate says of its issuer.
IssuerLabel = Annotated[
    str | None,
    "The CA certificate that it names as its issuer's, such as auth-2023; test for a TEST issuer, null for an unknown "
    "one. A claim, no proof.",
]
_Kind = Annotated[str, words(CertificateKind)]
#: A serial number.
SerialHex = Annotated[str, Keywords(pattern="^[0-9A-F]+$")]


class NameAttributeFacts(TypedDict):
    """One attribute of a name."""

    oid: Oid
    label: str
    value: str


#: A subject or an issuer.
Name = Annotated[list[NameAttributeFacts], "A name, attribute by attribute, in its order."]


class RegisteredTextFacts(TypedDict):
    """A name or address, and which of its characters stand for others.

    Positions count from 0; null where the flags do not fit.
    """

    value: str
    flags: str | None
    replaced: list[Count] | None


class RegisteredBirthFacts(TypedDict):
    """The birth date as it is registered."""

    raw: str
    date: Day | None
    era: Annotated[str, words(era.label for era in Era)] | None


class SexFacts(TypedDict):
    """The sex as it is registered."""

    code: str
    meaning: Annotated[Annotated[str, words(Sex)] | None, "null for codes that sources do not agree on."]


class OtherNameFacts(TypedDict):
    """Another entry of subjectAltName."""

    oid: str | None
    kind: str
    value: str | None


class PersonalFacts(TypedDict):
    """What the signature certificate says of its holder."""

    name: RegisteredTextFacts | None
    birth_date: RegisteredBirthFacts | None
    sex: SexFacts | None
    address: RegisteredTextFacts | None
    others: list[OtherNameFacts]


class PublicKeyFacts(TypedDict):
    """The public key of a certificate."""

    algorithm: str
    bits: Annotated[int, Keywords(minimum=1)] | None
    curve: str | None
    sha256: Annotated[Hex, "Of the SubjectPublicKeyInfo."]


class InformationFacts(TypedDict):
    """Where more can be learned about the issuer."""

    method: Oid
    location: str | None


class CertificateMembers(TypedDict, total=False):
    """Everything that a certificate says."""

    subject: Name
    issuer: Name
    issuer_label: IssuerLabel
    serial: Annotated[SerialHex, "Serial number in hex."]
    not_before: Instant
    not_after: Instant
    state: PeriodWord
    days_left: DaysLeft
    renewable_from: RenewableFrom
    revocation: Revocation
    personal: Annotated[PersonalFacts | None, "What the signature certificate says of its holder; null in the others."]
    public_key: PublicKeyFacts
    signature_algorithm: str
    key_usage: list[str]
    extended_key_usage: list[Oid]
    policies: list[Oid]
    subject_key_identifier: Hex | None
    authority_key_identifier: Hex | None
    distribution_points: list[str | None]
    authority_information: list[InformationFacts]
    unknown_critical_extensions: list[Oid]
    sha256: Annotated[Hex, "Of the certificate."]
    pem: Annotated[str, Keywords(pattern="^-----BEGIN CERTIFICATE-----\n")]


class CertResult(ReaderResult, CertificateMembers, PinIfUsedFacts, total=False):
    """What `jpki cert show --json` prints: everything that a certificate says. Personal data."""

    schema: Required[Literal["jpki.cert/1"]]
    kind: Required[_Kind]


class CheckItemFacts(TypedDict):
    """What was looked at of a certificate, and what was found."""

    item: Annotated[str, words(CheckItem), "What was looked at; ca_ is the issuer's certificate."]
    verdict: Annotated[str, words(Verdict)]
    reason: Annotated[str, words(CheckReason)]
    details: Annotated[
        list[str], "What the reason is about: the issuer's label, missing key usages, object identifiers."
    ]
    text: Annotated[Text, "The reason, for people."]


class CheckMembers(TypedDict, total=False):
    """The verdict on each item of a certificate."""

    at: Annotated[Instant, "The instant for which the periods were looked at."]
    results: list[CheckItemFacts]
    ends_with: Annotated[
        list[Annotated[str, words(EndRule)]] | None,
        "The rules that name its last day, as far as can be told (empty: not known); null for a CA certificate.",
    ]


class CertCheckResult(ReaderResult, CheckMembers, PinIfUsedFacts, total=False):
    """What `jpki cert check --json` prints: a verdict for each item, and never one for all.

    With a failed item the exit code is 7.
    """

    schema: Required[Literal["jpki.cert-check/1"]]
    kind: Required[_Kind]
