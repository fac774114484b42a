"""The four attributes and the My Number from bytes, hostile ones too, and what the card says for their truth."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from jpki.attributes import (
    FourAttributes,
    IntegrityReason,
    IntegrityResult,
    check_integrity,
    read_four_attributes,
    read_my_number,
    text_of,
)
from jpki.attributes.integrity import IntegrityVerdict, read_cv_key, read_integrity_record
from jpki.attributes.parsing import check_digit
from jpki.certificate.personal_attributes import Sex
from jpki.errors import DataError
from jpki_sim.card import TransparentFile
from jpki_sim.contents import build_image
from jpki_sim.dates import japan_today
from jpki_sim.personas import find_persona, new_card, personas
from jpki_sim.personas.people import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable

NAME, ADDRESS = "テスト　太郎", "東京都架空市１丁目"
TEXT_DF = bytes.fromhex("D3921000310001010408")
MATCH, MISMATCH = IntegrityResult(IntegrityVerdict.MATCH), IntegrityResult(IntegrityVerdict.MISMATCH)


def short(length: int) -> bytes:
    """Length of one byte."""
    return bytes((length,)) if length < 0x80 else one_more(length)


def one_more(length: int) -> bytes:
    """Length with 81."""
    return b"\x81" + bytes((length,)) if length < 0x100 else two_more(length)


def two_more(length: int) -> bytes:
    """Length with 82."""
    return b"\x82" + length.to_bytes(2)


def tlv(tag: int, value: bytes, length: Callable[[int], bytes] = short) -> bytes:
    """A data object with a length of the given form."""
    return tag.to_bytes(2) + length(len(value)) + value


def attributes_file(
    length: Callable[[int], bytes] = short,
    *,
    offsets: bytes = bytes.fromhex("000E0020003B0046"),
    birth: bytes = b"19900421",
    sex: bytes = b"1",
    more: bytes = b"",
) -> bytes:
    """EF 0002 with filler behind it."""
    fields = (
        tlv(0xDF21, offsets, length)
        + tlv(0xDF22, NAME.encode(), length)
        + tlv(0xDF23, ADDRESS.encode(), length)
        + tlv(0xDF24, birth, length)
        + tlv(0xDF25, sex, length)
        + more
    )
    return tlv(0xFF20, fields, length) + b"\xff" * 32


def text_files(persona: str) -> dict[int, bytes]:
    """Files 0001 to 0004 of the text application of a simulated card."""
    today = japan_today()
    card = new_card(find_persona(persona), today=today, generate_keys=False)
    (application,) = [df for df in build_image(card, today).applications if df.df_name == TEXT_DF]
    files = {ef_id: application.files[ef_id] for ef_id in (1, 2, 3, 4)}
    return {ef_id: file.data() for ef_id, file in files.items() if isinstance(file, TransparentFile)}


@pytest.mark.parametrize("length", [short, one_more, two_more])
def test_every_form_of_length_is_read(length: Callable[[int], bytes]) -> None:
    """One byte, 81 and 82."""
    found = read_four_attributes(attributes_file(length))

    assert (found.name, found.address) == (NAME, ADDRESS)
    assert found.birth_date is not None
    assert (found.birth_date.raw, found.birth_date.day) == ("19900421", date(1990, 4, 21))
    assert found.sex is not None
    assert (found.sex.code, found.sex.meaning) == ("1", Sex.MALE)


@pytest.mark.parametrize("offsets", [b"", b"\xff" * 8, b"\0" * 40])
def test_the_table_of_offsets_is_not_trusted(offsets: bytes) -> None:
    """Whatever it says, and where it has another size."""
    assert read_four_attributes(attributes_file(offsets=offsets)).name == NAME


@pytest.mark.parametrize(("code", "meaning"), [("1", Sex.MALE), ("2", Sex.FEMALE), ("3", None), ("9", None)])
def test_sex_codes(code: str, meaning: Sex | None) -> None:
    """Two have a meaning on which all sources agree."""
    found = read_four_attributes(attributes_file(sex=code.encode())).sex
    assert found is not None
    assert (found.code, found.meaning) == (code, meaning)


@pytest.mark.parametrize("birth", ["00000000", "19900000", "19900431", "1990", "        ", "199004210"])
def test_a_birth_date_that_is_no_day_is_kept_as_it_stands(birth: str) -> None:
    """Unknown and partial ones."""
    found = read_four_attributes(attributes_file(birth=birth.encode())).birth_date
    assert found is not None
    assert (found.raw, found.day) == (birth, None)


def test_unknown_objects_are_kept() -> None:
    """What a newer card may add, for example how the name is read."""
    found = read_four_attributes(attributes_file(more=tlv(0xDF26, "テスト".encode())))

    assert [(o.tag, text_of(o.value)) for o in found.others] == [(0xDF26, "テスト")]
    assert text_of(b"\xff\xfe") is None


def test_an_attribute_that_is_not_there_is_none() -> None:
    """The others are read."""
    found = read_four_attributes(tlv(0xFF20, tlv(0xDF22, NAME.encode())))
    assert (found.name, found.address, found.birth_date, found.sex) == (NAME, None, None, None)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\xff" * 64,
        tlv(0xFF20, b""),
        tlv(0xFF21, tlv(0xDF22, b"x")),
        tlv(0xFF20, tlv(0xDF21, bytes(8))),
        tlv(0xFF20, tlv(0xDF22, b"\xe3\x81")),
        tlv(0xFF20, tlv(0xDF22, b"\x1b[2J")),
        tlv(0xFF20, tlv(0xDF22, "x\u202ey".encode())),
        tlv(0xFF20, tlv(0xDF22, b"x") * 2),
        tlv(0xFF20, tlv(0xDF24, b"\xb9" * 8)),
        tlv(0xFF20, tlv(0xDF24, b"1" * 17)),
        tlv(0xFF20, tlv(0xDF25, b"")),
        attributes_file()[:60],
        bytes.fromhex("FF2080DF2201780000"),
        bytes.fromhex("FF2084FFFFFFFFDF220178"),
        tlv(0xFF20, b"".join(tlv(0xDF00 + i, b"") for i in range(1, 0x1F)) * 3 + tlv(0xDF22, b"x")),
        tlv(0xFF20, b"".join(bytes((i, 0)) for i in range(0x20, 0x80) if i & 0x1F != 0x1F) + tlv(0xDF22, b"x")),
    ],
)
def test_what_makes_no_sense_is_a_data_error(file: bytes) -> None:
    """Cut off, twice, no text, control characters, too many."""
    with pytest.raises(DataError):
        read_four_attributes(file)


@given(st.binary(max_size=600))
def test_any_bytes_give_attributes_or_a_data_error(file: bytes) -> None:
    """Of all four readers; a check takes any bytes at all."""
    for read in (read_four_attributes, read_my_number, read_integrity_record, read_cv_key):
        try:
            read(file)
        except DataError:
            continue


@given(st.lists(st.tuples(st.sampled_from([0xDF21, 0xDF22, 0xDF23, 0xDF24, 0xDF25, 0xDF30]), st.binary(max_size=40))))
def test_any_objects_give_attributes_or_a_data_error(objects: list[tuple[int, bytes]]) -> None:
    """And what is read is shown as it stands there."""
    try:
        found = read_four_attributes(tlv(0xFF20, b"".join(tlv(tag, value) for tag, value in objects)))
    except DataError:
        return
    values = dict(objects)
    assert found.name is None or found.name.encode() == values[0xDF22]
    assert found.address is None or found.address.encode() == values[0xDF23]


@given(st.binary(max_size=700), st.binary(max_size=700))
def test_checks_take_any_bytes(integrity: bytes, cv: bytes) -> None:
    """What is no record is said not to be checked."""
    report = check_integrity(read_four_attributes(attributes_file()), None, integrity, cv)
    assert not report.has_mismatch


PERSONAS = [p.name for p in personas() if p.recipe.kind == "card" and not p.unavailable]


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_simulated_card_is_read_and_belongs_together(persona: str) -> None:
    """Long names, Latin letters, replaced characters, unknown dates: what the card file says, and three matches."""
    files = text_files(persona)
    card = new_card(find_persona(persona), today=japan_today(), generate_keys=False)
    found = read_four_attributes(files[2])
    number = read_my_number(files[1])
    report = check_integrity(found, files[1], files[3], files[4])

    assert (found.name, found.address) == (card.holder.name, card.holder.address)
    assert found.sex is not None
    assert found.sex.code == card.holder.sex
    assert number.digits == card.holder.my_number
    assert number.has_right_check_digit
    assert (report.attributes, report.my_number, report.signature) == (MATCH, MATCH, MATCH)


@pytest.mark.parametrize(
    ("changed", "at", "expected"),
    [
        (2, 20, (MISMATCH, MATCH, MATCH)),
        (1, 16, (MATCH, MISMATCH, MATCH)),
        (3, 10, (MATCH, MISMATCH, MISMATCH)),
        (3, 50, (MISMATCH, MATCH, MISMATCH)),
        (3, 200, (MATCH, MATCH, MISMATCH)),
        (4, 200, (MATCH, MATCH, MISMATCH)),
    ],
)
def test_what_was_changed_is_found(
    changed: int, at: int, expected: tuple[IntegrityResult, IntegrityResult, IntegrityResult]
) -> None:
    """A bit of each file; the filler of EF 0001 too, since its hash covers it."""
    files = text_files("adult")
    whole = bytearray(files[changed])
    whole[at] ^= 1
    files[changed] = bytes(whole)
    report = check_integrity(_read(files[2]), files[1], files[3], files[4])

    assert (report.attributes, report.my_number, report.signature) == expected
    assert report.has_mismatch


def _read(file: bytes) -> FourAttributes:
    """Attributes of a file one of whose characters may have been changed to another."""
    try:
        return read_four_attributes(file)
    except DataError:
        return replace(read_four_attributes(attributes_file()), hashed=(file,))


@pytest.mark.parametrize(
    ("integrity", "cv", "signature"),
    [
        (None, None, IntegrityReason.NO_RECORD),
        (b"\x00", None, IntegrityReason.BAD_RECORD),
        ("right", None, IntegrityReason.NO_KEY),
        ("right", b"\x7f\x21\x00", IntegrityReason.BAD_KEY),
    ],
)
def test_what_cannot_be_checked_is_said_so(
    integrity: bytes | str | None, cv: bytes | None, signature: IntegrityReason
) -> None:
    """With its reason, and never as a match."""
    files = text_files("adult")
    record = files[3] if isinstance(integrity, str) else integrity
    report = check_integrity(read_four_attributes(files[2]), None, record, cv)

    assert report.signature == IntegrityResult(IntegrityVerdict.NOT_CHECKED, signature)
    assert report.my_number.verdict is IntegrityVerdict.NOT_CHECKED
    assert not report.has_mismatch


def test_the_hash_may_cover_new_objects_or_not() -> None:
    """Nobody says whether objects beyond the four are hashed: either is a match."""
    more = tlv(0xDF26, b"new")
    found = read_four_attributes(attributes_file(more=more))

    assert len({hashlib.sha256(part).digest() for part in found.hashed}) == 2
    assert found.hashed[1] == found.hashed[0] + more


@pytest.mark.parametrize("person", PEOPLE.values(), ids=list(PEOPLE))
def test_check_digits_of_the_invented_people_are_right(person: object) -> None:
    """The card's side computes them by itself."""
    number = person.my_number  # type: ignore[attr-defined]  # a Person; parametrize does not say so
    assert check_digit(number[:-1]) == number[-1]


