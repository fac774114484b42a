"""The topics of guidance: which rules each shows, in which order, and for whom."""

from __future__ import annotations

from itertools import chain
from typing import Final

from jpki.advice.guidance import certificates, contacts, events, examples, pins, reset
from jpki.advice.model import Applicant, GuideRule, Part
from jpki.advice.sources import Scope

_OFFICE: Final = (
    "reset.office",
    "reset.other-offices",
)
_PROXY: Final = (
    "reset.proxy",
    "reset.proxy-ask",
    "reset.proxy-inquiry",
    "reset.proxy-first",
    "reset.proxy-second",
    "reset.proxy-days",
    "reset.proxy-pin",
)
_REPRESENTATIVE: Final = (
    "reset.representative-card",
    "reset.representative-id",
)
_CHILD_PROOF: Final = (
    "reset.child-proof",
    "reset.child-proof-waived",
)
_EXAMPLE_OFFICES: Final = (
    "examples.kawasaki-offices",
    "examples.kawasaki-weekdays",
    "examples.kawasaki-saturdays",
    "examples.kawasaki-closed",
    "examples.yokohama-ward",
    "examples.yokohama-centers",
)
_EXAMPLE_SELF: Final = (
    "examples.kawasaki-self",
    "examples.yokohama-self",
)
_EXAMPLE_REPRESENTATIVE: Final = (
    "examples.kawasaki-representative",
    "examples.yokohama-representative",
)
_EXAMPLE_PROXY: Final = (
    "examples.kawasaki-proxy",
    "examples.yokohama-proxy",
)
_EXAMPLE_NUMBERS: Final = (
    "examples.kawasaki-numbers",
    "examples.yokohama-numbers",
)

_TABLE: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "pins": (
        ("pins.four", "pins.signature-form", "pins.limits", "pins.in-a-row", "pins.shared-counter"),
        ("pins.may-be-equal", "pins.hard-to-guess", "pins.set-at-counter", "pins.without-certificates"),
        ("pins.pinless", "pins.chip-asks", "pins.see-tries"),
    ),
    "safety": (
        ("safety.nobody", "safety.never-on-card", "safety.note-form", "safety.guard-card"),
        ("safety.change-on-suspicion", "safety.type-yourself", "safety.staff-for-proxy"),
        ("safety.useless-without-card", "safety.hard-to-abuse", "safety.not-on-chip", "safety.chip-defends"),
        ("safety.copies", "safety.no-number-in-questions"),
    ),
    "certificates": (
        ("cert.two", "cert.signature", "cert.user", "cert.shows-sender", "cert.private", "cert.optional"),
        ("cert.user-no-name", "cert.replaced", "cert.use", "store.documents", "cert.town", "cert.not-seen"),
    ),
    "locked": (
        ("reset.meaning", "reset.reasons"),
        _OFFICE,
        ("reset.store-too", "reset.how", "reset.time", "reset.representative"),
        _PROXY,
        ("reset.self",),
        _REPRESENTATIVE,
        _CHILD_PROOF,
        ("reset.ward-proof", "reset.waiting", "reset.not-by-mail", "reset.medical", "reset.charge"),
        ("reset.who-else", "reset.id-pointer"),
        _EXAMPLE_OFFICES,
        _EXAMPLE_SELF,
        _EXAMPLE_REPRESENTATIVE,
        _EXAMPLE_PROXY,
        _EXAMPLE_NUMBERS,
    ),
    "forgot": (
        ("reset.meaning", "reset.guessing"),
        _OFFICE,
        ("reset.store-too", "reset.how", "reset.time", "reset.representative"),
        _PROXY,
        ("reset.self",),
        _REPRESENTATIVE,
        _CHILD_PROOF,
        ("reset.ward-proof", "reset.not-by-mail", "reset.charge", "reset.who-else", "reset.id-pointer"),
        _EXAMPLE_OFFICES,
        _EXAMPLE_SELF,
        _EXAMPLE_REPRESENTATIVE,
        _EXAMPLE_PROXY,
        _EXAMPLE_NUMBERS,
    ),
    "change": (
        ("change.known", "change.home", "change.counter", "change.check-new", "pins.signature-form"),
        ("pins.hard-to-guess", "pins.may-be-equal"),
    ),
    "convenience-store": (
        ("store.which", "store.places", "store.hours", "store.phone", "store.not-for", "store.conditions"),
        ("store.unseen", "store.list", "store.documents"),
    ),
    "renew": (
        ("renew.certificate-end", "renew.certificate-from", "renew.certificate-with-card", "renew.card-end"),
        ("renew.card-age", "renew.certificate-where", "renew.card-apply", "renew.certificate-date"),
        ("renew.certificate-bring", "renew.certificate-free", "renew.stay", "renew.ask"),
    ),
    "expired": (
        ("expired.which", "expired.certificate", "expired.certificate-new", "expired.card"),
        ("renew.certificate-where", "renew.certificate-bring", "expired.futile", "expired.health"),
        ("renew.certificate-end", "renew.certificate-with-card", "renew.card-end", "renew.ask"),
    ),
    "moved": (
        ("move.signature-ends", "move.user-stays", "move.bring-card", "move.fortnight", "move.new-one"),
        ("move.column", "move.not-seen"),
    ),
    "name-change": (
        ("move.signature-ends", "move.user-stays", "move.bring-card", "move.fortnight", "move.new-one"),
        ("move.column", "move.not-seen"),
    ),
    "lost": (
        ("lost.call", "lost.police", "lost.municipality", "safety.hard-to-abuse", "found.signature"),
        ("lost.number", "lost.phone", "hot.free-ja", "hot.foreign-cards"),
    ),
    "found": (("found.lift", "found.signature", "found.futile"),),
    "reissue": (("reissue.apply", "reissue.police", "reissue.fire", "reissue.damaged", "reissue.fee"),),
    "cancel": (("cancel.certificate", "cancel.suspended", "cancel.links", "cancel.voluntary"),),
    "child": (
        ("child.representative",),
        _OFFICE,
        ("reset.represented", "reset.how"),
        _PROXY,
        _REPRESENTATIVE,
        _CHILD_PROOF,
        ("child.store", "reset.not-by-mail", "child.no-signature", "child.card-end", "reset.id-pointer"),
        ("examples.kawasaki-offices", "examples.yokohama-ward"),
        _EXAMPLE_REPRESENTATIVE,
        _EXAMPLE_PROXY,
    ),
    "adult-ward": (
        ("ward.guardian",),
        _OFFICE,
        ("reset.represented", "reset.how"),
        _PROXY,
        _REPRESENTATIVE,
        ("reset.ward-proof", "child.store", "reset.not-by-mail", "ward.no-signature", "reset.id-pointer"),
        ("examples.kawasaki-offices", "examples.yokohama-ward"),
        _EXAMPLE_REPRESENTATIVE,
        _EXAMPLE_PROXY,
    ),
    "foreign-resident": (("foreign.stay", "foreign.exceptions", "foreign.extend", "foreign.id", "hot.foreign-cards"),),
    "abroad": (("abroad.japanese", "abroad.others"),),
    "phone": (
        ("phone.separate", "phone.reset", "phone.end", "phone.set-up", "phone.dispose", "lost.phone"),
        ("phone.models",),
    ),
    "reader": (
        ("reader.need", "reader.place", "reader.check", "reader.software", "reader.list", "reader.mute"),
        ("reader.old-card",),
    ),
    "id-documents": (("id.photo", "id.other", "foreign.id", "id.outdated", "id.ask"),),
    "hotlines": (
        ("hot.free-ja", "hot.foreign-cards", "hot.foreign-system", "hot.navi-foreign", "hot.navi-ja"),
        ("hot.ip", "hot.work", "hot.municipality", "hot.not-for-cards", "hot.web-form", "hot.read-on"),
        ("hot.own-words", "hot.no-guarantee"),
        _EXAMPLE_NUMBERS,
    ),
}


