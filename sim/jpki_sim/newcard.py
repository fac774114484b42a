"""Makes the card file of a persona: people, days and numbers from its recipe, by the rules of real cards."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from jpki_sim import dates, people
from jpki_sim.cardmodel import (
    KEY_NAMES,
    NOTE,
    PIN_NAMES,
    CardFacts,
    CardFile,
    CertificateEntry,
    Holder,
    Municipality,
    PinEntry,
)
from jpki_sim.errors import PersonaNotAvailableError
from jpki_sim.issuers import generation_at, serial_at
from jpki_sim.pins import PHONE_PINS, PIN_RULES
from jpki_sim.settings import Settings

if TYPE_CHECKING:
    from jpki_sim.issuers import Use
    from jpki_sim.people import Person
    from jpki_sim.personas import Persona, Recipe

#: TEST values of the PINs, the same on every card as made.
TEST_PINS: Final = {
    "auth": "2846",
    "sign": "SIMCARD1",
    "input": "3957",
    "juki": "4068",
    "common-juki": "4068",
}
SECURITY_CODE: Final = "7315"
_SEQUENCE_AND_WINDOW: Final = "00001TEST00001"


def new_card(persona: Persona, *, today: date, generate_keys: bool = True) -> CardFile:
    """The card file of a persona as of a day; with keys of its own, or with public TEST keys.

    Raises:
        PersonaNotAvailableError: the persona is listed only.
    """
    if persona.unavailable:
        raise PersonaNotAvailableError(persona.name, persona.unavailable)
    card = _make(persona, today)
    for key, value in persona.recipe.set.items():
        from jpki_sim.cardedit import put

        put(card, key, value)
    if generate_keys:
        _give_own_keys(card)
    return card


def _give_own_keys(card: CardFile) -> None:
    from jpki_sim.keys import encode_key, generate_key

    for name in card.keys:
        card.keys[name] = encode_key(generate_key())


def _make(persona: Persona, today: date) -> CardFile:
    recipe = persona.recipe
    person = people.PEOPLE[recipe.holder]
    birth = _birth_date(recipe, today)
    card_issued = _before(recipe.card_issued, today)
    expires = _after(recipe.card_expires, today) or dates.card_expiry(birth, card_issued)
    facts = CardFacts(person.card_serial, card_issued.isoformat(), expires.isoformat(), SECURITY_CODE)
    is_phone = recipe.kind in ("android", "iphone")
    return CardFile(
        note=NOTE,
        kind=recipe.kind,
        persona=persona.name,
        interface="contactless",
        holder=_holder(person, birth),
        municipality=Municipality(people.MUNICIPALITY_CODE, people.PREFECTURE, people.CITY),
        card=facts,
        certificates=_certificates(recipe, today, birth, expires),
        pins=_pins(recipe, person, birth, expires),
        keys=_keys(recipe),
        settings=Settings(auth_certificate_needs_pin=is_phone),
    )


def _keys(recipe: Recipe) -> dict[str, str]:
    if recipe.kind == "card":
        number = people.PEOPLE[recipe.holder].number % 2 + 1
        own = {"auth": f"auth-{number}", "sign": f"sign-{number}"}
        return {name: f"test:{own.get(name, name)}" for name in KEY_NAMES}
    if recipe.kind in ("android", "iphone"):
        return {"auth": "test:phone-auth", "sign": "test:phone-sign"}
    return {}


def _before(value: int | str, today: date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else today - timedelta(days=value)


def _after(value: str, today: date) -> date | None:
    if not value:
        return None
    return today + timedelta(days=int(value)) if value[0] in "+-" else date.fromisoformat(value)


def _birth_date(recipe: Recipe, today: date) -> date:
    """Birth date of somebody with this birthday who has this age today.

    A birthday that falls on 29 February of a year when the year of birth has none is moved to the 28th.
    """
    if recipe.birthday[0] in "+-":
        birthday = today + timedelta(days=int(recipe.birthday))
    else:
        birthday = date.fromisoformat(f"{today.year}-{recipe.birthday}")
    return dates.birthday_in(birthday, birthday.year - recipe.age - (1 if birthday > today else 0))


def _holder(person: Person, birth: date) -> Holder:
    return Holder(
        person.name,
        "0" * len(person.name),
        person.sex,
        birth.isoformat(),
        person.address,
        "0" * len(person.address),
        person.my_number,
    )


def _certificates(recipe: Recipe, today: date, birth: date, card_expires: date) -> dict[str, CertificateEntry | None]:
    made: dict[str, CertificateEntry | None] = {"auth": None, "sign": None}
    if recipe.kind in ("juki-card", "other"):
        return made
    caps = [_after(recipe.cap, today) or card_expires]
    use: Use
    for use in ("auth", "sign"):
        if use not in recipe.certificates:
            continue
        issued = _before(recipe.issued[use] if isinstance(recipe.issued, dict) else recipe.issued, today)
        is_renewed = use in recipe.renewed
        last_day = dates.certificate_expiry(birth, issued, renewed_in_window=is_renewed, not_later_than=tuple(caps))
        caps.append(last_day)  # the signature certificate ends with the user certificate at the latest
        made[use] = _certificate(use, recipe, issued, last_day)
    return made


def _certificate(use: Use, recipe: Recipe, issued: date, last_day: date) -> CertificateEntry:
    at = datetime.combine(issued, time.fromisoformat(recipe.issue_time), tzinfo=dates.JST)
    serial = serial_at(use, at)
    if use == "auth":
        common_name = f"TEST{serial:010d}{people.MUNICIPALITY_CODE}003A"
    else:
        common_name = f"{at:%Y%m%d%H%M%S}{_SEQUENCE_AND_WINDOW}"
    issuer = recipe.issuer or generation_at(use, at).name
    return CertificateEntry(issuer, serial, at.isoformat(), last_day.isoformat(), common_name)


def _pins(recipe: Recipe, person: Person, birth: date, expires: date) -> dict[str, PinEntry]:
    code_b = f"{dates.era_digits(birth)}{expires.year:04d}{SECURITY_CODE}"
    values = TEST_PINS | {
        "text-a": person.my_number,
        "text-b": code_b,
        "visual-a": person.my_number,
        "visual-b": code_b,
        "visual-birth": code_b[:6],
    }
    names = {"card": PIN_NAMES, "android": PHONE_PINS, "iphone": PHONE_PINS, "juki-card": ("sign",)}
    pins = {}
    for name in names.get(recipe.kind, ()):
        limit = PIN_RULES[name].retry_limit
        # A card without signature certificate has its password blocked: it makes apps say "locked" (section 3.4).
        is_blocked = name == "sign" and recipe.kind == "card" and "sign" not in recipe.certificates
        pins[name] = PinEntry(values[name], 0 if is_blocked else limit, limit)
    return pins
