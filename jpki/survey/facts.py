"""What docs/card.md says to each question of a survey, and what this program does where a card answers otherwise.

The table is the one place that names the questions: an answer to any other is not a part of a result.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.identifiers import Application

from .answers import KNOWN_ATRS
from .reading import DATA_OBJECTS, FILES, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Agreement(enum.Enum):
    """How an answer compares with docs/card.md."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    OPEN = "open"


class Fact(NamedTuple):
    """A statement of docs/card.md that a survey can look at.

    ``says`` are patterns of the answers that agree with it; empty if the document says nothing, so that any answer
    is new. ``handled`` are patterns of answers that contradict it and that this program accepts anyway.
    ``contradiction`` is the number in section 10, ``setting`` the simulated card's that stands for it.
    """

    key: str
    section: str
    says: tuple[str, ...] = ()
    handled: tuple[str, ...] = ()
    contradiction: int | None = None
    setting: str = ""

    def verdict(self, answer: str | None) -> Agreement:
        """Judge an answer; None is a question that was not asked."""
        if answer is None or not self.says:
            return Agreement.OPEN
        return Agreement.CONFIRMED if _fits(self.says, answer) else Agreement.CONTRADICTED

    def is_handled(self, answer: str) -> bool:
        """Whether this program works with a card that answers so."""
        return not self.says or _fits(self.says, answer) or _fits(self.handled, answer)


def _fits(patterns: tuple[str, ...], answer: str) -> bool:
    return any(re.fullmatch(pattern, answer) for pattern in patterns)


_ANY: Final = (".*",)
_GUARDED: Final = ("6982",)
_INTERNAL: Final = ("6981",)
_BLOCKED: Final = ("63C0", "6983", "6984")
_CERTIFICATE: Final = ("1281 to 1536 bytes", "1537 to 1792 bytes", "1793 to 2048 bytes")
_CA_CERTIFICATE: Final = ("769 to 1024 bytes", "1025 to 1280 bytes", "1281 to 1536 bytes")
#: Behind a certificate the file ends, or goes on with filler; no source says which, so there is nothing to contradict.
_SECTIONS: Final = {
    Application.JPKI: "1.2",
    Application.TEXT: "1.3",
    Application.VISUAL: "1.4",
    Application.JUKI: "1.5",
    Application.COMMON: "1.5",
}
_FILES_SAY: Final[dict[str, Fact]] = {
    fact.key: fact
    for fact in (
        Fact("file.jpki.0001", "1.2", ("6982",), _ANY, 16, "sign_certificate_needs_pin"),
        Fact("file.jpki.0002", "1.2", _CA_CERTIFICATE, _ANY),
        Fact("file.jpki.0005", "1.2"),
        Fact("file.jpki.0006", "1.2", ("160 bytes",), (r"\d+ bytes",)),
        Fact("file.jpki.0008", "1.2", ("3 bytes",), _ANY),
        Fact("file.jpki.000A", "1.2", _CERTIFICATE, ("6982", r"\d+ to \d+ bytes"), 17, "auth_certificate_needs_pin"),
        Fact("file.jpki.000B", "1.2", _CA_CERTIFICATE, _ANY),
        Fact("file.jpki.0016", "1.2", _INTERNAL, _ANY, 20),
        Fact("file.text.0004", "1.3", ("568 bytes",), _ANY),
        Fact("file.text.0005", "1.3", ("162 bytes", "256 bytes"), _ANY),
        Fact("file.text.0008", "1.3", handled=_ANY),
        Fact("file.text.0013", "1.3", _INTERNAL, _ANY),
        Fact("file.visual.0003", "1.4", ("320 bytes",), _ANY),
        Fact("file.visual.0004", "1.4", ("568 bytes",), _ANY),
        Fact("file.juki.0002", "1.5", ("16 bytes",), _ANY),
        Fact("file.common.0001", "1.5", ("01 1C and 28 digits",), ()),
        Fact("file.common.0002", "1.5", ("16 bytes",), _ANY),
        Fact("file.common.0019", "1.5", _INTERNAL, _ANY),
        Fact("file.jpki.0017", "1.2", _INTERNAL, ()),
        Fact("file.jpki.001A", "1.2", _INTERNAL, ()),
    )
}


def _file_facts() -> Iterator[Fact]:
    for application, files in FILES.items():
        name, section = NAMES[application], _SECTIONS[application]
        yield Fact(f"application.{name}", "1.1", ("9000",), () if application is Application.JPKI else _ANY)
        for ef_id in (*files.fixed, *files.certificates, *files.guarded, *files.others, *files.records):
            key = f"file.{name}.{ef_id:04X}"
            default = Fact(key, section, _GUARDED if ef_id in files.guarded else (), _ANY)
            yield _FILES_SAY.get(key, default)
        for ef_id in files.certificates:
            yield Fact(f"behind.{name}.{ef_id:04X}", "1.2")


#: Counters: full, used, or locked. Where the limit is not certain the number is shown (section 10, #11).
_COUNTERS: Final[dict[str, tuple[str, ...]]] = {
    "jpki.0018": ("63C3", "63Cx"),
    "jpki.001B": ("63C5", "63Cx"),
    "jpki.0010": ("63C.",),
    "text.0011": ("63C3", "63Cx"),
    "juki.001C": ("63C3", "63Cx"),
    "common.001C": ("63C3", "63Cx"),
    "text.0014": ("63CA",),
    "text.0015": ("63CA",),
    "visual.0012": ("63CA",),
    "visual.0013": ("63CA",),
}


