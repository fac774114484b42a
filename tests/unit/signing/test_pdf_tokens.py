"""Objects of a PDF and its tables, read in one way only or not at all."""

from __future__ import annotations

import pytest

from jpki.signing.pdf.tables import last_table, table_end
from jpki.signing.pdf.tokens import end_of_object

_ENTRY = b"0000000017 00000 n \n"


@pytest.mark.parametrize(
    ("data", "word", "rest"),
    [
        (b"<</A 1/B(x(y)\\)z)/C<4 1>/D[1 2 0 R -.5 true]>>\nendobj x", b"endobj", b" x"),
        (b"<</Length 3>>stream\r\nabc", b"stream", b"abc"),
        (b"<</A<<>>/B<>>>endobj", b"endobj", b""),
        (b" %comment\r12 endobj", b"endobj", b""),
        (b"[null]", b"", b""),
    ],
)
def test_an_object_ends_where_every_program_ends_it(data: bytes, word: bytes, rest: bytes) -> None:
    """Its last word, and what stands behind it."""
    found = end_of_object(data, 0)

    assert found is not None
    assert (found[0], data[found[1] :]) == (word, rest)


@pytest.mark.parametrize(
    "data",
    [
        b"<</A 1>x\nendobj",
        b"<</A 1>>>\nendobj",
        b"<</A 1]\nendobj",
        b"<</A 2\x0b0 R>>endobj",
        b"<</A truex>>endobj",
        b"<</A <4x>>>endobj",
        b"<</A (x>>endobj",
        b"[1 endobj",
        b"<</Length 3>>stream\rabc",
    ],
)
def test_what_programs_read_in_different_ways_is_no_object(data: bytes) -> None:
    """Each of these some program takes for an object, and another one for something else."""
    assert end_of_object(data, 0) is None


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_a_table_is_read(line_end: bytes) -> None:
    """As any program writes it, with subsections, also with an empty one."""
    lines = [b"xref", b"0 0", b"3 1"]
    data = line_end.join(lines) + line_end + _ENTRY + b"7 2" + line_end + 2 * _ENTRY + b"trailer\n<<>>"

    assert table_end(data, 0) == data.index(b"<<")


@pytest.mark.parametrize(
    "data",
    [
        b"xref\n3 1\n" + _ENTRY + b"3 1\n" + _ENTRY + b"trailer\n<<>>",
        b"xref\n3 2\n" + 2 * _ENTRY + b"4 1\n" + _ENTRY + b"trailer\n<<>>",
        b"xrefx\n3 1\n" + _ENTRY + b"trailer\n<<>>",
        b"xref\n3 1\n" + _ENTRY.replace(b"00017", b"00_17") + b"trailer\n<<>>",
        b"xref\n3 1\n" + _ENTRY[:-1] + b"trailer\n<<>>",
        b"xref\n3 999999999\n" + _ENTRY + b"trailer\n<<>>",
        b"xref\n3 1\n" + _ENTRY + b"x trailer\n<<>>",
    ],
)
def test_a_table_with_two_meanings_is_none(data: bytes) -> None:
    """An object twice, another word, numbers that only Python reads, lines of another length."""
    assert table_end(data, 0) is None


def test_the_end_of_a_file_gives_one_place() -> None:
    """A number in digits, and nothing behind the end but line ends."""
    assert last_table(b"x\nstartxref\r\n123\r\n%%EOF\r\n") == 123
    assert last_table(b"x\nstartxref\n1_2\n%%EOF\n") is None
    assert last_table(b"x\nstartxref\n123\n%%EOF\nstartxref\n9\n") is None
