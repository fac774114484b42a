"""Surveys of simulated cards, and holders who differ in everything that a card says of them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from jpki.card import CardKind, Pin
from jpki.errors import DataError
from jpki.pin import Secret
from jpki.survey import Survey, is_full
from jpki_sim.card import SimulatedCard, SimulatedConnection
from jpki_sim.contents import build_image, card_atr
from jpki_sim.model import put
from jpki_sim.personas import find_persona, new_card, with_check_digit
from jpki_sim.personas.newcard import TEST_PINS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jpki.survey import SurveyResult
    from jpki_sim.card import CardPort
    from jpki_sim.model import CardFile

#: No test depends on the day on which it runs.
TODAY: Final = date(2026, 11, 2)
ALL_PINS: Final = (Pin.INPUT, Pin.SIGN, Pin.AUTH)


def make_card(persona: str = "adult", /, **changes: Any) -> SimulatedCard:
    """A card with public TEST keys; ``settings__NAME`` and the like change its file."""
    file = new_card(find_persona(persona), today=TODAY, generate_keys=False)
    for key, value in changes.items():
        put(file, key.replace("__", "."), value)
    return card_of(file)


def card_of(file: CardFile) -> SimulatedCard:
    """The card of a card file."""
    return SimulatedCard(build_image(file, TODAY), settings=file.settings, atr=card_atr(file))


def survey_of(
    card: CardPort,
    *,
    pins: Iterable[Pin] = ALL_PINS,
    values: dict[str, str] | None = None,
    has_reset: bool = True,
    is_extended: bool = True,
) -> SurveyResult:
    """Everything that a survey can ask, of one card; a PIN of which not all tries are left is passed over."""
    survey = Survey(SimulatedConnection(card), clock=lambda: 0.0)
    try:
        if survey.identify() is not CardKind.CARD:
            raise DataError("left alone")
        survey.read()
        for pin in pins:
            if pin is Pin.AUTH and has_reset:
                survey.hold()
            if is_full(survey.counter(pin)):
                with Secret((values or TEST_PINS)[pin.value]) as secret:
                    survey.present(pin, secret)
        if is_extended:
            survey.read_extended()
        return survey.result("0.1.0")
    finally:
        survey.close()


# Holders

_SYLLABLES: Final = "アイウエオカキクケコサシスセソタチツテトナニヌネノ"
_PLACES: Final = "東西南北上下中山川田"


class Holder:
    """An invented person with a card of the ordinary kind, drawn by a number."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)  # noqa: S311 - the same people each time
        words = [f"テスト{''.join(draw.choices(_SYLLABLES, k=3))}" for _ in range(2)]
        self.name = "　".join(words)
        self.address = f"東京都架空市{''.join(draw.choices(_PLACES, k=4))}町{draw.randrange(100, 999)}番{seed:06d}"
        self.birth = date(1950, 1, 1) + timedelta(days=draw.randrange(15000))
        self.my_number = with_check_digit(f"{draw.randrange(10**11):011d}")
        self.card_serial = f"{draw.randrange(10**14, 10**15)}"
        self.municipality = f"{draw.randrange(48000, 99999)}"
        self.security_code = _four(draw)
        self.serials = [draw.randrange(10**8, 10**9) for _ in range(2)]
        self.common_names = [f"TEST{draw.randrange(10**9, 10**10)}A", f"TEST{draw.randrange(10**12, 10**13)}S"]
        self.days = {name: TODAY - timedelta(days=draw.randrange(50, 900)) for name in ("card", "auth", "sign")}
        self.ends = {name: TODAY + timedelta(days=draw.randrange(300, 1700)) for name in ("card", "auth", "sign")}
        self.pins = {"auth": _four(draw), "input": _four(draw), "juki": _four(draw), "sign": f"KANARI{_four(draw)}"}

    def card(self) -> SimulatedCard:
        """The card of this person."""
        file = new_card(find_persona("adult"), today=TODAY, generate_keys=False)
        changes: dict[str, Any] = {
            "holder.name": self.name,
            "holder.name_flags": "0" * len(self.name),
            "holder.address": self.address,
            "holder.address_flags": "0" * len(self.address),
            "holder.birth_date": self.birth.isoformat(),
            "holder.my_number": self.my_number,
            "card.serial": self.card_serial,
            "card.security_code": self.security_code,
            "card.issued": self.days["card"].isoformat(),
            "card.expires": self.ends["card"].isoformat(),
            "municipality.code": self.municipality,
            **{f"pins.{name}.value": value for name, value in self.pins.items()},
        }
        for place, use in enumerate(("auth", "sign")):
            changes |= {
                f"certificates.{use}.serial": self.serials[place],
                f"certificates.{use}.common_name": self.common_names[place],
                f"certificates.{use}.not_before": f"{self.days[use].isoformat()}T01:30:07+09:00",
                f"certificates.{use}.not_after": self.ends[use].isoformat(),
            }
        for key, value in changes.items():
            put(file, key, value)
        return card_of(file)

    def secrets(self) -> list[str]:
        """Everything that tells this person from others, as text, in the spellings that a card or program has."""
        days = [self.birth, *self.days.values(), *self.ends.values()]
        return [
            *(self.name, *self.name.split("　"), self.address, self.my_number, self.card_serial, self.municipality),
            *(self.security_code, *self.common_names, *self.pins.values()),
            *(str(serial) for serial in self.serials),
            *(f"{serial:X}" for serial in self.serials),
            *(form.format(day) for day in days for form in ("{:%Y%m%d}", "{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%y%m%d}")),
            *(f"{day:%Y-%m}" for day in days),
        ]


def _four(draw: random.Random) -> str:
    """Four digits that no answer of a card looks like by chance: status words and lengths have others."""
    return f"{draw.choice('78')}{draw.choice('3457')}{draw.choice('34578')}{draw.choice('34578')}"
