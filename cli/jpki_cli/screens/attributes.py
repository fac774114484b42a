"""The four attributes and the My Number, as a person reads them and as ``jpki.attributes/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki.attributes import Reason, Verdict, text_of
from jpki.outside_text import visible
from jpki_cli.terminal import described, table, wrap
from jpki_cli.words import M, Message

from .certificate import sex_text

if TYPE_CHECKING:
    from jpki.attributes import Finding, FourAttributes, IntegrityReport, MyNumber
    from jpki.iso7816 import Tlv

#: Keys of the JSON object that hold personal data.
PERSONAL: Final = frozenset({"name", "address", "birth_date", "sex", "others", "my_number"})
_NOT_GIVEN: Final = M("not on this card")
_REASONS: Final = {
    Reason.NO_RECORD: M("not checked: the card gives out no record of hashes"),
    Reason.BAD_RECORD: M("not checked: the card's record of hashes has another form than the known one"),
    Reason.NOT_READ: M("not checked: the My Number was not read"),
    Reason.NO_KEY: M("not checked: the card gives out no certificate of its own"),
    Reason.BAD_KEY: M("not checked: the card's own certificate has another form than the known one"),
}
_HASHES: Final = {
    Verdict.MATCH: M("the hash in the card's record is theirs"),
    Verdict.MISMATCH: M("DOES NOT MATCH: the hash in the card's record is another"),
}
_SIGNATURES: Final = {
    Verdict.MATCH: M("made with the key in the card's own certificate"),
    Verdict.MISMATCH: M(
        "DOES NOT MATCH the key in the card's own certificate: the record was changed, or this card signs in a way "
        "that is not known"
    ),
}
_LIMIT: Final = M(
    "The hashes and the signature are the card's own. Who issued the certificate with its key is not checked: no key "
    "to check that with is published."
)


def render(attributes: FourAttributes, report: IntegrityReport, number: MyNumber | None) -> str:
    """Return the whole screen."""
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
    lines = [(str(label), str(_NOT_GIVEN) if value is None else visible(value)) for label, value in rows]
    lines += [(str(M("Other data")), _other(tlv)) for tlv in attributes.others]
    if number is not None:
        lines.append((str(M("My Number")), number.digits))
        lines.append((str(M("Check digit")), str(M("right") if number.has_right_check_digit else M("WRONG"))))
    checks = [(str(M("Attributes")), str(_say(report.attributes, _HASHES)))]
    if report.my_number.reason is not Reason.NOT_READ:
        checks.append((str(M("My Number")), str(_say(report.my_number, _HASHES))))
    checks.append((str(M("Signature")), str(_say(report.signature, _SIGNATURES))))
    # A value stays on one line, however long: broken, a name would lose the blank where the line ends.
    parts = [*table(lines), "", str(M("What the card says for their truth")), *described(checks), wrap(str(_LIMIT))]
    return "\n".join(parts) + "\n"


def _birth_date(raw: str, day: str | None) -> str:
    return day if day is not None else str(M("“{raw}” (no complete date)", raw=raw))


def _other(tlv: Tlv) -> str:
    text = text_of(tlv.value)
    return f"{tlv.tag:X} {tlv.value.hex().upper() if text is None else visible(text)}"


def _say(finding: Finding, words: dict[Verdict, Message]) -> Message:
    return words[finding.verdict] if finding.reason is None else _REASONS[finding.reason]


def facts(attributes: FourAttributes, report: IntegrityReport) -> dict[str, Any]:
    """Everything but the My Number, for JSON."""
    birth, sex = attributes.birth_date, attributes.sex
    return {
        "name": attributes.name,
        "address": attributes.address,
        "birth_date": None
        if birth is None
        else {"raw": birth.raw, "date": None if birth.day is None else birth.day.isoformat()},
        "sex": None
        if sex is None
        else {"code": sex.code, "meaning": None if sex.meaning is None else sex.meaning.value},
        "others": [
            {"tag": f"{tlv.tag:X}", "value": tlv.value.hex(), "text": text_of(tlv.value)} for tlv in attributes.others
        ],
        "integrity": {
            "attributes": _fact(report.attributes),
            "my_number": _fact(report.my_number),
            "signature": _fact(report.signature),
            "issuer": "not_checked",
        },
    }


def _fact(finding: Finding) -> dict[str, str | None]:
    return {"verdict": finding.verdict.value, "reason": None if finding.reason is None else finding.reason.value}


def number_facts(number: MyNumber, *, with_digits: bool) -> dict[str, Any]:
    """The My Number for JSON: the number itself only where it was asked for."""
    check = {"check_digit": "right" if number.has_right_check_digit else "wrong"}
    return {"value": number.digits, **check} if with_digits else check
