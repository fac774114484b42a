"""A report as a page of sections, in the chosen language; text and HTML are two ways to write it down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from jpki.advice import CARD_RENEWABLE, CARD_RULES, freshness
from jpki.card import CardKind, CertificateState, PinState, PinStatus, dots, not_in_use, tries_in_short
from jpki.certificate import issuer_sentence
from jpki.certificate.checks import VERDICTS, Verdict
from jpki.diagnosis import Check, Reason
from jpki.outside_text import visible_facts
from jpki.words import CERTIFICATES, KINDS, REVOCATION, M, Unread, absent, current_language, pin_label, unread_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jpki.words import Message


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a table; neither ``mood``, which is ``bad``, ``warn``, ``good`` or empty, nor ``drawn`` adds to them.

    ``is_whole``: a word or two that no narrow column may break.
    """

    text: str
    mood: str = ""
    drawn: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below headings; the first cell of a row says what the row is about."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, why, the codes, and what to do, each step with its commands."""

    title: str
    why: str
    codes: str
    steps: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is below it, in this order."""

    title: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    problems: tuple[Problem, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole page; ``verdict`` is its most important sentence, ``remark`` what must not be overlooked."""

    language: str
    title: str
    created: str
    verdict: Cell
    remark: str
    sections: tuple[Section, ...] = field(default=())


_CERTIFICATE_STATES: Final = {
    CertificateState.IN_PERIOD: (M("in its period"), ""),
    CertificateState.RENEWABLE: (M("can be renewed now"), "warn"),
    CertificateState.EXPIRED: (M("expired"), "bad"),
    CertificateState.NOT_YET_VALID: (M("not started"), "warn"),
    CertificateState.UNKNOWN: (M("not read"), ""),
    CertificateState.ABSENT: (M("not on this card"), ""),
}
_PIN_MOODS: Final = {PinState.BLOCKED: "bad", PinState.LAST_TRY: "warn", PinState.USED: "warn"}
_VERDICT_MOODS: Final = {Verdict.PASS: "good", Verdict.FAIL: "bad", Verdict.NOT_CHECKED: ""}


def document(facts: Mapping[str, Any]) -> Document:
    """Lay out the facts of ``jpki.report/1``."""
    facts = visible_facts(dict(facts))
    sections = [_problems(facts), _advice(facts), _pins(facts), _certificates(facts), _notes(facts)]
    sections += [_checks(facts), _readers(facts), _environment(facts), _left_out(facts)]
    return Document(
        current_language(),
        str(M("Report of jpki for support")),
        str(M("Made on {time}, Japan time", time=facts["created"].replace("T", " ")[:16])),
        _verdict(facts),
        str(M("Simulated card: this is not about a real card.")) if facts["environment"]["simulated"] else "",
        tuple(section for section in sections if section is not None),
    )


def _verdict(facts: Mapping[str, Any]) -> Cell:
    """The most urgent thing about the card, or else about the way to it."""
    if not facts["usable"]:
        failed = next(check for check in facts["checks"] if check["check"] == facts["obstacle"])
        return Cell(_said(facts["verdict"]) or _said(failed["text"]), "bad")
    todo = {rule.code for rule in CARD_RULES if rule.verdict is not None}
    is_calm = not any(advice["code"] in todo for advice in facts["advice"])
    return Cell(_said(facts["verdict"]) or str(M("The card can be used.")), "good" if is_calm else "warn")


def _said(text: Mapping[str, str] | None) -> str:
    return "" if text is None else text[current_language()]


def _codes(check: Mapping[str, Any]) -> str:
    codes = [f"{check['pcsc']['name']} {check['pcsc']['code']}".strip()] if check["pcsc"] else []
    if check["status_word"]:
        codes.append(f"SW {check['status_word']}")
    return ", ".join(codes)


def _has_failed(check: Mapping[str, Any]) -> bool:
    return Verdict(check["verdict"]) is Verdict.FAIL


def _is_note(check: Mapping[str, Any]) -> bool:
    return Verdict(check["verdict"]) is Verdict.PASS and check["cause"] is not None


def _problem(check: Mapping[str, Any]) -> Problem:
    steps = tuple((_said(remedy["text"]), tuple(remedy["commands"])) for remedy in check["remedies"])
    return Problem(_said(check["text"]), _said(check["why"]), _codes(check), steps)


def _problems(facts: Mapping[str, Any]) -> Section | None:
    found = tuple(_problem(check) for check in facts["checks"] if _has_failed(check))
    return Section(str(M("What is wrong")), problems=found) if found else None


def _notes(facts: Mapping[str, Any]) -> Section | None:
    found = tuple(_said(check["text"]) for check in facts["checks"] if _is_note(check))
    return Section(str(M("Good to know")), items=found) if found else None


def _advice(facts: Mapping[str, Any]) -> Section | None:
    told = {r["remedy"] for check in facts["checks"] if _has_failed(check) for r in check["remedies"]}
    found = tuple(_said(advice["text"]) for advice in facts["advice"] if advice["code"] not in told)
    return Section(str(M("What to do, and what to know")), items=found) if found else None


def _pins(facts: Mapping[str, Any]) -> Section | None:
    if not facts["pins"]:
        return None
    headings = (M("PIN"), M("Which one"), M("Tries left"))
    return Section(str(M("PINs")), table=_table(headings, [_pin(pin, facts) for pin in facts["pins"]]))


