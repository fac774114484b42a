"""The four attributes and the My Number in words, and what the card says for their truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.certificate import sex_text
from jpki.outside_text import visible
from jpki.words import M, Message

from .integrity import IntegrityReason, IntegrityVerdict
from .parsing import text_of

if TYPE_CHECKING:
    from jpki.iso7816 import Tlv

    from .integrity import IntegrityReport, IntegrityResult
    from .parsing import FourAttributes, MyNumber

_NOT_GIVEN: Final = M("not on this card")
#: Said where the hashes and the signature were not read.
UNCHECKED: Final = M("Whether the card's own hashes and signature fit was not checked: --integrity does so.")
_REASONS: Final = {
    IntegrityReason.NOT_ASKED: M("not checked: --integrity does so"),
    IntegrityReason.NO_RECORD: M("not checked: the card's record of hashes cannot be read"),
    IntegrityReason.BAD_RECORD: M("not checked: the card's record of hashes is not in the known format"),
    IntegrityReason.NOT_READ: M("not checked: the My Number was not read"),
    IntegrityReason.NO_KEY: M("not checked: the card's own certificate cannot be read"),
    IntegrityReason.BAD_KEY: M("not checked: the card's own certificate is not in the known format"),
}
_HASHES: Final = {
    IntegrityVerdict.MATCH: M("matches the hash in the card's record"),
    IntegrityVerdict.MISMATCH: M("DOES NOT MATCH the hash in the card's record"),
}
_SIGNATURES: Final = {
    IntegrityVerdict.MATCH: M("made with the key in the card's own certificate"),
    IntegrityVerdict.MISMATCH: M(
        "DOES NOT MATCH the key in the card's own certificate: the record was changed, or this card signs in a way "
        "that is not known"
    ),
}
#: What the hashes and the signature on the card do not prove.
LIMIT: Final = M(
    "The hashes and the signature come from the card itself. Who issued the certificate with its key is not "
    "checked, because no key for checking it has been published."
)


def attribute_rows(attributes: FourAttributes, number: MyNumber | None) -> list[tuple[Message, str]]:
    """What the card holds of its holder, in the current language; text from the card in its visible form."""
    birth = attributes.birth_date
    rows = [
        (M("Name"), attributes.name),
        (M("Address"), attributes.address),
        (
            M("Birth date"),
            None if birth is None else _birth_date(birth.raw, None if birth.day is None else str(birth.day)),
        ),
        (M("Sex"), None if attributes.sex is None else sex_text(attributes.sex)),
    ]
    lines = [(label, str(_NOT_GIVEN) if value is None else visible(value)) for label, value in rows]
    lines += [(M("Other data"), _other(tlv)) for tlv in attributes.others]
    if number is not None:
        lines.append((M("My Number"), number.digits))
        lines.append((M("Check digit"), str(M("right") if number.has_right_check_digit else M("WRONG"))))
    return lines


def check_rows(report: IntegrityReport) -> list[tuple[Message, Message]]:
    """What the card's own hashes and signature say of the attributes."""
    checks = [(M("Attributes"), _say(report.attributes, _HASHES))]
    if report.my_number.reason is not IntegrityReason.NOT_READ:
        checks.append((M("My Number"), _say(report.my_number, _HASHES)))
    checks.append((M("Signature"), _say(report.signature, _SIGNATURES)))
    return checks


def _birth_date(raw: str, day: str | None) -> str:
    return day if day is not None else str(M("“{raw}” (no complete date)", raw=raw))


def _other(tlv: Tlv) -> str:
    text = text_of(tlv.value)
    return f"{tlv.tag:X} {tlv.value.hex().upper() if text is None else visible(text)}"


def _say(finding: IntegrityResult, words: dict[IntegrityVerdict, Message]) -> Message:
    return words[finding.verdict] if finding.reason is None else _REASONS[finding.reason]
