"""Birth dates, sex codes and flags are read where they are of the known form, and else kept as they stand."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from jpki.certificate import GeneralName, PersonalAttributes, read_details
from jpki.certificate.names import GeneralNameKind
from jpki.certificate.personal_attributes import PERSONAL_DATA, Era, Sex, read_birth_date, read_personal_attributes
from jpki.outside_text import OutsideText
from jpki_sim.dates import birth_attribute, era
from jpki_sim.model import CardFile


def _attributes(**values: str) -> PersonalAttributes:
    arcs = {"name": 1, "name_flags": 2, "sex": 3, "birth_date": 4, "address": 5, "address_flags": 6}
    return read_personal_attributes(
        [
            GeneralName(GeneralNameKind.OTHER, OutsideText(text), f"{PERSONAL_DATA}.{arcs[key]}")
            for key, text in values.items()
        ]
    )


@pytest.mark.parametrize(
    ("raw", "day", "expected"),
    [
        ("319800217", date(1980, 2, 17), Era.SHOWA),
        ("118680125", date(1868, 1, 25), Era.MEIJI),
        ("119120730", date(1912, 7, 30), Era.MEIJI),
        ("219120730", date(1912, 7, 30), Era.TAISHO),
        ("219261225", date(1926, 12, 25), Era.TAISHO),
        ("319261225", date(1926, 12, 25), Era.SHOWA),
        ("319890107", date(1989, 1, 7), Era.SHOWA),
        ("419890108", date(1989, 1, 8), Era.HEISEI),
        ("420190430", date(2019, 4, 30), Era.HEISEI),
        ("520190501", date(2019, 5, 1), Era.REIWA),
        ("420000229", date(2000, 2, 29), Era.HEISEI),
    ],
)
def test_complete_birth_dates(raw: str, day: date, expected: Era) -> None:
    """The era code is followed by the Gregorian date; the days on which eras changed may stand with either."""
    birth = read_birth_date(raw)
    assert (birth.raw, birth.day, birth.era) == (raw, day, expected)


@pytest.mark.parametrize(
    "raw",
    [
        "000000000",
        "019800217",
        "319800000",
        "319800200",
        "319800230",
        "319810229",
        "319890108",
        "419890107",
        "520190430",
        "420190501",
        "619800217",
        "919800217",
        "31980021",
        "3198002170",
        "",
        "3",
        "S19800217",
        "３１９８００２１７",
        "31980021７",
        "3 9800217",
        "3+9800217",
        "31980-2-1",
        "319800217\n",
    ],
)
def test_other_birth_dates_are_kept_as_they_stand(raw: str) -> None:
    """A date that is partial, unknown, in no calendar, or not in its era is not interpreted."""
    birth = read_birth_date(raw)
    assert (birth.raw, birth.day, birth.era) == (raw, None, None)


@given(st.dates(date(1868, 1, 25), date(2100, 12, 31)))
def test_birth_dates_come_back_from_the_simulated_card(day: date) -> None:
    """Whatever birth date a simulated card writes is read with the same day, era and year of the era."""
    birth = read_birth_date(birth_attribute(day))
    code, year = era(day)
    assert birth.day == day
    assert birth.era is not None
    assert (birth.era.code, birth.era.year_of(day)) == (str(code), year)


@given(st.text(max_size=12))
def test_any_text_is_a_birth_date_or_kept(raw: str) -> None:
    """Any text gives an answer; a day is given only for the nine digits of that very day."""
    birth = read_birth_date(raw)
    assert birth.raw == raw
    assert (birth.day is None) == (birth.era is None)
    assert birth.day is None or raw[1:] == f"{birth.day:%Y%m%d}"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("1", Sex.MALE), ("2", Sex.FEMALE), ("3", None), ("9", None), ("0", None), ("", None), ("１", None)],
)
def test_sex_codes(code: str, meaning: Sex | None) -> None:
    """Sources agree on 1 and 2 only; every other code is kept and not interpreted."""
    sex = _attributes(sex=code).sex
    assert sex is not None
    assert (sex.code, sex.meaning) == (code, meaning)


@pytest.mark.parametrize(
    ("text", "flags", "replaced", "is_any"),
    [
        ("テスト　太郎", "000000", (), False),
        ("テス〓　〓子", "001010", (2, 4), True),
        ("〓", "1", (0,), True),
        ("\U00020bb7田", "10", (0,), True),
        ("テスト", "0000", None, False),
        ("テスト", "01", None, True),
        ("テスト", "0A0", None, False),
        ("テスト", "０１０", None, False),
        ("テスト", "", None, False),
        ("", "", (), False),
    ],
)
def test_flags_are_positions_where_they_fit(
    text: str,
    flags: str,
    replaced: tuple[int, ...] | None,
    is_any: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """One flag for each character gives positions; flags that do not fit give none, but are kept."""
    for read in (_attributes(name=text, name_flags=flags).name, _attributes(address=text, address_flags=flags).address):
        assert read is not None
        assert (read.text, read.flags, read.replaced, read.is_any_replaced) == (text, flags, replaced, is_any)


def test_text_without_flags() -> None:
    """A name without flags says nothing of replaced characters."""
    name = _attributes(name="テスト").name
    assert name is not None
    assert (name.flags, name.replaced, name.is_any_replaced) == (None, None, False)


def test_flags_without_text_are_not_lost() -> None:
    """Flags of a name that is not there are listed among the others."""
    personal = _attributes(name_flags="01")
    assert personal.name is None
    assert [(other.type_oid, other.text) for other in personal.others] == [(f"{PERSONAL_DATA}.2", "01")]


@given(st.permutations(["name", "name_flags", "sex", "birth_date", "address", "address_flags"]))
def test_order_of_attributes_does_not_matter(order: list[str]) -> None:
    """Attributes are told by their object identifiers, in whatever order they stand."""
    values = {
        "name": "テスト　太郎",
        "name_flags": "000001",
        "sex": "1",
        "birth_date": "319800217",
        "address": "東京都",
        "address_flags": "010",
    }
    assert _attributes(**{key: values[key] for key in order}) == _attributes(**values)


def test_nothing_there() -> None:
    """Without names there are no attributes."""
    personal = read_personal_attributes([])
    assert (personal.name, personal.birth_date, personal.sex, personal.address, personal.others) == (
        None,
        None,
        None,
        None,
        (),
    )


def test_personal_attributes_are_those_of_the_card_file(
    persona_cards: dict[str, CardFile], persona_certificates: dict[str, bytes]
) -> None:
    """Name, sex and address of each simulated card are read as its card file has them, in whatever order they stand."""
    compared = 0
    for persona, card in persona_cards.items():
        certificate = persona_certificates.get(f"{persona}/sign")
        if certificate is None:
            continue
        personal = read_details(certificate).personal
        assert personal.name is not None
        assert personal.sex is not None
        assert personal.address is not None
        assert (personal.name.text, personal.name.flags) == (card.holder.name, card.holder.name_flags)
        assert (personal.address.text, personal.address.flags) == (card.holder.address, card.holder.address_flags)
        assert personal.sex.code == card.holder.sex
        assert [(other.type_oid, other.text) for other in personal.others] == [
            (other.oid, other.value) for other in card.holder.other_names
        ]
        compared += 1
    assert compared > 30


def test_replaced_characters_of_the_simulated_card(persona_certificates: dict[str, bytes]) -> None:
    """The flags of the simulated card point at just those characters that stand for others (〓)."""
    personal = read_details(persona_certificates["replaced-characters/sign"]).personal
    for read in (personal.name, personal.address):
        assert read is not None
        assert read.replaced == tuple(at for at, character in enumerate(read.text) if character == "〓") != ()


def test_auth_certificates_have_no_personal_attributes(persona_certificates: dict[str, bytes]) -> None:
    """An auth certificate holds neither name nor address (docs/certificates.md, 2.1)."""
    for name, certificate in persona_certificates.items():
        if name.endswith("/auth"):
            personal = read_details(certificate).personal
            assert (personal.name, personal.sex, personal.birth_date, personal.address) == (None, None, None, None)