def _counter_facts() -> Iterator[Fact]:
    for application, files in FILES.items():
        for ef_id, limit in files.references:
            place = f"{NAMES[application]}.{ef_id:04X}"
            says = _COUNTERS.get(place, ())
            is_number = says == ("63CA",)
            blocked = ("63C0",) if limit is not None else ()
            handled = (r"63C.", "6300", *_BLOCKED[1:])
            yield Fact(f"counter.{place}", "2.1", (*says, *blocked) if says else (), handled, 11 if is_number else None)


_OTHERS: Final = (
    Fact("atr", "5.1", tuple(atr.hex().upper() for atr in sorted(KNOWN_ATRS)), _ANY, 7),
    Fact("first_command", "8", ("9000",), ("6F00",), None, "first_command_6f00"),
    Fact("token", "6", ("as described", "model"), _ANY),  # the model is that of one test card
    Fact("municipality", "1.4", ("5 digits",), _ANY, 19),
    Fact("tags.text.0004", "1.3", ("7F21 5F4E 5F37",), _ANY),
    Fact("tags.text.0005", "1.3", ("FF40 DF41 DF42 DF43",), _ANY),
    Fact("tags.visual.0003", "1.4", ("FF30 DF31 DF32 DF33 DF34 DF35",), _ANY),
    Fact("tags.visual.0004", "1.4", ("7F21 5F4E 5F37",), _ANY),
    Fact("locked.status", "2.3", ("63C0",), ("6983", "6984"), 2, "status_blocked"),
    Fact("locked.status_with_le", "2.3", ("6700",), _ANY, 4, "status_with_le"),
    Fact("verified.status", "2.3", ("63Cx",), ("9000",), 3, "status_verified"),
    Fact("select.unknown_application", "3.1", ("6A82",), ("6[0-9A-F]{3}",)),
    Fact("select.prefix", "1.1", ("9000",), _ANY),
    Fact("select.information", "3.1", ("6F.*",), _ANY),
    Fact("select.issuer_domain", "3.1", ("9000",), _ANY),
    Fact("select.master_file", "3.1", ("9000",), _ANY),
    Fact("select.unknown_file", "3.1", ("6A82",), ("6[0-9A-F]{3}",)),
    Fact("read.no_current_file", "3.2", ("6986",), _ANY),
    Fact("read.short_identifier", "3.2", ("9000",), ("6[0-9A-F]{3}",), None, "short_ef_identifiers"),
    Fact("read.more_than_is_left", "3.2", ("9000",), ("6282",), None, "end_of_file"),
    Fact("read.behind_the_end", "3.2", ("6B00",), _ANY),
    Fact("read.internal_file", "3.2", ("6981",), _ANY),
    Fact("read.record_file", "3.2", ("6981",), _ANY),
    Fact("read.missing_record", "3.3", ("6A83",), _ANY),
    Fact("read.extended", "3.2", ("taken",), _ANY, 21, "extended_length"),
    Fact("auth.signature", "3.4", ("verifies",)),
    Fact("auth.signatures", "3.4", ("3 or more",), ("1", "2")),
    Fact("auth.pss_of_hash", "3.4", ("salt of .*",)),
    Fact("auth.pss_of_message", "3.4", ("salt of .*",), _ANY),
    Fact("auth.selected_again", "7", ("open",), ("closed",), 5, "reselect_keeps_status"),
    Fact("auth.reset", "7", ("open, contactless", "closed, contact"), _ANY, 6, "reset_clears_status"),
    Fact("auth.power_cut", "7", ("closed",)),
    Fact("sign.opens_certificate", "1.2", (r"\d+ to \d+ bytes",)),
    Fact("sign.signature", "3.4", ("verifies",)),
    Fact("sign.signatures", "3.4", ("3 or more",), ("1", "2"), 22, "sign_pin_each_signature"),
    Fact("input.my_number", "1.3", ("FF 10 0C, 17 bytes",), (), 12),
    Fact("input.attributes_length", "1.3", ("as short as it can be",), ("longer than needed",), 13),
    Fact("input.opens.0003", "1.3", ("9000",)),
    Fact("input.opens.0006", "1.3", ("9000",), _ANY),
    Fact("input.opens.0007", "1.3", ("9000",), _ANY),
    Fact("input.opens.0008", "1.3", handled=_ANY),
    Fact("input.other_application_selected", "7", ("closed",)),
)


def _data_facts() -> Iterator[Fact]:
    for tag in DATA_OBJECTS:
        yield Fact(f"data.{tag:04X}", "1.6", (r"1 to 256 bytes", "6700", "6A88"), _ANY)


#: Every question, in the order in which people read them.
FACTS: Final = (*_OTHERS[:3], *_file_facts(), *_counter_facts(), *_OTHERS[3:], *_data_facts())
KEYS: Final = frozenset(fact.key for fact in FACTS)


class Comparison(NamedTuple):
    """One statement of docs/card.md beside the answer of a card; ``answer`` is None if it was not asked."""

    fact: Fact
    answer: str | None
    verdict: Agreement
    is_handled: bool


def compare(answers: Mapping[str, str]) -> tuple[Comparison, ...]:
    """Put every statement beside the answer to it."""
    return tuple(_compare(fact, answers.get(fact.key)) for fact in FACTS)


def _compare(fact: Fact, answer: str | None) -> Comparison:
    return Comparison(fact, answer, fact.verdict(answer), answer is None or fact.is_handled(answer))
