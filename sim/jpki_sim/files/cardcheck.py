"""What in a card file does not fit together, though each value by itself may stand there.

Nothing is forbidden: a card that contradicts itself is a good test. But whoever edits a file should be told.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki_sim import dates
from jpki_sim.contents import PHONE_PINS, PIN_RULES, certificate_key
from jpki_sim.model import NEXT_GENERATION
from jpki_sim.personas import with_check_digit
from jpki_sim.pki import ISSUERS, public_key_info

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jpki_sim.model import CardFile, CertificateEntry, PinEntry
    from jpki_sim.pki import Use

_LONGEST_IN_BIRTHDAYS: Final = 6
#: Ten, as planned, and one more for a renewal inside the window (docs/certificates.md, 3.6).
_LONGEST_NEXT: Final = 11


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """One thing that does not fit: a code, the dotted key where it shows, and an English sentence."""

    code: str
    key: str
    message: str


def check(card: CardFile, today: date | None = None) -> list[Inconsistency]:
    """Everything in a card file that does not fit together; relative days count from ``today`` (Japan's if None)."""
    day = today or dates.japan_today()
    return [*_pins(card), *_holder(card, day), *_certificates(card, day), *_note(card)]


def _note(card: CardFile) -> Iterator[Inconsistency]:
    if "TEST" not in card.note:
        yield Inconsistency("note-without-test", "note", "the note does not say TEST")


def _pins(card: CardFile) -> Iterator[Inconsistency]:
    expected = {"card": tuple(PIN_RULES), "android": PHONE_PINS, "iphone": PHONE_PINS}.get(card.kind)
    for name in expected or ():
        if name not in card.pins:
            yield Inconsistency("pin-missing", f"pins.{name}", f"a card of this kind has the PIN {name}")
    for name, entry in card.pins.items():
        if expected is not None and name not in expected:
            yield Inconsistency("pin-unused", f"pins.{name}", f"a card of this kind has no PIN {name}")
        yield from _pin(name, entry)
    juki, common = card.pins.get("juki"), card.pins.get("common-juki")
    if juki and common and juki.value != common.value:
        message = "the PINs juki and common-juki differ; they are set to the same value at issue"
        yield Inconsistency("juki-pins-differ", "pins.common-juki.value", message)


def _pin(name: str, entry: PinEntry) -> Iterator[Inconsistency]:
    if entry.retry_limit is not None and entry.retries_remaining > entry.retry_limit:
        message = f"more tries are left than the PIN {name} has after a right entry"
        yield Inconsistency("counter-above-limit", f"pins.{name}.retries_remaining", message)
    if not PIN_RULES[name].accepts(entry.value.encode()):
        yield Inconsistency("pin-form", f"pins.{name}.value", f"the value does not have the form of the PIN {name}")


def _holder(card: CardFile, today: date) -> Iterator[Inconsistency]:
    holder = card.holder
    for part in ("name", "address"):
        if len(getattr(holder, part)) != len(getattr(holder, f"{part}_flags")):
            message = f"the {part} does not have as many characters as flags"
            yield Inconsistency("flags-length", f"holder.{part}_flags", message)
    if with_check_digit(holder.my_number[:-1]) != holder.my_number:
        yield Inconsistency("check-digit", "holder.my_number", "the check digit of the My Number is wrong")
    birth = dates.resolve_day(holder.birth_date, today)
    expires = dates.resolve_day(card.card.expires, today)
    code_b = f"{dates.era_digits(birth)}{expires.year:04d}{card.card.security_code}"
    printed = {"a": holder.my_number, "b": code_b, "birth": code_b[:6]}
    for name, entry in card.pins.items():
        value = printed.get(name.partition("-")[2])
        if value is not None and entry.value != value and name.startswith(("text-", "visual-")):
            message = f"the value of {name} is not what is printed on the card"
            yield Inconsistency("not-as-printed", f"pins.{name}.value", message)
    if birth > dates.resolve_day(card.card.issued, today):
        yield Inconsistency("born-after-issue", "holder.birth_date", "the holder is born after the card was issued")
    if expires < dates.resolve_day(card.card.issued, today):
        yield Inconsistency("card-dates", "card.expires", "the card ends before it was issued")


def _certificates(card: CardFile, today: date) -> Iterator[Inconsistency]:
    flags = card.flags()
    uses: tuple[Use, ...] = ("sign", "auth")
    for index, use in enumerate(uses):
        entry = card.certificate(use)
        if (flags[index] == 0x8F) != (entry is not None):  # docs/card.md, 1.2
            message = f"the flags do not tell whether there is a certificate {use}"
            yield Inconsistency("flags-differ", "certificate_flags", message)
        if entry is None:
            continue
        if entry.der is not None:
            yield from _given_certificate(card, use, entry)
        else:
            yield from _made_certificate(card, use, entry, today)


def _given_certificate(card: CardFile, use: Use, entry: CertificateEntry) -> Iterator[Inconsistency]:
    if public_key_info(certificate_key(card, use)) not in binascii.a2b_base64(entry.der or ""):
        message = f"the certificate {use} is not for the card's key {use}"
        yield Inconsistency("key-differs", f"certificates.{use}.der", message)


def _made_certificate(card: CardFile, use: Use, entry: CertificateEntry, today: date) -> Iterator[Inconsistency]:
    where = f"certificates.{use}"
    begins = dates.resolve_instant(entry.not_before, today, is_end=False)
    ends = dates.resolve_instant(entry.not_after, today, is_end=True)
    issuer = ISSUERS[entry.issuer]
    if entry.issuer.startswith(("auth-", "sign-")) and not entry.issuer.startswith(use):
        yield Inconsistency("issuer-use", f"{where}.issuer", f"the issuer is not one for {use} certificates")
    if not issuer.not_before <= begins <= issuer.not_after:
        yield Inconsistency("issuer-period", f"{where}.not_before", "the issuer was not valid at the time of issue")
    if ends <= begins:
        yield Inconsistency("certificate-dates", f"{where}.not_after", "the certificate ends before it begins")
    last_day = ends.astimezone(dates.JST).date()
    if last_day > dates.resolve_day(card.card.expires, today):
        yield Inconsistency("outlives-card", f"{where}.not_after", "the certificate ends after the card")
    birth = dates.resolve_day(card.holder.birth_date, today)
    issued = begins.astimezone(dates.JST).date()
    longest = _LONGEST_NEXT if card.kind == NEXT_GENERATION else _LONGEST_IN_BIRTHDAYS
    if last_day > dates.nth_birthday_after(birth, issued, longest):
        message = f"the certificate runs beyond birthday {longest} after its issue"
        yield Inconsistency("too-long", f"{where}.not_after", message)
    auth = card.certificate("auth")
    if use == "sign" and auth is not None and auth.der is None:
        limit = dates.resolve_instant(auth.not_after, today, is_end=True)
        if ends > limit:
            message = "the signature certificate ends after the user certificate"
            yield Inconsistency("outlives-auth", f"{where}.not_after", message)
