"""Reading a whole EF: as few reads as its length needs, progress at every one, and nothing believed unseen."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from jpki.errors import (
    ApduError,
    CardError,
    DataError,
    FileNotFoundOnCardError,
    SecurityStatusError,
    UnexpectedStatusError,
)
from jpki.iso7816 import MAX_EF, Iso7816Card
from jpki.iso7816.pace import PIECE, SPARE

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.iso7816.conftest import Answer, FileServer, ScriptedConnection

_EF = 0x0A
_EXCHANGES_MAX = 300


def _data_object(total: int) -> bytes:
    """A data object of exactly this many bytes; long ones have an 82 length, as certificates do."""
    if total < 128:
        return bytes((0x30, total - 2)) + bytes(i & 0xFF for i in range(total - 2))
    return b"\x30\x82" + (total - 4).to_bytes(2) + bytes(i * 7 & 0xFF for i in range(total - 4))


def _reads_for(length: int) -> int:
    return -(-length // 256)


@pytest.mark.parametrize("filler", [0, 1, 300])
@pytest.mark.parametrize("takes_short_ids", [True, False])
def test_a_file_costs_as_many_reads_as_it_has_blocks(
    scripted: type[ScriptedConnection], file_server: type[FileServer], filler: int, *, takes_short_ids: bool
) -> None:
    """For each length from 2 to 3000 the bytes are exact and there are R256(N) reads, filler behind or not."""
    for length in range(2, 3001):
        content = _data_object(length)
        server = file_server(content + b"\xff" * filler, takes_short_ids=takes_short_ids)
        connection = scripted(server)
        assert Iso7816Card(connection).read_ef(_EF) == content
        assert server.reads == _reads_for(length)
        # Without short EF identifiers there are the attempt with one and the SELECT besides.
        assert len(connection.sent) == server.reads + (0 if takes_short_ids else 2)


def test_no_read_asks_for_more_than_is_left(scripted: type[ScriptedConnection], file_server: type[FileServer]) -> None:
    """After the first block each read asks for what is left; filler behind the object is left alone."""
    connection = scripted(file_server(_data_object(600) + b"\xff" * 300))
    Iso7816Card(connection).read_ef(_EF)
    assert connection.sent_hex == ["00B08A0000", "00B0010000", "00B0020058"]


@pytest.mark.parametrize("extended_le", [True, False])
@pytest.mark.parametrize(("needed", "reads"), [(1, 1), (256, 1), (257, 2), (600, 3), (601, 3)])
def test_no_more_is_read_than_is_enough(
    scripted: type[ScriptedConnection], file_server: type[FileServer], needed: int, reads: int, *, extended_le: bool
) -> None:
    """Who needs the beginning only gets whole blocks of it, and pays for those; nobody asks for more than there is."""
    content = _data_object(600)
    server = file_server(content)
    card = Iso7816Card(scripted(server), extended_le=extended_le)
    assert card.read_ef(_EF, is_enough=lambda data: len(data) >= needed) == content[: reads * 256]
    assert server.reads == reads


@pytest.mark.parametrize("chunk", [100, 128, 255])
def test_short_blocks_are_put_together(
    scripted: type[ScriptedConnection], file_server: type[FileServer], chunk: int
) -> None:
    """A card that gives fewer bytes than asked for is asked for the rest."""
    content = _data_object(1600)
    assert Iso7816Card(scripted(file_server(content, chunk=chunk))).read_ef(_EF) == content


@pytest.mark.parametrize("chunk", [PIECE, 128, 256])
def test_the_largest_file_in_the_smallest_pieces(
    scripted: type[ScriptedConnection], file_server: type[FileServer], chunk: int
) -> None:
    """A quarter of the smallest piece that anybody knows is still taken."""
    content = _data_object(MAX_EF)
    connection = scripted(file_server(content, chunk=chunk))
    assert Iso7816Card(connection).read_ef(_EF) == content
    assert len(connection.sent) == MAX_EF // chunk


@pytest.mark.parametrize("chunk", [4, 16, PIECE - 1])
def test_smaller_pieces_end(scripted: type[ScriptedConnection], file_server: type[FileServer], chunk: int) -> None:
    """A card that gives a file in less is left as soon as it has taken more commands than such pieces would."""
    connection = scripted(file_server(_data_object(MAX_EF), chunk=chunk))
    with pytest.raises(DataError, match="too many"):
        Iso7816Card(connection).read_ef(_EF)
    sent = len(connection.sent)
    assert SPARE + (sent - 1) * chunk // PIECE <= sent <= SPARE + sent * chunk // PIECE + 1


def test_commands_of_answers_count_with_those_of_the_file(scripted: type[ScriptedConnection]) -> None:
    """61xx in small pieces behind each READ is no way around the cap."""

    def answer(command: bytes) -> Answer:
        if command[1] == 0xC0:
            return "A5610F" if command[4] > 1 else "A59000"
        return "3082300061FF" if command[2] & 0x80 else "A561FF"

    connection = scripted(answer)
    with pytest.raises(DataError, match="too many"):
        Iso7816Card(connection).read_ef(_EF)
    assert len(connection.sent) == SPARE + 1


def test_files_are_counted_apart(scripted: type[ScriptedConnection], file_server: type[FileServer]) -> None:
    """However many files are read, each has its own count."""
    content = _data_object(64)
    card = Iso7816Card(scripted(file_server(content, chunk=PIECE)))
    for _ in range(2 * SPARE):
        assert card.read_ef(_EF) == content


@pytest.mark.parametrize("content", ["", "30", "3082", "308206"])
def test_a_file_without_a_header_is_refused(
    scripted: type[ScriptedConnection], file_server: type[FileServer], content: str
) -> None:
    """A file that is empty or ends within its header is a DataError (6B00 for an empty one a CardError)."""
    with pytest.raises((DataError, CardError)):
        Iso7816Card(scripted(file_server(bytes.fromhex(content)))).read_ef(_EF)


def test_a_first_read_of_zero_bytes_is_refused(scripted: type[ScriptedConnection]) -> None:
    """9000 without data is no file."""
    connection = scripted(["9000"])
    with pytest.raises(DataError, match="data object"):
        Iso7816Card(connection).read_ef(_EF)
    assert len(connection.sent) == 1


def test_a_later_read_of_zero_bytes_is_refused(scripted: type[ScriptedConnection]) -> None:
    """9000 without data in the middle of a file ends the reading at once."""
    connection = scripted([_data_object(600)[:256] + b"\x90\x00", "9000"])
    with pytest.raises(DataError, match="ends before"):
        Iso7816Card(connection).read_ef(_EF)
    assert len(connection.sent) == 2


@pytest.mark.parametrize("there", [255, 256, 257, 512, 599])
def test_a_truncated_file_is_refused(
    scripted: type[ScriptedConnection], file_server: type[FileServer], there: int
) -> None:
    """A file that ends before its object does is an error, never a shorter result."""
    with pytest.raises((DataError, CardError)):
        Iso7816Card(scripted(file_server(_data_object(600)[:there]))).read_ef(_EF)


@pytest.mark.parametrize(
    "header",
    ["3082FFFF", "30844000FFFF", "3084FFFFFFFF", "30824001", "30823FFD", "30827FFF", "3080", "3085010000000000"],
)
def test_a_lie_about_the_length_costs_one_read(scripted: type[ScriptedConnection], header: str) -> None:
    """A length above the cap, or no definite one, is refused after the first block."""
    connection = scripted(lambda _: bytes.fromhex(header).ljust(256, b"\xaa") + b"\x90\x00")
    with pytest.raises(DataError):
        Iso7816Card(connection).read_ef(_EF)
    assert len(connection.sent) == 1


def test_the_largest_file_is_read(scripted: type[ScriptedConnection], file_server: type[FileServer]) -> None:
    """An object of exactly the cap is read whole; a smaller cap of the caller holds too."""
    content = _data_object(MAX_EF)
    assert Iso7816Card(scripted(file_server(content))).read_ef(_EF) == content
    with pytest.raises(DataError, match="claims a length of 16384"):
        Iso7816Card(scripted(file_server(content))).read_ef(_EF, limit=MAX_EF - 1)


def test_more_data_than_asked_for_is_cut(scripted: type[ScriptedConnection]) -> None:
    """A card that sends more than Le does not lengthen the result."""
    content = _data_object(300)
    connection = scripted([content[:256] + b"\x90\x00", content[256:] + b"\xee" * 500 + b"\x90\x00"])
    assert Iso7816Card(connection).read_ef(_EF) == content
    assert Iso7816Card(scripted(["AABBCCDD9000"])).read_start(_EF, 2) == b"\xaa\xbb"


def test_endless_data_ends(scripted: type[ScriptedConnection]) -> None:
    """A card that answers every read with 61xx and more data is left."""
    count = itertools.count()

    def endless(_: bytes) -> Answer:
        assert next(count) < _EXCHANGES_MAX, "the host does not stop"
        return b"\x30\x82\x06\x00" + b"\xaa" * 252 + b"\x61\x00"

    with pytest.raises(ApduError, match="without end"):
        Iso7816Card(scripted(endless)).read_ef(_EF)


def test_the_end_of_file_warning_is_no_error(scripted: type[ScriptedConnection]) -> None:
    """6282 with data is a file shorter than Le; other cards of the family say 9000 there (docs/card.md, 3.2)."""
    content = _data_object(17)
    assert Iso7816Card(scripted([content + b"\x62\x82"])).read_ef(_EF) == content
    assert Iso7816Card(scripted(["AABB6282"])).read_start(_EF, 32) == b"\xaa\xbb"
    assert Iso7816Card(scripted(["6A86", "9000", "AABB6282"])).read_start(_EF, 32) == b"\xaa\xbb"
    assert Iso7816Card(scripted(["011C6282"])).read_record(0x01, 1) == b"\x01\x1c"
    with pytest.raises(DataError):
        Iso7816Card(scripted(["6282"])).read_ef(_EF)


def test_the_warning_of_corrupted_data_is_an_error(scripted: type[ScriptedConnection]) -> None:
    """6281 says that the data may be wrong, so it is not used."""
    card = Iso7816Card(scripted(["AABB6281"]), short_ef_ids=False)
    card.takes_short_ef_ids = True
    with pytest.raises(UnexpectedStatusError):
        card.read_start(_EF, 32)


# Short EF identifiers


def _read_token(card: Iso7816Card) -> object:
    return card.read_start(0x06, 32)


def _status(card: Iso7816Card) -> object:
    return card.retry_status(0x18)


_USES: list[Callable[[Iso7816Card], object]] = [_read_token, _status]


def _card_without_short_ids(refusal: str) -> Callable[[bytes], Answer]:
    """Answer as a card that has the files and knows no short EF identifiers."""

    def answer(command: bytes) -> Answer:
        if command[1] == 0xA4:
            return "9000"
        if command[1] == 0xB0:
            return refusal if command[2] & 0x80 else "AABB9000"
        return refusal if command[3] != 0x80 else "63C3"

    return answer


@pytest.mark.parametrize("refusal", ["6A86", "6A82", "6A88", "6B00", "6986", "6981", "6700", "6F00", "6D00"])
@pytest.mark.parametrize("first", _USES)
@pytest.mark.parametrize("then", _USES)
def test_the_fallback_costs_one_command_and_is_remembered(
    scripted: type[ScriptedConnection],
    refusal: str,
    first: Callable[[Iso7816Card], object],
    then: Callable[[Iso7816Card], object],
) -> None:
    """Whatever a card without short EF identifiers says to one, SELECT follows, and none is tried again."""
    connection = scripted(_card_without_short_ids(refusal))
    card = Iso7816Card(connection)
    first(card)
    assert len(connection.sent) == 3
    assert card.takes_short_ef_ids is False
    then(card)
    assert len(connection.sent) == 5


@pytest.mark.parametrize("use", _USES)
def test_short_ids_can_be_left_out(scripted: type[ScriptedConnection], use: Callable[[Iso7816Card], object]) -> None:
    """With short_ef_ids=False none is tried."""
    connection = scripted(_card_without_short_ids("6A86"))
    use(Iso7816Card(connection, short_ef_ids=False))
    assert len(connection.sent) == 2


def test_short_ids_are_kept_once_they_worked(scripted: type[ScriptedConnection]) -> None:
    """After one success a refusal is what it says: no SELECT follows it."""
    connection = scripted(["AABB9000", "6A82", "63C3", "6A82"])
    card = Iso7816Card(connection)
    card.read_start(0x06, 32)
    with pytest.raises(FileNotFoundOnCardError):
        card.read_start(0x08, 3)
    assert card.retry_status(0x18).remaining == 3
    with pytest.raises(FileNotFoundOnCardError):
        card.retry_status(0x1C)
    assert connection.sent_hex == ["00B0860020", "00B0880003", "00200098", "0020009C"]


def test_a_closed_file_needs_no_fallback(scripted: type[ScriptedConnection]) -> None:
    """6982 to a short EF identifier shows that the card understood it: the PIN is missing."""
    connection = scripted(["6982"])
    with pytest.raises(SecurityStatusError):
        Iso7816Card(connection).read_ef(0x01)
    assert len(connection.sent) == 1


@pytest.mark.parametrize("ef_id", [0x00, 0x1F, 0x20, 0x2F01])
def test_identifiers_beyond_30_have_no_short_form(scripted: type[ScriptedConnection], ef_id: int) -> None:
    """Only 1 to 30 fit into P1 or P2; 0 would mean the current EF."""
    connection = scripted(["9000", "AABB9000", "9000", "63C3"])
    card = Iso7816Card(connection)
    card.read_start(ef_id, 2)
    card.retry_status(ef_id)
    assert connection.sent_hex == [
        f"00A4020C02{ef_id:04X}",
        "00B0000002",
        f"00A4020C02{ef_id:04X}",
        "00200080",
    ]


def test_a_record_is_read_by_its_short_identifier(scripted: type[ScriptedConnection]) -> None:
    """READ RECORD names the EF in P2 (docs/card.md, 3.3); a missing record is a missing file."""
    connection = scripted(["011C9000", "6A83"])
    card = Iso7816Card(connection)
    assert card.read_record(0x01, 1) == b"\x01\x1c"
    with pytest.raises(FileNotFoundOnCardError):
        card.read_record(0x01, 9)
    assert connection.sent_hex == ["00B2010C00", "00B2090C00"]
