"""What ``jpki attributes`` and the commands ``jpki auth …`` print."""

from typing import Annotated, Literal, NotRequired, Required, TypedDict

from jpki.attributes import IntegrityReason, IntegrityVerdict
from jpki.crypto import Digest
from jpki.json_types import Hex, Keywords, words

from .certificates import PeriodWord, SexFacts
from .common import PinFate, PinUseFacts, ReaderResult, Revocation, TryFacts


class BirthDateFacts(TypedDict):
    """The birth date."""

    raw: Annotated[str, "As it stands on the card."]
    date: Annotated[
        Annotated[str, Keywords(format="date")] | None,
        "null where it is no complete date.",
    ]


class DataObjectFacts(TypedDict):
    """A data object that this program does not know."""

    tag: Annotated[str, Keywords(pattern="^[0-9A-F]{1,8}$")]
    value: Annotated[str, Keywords(pattern="^([0-9a-f]{2})*$")]
    text: Annotated[str | None, "The value as text, where it is one."]


class IntegrityFindingFacts(TypedDict):
    """What a check of the attributes found."""

    verdict: Annotated[str, words(IntegrityVerdict)]
    reason: Annotated[Annotated[str, words(IntegrityReason)] | None, "Why it was not checked; null where it was."]


class IntegrityFacts(TypedDict):
    """Each check by itself.

    A match says that the parts of this card belong together; who issued the key is never checked.
    """

    attributes: IntegrityFindingFacts
    my_number: IntegrityFindingFacts
    signature: IntegrityFindingFacts
    issuer: Literal["not_checked"]


class MyNumberFacts(TypedDict):
    """The My Number."""

    check_digit: Literal["right", "wrong"]
    value: NotRequired[Annotated[str, Keywords(pattern="^[0-9]{12}$"), "With --my-number-in-json only."]]


class AttributeMembers(TypedDict, total=False):
    """The four attributes, and what the card says for their truth."""

    name: Annotated[str | None, "As registered; null where the card does not have it."]
    address: str | None
    birth_date: BirthDateFacts | None
    sex: SexFacts | None
    others: Annotated[list[DataObjectFacts], "Data objects that this program does not know."]
    integrity: IntegrityFacts


class AttributesResult(ReaderResult, TryFacts, AttributeMembers, total=False):
    """What `jpki attributes --json` prints: the four attributes of the holder, and what the card says for their truth.

    Personal data.
    """

    schema: Required[Literal["jpki.attributes/1"]]
    pin: Required[Annotated[PinFate, "What became of the PIN `input`."]]
    my_number: NotRequired[Annotated[MyNumberFacts, "With --my-number only."]]


class AuthCertificateFacts(TypedDict):
    """The period of the user certificate."""

    state: PeriodWord
    not_after: Annotated[str, Keywords(format="date-time")]
    revocation: Revocation


class AuthTestResult(ReaderResult, PinUseFacts, total=False):
    """What `jpki auth test --json` prints: whether the card can be used for logging in."""

    schema: Required[Literal["jpki.auth-test/1"]]
    outcome: Required[
        Annotated[
            Literal["works", "mismatch", "not_tested"],
            "works: the card signed a random challenge and its certificate confirms it. mismatch: it signed with a "
            "key that is not the certificate's. not_tested: it did not come to that.",
        ]
    ]
    certificate: NotRequired[
        Annotated[AuthCertificateFacts, "The user certificate's period, where the outcome is works."]
    ]


class AuthSignResult(ReaderResult, PinUseFacts, total=False):
    """What `jpki auth sign --json` prints: a signature of a challenge with the auth key."""

    schema: Required[Literal["jpki.auth-sign/1"]]
    challenge: Required[
        Annotated[str, Keywords(pattern="^([0-9a-f]{2}){8,1024}$"), "The bytes that were given, in hex."]
    ]
    digest: Required[
        Annotated[str, words(Digest), "The hash function; the hash of the challenge bytes is what is signed."]
    ]
    scheme: Required[
        Annotated[Literal["rsassa-pkcs1-v1_5"], "RFC 8017, 8.2, with a DigestInfo whose algorithm has NULL parameters."]
    ]
    signature: Required[Annotated[Hex | None, "The signature in hex; null on failure."]]