#: Every rule of guidance by its id.
RULES: Final[dict[str, GuideRule]] = {
    rule.rule_id: rule for module in (pins, reset, examples, certificates, events, contacts) for rule in module.RULES
}
#: The ids of the rules of each topic.
TOPICS: Final[dict[str, tuple[str, ...]]] = {topic: tuple(chain(*rows)) for topic, rows in _TABLE.items()}
#: Topics about people who do not act for themselves.
_REPRESENTED: Final = ("child", "adult-ward")
_PARTS: Final = tuple(Part)


def usual_applicant(topic: str) -> Applicant:
    """Who acts, unless it is said: the legal representative for a child and for an adult ward, else the holder."""
    return Applicant.REPRESENTATIVE if topic in _REPRESENTED else Applicant.SELF


def depends_on_applicant(topic: str) -> bool:
    """Whether other lines are shown when somebody else acts."""
    return any(RULES[rule_id].applicant is not None for rule_id in TOPICS[topic])


def lines(topic: str, applicant: Applicant | None = None, *, with_examples: bool = False) -> tuple[GuideRule, ...]:
    """The rules that a topic shows, in the order of their parts; what single towns do comes last and on demand.

    Raises:
        KeyError: there is no such topic.
    """
    acting = usual_applicant(topic) if applicant is None else applicant
    rules = [RULES[rule_id] for rule_id in TOPICS[topic]]
    shown = [rule for rule in rules if rule.applicant in (None, acting)]
    national = [rule for rule in shown if rule.scope is Scope.NATIONAL]
    national.sort(key=lambda rule: _PARTS.index(rule.part))
    if not with_examples:
        return tuple(national)
    towns = [rule for rule in shown if rule.scope is Scope.EXAMPLE]
    towns.sort(key=lambda rule: (rule.source.value, _PARTS.index(rule.part)))
    return (*national, *towns)
