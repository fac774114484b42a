"""The topics of guidance: which rules each shows, in which order, and for whom."""

from __future__ import annotations

from itertools import chain
from typing import Final, NamedTuple

from jpki.advice.guidance import applications, certificates, contacts, events, examples, pins, reset, store
from jpki.words import M, Message

from .model import Applicant, Expiring, GuideRule, Part
from .sources import Scope

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


class Topic(NamedTuple):
    """What a topic is about, and the ids of its rules."""

    title: Message
    rule_ids: tuple[str, ...]


def _topic(title: Message, *rows: tuple[str, ...]) -> Topic:
    return Topic(title, tuple(chain(*rows)))


_TABLE: Final = {
    "pins": _topic(
        M("The four PINs"),
        ("pins.four", "pins.signature-form", "pins.limits", "pins.in-a-row", "pins.shared-counter"),
        ("pins.may-be-equal", "pins.hard-to-guess", "pins.set-at-counter", "pins.without-certificates"),
        ("pins.pinless", "pins.chip-asks", "pins.see-tries"),
        ("pins.what-for", "pins.called"),
    ),
    "safety": _topic(
        M("Keeping the card and its PINs safe"),
        ("safety.nobody", "safety.never-on-card", "safety.note-form", "safety.guard-card"),
        ("safety.change-on-suspicion", "safety.type-yourself", "safety.staff-for-proxy"),
        ("safety.useless-without-card", "safety.hard-to-abuse", "safety.not-on-chip", "safety.chip-defends"),
        ("safety.copies", "safety.no-number-in-questions"),
    ),
    "certificates": _topic(
        M("The two certificates: what they are for"),
        ("cert.two", "cert.signature", "cert.user", "cert.shows-sender", "cert.private", "cert.optional"),
        ("cert.user-no-name", "cert.replaced", "cert.use", "store.documents", "cert.town", "cert.not-seen"),
    ),
    "locked": _topic(
        M("A locked PIN"),
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
        ("office.post", "store.own-face", "store.own-face-proxy"),
    ),
    "forgot": _topic(
        M("A forgotten PIN"),
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
        ("office.post", "store.own-face", "store.own-face-proxy"),
    ),
    "change": _topic(
        M("Changing a PIN that you know"),
        ("change.known", "change.home", "change.counter", "change.check-new", "pins.signature-form"),
        ("pins.hard-to-guess", "pins.may-be-equal"),
    ),
    "convenience-store": _topic(
        M("Resetting a PIN at a convenience store"),
        (
            "store.which",
            "store.places",
            "store.hours",
            "store.phone",
            "store.not-for",
            "store.phone-pins",
            "store.conditions",
        ),
        ("store.unseen", "store.list", "store.documents"),
        ("store.not-short", "store.own-face", "store.own-face-proxy"),
    ),
    "renew": _topic(
        M("Renewal of the certificates, renewal of the card"),
        ("renew.certificate-end", "renew.certificate-from", "renew.certificate-with-card", "renew.card-end"),
        ("renew.card-age", "renew.certificate-where", "renew.card-apply", "renew.certificate-date"),
        ("renew.certificate-bring", "renew.certificate-free", "renew.stay", "renew.ask"),
        (
            "renew.licence",
            "renew.no-letter",
            "office.post",
            "apply.represented",
            "apply.represented-pins",
            "apply.renew-proxy",
            "apply.time",
            "apply.moved",
            "apply.agent",
            "apply.state",
        ),
    ),
    "expired": _topic(
        M("An expired certificate, an expired card"),
        ("expired.which", "expired.certificate", "expired.certificate-new", "expired.card"),
        ("renew.certificate-where", "renew.certificate-bring", "expired.futile", "expired.health"),
        ("renew.certificate-end", "renew.certificate-with-card", "renew.card-end", "renew.ask"),
        ("apply.represented", "apply.represented-pins", "apply.renew-proxy", "apply.time"),
    ),
    "moved": _topic(
        M("A move"),
        (
            "move.signature-ends",
            "move.user-stays",
            "move.bring-card",
            "move.continue",
            "move.fortnight",
            "move.new-one",
        ),
        ("move.column", "move.not-seen"),
        ("move.juki-pin", "apply.represented", "apply.proxy-ask"),
    ),
    "name-change": _topic(
        M("A change of name"),
        ("name.notice", "name.new-one", "name.signature-ends", "name.former", "move.column", "move.not-seen"),
        ("apply.represented", "apply.proxy-ask"),
    ),
    "lost": _topic(
        M("A lost or stolen card"),
        ("lost.call", "lost.police", "lost.municipality", "safety.hard-to-abuse", "found.signature"),
        ("lost.number", "lost.phone", "hot.free-ja", "hot.foreign-cards"),
    ),
    "found": _topic(
        M("A suspended card that was found again"),
        ("found.lift", "found.signature", "found.futile"),
        ("found.phone", "apply.represented", "apply.proxy-ask"),
    ),
    "reissue": _topic(
        M("A new card after loss or damage"),
        ("reissue.apply", "reissue.police", "reissue.fire", "reissue.damaged", "reissue.fee"),
        (
            "reissue.express",
            "apply.represented",
            "apply.proxy-ask",
            "apply.time",
            "apply.moved",
            "apply.agent",
            "apply.state",
        ),
    ),
    "cancel": _topic(
        M("If you no longer want the certificates or the card"),
        ("cancel.certificate", "cancel.suspended", "cancel.links", "cancel.voluntary"),
        ("apply.represented", "apply.proxy-ask"),
    ),
    "child": _topic(
        M("The card of a child under 15"),
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
        ("store.own-face-proxy",),
    ),
    "adult-ward": _topic(
        M("The card of an adult ward"),
        ("ward.guardian",),
        _OFFICE,
        ("reset.represented", "reset.how"),
        _PROXY,
        _REPRESENTATIVE,
        ("reset.ward-proof", "child.store", "reset.not-by-mail", "ward.no-signature", "reset.id-pointer"),
        ("examples.kawasaki-offices", "examples.yokohama-ward"),
        _EXAMPLE_REPRESENTATIVE,
        _EXAMPLE_PROXY,
        ("store.own-face-proxy",),
    ),
    "foreign-resident": _topic(
        M("The card of a foreign resident"),
        ("foreign.stay", "foreign.exceptions", "foreign.extend", "foreign.id", "hot.foreign-cards"),
        ("foreign.grace", "renew.no-letter", "foreign.combined", "apply.represented", "apply.proxy-ask"),
    ),
    "abroad": _topic(
        M("Moving abroad"),
        ("abroad.japanese", "abroad.others"),
    ),
    "phone": _topic(
        M("Certificates on a phone"),
        ("phone.separate", "phone.reset", "phone.end", "phone.set-up", "phone.dispose", "lost.phone"),
        ("phone.models",),
    ),
    "reader": _topic(
        M("Card reader and software"),
        ("reader.need", "reader.place", "reader.check", "reader.software", "reader.list", "reader.mute"),
        ("reader.old-card",),
    ),
    "id-documents": _topic(
        M("What counts as an identity document"),
        ("id.photo", "id.other", "foreign.id", "id.outdated", "id.ask"),
    ),
    "hotlines": _topic(
        M("Telephone numbers"),
        ("hot.free-ja", "hot.foreign-cards", "hot.foreign-system", "hot.navi-foreign", "hot.navi-ja"),
        ("hot.ip", "hot.work", "hot.municipality", "hot.not-for-cards", "hot.web-form", "hot.read-on"),
        ("hot.own-words", "hot.no-guarantee"),
        _EXAMPLE_NUMBERS,
    ),
}


