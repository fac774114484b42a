"""Makes the card file of a persona: people, days and numbers from its recipe, by the rules of real cards."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from jpki_sim import dates
from jpki_sim.card import Settings
from jpki_sim.contents import PHONE_PINS, PIN_RULES
from jpki_sim.dates import DEFAULT_RULES, BirthdayRules
from jpki_sim.errors import PersonaNotAvailableError
from jpki_sim.model import (
    KEY_NAMES,
    NEXT_GENERATION,
    NOTE,
    PIN_NAMES,
    CardFacts,
    CardFile,
    CertificateEntry,
    Holder,
    Municipality,
    PinEntry,
)
from jpki_sim.pki import generation_at, serial_at

from . import people
from .shipped import persona_names

if TYPE_CHECKING:
    from jpki_sim.pki import Use

    from .shipped import Persona

#: TEST values of the PINs, the same on every card as made.
TEST_PINS: Final = {
    "auth": "2846",
    "sign": "SIMCARD1",
    "input": "3957",
    "juki": "4068",
    "common-juki": "4068",
}
SECURITY_CODE: Final = "7315"
_PHONES: Final = ("android", "iphone")
_PINS_OF_KIND: Final = {"card": PIN_NAMES, "android": PHONE_PINS, "iphone": PHONE_PINS, "juki-card": ("sign",)}
_PINS_OF_KIND[NEXT_GENERATION] = PHONE_PINS
#: Personas with the same days were issued one after another in one night: a CA's counter runs 14,000 a day or more.
_SERIALS_BETWEEN: Final = 131
_WINDOW: Final = "TEST00001"


def new_card(
    persona: Persona, *, today: date, generate_keys: bool = True, rules: BirthdayRules = DEFAULT_RULES
) -> CardFile:
    """The card file of a persona as of a day; with keys of its own, or with public TEST keys.

    ``rules`` settle what sources leave open about birthdays.

    Raises:
        PersonaNotAvailableError: the persona is listed only.
    """
    if persona.unavailable:
        raise PersonaNotAvailableError(persona.name, persona.unavailable)
    card = _Maker(persona, today, rules).card()
    for key, value in persona.recipe.set.items():
        from jpki_sim.model import put

        put(card, key, value)
    if generate_keys:
        _give_own_keys(card)
    return card


def _give_own_keys(card: CardFile) -> None:
    from jpki_sim.pki import encode_key, encode_p384_key, generate_key, generate_p384_key

    for name in card.keys:
        is_next = card.kind == NEXT_GENERATION
        card.keys[name] = encode_p384_key(generate_p384_key()) if is_next else encode_key(generate_key())


class _Maker:
    """Turns one recipe into a card file."""

    __slots__ = ("birth", "card_issued", "expires", "name", "person", "place", "recipe", "rules", "today")

    def __init__(self, persona: Persona, today: date, rules: BirthdayRules) -> None:
        self.name = persona.name
        self.place = persona_names().index(persona.name) if persona.name in persona_names() else 0
        self.recipe = recipe = persona.recipe
        self.today = today
        self.rules = rules
        self.person = people.PEOPLE[recipe.holder]
        self.birth = self._birth_date()
        self.card_issued = self._before(recipe.card_issued)
        self.expires = self._after(recipe.card_expires) or dates.card_expiry(self.birth, self.card_issued, rules)

    def card(self) -> CardFile:
        """The card file, but for the last changes of the recipe."""
        kind = self.recipe.kind
        return CardFile(
            note=NOTE,
            kind=kind,
            persona=self.name,
            interface="contactless",
            holder=self._holder(),
            municipality=Municipality(people.MUNICIPALITY_CODE, people.PREFECTURE, people.CITY),
            card=CardFacts(
                self.person.card_serial, self.card_issued.isoformat(), self.expires.isoformat(), SECURITY_CODE
            ),
            certificates=self._certificates(),
            pins=self._pins(),
            keys=self._keys(),
            settings=Settings(auth_certificate_needs_pin=kind in _PHONES),
        )

    def _before(self, value: int | str) -> date:
        return date.fromisoformat(value) if isinstance(value, str) else self.today - timedelta(days=value)

    def _after(self, value: str) -> date | None:
        if not value:
            return None
        return self.today + timedelta(days=int(value)) if value[0] in "+-" else date.fromisoformat(value)

    def _birth_date(self) -> date:
        """Birth date of somebody with this birthday who has this age today.

        A birthday that falls on 29 February when the year of birth has none is moved as the rules say.
        """
        if self.recipe.birthday[0] in "+-":
            birthday = self.today + timedelta(days=int(self.recipe.birthday))
        elif len(self.recipe.birthday) > len("MM-DD"):
            return date.fromisoformat(self.recipe.birthday)
        else:
            birthday = date.fromisoformat(f"{self.today.year}-{self.recipe.birthday}")
        year = birthday.year - self.recipe.age - (1 if birthday > self.today else 0)
        return dates.birthday_in(birthday, year, self.rules)

    def _holder(self) -> Holder:
        person = self.person
        flags = ("0" * len(person.name), "0" * len(person.address))
        birth = self.birth.isoformat()
        return Holder(person.name, flags[0], person.sex, birth, person.address, flags[1], person.my_number)

    def _keys(self) -> dict[str, str]:
        if self.recipe.kind == "card":
            number = self.person.number % 2 + 1
            own = {"auth": f"auth-{number}", "sign": f"sign-{number}"}
            return {name: f"test:{own.get(name, name)}" for name in KEY_NAMES}
        if self.recipe.kind in _PHONES:
            return {"auth": "test:phone-auth", "sign": "test:phone-sign"}
        if self.recipe.kind == NEXT_GENERATION:
            return {"auth": "test:next-auth", "sign": "test:next-sign"}
        return {}

    def _certificates(self) -> dict[str, CertificateEntry | None]:
        made: dict[str, CertificateEntry | None] = {"auth": None, "sign": None}
        recipe = self.recipe
        if recipe.kind in ("juki-card", "other"):
            return made
        caps = [self._after(recipe.cap) or self.expires]
        uses: tuple[Use, ...] = ("auth", "sign")
        for use in uses:
            if use not in recipe.certificates:
                continue
            issued = self._before(recipe.issued[use] if isinstance(recipe.issued, dict) else recipe.issued)
            last_day = dates.certificate_expiry(
                self.birth,
                issued,
                renewed_in_window=use in recipe.renewed,
                not_later_than=tuple(caps),
                birthdays=recipe.birthdays,
                rules=self.rules,
            )
            caps.append(last_day)  # the signature certificate ends with the user certificate at the latest
            made[use] = self._certificate(use, issued, last_day)
        return made

    def _certificate(self, use: Use, issued: date, last_day: date) -> CertificateEntry:
        at = datetime.combine(issued, time.fromisoformat(self.recipe.issue_time), tzinfo=dates.JST)
        serial = serial_at(use, at) + self.place * _SERIALS_BETWEEN
        if use == "auth":
            common_name = f"TEST{serial:010d}{people.MUNICIPALITY_CODE}003A"
        else:
            common_name = f"{at:%Y%m%d%H%M%S}{self.place + 1:05d}{_WINDOW}"
        issuer = self.recipe.issuer or generation_at(use, at).name
        if issuer.isdigit():
            issuer = f"{use}-{issuer}"
        if self.recipe.kind == NEXT_GENERATION:
            issuer = f"{use}-next"
        return CertificateEntry(issuer, serial, at.isoformat(), last_day.isoformat(), common_name)

    def _pins(self) -> dict[str, PinEntry]:
        code_b = f"{dates.era_digits(self.birth)}{self.expires.year:04d}{SECURITY_CODE}"
        my_number = self.person.my_number
        printed = {"text-a": my_number, "visual-a": my_number, "text-b": code_b, "visual-b": code_b}
        values = TEST_PINS | printed | {"visual-birth": code_b[:6]}
        pins = {}
        for name in _PINS_OF_KIND.get(self.recipe.kind, ()):
            limit = PIN_RULES[name].retry_limit
            # Apps call a child's card locked (docs/certificates.md, 3.4): its password has no try left.
            is_blocked = name == "sign" and self.recipe.kind == "card" and "sign" not in self.recipe.certificates
            pins[name] = PinEntry(values[name], 0 if is_blocked else limit, limit)
        return pins