def _pin(facts: Mapping[str, Any], report: Mapping[str, Any]) -> tuple[Cell, ...]:
    state = PinState(facts["state"]) if facts.get("in_use", True) else PinState.NOT_IN_USE
    unused = not_in_use(state, is_phone=CardKind(report["card"]["kind"]).is_phone)
    if unused is not None:
        return (Cell(facts["pin"]), Cell(str(pin_label(facts["pin"]))), Cell(str(unused)))
    left, limit = facts["retries_remaining"], facts["retry_limit"]
    words = tries_in_short(PinStatus(facts["pin"], state, left, limit, None))
    mood = _PIN_MOODS.get(state, "")
    name = Cell(str(pin_label(facts["pin"])))
    return (Cell(facts["pin"]), name, Cell(str(words), mood, dots(left, limit)))


def _certificates(facts: Mapping[str, Any]) -> Section | None:
    card = facts["card"]
    if card is None:
        return None
    kind = M("Card: {kind}.", kind=KINDS[card["kind"]])
    lines = [str(kind)]
    if card["ends_month"] is not None:
        lines.append(str(M("The card itself expires in {month}.", month=card["ends_month"])))
    headings = (M("Certificate"), M("State"), M("Expires in"), M("Issuer"))
    table = _table(headings, [_certificate(c, facts) for c in facts["certificates"]])
    return Section(str(M("Certificates")), (*lines, str(REVOCATION)), table)


def _certificate(facts: Mapping[str, Any], report: Mapping[str, Any]) -> tuple[Cell, ...]:
    state = CertificateState(facts["state"])
    words, mood = _CERTIFICATE_STATES[state]
    if state is CertificateState.RENEWABLE and any(a["code"] == CARD_RENEWABLE.code for a in report["advice"]):
        words = M("expires with the card")
    elif state is CertificateState.ABSENT:
        words = absent(facts["kind"])
    elif facts["reason"] is not None:
        words = unread_sentence(
            Unread.of(facts["reason"]),
            is_phone=CardKind(report["card"]["kind"]).is_phone,
            has_ended=any(CertificateState(c["state"]) is CertificateState.EXPIRED for c in report["certificates"]),
        )
    was_read = facts["ends_month"] is not None
    issuer = str(issuer_sentence(facts["issuer"])) if was_read else ""
    return (
        Cell(str(CERTIFICATES[facts["kind"]])),
        Cell(str(words), mood),
        Cell(facts["ends_month"] or ""),
        Cell(issuer),
    )


def _checks(facts: Mapping[str, Any]) -> Section:
    headings = (M("Check"), M("Result"), M("Details"))
    return Section(str(M("Checks")), table=_table(headings, [_check(check) for check in facts["checks"]]))


def _check(facts: Mapping[str, Any]) -> tuple[Cell, ...]:
    said = _said(facts["text"])
    if facts["because_of"] is not None:
        said = str(M("because of: {check}", check=Check.of(facts["because_of"]).label))
    elif facts["reason"] is not None:
        said = str(Reason.of(facts["reason"]).label)
    elif not said:
        said = ", ".join(facts["details"])
    codes = _codes(facts)
    details = f"{said} [{codes}]" if codes else said
    verdict, is_note = Verdict(facts["verdict"]), _is_note(facts)
    words = M("note") if is_note else VERDICTS[verdict]
    result = Cell(str(words), "" if is_note else _VERDICT_MOODS[verdict], is_whole=True)
    return (Cell(str(Check.of(facts["check"]).label)), result, Cell(details))


def _readers(facts: Mapping[str, Any]) -> Section:
    if not facts["readers"]:
        return Section(str(M("Readers")), (str(M("None found.")),))
    headings = (M("Number"), M("Reader"), M("State"))
    return Section(str(M("Readers")), table=_table(headings, [_reader(reader) for reader in facts["readers"]]))


_READER_STATES: Final = {
    "mute": M("a card that does not respond"),
    "exclusive": M("another program keeps the card"),
    "in_use": M("in use by another program"),
    "virtual": M("no card can be put on it"),
}


def _reader(facts: Mapping[str, Any]) -> tuple[Cell, ...]:
    present: Message = M("a card") if facts["card_present"] else M("no card")
    states = [str(present), *(str(words) for key, words in _READER_STATES.items() if facts[key])]
    return (Cell(str(facts["index"])), Cell(facts["name"]), Cell(", ".join(states)))


def _environment(facts: Mapping[str, Any]) -> Section:
    environment = facts["environment"]
    unasked = Reason.SIMULATED.label if environment["simulated"] else M("not there, or not reported")
    rows = [
        ("jpki", environment["jpki"]),
        (str(M("Operating system")), environment["system"]),
        ("Python", environment["python"]),
        (str(M("Program file of Python")), environment["executable"]),
        ("pcscd", environment["pcscd"] or str(unasked)),
        *((library["name"], library["version"] or str(M("not installed"))) for library in environment["libraries"]),
        (str(M("Simulated card")), str(M("yes") if environment["simulated"] else M("no"))),
    ]
    cells = [(Cell(name), Cell(value)) for name, value in rows]
    return Section(str(M("Environment")), table=_table((M("What"), M("Version")), cells))


def _left_out(facts: Mapping[str, Any]) -> Section:
    return Section(
        str(M("What is left out")),
        (
            str(freshness(datetime.fromisoformat(facts["created"]))),
            str(
                M(
                    "This report contains no name, address, birth date, sex or My Number, no certificate, no "
                    "serial number of a card, certificate or reader, and no PIN. Expiry dates show only the month, "
                    "because the day is the holder's birthday. Users' folders are written as ~."
                )
            ),
        ),
    )


def _table(headings: tuple[Message, ...], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(tuple(map(str, headings)), tuple(rows))