#: What of each topic is shown first: what to do, where and with what. It fits a screen of 24 lines.
_FIRST: Final[dict[str, tuple[str, ...]]] = {
    "pins": ("pins.see-tries", "pins.four", "pins.limits", "pins.called"),
    "safety": ("safety.nobody", "safety.never-on-card", "safety.note-form", "safety.guard-card"),
    "certificates": ("cert.signature", "cert.user", "cert.not-seen"),
    "locked": ("reset.how", "reset.office", "reset.store-too", "reset.self", "reset.waiting"),
    "forgot": ("reset.guessing", "reset.office", "reset.store-too", "reset.self"),
    "change": ("change.home", "change.counter", "change.known"),
    "convenience-store": ("store.which", "store.phone", "store.not-short"),
    "renew": ("renew.card-apply", "renew.certificate-where", "renew.certificate-bring", "renew.licence"),
    "expired": ("expired.certificate-new", "expired.card", "expired.futile"),
    "moved": ("move.bring-card", "move.continue", "move.juki-pin", "move.new-one"),
    "name-change": ("name.notice", "name.new-one", "name.signature-ends"),
    "lost": ("lost.call", "lost.police", "lost.municipality"),
    "found": ("found.lift", "found.phone", "found.futile", "found.signature"),
    "reissue": ("reissue.apply", "reissue.police", "reissue.damaged", "reissue.fee"),
    "cancel": ("cancel.certificate", "cancel.suspended", "cancel.links"),
    "child": (
        "reset.represented",
        "reset.office",
        "reset.representative-card",
        "reset.representative-id",
        "child.store",
    ),
    "adult-ward": ("ward.guardian", "reset.office", "reset.representative-card", "reset.ward-proof"),
    "foreign-resident": ("foreign.extend", "foreign.grace", "foreign.stay"),
    "abroad": ("abroad.japanese", "abroad.others"),
    "phone": ("phone.reset", "phone.dispose", "phone.end", "lost.phone"),
    "reader": ("reader.place", "reader.check", "reader.mute"),
    "id-documents": ("id.photo", "id.other"),
    "hotlines": ("hot.free-ja", "hot.municipality"),
}