def test_check_digits_follow_the_ordinance() -> None:
    """Worked by hand: the weighted sums 0, 10 and 1 modulo 11."""
    assert check_digit("00000000000") == "0"
    assert check_digit("00000000005") == "1"
    assert check_digit("00000000006") == "0"
    assert check_digit("12345678901") == "8"


@given(st.text("0123456789", min_size=11, max_size=11), st.integers(0, 10), st.integers(1, 9))
def test_a_wrong_digit_is_mostly_noticed(digits: str, at: int, by: int) -> None:
    """Any single wrong digit changes the sum; only sums 0 and 1 share their check digit."""
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert check_digit(wrong) != check_digit(digits) or check_digit(digits) == "0"


@pytest.mark.parametrize(
    "file", [tlv(0xFF10, b"1" * 11), tlv(0xFF10, b"1" * 13), tlv(0xFF10, b"12345678901x"), tlv(0xFF11, b"1" * 12)]
)
def test_what_is_no_my_number_is_refused(file: bytes) -> None:
    """DataError."""
    with pytest.raises(DataError):
        read_my_number(file)


def test_a_wrong_check_digit_is_told() -> None:
    """The digits are kept."""
    found = read_my_number(tlv(0xFF10, b"000000000010") + b"\xff\xff")
    assert (found.digits, found.has_right_check_digit) == ("000000000010", False)


def test_text_forms_show_nothing() -> None:
    """Not in a log, not in a traceback."""
    files = text_files("adult")
    found = read_four_attributes(files[2])
    shown = repr(found) + repr(found.birth_date) + repr(read_my_number(files[1])) + repr(found.sex)
    assert "テスト" not in shown
    assert not any(character.isdigit() for character in shown)
