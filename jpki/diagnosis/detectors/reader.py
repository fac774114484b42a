"""Checks of the readers: which of them counts, what is on it, and whether another program keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.diagnosis.causes import ReaderCause
from jpki.diagnosis.findings import PASSED, failed, noted, passed
from jpki.errors import TransportError, UnknownReaderError
from jpki.transport import find_reader

from .service_errors import readers_of

if TYPE_CHECKING:
    from jpki.diagnosis.facts import Facts
    from jpki.diagnosis.findings import Outcome
    from jpki.transport import ReaderState

#: Programs that are known to keep a card for themselves or to talk to every card that is put in.
USUAL_HOLDERS: Final = frozenset(
    {
        "scdaemon",
        "gpg-agent",
        "firefox",
        "firefox-esr",
        "chrome",
        "google chrome",
        "chromium",
        "msedge",
        "microsoft edge",
        "safari",
        "ctkpcscd",
        "com.apple.ctkpcscd",
        "opensc-notify",
        "pcsc_scan",
        "yubikey-manager",
        "jpkimnu",
        "jpkiaux",
        "jpkisetting",
    }
)
#: SCARD_E_NO_SMARTCARD, SCARD_W_UNRESPONSIVE_CARD and SCARD_E_SHARING_VIOLATION: what opening the card would answer.
NO_SMARTCARD: Final = 0x8010000C
UNRESPONSIVE: Final = 0x80100066
SHARING_VIOLATION: Final = 0x8010000B
_PROGRAM_SUFFIX: Final = ".exe"


def target(facts: Facts) -> ReaderState | None:
    """The reader that is meant, as the command line chooses it; None if none or several could be."""
    readers = readers_of(facts)
    if facts.pcsc.wanted is not None:
        try:
            return find_reader(readers, facts.pcsc.wanted)
        except UnknownReaderError:
            return None
    cards = with_cards(facts, readers)
    return cards[0] if len(cards) == 1 else None


def with_cards(facts: Facts, readers: tuple[ReaderState, ...]) -> list[ReaderState]:
    """Readers whose card could be meant: all that have the JPKI application where there are several, else the first."""
    cards = [r for r in readers if r.is_card_present and not r.is_virtual]
    if len(cards) <= 1:
        return cards
    wanted = [r for r in cards if facts.pcsc.has_application(r.name)]
    return wanted or cards[:1]


def no_virtual_only(facts: Facts) -> Outcome | None:
    """At least one reader is one that a card can be put on."""
    readers = readers_of(facts)
    if facts.pcsc.wanted is None and readers and all(r.is_virtual for r in readers):
        return failed(ReaderCause.VIRTUAL_READERS_ONLY, details=_names(readers))
    return None


def known_reader(facts: Facts) -> Outcome | None:
    """The reader that was named is there."""
    if facts.pcsc.wanted is None or target(facts) is not None:
        return None
    return failed(ReaderCause.UNKNOWN_READER, details=_names(readers_of(facts)))


def several_cards(facts: Facts) -> Outcome | None:
    """Only one My Number Card can be meant."""
    if facts.pcsc.wanted is not None:
        return None
    cards = with_cards(facts, readers_of(facts))
    if len(cards) > 1:
        return failed(ReaderCause.SEVERAL_CARDS, details=_names(cards))
    return None


def reader_choice(facts: Facts) -> Outcome:
    """It is clear which reader is meant."""
    readers = readers_of(facts)
    chosen = target(facts)
    details = (chosen.name,) if chosen else _names([r for r in readers if not r.is_virtual])
    virtual = [r for r in readers if r.is_virtual]
    if virtual:
        return noted(ReaderCause.VIRTUAL_READERS, details=_names(virtual))
    if len(readers) > 1 and chosen is not None:
        return noted(ReaderCause.SEVERAL_READERS, details=details)
    return passed(*details)


def _names(readers: tuple[ReaderState, ...] | list[ReaderState]) -> tuple[str, ...]:
    return tuple(r.name for r in readers)


def card_present(facts: Facts) -> Outcome:
    """A card is there."""
    chosen = target(facts)
    if chosen is not None and chosen.is_card_present:
        return PASSED
    return failed(ReaderCause.NO_CARD, error=TransportError("empty", pcsc_code=NO_SMARTCARD))


def card_answers(facts: Facts) -> Outcome:
    """The card answers to reset."""
    chosen = target(facts)
    if chosen is not None and chosen.is_mute:
        return failed(ReaderCause.CARD_MUTE, error=TransportError("mute", pcsc_code=UNRESPONSIVE))
    return PASSED


def card_free(facts: Facts) -> Outcome:
    """No other program keeps the card for itself."""
    chosen = target(facts)
    if chosen is None or not chosen.is_exclusive:
        return PASSED
    error = TransportError("exclusive", pcsc_code=SHARING_VIOLATION)
    return failed(ReaderCause.EXCLUSIVE_USE, details=holders(facts), error=error)


def holders(facts: Facts) -> tuple[str, ...]:
    """Programs that may hold the card: those seen to use PC/SC, else those running that usually do."""
    programs = facts.processes.running()
    seen = {(p.name, p.pid) for p in programs if p.uses_pcsc}
    if not seen:
        seen = {(p.name, p.pid) for p in programs if _plain(p.name) in USUAL_HOLDERS}
    return tuple(f"{name} ({pid})" if pid else name for name, pid in sorted(seen))


def _plain(name: str) -> str:
    return name.casefold().removesuffix(_PROGRAM_SUFFIX)