#: Said in the first lines only: the whole topic says the same at length.
_IN_SHORT: Final = ("store.not-short",)
#: What a topic comes to where somebody acts for the holder, and what it is about is for the holder in person.
_IN_PERSON: Final = {"convenience-store": ("store.own-face", "store.own-face-proxy", "reset.office")}
#: Every rule of guidance by its id.
RULES: Final[dict[str, GuideRule]] = {
    rule.rule_id: rule
    for module in (pins, reset, store, examples, certificates, applications, events, contacts)
    for rule in module.RULES
}
#: The ids of the rules of each topic.
TOPICS: Final[dict[str, tuple[str, ...]]] = {name: topic.rule_ids for name, topic in _TABLE.items()}
#: What each topic is called.
TITLES: Final[dict[str, Message]] = {name: topic.title for name, topic in _TABLE.items()}
#: Topics about people who do not act for themselves.
_REPRESENTED: Final = ("child", "adult-ward")
_PARTS: Final = tuple(Part)


def usual_applicant(topic: str) -> Applicant:
    """Who acts, unless it is said: the legal representative for a child and for an adult ward, else the holder."""
    return Applicant.REPRESENTATIVE if topic in _REPRESENTED else Applicant.SELF


def first_lines(topic: str, about: Expiring | None = None) -> tuple[GuideRule, ...]:
    """The rules that whoever usually acts needs first, in the order of their parts.

    With ``about`` those only that hold for the card itself, or for its certificates.

    Raises:
        KeyError: there is no such topic.
    """
    found = [rule for rule in _national(topic, usual_applicant(topic)) if rule.rule_id in _FIRST[topic]]
    return tuple(rule for rule in found if about is None or rule.subject in (None, about, Expiring.BOTH))


def lines(topic: str, applicant: Applicant | None = None, *, with_examples: bool = False) -> tuple[GuideRule, ...]:
    """The rules that a topic shows, in the order of their parts; what single towns do comes last and on demand.

    Raises:
        KeyError: there is no such topic.
    """
    acting = usual_applicant(topic) if applicant is None else applicant
    national = [rule for rule in _national(topic, acting) if rule.rule_id not in _IN_SHORT]
    if not with_examples:
        return tuple(national)
    towns = [rule for rule in _of(topic, acting) if rule.scope is Scope.EXAMPLE]
    towns.sort(key=lambda rule: (rule.source.value, _PARTS.index(rule.part)))
    return (*national, *towns)


def _of(topic: str, acting: Applicant) -> list[GuideRule]:
    """The rules of a topic that hold for whoever acts."""
    ids = TOPICS[topic] if acting is Applicant.SELF else _IN_PERSON.get(topic, TOPICS[topic])
    return [RULES[rule_id] for rule_id in ids if RULES[rule_id].applicant in (None, acting)]


def _national(topic: str, acting: Applicant) -> list[GuideRule]:
    """Those that hold everywhere, in the order of their parts."""
    found = [rule for rule in _of(topic, acting) if rule.scope is Scope.NATIONAL]
    return sorted(found, key=lambda rule: _PARTS.index(rule.part))
