"""Form, weakness and conversions of the four PINs, without any card."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import assume, given, strategies as st

from jpki.card import Pin
from jpki.errors import PinFormatError
from jpki.pin import Conversion, FormFault, Secret, form_fault, normalise, require_form, weaknesses
from jpki.pin.rules import Weakness

_DIGIT_PINS = [Pin.AUTH, Pin.INPUT, Pin.JUKI]
_PINS = list(Pin)
_pins = st.sampled_from(_PINS)
_values = st.binary(max_size=24) | st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass"))
_digits = st.text(string.digits, min_size=4, max_size=4)
_passwords = st.text(string.digits + string.ascii_uppercase, min_size=6, max_size=16).filter(
    lambda text: not text.isdigit() and not text.isalpha()
)


# Form

_NUMBER_FORMS: dict[str | bytes, FormFault | None] = {
    "2846": None,
    "0000": None,
    "": FormFault.NOT_FOUR_DIGITS,
    "284": FormFault.NOT_FOUR_DIGITS,
    "28461": FormFault.NOT_FOUR_DIGITS,
    "284 ": FormFault.NOT_FOUR_DIGITS,
    " 2846": FormFault.NOT_FOUR_DIGITS,
    "2846\n": FormFault.NOT_FOUR_DIGITS,
    "284a": FormFault.NOT_FOUR_DIGITS,
    "-846": FormFault.NOT_FOUR_DIGITS,
    "+846": FormFault.NOT_FOUR_DIGITS,
    "28.6": FormFault.NOT_FOUR_DIGITS,
    "2\x0046": FormFault.NOT_FOUR_DIGITS,
    b"\xff\xff\xff\xff": FormFault.NOT_FOUR_DIGITS,
    "２８４６": FormFault.NOT_FOUR_DIGITS,
    "٢٨٤٦": FormFault.NOT_FOUR_DIGITS,
    "²³¹²": FormFault.NOT_FOUR_DIGITS,
}
# Fault of a password that holds now, and of a new one.
_PASSWORD_FORMS: dict[str | bytes, tuple[FormFault | None, FormFault | None]] = {
    "SIMCARD1": (None, None),
    "ABCDE1": (None, None),
    "1BCDEF": (None, None),
    "ABCDEFGHIJKLMNO1": (None, None),
    "ABCDEF": (None, FormFault.PASSWORD_NEEDS_LETTER_AND_DIGIT),
    "123456": (None, FormFault.PASSWORD_NEEDS_LETTER_AND_DIGIT),
    "ABCD1": (FormFault.PASSWORD_LENGTH,) * 2,
    "": (FormFault.PASSWORD_LENGTH,) * 2,
    "ABCDEFGHIJKLMNOP1": (FormFault.PASSWORD_LENGTH,) * 2,
    "simcard1": (FormFault.PASSWORD_CHARACTERS,) * 2,
    "SIMCARD1 ": (FormFault.PASSWORD_CHARACTERS,) * 2,
    "SIM-CARD1": (FormFault.PASSWORD_CHARACTERS,) * 2,
    "SIMCARD1\n": (FormFault.PASSWORD_CHARACTERS,) * 2,
    "ＳＩＭＣＡＲＤ１": (FormFault.PASSWORD_CHARACTERS,) * 2,
    "ÄBCDEF1": (FormFault.PASSWORD_CHARACTERS,) * 2,
    b"ABCDE1\x00": (FormFault.PASSWORD_CHARACTERS,) * 2,
}


@pytest.mark.parametrize("pin", _DIGIT_PINS)
@pytest.mark.parametrize("is_new", [False, True])
@pytest.mark.parametrize(("value", "fault"), _NUMBER_FORMS.items())
def test_form_of_a_number(pin: Pin, value: str | bytes, fault: FormFault | None, *, is_new: bool) -> None:
    """A number is four ASCII digits, whether it holds now or is new."""
    assert form_fault(pin, Secret(value), is_new=is_new) is fault


@pytest.mark.parametrize(("value", "faults"), _PASSWORD_FORMS.items())
def test_form_of_a_password(value: str | bytes, faults: tuple[FormFault | None, FormFault | None]) -> None:
    """A password is 6 to 16 of A-Z and 0-9; only a new one needs a letter and a digit."""
    assert form_fault(Pin.SIGN, Secret(value), is_new=False) is faults[0]
    assert form_fault(Pin.SIGN, Secret(value), is_new=True) is faults[1]


@given(_pins, _values, st.booleans())
def test_any_bytes_have_a_form_or_a_fault(pin: Pin, value: bytes, is_new: bool) -> None:  # noqa: FBT001 - given
    """Whatever is entered, it is judged as the documents say, and require_form refuses exactly the faults."""
    pattern = rb"[A-Z0-9]{6,16}" if pin is Pin.SIGN else rb"[0-9]{4}"
    fits = re.fullmatch(pattern, value) is not None
    if fits and is_new and pin is Pin.SIGN:
        fits = re.search(rb"[A-Z]", value) is not None and re.search(rb"[0-9]", value) is not None
    fault = form_fault(pin, Secret(value), is_new=is_new)
    assert (fault is None) == fits
    if fault is None:
        require_form(pin, Secret(value), is_new=is_new)
        return
    with pytest.raises(PinFormatError) as caught:
        require_form(pin, Secret(value), is_new=is_new)
    assert (caught.value.pin, caught.value.reason) == (pin.value, fault.value)
    assert caught.value.args == ("the value cannot be this PIN",)


# Conversions

_NONE: frozenset[Conversion] = frozenset()
_WIDE = frozenset({Conversion.FULL_WIDTH})
_LOWER = frozenset({Conversion.LOWER_CASE})
_CONVERSIONS: dict[str, tuple[str, frozenset[Conversion]]] = {
    "SIMCARD1": ("SIMCARD1", _NONE),
    "simcard1": ("SIMCARD1", _LOWER),
    "SimCard1": ("SIMCARD1", _LOWER),
    "ＳＩＭＣＡＲＤ１": ("SIMCARD1", _WIDE),
    "ｓｉｍｃａｒｄ１": ("SIMCARD1", _WIDE | _LOWER),
    "SIMCARD１": ("SIMCARD1", _WIDE),
    "simcard１": ("SIMCARD1", _WIDE | _LOWER),
    "SIM CARD1": ("SIM CARD1", _NONE),
    "simcard1 ": ("SIMCARD1 ", _LOWER),
    "パス": ("パス", _NONE),
    "ﾊﾟｽ": ("パス", _WIDE),
    "é": ("é", _NONE),
    "": ("", _NONE),
}


@pytest.mark.parametrize(("entered", "expected"), _CONVERSIONS.items())
def test_conversions_of_a_password(entered: str, expected: tuple[str, frozenset[Conversion]]) -> None:
    """Full-width characters are narrowed and letters made capitals, and only what was done is told."""
    normalised = normalise(Pin.SIGN, Secret(entered))
    assert normalised.secret == Secret(expected[0])
    assert normalised.conversions == expected[1]


@pytest.mark.parametrize("pin", _DIGIT_PINS)
def test_conversions_of_a_number(pin: Pin) -> None:
    """Full-width digits are narrowed; letters stay what they are, which no number can be."""
    wide = normalise(pin, Secret("２８４６"))
    assert (wide.secret, wide.conversions) == (Secret("2846"), _WIDE)
    letters = normalise(pin, Secret("28a6"))
    assert (letters.secret, letters.conversions) == (Secret("28a6"), _NONE)
    assert form_fault(pin, letters.secret, is_new=False) is FormFault.NOT_FOUR_DIGITS


def test_invalid_utf_8_becomes_a_fault() -> None:
    """Bytes that are no text are not dropped: what they become has a fault of form."""
    normalised = normalise(Pin.AUTH, Secret(b"2846\xff"))
    assert form_fault(Pin.AUTH, normalised.secret, is_new=False) is FormFault.NOT_FOUR_DIGITS


@given(_pins, _values)
def test_normalising_is_idempotent(pin: Pin, value: bytes) -> None:
    """What was normalised stays the same, and nothing is reported the second time."""
    first = normalise(pin, Secret(value)).secret
    copy = Secret(bytes(first.reveal()))
    second = normalise(pin, copy)
    assert second.secret == first
    assert second.conversions == _NONE


@given(_digits | _passwords)
def test_what_has_the_form_is_not_converted(value: str) -> None:
    """A value that can be this PIN is sent as it was entered."""
    pin = Pin.SIGN if len(value) > 4 else Pin.AUTH
    normalised = normalise(pin, Secret(value))
    assert (normalised.secret, normalised.conversions) == (Secret(value), _NONE)


@given(_pins, _values)
def test_the_entered_secret_is_wiped(pin: Pin, value: bytes) -> None:
    """After normalising, the entered secret and its buffer hold nothing, and the result is a buffer of its own."""
    entered = Secret(value)
    buffer = entered.reveal()
    result = normalise(pin, entered).secret
    assert not any(buffer)
    assert result.reveal() is not buffer
    with pytest.raises(ValueError, match="wiped"):
        entered.reveal()


@given(_pins, _values)
def test_the_text_of_a_result_shows_nothing(pin: Pin, value: bytes) -> None:
    """The text form of what was normalised names the conversions only."""
    shown = repr(normalise(pin, Secret(value)))
    assert re.sub(r"Conversion\.[A-Z_]+|'[a-z_]+'", "", shown).count("[secret]") == 1


# Weakness

_NUMBER_WEAKNESSES: dict[str, set[Weakness]] = {
    "2846": set(),
    "3957": set(),
    "4068": set(),
    "7359": set(),
    "0000": {Weakness.REPETITION},
    "9999": {Weakness.REPETITION},
    "7878": {Weakness.REPETITION},
    "1111": {Weakness.REPETITION, Weakness.DATE},
    "1212": {Weakness.REPETITION, Weakness.DATE},
    "1234": {Weakness.RUN},
    "4567": {Weakness.RUN},
    "7890": {Weakness.RUN},
    "9012": {Weakness.RUN},
    "4321": {Weakness.RUN},
    "9876": {Weakness.RUN},
    "1098": {Weakness.RUN},
    "0987": {Weakness.RUN},
    "0123": {Weakness.RUN, Weakness.DATE},
    "2468": set(),
    "1357": set(),
    "0101": {Weakness.REPETITION, Weakness.DATE},
    "1231": {Weakness.DATE},
    "3112": {Weakness.DATE},
    "0229": {Weakness.DATE},
    "0431": {Weakness.DATE},
    "1301": {Weakness.DATE},
    "1332": set(),
    "0032": set(),
    "0100": set(),
    "3200": set(),
    "1900": {Weakness.YEAR},
    "1899": set(),
    "1985": {Weakness.YEAR},
    "2026": {Weakness.YEAR},
    "2012": {Weakness.DATE, Weakness.YEAR},
    "2099": {Weakness.YEAR},
    "2100": set(),
}
_PASSWORD_WEAKNESSES: dict[str, set[Weakness]] = {
    "SIMCARD1": set(),
    "K7PQ2X": set(),
    "ABC1ABC1": {Weakness.REPETITION},
    "A1A1A1": {Weakness.REPETITION},
    "ABC1ABC12": set(),
    "AAAAA1": {Weakness.REPETITION},
    "AAA111": {Weakness.REPETITION},
    "A11111": {Weakness.REPETITION},
    "AAAB11": set(),
    "ABC123": {Weakness.RUN},
    "123ABC": {Weakness.RUN},
    "A1B2C3": {Weakness.RUN},
    "ABCDEF1": {Weakness.RUN},
    "A12345": {Weakness.RUN},
    "CBA321": {Weakness.RUN},
    "XYZ890": {Weakness.RUN},
    "XYZABC1": set(),
    "ABD123": set(),
    "ABC124": set(),
    "AA1985": set(),
    "AB0101": set(),
}


@pytest.mark.parametrize("pin", _DIGIT_PINS)
@pytest.mark.parametrize(("value", "expected"), _NUMBER_WEAKNESSES.items())
def test_weakness_of_a_number(pin: Pin, value: str, expected: set[Weakness]) -> None:
    """Repetition, run, month and day, and year are each named."""
    assert set(weaknesses(pin, Secret(value))) == expected


@pytest.mark.parametrize(("value", "expected"), _PASSWORD_WEAKNESSES.items())
def test_weakness_of_a_password(value: str, expected: set[Weakness]) -> None:
    """Repetition and run are named, letters and digits each by themselves; dates are not looked for."""
    assert set(weaknesses(Pin.SIGN, Secret(value))) == expected


@pytest.mark.parametrize(("pin", "value"), [(Pin.AUTH, "2846"), (Pin.SIGN, "SIMCARD1"), (Pin.INPUT, "1111")])
def test_the_old_value_again_is_weak(pin: Pin, value: str) -> None:
    """A new PIN equal to the current one is named first; another current one makes no difference."""
    assert weaknesses(pin, Secret(value), current=Secret(value))[0] is Weakness.SAME_AS_OLD
    other = Secret("9999" if pin is not Pin.SIGN else "OTHER1")
    assert weaknesses(pin, Secret(value), current=other) == weaknesses(pin, Secret(value))


@given(_digits)
def test_weaknesses_are_in_order_and_once(value: str) -> None:
    """Every number is judged; what is named comes in the order of the enumeration, each once."""
    found = weaknesses(Pin.AUTH, Secret(value), current=Secret(value))
    assert list(found) == [weakness for weakness in Weakness if weakness in found]


@given(_digits)
def test_weakness_of_a_number_is_its_definition(value: str) -> None:
    """Each of the ten thousand numbers is judged as a definition written anew says."""
    keypad = "01234567890123"
    month, day = int(value[:2]), int(value[2:])
    expected = {
        Weakness.REPETITION: value[:2] == value[2:],
        Weakness.RUN: value in keypad or value[::-1] in keypad,
        Weakness.DATE: any(m in range(1, 13) and d in range(1, 32) for m, d in ((month, day), (day, month))),
        Weakness.YEAR: value[:2] in ("19", "20"),
    }
    assert set(weaknesses(Pin.JUKI, Secret(value))) == {weakness for weakness, holds in expected.items() if holds}


@given(_passwords)
def test_every_password_is_judged(value: str) -> None:
    """A password of the right form is judged without an error; a long enough mix of both kinds is never a date."""
    assert {Weakness.DATE, Weakness.YEAR}.isdisjoint(weaknesses(Pin.SIGN, Secret(value)))


@given(_pins, _values)
def test_a_value_of_the_wrong_form_is_not_judged(pin: Pin, value: bytes) -> None:
    """What cannot be the PIN is refused, and the error quotes nothing of it."""
    assume(form_fault(pin, Secret(value), is_new=True) is not None)
    with pytest.raises(PinFormatError) as caught:
        weaknesses(pin, Secret(value))
    assert caught.value.args == ("the value cannot be this PIN",)
    assert caught.value.__context__ is None
