"""What was observed of a card, as words that rules can be matched with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.card import Pin, PinState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

#: The PIN that has to be known to reset another one at a convenience store (docs/certificates.md, 5.3).
_OTHER: Final = {Pin.SIGN.value: Pin.AUTH.value, Pin.AUTH.value: Pin.SIGN.value}
_USABLE: Final = (PinState.FULL, PinState.USED, PinState.LAST_TRY, PinState.VERIFIED, PinState.UNLIMITED)
_UNUSABLE: Final = (PinState.BLOCKED, PinState.NOT_IN_USE, PinState.ABSENT)
_TRIES_USED: Final = (PinState.USED, PinState.LAST_TRY)
_IN_PERIOD: Final = ("in_period", "renewable")
#: The signature certificate is renewed with the user certificate, so nothing more is said of it then.
_LEADING: Final = ("expired", "renewable")
_UNFIT: Final = ("expired", "not_yet_valid", "missing")


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

    ``certificates`` has a state of the JSON output of ``status``, ``absent``, or ``missing``: there by the card's
    flags, and without a file. ``present`` says whether a certificate is on the card, None if the card does not say;
    if it is left out, the state decides. ``card`` is the state of the period of the card itself, ``unknown`` where it
    was not read. ``ends`` has the last days that were read, by certificate and for ``card``. ``new`` are the
    certificates that were issued less than a day ago. ``by_holder``: the holder acts, not somebody for them.
    """

    pins: Mapping[str, PinState]
    certificates: Mapping[str, str]
    kind: str = "card"
    present: Mapping[str, bool | None] = field(default_factory=dict)
    card: str = "unknown"
    new: frozenset[str] = frozenset()
    ends: Mapping[str, End] = field(default_factory=dict)
    by_holder: bool = True

    def subjects(self) -> Iterator[Subject]:
        """Describe the PINs by state, the counters together, the card, and the certificates with their issue."""
        yield from self._of_pins()
        used = any(state in _TRIES_USED for state in self.pins.values())
        yield self._subject("counters", tries="used" if used else "whole")
        end = self.ends.get("card")
        is_expired = "expired" in (self.certificates.get(which) for which in _OTHER)
        yield self._subject(
            "card", end=end, state=self.card, certificate="expired" if is_expired else "other", certificates=("auth",)
        )
        yield from self._of_certificates()

    def _of_pins(self) -> Iterator[Subject]:
        by_state: dict[PinState, list[str]] = {}
        for pin, state in self.pins.items():
            if state is PinState.NOT_IN_USE:
                continue
            if state is PinState.ABSENT and pin in _OTHER and self.presence(pin) == "absent":
                continue
            by_state.setdefault(state, []).append(pin)
        for state, pins in by_state.items():
            store = self.store(pins[0]) if len(pins) == 1 else self._store_for_several(pins)
            yield self._subject("pins", pins=tuple(pins), state=state.value, store=store)

    def _of_certificates(self) -> Iterator[Subject]:
        by_words: dict[tuple[str, str], list[str]] = {}
        for which, state in self.certificates.items():
            tries = "there" if self.pins.get(which) in _USABLE else "none"
            by_words.setdefault((state, tries), []).append(which)
            age = "new" if which in self.new else "unknown"
            yield self._subject("issue", certificates=(which,), which=which, state=state, age=age)
        for (state, tries), found in by_words.items():
            groups = [tuple(found)] if state == "absent" else [(which,) for which in found]
            for group in groups:
                yield self._subject(
                    "certificate",
                    certificates=group,
                    end=self.ends.get(group[0]),
                    which=group[0],
                    state=state,
                    pin_tries=tries,
                    sign=self.presence("sign") if group[0] == "auth" else "other",
                    led="yes" if group[0] == "sign" and self.certificates.get("auth") in _LEADING else "no",
                )

    def _subject(
        self,
        about: str,
        *,
        pins: tuple[str, ...] = (),
        certificates: tuple[str, ...] = (),
        end: End | None = None,
        **words: str,
    ) -> Subject:
        described = {"about": about, "kind": self.kind, "card": self.card, **words}
        return Subject(described, pins, certificates, end and end.last_day, end and end.days_left)

    def presence(self, which: str) -> str:
        """Whether a certificate is on the card: ``there``, ``absent`` or ``unknown``."""
        state = self.certificates.get(which, "unknown")
        told = self.present.get(which)
        if state == "absent" or told is False:
            return "absent"
        return "there" if told or state != "unknown" else "unknown"

    @property
    def is_store_out(self) -> bool:
        """Whether a convenience store can reset none of this card's PINs."""
        return all(self.store(pin) in ("excluded", "other_absent") for pin in _OTHER)

    def store(self, pin: str) -> str:
        """Whether a convenience store can reset a PIN, as far as the card shows (docs/certificates.md, 5.3).

        ``offered``, ``excluded``, ``other_absent`` (the other PIN's certificate is not on the card), or ``unknown``.
        The terminal needs the PIN of the other certificate, both certificates good, the holder's data unchanged, and
        the holder's own face.
        """
        other = _OTHER.get(pin)
        if other is None or self.kind not in ("card", "unknown"):
            return "excluded"
        if self.presence(other) == "absent":
            return "other_absent"
        states = [self.certificates.get(which, "unknown") for which in _OTHER]
        if not self.by_holder or self.pins.get(other) in _UNUSABLE or any(state in _UNFIT for state in states):
            return "excluded"
        is_offered = (
            self.kind == "card"
            and self.pins.get(other) in _USABLE
            and all(self.presence(which) == "there" for which in _OTHER)
            and self.certificates.get(Pin.AUTH.value) in _IN_PERIOD
        )
        return "offered" if is_offered else "unknown"

    def _store_for_several(self, pins: list[str]) -> str:
        """Several are reset in one visit to the office; a store would leave some of them."""
        return "other_absent" if any(self.store(pin) == "other_absent" for pin in pins) else "several"
