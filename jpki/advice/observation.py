"""What was observed of a card, as words that rules can be matched with."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.card import CardKind, CertificateState, Pin, PinState
from jpki.words import Unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from jpki.certificate import PeriodState

#: The PIN that has to be known to reset another one at a convenience store (docs/certificates.md, 5.3).
_OTHER: Final = {Pin.SIGN.value: Pin.AUTH.value, Pin.AUTH.value: Pin.SIGN.value}
_USABLE: Final = (PinState.FULL, PinState.USED, PinState.LAST_TRY, PinState.VERIFIED, PinState.UNLIMITED)
_UNUSABLE: Final = (PinState.BLOCKED, PinState.NOT_IN_USE, PinState.ABSENT)
_TRIES_USED: Final = (PinState.USED, PinState.LAST_TRY)
_IN_PERIOD: Final = (CertificateState.IN_PERIOD, CertificateState.RENEWABLE)
#: The signature certificate is renewed with the user certificate, so nothing more is said of it then.
_LEADING: Final = (CertificateState.EXPIRED, CertificateState.RENEWABLE)
_UNFIT: Final = (CertificateState.EXPIRED, CertificateState.NOT_YET_VALID, Unread.MISSING)


class Presence(enum.Enum):
    """Whether a certificate is on the card, as far as the card shows."""

    THERE = "there"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class StoreReset(enum.Enum):
    """Whether a convenience store can reset PINs, as far as the card shows (docs/certificates.md, 5.3)."""

    OFFERED = "offered"
    EXCLUDED = "excluded"
    OTHER_ABSENT = "other_absent"  # the other PIN's certificate is not on the card
    SEVERAL = "several"  # several PINs are locked: a store would leave some of them
    UNKNOWN = "unknown"


_STORE_CANNOT: Final = (StoreReset.EXCLUDED, StoreReset.OTHER_ABSENT)


class Subject(NamedTuple):
    """What a rule is matched with: words that describe PINs, certificates or the card, and what they are about."""

    words: Mapping[str, str]
    pins: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    last_day: date | None = None
    days_left: int | None = None


class End(NamedTuple):
    """The last day of a certificate or card, and how many days are left: 0 on that day and after it."""

    last_day: date
    days_left: int


@dataclass(frozen=True, slots=True)
class Observation:
    """States of the PINs and of the certificates by name, and what kind of card it is.

    ``certificates`` has their states, or :attr:`Unread.MISSING`: there by the card's flags, and without a file.
    ``present`` says whether a certificate is on the card, None if the card does not say; if it is left out, the state
    decides. ``card`` is the state of the period of the card itself, None where it was not read. ``ends`` has the
    last days that were read, by certificate and for ``card``. ``new`` are the certificates that were issued less than
    a day ago. ``by_holder``: the holder acts, not somebody for them.
    """

    pins: Mapping[str, PinState]
    certificates: Mapping[str, CertificateState | Unread]
    kind: CardKind = CardKind.CARD
    present: Mapping[str, bool | None] = field(default_factory=dict)
    card: PeriodState | None = None
    new: frozenset[str] = frozenset()
    ends: Mapping[str, End] = field(default_factory=dict)
    by_holder: bool = True

    def subjects(self) -> Iterator[Subject]:
        """Describe the PINs by state, the counters together, the card, and the certificates with their issue."""
        yield from self._of_pins()
        used = any(state in _TRIES_USED for state in self.pins.values())
        yield self._subject("counters", tries="used" if used else "whole")
        end = self.ends.get("card")
        is_expired = CertificateState.EXPIRED in (self.certificates.get(which) for which in _OTHER)
        yield self._subject(
            "card",
            end=end,
            state=self._card_state,
            certificate="expired" if is_expired else "other",
            certificates=("auth",),
        )
        yield from self._of_certificates()

    def _of_pins(self) -> Iterator[Subject]:
        by_state: dict[PinState, list[str]] = {}
        for pin, state in self.pins.items():
            if state is PinState.NOT_IN_USE:
                continue
            if state is PinState.ABSENT and pin in _OTHER and self.presence(pin) is Presence.ABSENT:
                continue
            by_state.setdefault(state, []).append(pin)
        for state, pins in by_state.items():
            store = self.store(pins[0]) if len(pins) == 1 else self._store_for_several(pins)
            yield self._subject("pins", pins=tuple(pins), state=state, store=store)

    def _of_certificates(self) -> Iterator[Subject]:
        by_words: dict[tuple[CertificateState | Unread, str], list[str]] = {}
        for which, state in self.certificates.items():
            tries = "there" if self.pins.get(which) in _USABLE else "none"
            by_words.setdefault((state, tries), []).append(which)
            age = "new" if which in self.new else "unknown"
            yield self._subject("issue", certificates=(which,), which=which, state=state, age=age)
        for (state, tries), found in by_words.items():
            groups = [tuple(found)] if state is CertificateState.ABSENT else [(which,) for which in found]
            for group in groups:
                yield self._subject(
                    "certificate",
                    certificates=group,
                    end=self.ends.get(group[0]),
                    which=group[0],
                    state=state,
                    pin_tries=tries,
                    sign=self.presence(Pin.SIGN.value) if group[0] == Pin.AUTH.value else "other",
                    led="yes" if self._is_led(group[0]) else "no",
                )

    def _is_led(self, which: str) -> bool:
        return which == Pin.SIGN.value and self.certificates.get(Pin.AUTH.value) in _LEADING

    @property
    def _card_state(self) -> PeriodState | str:
        return self.card or "unknown"

    def _subject(
        self,
        about: str,
        *,
        pins: tuple[str, ...] = (),
        certificates: tuple[str, ...] = (),
        end: End | None = None,
        **words: str | enum.Enum,
    ) -> Subject:
        states = {"kind": self.kind, "card": self._card_state, **words}
        described = {key: str(word.value if isinstance(word, enum.Enum) else word) for key, word in states.items()}
        return Subject({"about": about, **described}, pins, certificates, end and end.last_day, end and end.days_left)

    def presence(self, which: str) -> Presence:
        """Whether a certificate is on the card."""
        state = self.certificates.get(which, CertificateState.UNKNOWN)
        told = self.present.get(which)
        if state is CertificateState.ABSENT or told is False:
            return Presence.ABSENT
        return Presence.THERE if told or state is not CertificateState.UNKNOWN else Presence.UNKNOWN

    @property
    def is_store_out(self) -> bool:
        """Whether a convenience store can reset none of this card's PINs."""
        return all(self.store(pin) in _STORE_CANNOT for pin in _OTHER)

    def store(self, pin: str) -> StoreReset:
        """Whether a convenience store can reset a PIN, as far as the card shows (docs/certificates.md, 5.3).

        The terminal needs the PIN of the other certificate, both certificates good, the holder's data unchanged, and
        the holder's own face.
        """
        other = _OTHER.get(pin)
        if other is None or self.kind not in (CardKind.CARD, CardKind.UNKNOWN):
            return StoreReset.EXCLUDED
        if self.presence(other) is Presence.ABSENT:
            return StoreReset.OTHER_ABSENT
        states = [self.certificates.get(which) for which in _OTHER]
        if not self.by_holder or self.pins.get(other) in _UNUSABLE or any(state in _UNFIT for state in states):
            return StoreReset.EXCLUDED
        is_offered = (
            self.kind is CardKind.CARD
            and self.pins.get(other) in _USABLE
            and all(self.presence(which) is Presence.THERE for which in _OTHER)
            and self.certificates.get(Pin.AUTH.value) in _IN_PERIOD
        )
        return StoreReset.OFFERED if is_offered else StoreReset.UNKNOWN

    def _store_for_several(self, pins: list[str]) -> StoreReset:
        """Several are reset in one visit to the office; a store would leave some of them."""
        is_other_absent = any(self.store(pin) is StoreReset.OTHER_ABSENT for pin in pins)
        return StoreReset.OTHER_ABSENT if is_other_absent else StoreReset.SEVERAL
