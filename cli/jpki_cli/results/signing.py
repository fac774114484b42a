"""What ``jpki sign`` and ``jpki verify`` print."""

from typing import Annotated, Literal, NotRequired, Required, TypedDict

from jpki.certificate.checks import Verdict
from jpki.files import PARTS, UNSIGNED_PARTS
from jpki.identifiers import CertificateKind
from jpki.json_types import Instant, Keywords, Text, words
from jpki.signing.cms import SignatureItem, SignatureReason

from .certificates import CheckItemFacts, HolderCertificate, PeriodWord, SerialHex
from .common import PinFate, Result, TryFacts

_Sha256 = Annotated[str, Keywords(pattern="^[0-9a-f]{64}$")]


class SignedFileFacts(TypedDict):
    """A file that was signed."""

    file: str
    signature: Annotated[str | None, "null: standard output."]
    kept: Annotated[bool, "Whether the signature was there already (--resume)."]


class SigningCertificateFacts(TypedDict):
    """The certificate that was signed with."""

    state: PeriodWord
    not_after: Instant


class SignResult(Result, TryFacts, total=False):
    """What `jpki sign --json` prints: the files that were signed, on failure those signed before it."""

    schema: Required[Literal["jpki.sign/1"]]
    reader: NotRequired[
        Annotated[str, "Name of the reader, as PC/SC gives it; absent where every file was signed already."]
    ]
    files: list[SignedFileFacts]
    pin: Required[Annotated[PinFate, "What became of the signature password."]]
    certificate: NotRequired[
        Annotated[SigningCertificateFacts, "The certificate that was signed with; absent where nothing was."]
    ]


class CardCaFacts(TypedDict):
    """A CA certificate that was read from the card."""

    kind: Annotated[str, words((CertificateKind.AUTH_CA, CertificateKind.SIGN_CA))]
    issuer: Annotated[
        str | None,
        "Label of the J-LIS certificate that it is, test for one that calls itself TEST, null for any other.",
    ]


class SignerFacts(TypedDict):
    """Whom the signer's certificate names.

    A claim, unless is_confirmed. Text is as whoever wrote the certificate chose it, with characters that act shown as
    their numbers.
    """

    is_confirmed: Annotated[bool, "Whether a known issuer issued the certificate, and its key made this signature."]
    name: Annotated[str | None, "The name in a signature certificate; null where there is none."]
    subject: Annotated[str, "Distinguished name (RFC 4514)."]
    issuer: Annotated[str, "Distinguished name of the issuer."]
    serial: SerialHex
    sha256: Annotated[_Sha256, "Of the certificate."]
    public_key_sha256: Annotated[_Sha256, "Of the SubjectPublicKeyInfo."]


class TimeStampFacts(TypedDict):
    """What a time stamp service states of the signature, or of the PDF as it was then."""

    time: Annotated[str, Keywords(format="date-time")]
    service: Annotated[str, "The name in the service's certificate: a claim, unless is_confirmed."]
    is_confirmed: Annotated[
        bool, "Whether a CA certificate given with --timestamp-ca issued the service's certificate."
    ]


class SignatureItemFacts(TypedDict):
    """What was looked at of a signature, and what was found."""

    item: Annotated[str, words(SignatureItem)]
    verdict: Annotated[str, words(Verdict)]
    reason: Annotated[str, words(SignatureReason)]
    text: Text


class SignatureFacts(TypedDict):
    """One signature."""

    kind: Annotated[HolderCertificate | None, "Kind of the signer's certificate; null where it cannot be read."]
    field: Annotated[str | None, "Name of the signature field in a PDF; null for a CMS signature."]
    issuer: Annotated[
        str | None,
        "Label of the issuer that the signer's certificate names: a claim, which issuer_pin judges. test for a TEST "
        "issuer, null for an unknown one.",
    ]
    signer: Annotated[SignerFacts | None, "null where the signer's certificate cannot be read."]
    signing_time: Annotated[str | None, "What the signer's computer said, in Japan time; null where it said nothing."]
    time_stamp: Annotated[TimeStampFacts | None, "null where there is no time stamp, or none that holds."]
    results: list[SignatureItemFacts]
    certificate: Annotated[
        list[CheckItemFacts] | None, "The certificate's check at the signing time, as in jpki.cert-check/1."
    ]


class VerifyResult(Result, total=False):
    """What `jpki verify --json` prints: verdicts for each signature, item by item."""

    schema: Required[Literal["jpki.verify/1"]]
    reader: NotRequired[Annotated[str, "Name of the reader, as PC/SC gives it; only where a card was read."]]
    file: Annotated[str, "The file that was named first: what is judged."]
    signature_file: Annotated[
        str,
        "The file that holds the signatures; the same as file where that is a PDF or a CMS signature itself.",
    ]
    content_file: Annotated[
        str | None,
        "The file whose content was compared with what was signed; null where only a signature was named.",
    ]
    content: Annotated[
        Literal["compared", "taken_from_signature", "in_pdf"],
        "compared: content_file was compared with what was signed. taken_from_signature: no file was compared. in_pdf: "
        "the signatures are inside the PDF.",
    ]
    unsigned_part: NotRequired[
        Annotated[
            str,
            words(UNSIGNED_PARTS),
            "What else is in signature_file and not signed, only where there is something: the headers of a mail, or "
            "text before a PEM.",
        ]
    ]
    pdf_parts: NotRequired[
        Annotated[
            list[Annotated[str, words(PARTS)]],
            "Of a PDF with signatures inside: what it holds that its pages do not show.",
        ]
    ]
    extracted: NotRequired[
        Annotated[
            str | None, "With --extract only: the file that the content was written to; null where it did not pass."
        ]
    ]
    card_ca: NotRequired[
        Annotated[list[CardCaFacts], "With --ca-from-card only: the CA certificates that were read from the card."]
    ]
    signatures: list[SignatureFacts]
