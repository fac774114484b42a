"""The four attributes and the My Number, as a person reads them and as ``jpki.attributes/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from jpki.attributes import LIMIT, UNCHECKED, IntegrityReason, attribute_rows, check_rows, text_of
from jpki_cli.terminal import described, table, wrap
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.attributes import FourAttributes, IntegrityReport, IntegrityResult, MyNumber
    from jpki_cli.results.holder import AttributeMembers, AttributesResult, IntegrityFindingFacts, MyNumberFacts

#: Keys of the JSON object that hold personal data.
_PERSONAL: Final = ("name", "address", "birth_date", "sex", "others", "my_number")


def render(attributes: FourAttributes, report: IntegrityReport, number: MyNumber | None) -> str:
    """Return the whole screen."""
    lines = [(str(label), value) for label, value in attribute_rows(attributes, number)]
    # A value stays on one line, however long: broken, a name would lose the blank where the line ends.
    if report.attributes.reason is IntegrityReason.NOT_ASKED:
        return "\n".join([*table(lines), "", wrap(str(UNCHECKED))]) + "\n"
    checks = [(str(label), str(verdict)) for label, verdict in check_rows(report)]
    parts = [*table(lines), "", str(M("What the card holds to confirm them")), *described(checks), wrap(str(LIMIT))]
    return "\n".join(parts) + "\n"


def note(result: AttributeMembers, attributes: FourAttributes, report: IntegrityReport) -> None:
    """Put everything but the My Number into the JSON object."""
    birth, sex = attributes.birth_date, attributes.sex
    result.update(
        {
            "name": attributes.name,
            "address": attributes.address,
            "birth_date": None
            if birth is None
            else {"raw": birth.raw, "date": None if birth.day is None else birth.day.isoformat()},
            "sex": None
            if sex is None
            else {"code": sex.code, "meaning": None if sex.meaning is None else sex.meaning.value},
            "others": [
                {"tag": f"{tlv.tag:X}", "value": tlv.value.hex(), "text": text_of(tlv.value)}
                for tlv in attributes.others
            ],
            "integrity": {
                "attributes": _fact(report.attributes),
                "my_number": _fact(report.my_number),
                "signature": _fact(report.signature),
                "issuer": "not_checked",
            },
        }
    )


def _fact(finding: IntegrityResult) -> IntegrityFindingFacts:
    return {"verdict": finding.verdict.value, "reason": None if finding.reason is None else finding.reason.value}


def leave_out(result: AttributesResult) -> None:
    """Take personal data out of the JSON object again."""
    members = cast("dict[str, object]", result)
    for name in _PERSONAL:
        members.pop(name, None)


def number_facts(number: MyNumber, *, with_digits: bool) -> MyNumberFacts:
    """The My Number for JSON: the number itself only where it was asked for."""
    facts: MyNumberFacts = {"check_digit": "right" if number.has_right_check_digit else "wrong"}
    if with_digits:
        facts["value"] = number.digits
    return facts
