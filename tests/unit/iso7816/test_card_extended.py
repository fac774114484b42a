"""A whole EF in one READ BINARY of extended length: where it is taken, what a refusal costs, and that it is kept."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from jpki.errors import (
    AnswerLostError,
    CardError,
    CardRemovedError,
    CardResetError,
    CardTimeoutError,
    DataError,
    FileNotFoundOnCardError,
    NoCardError,
    ReaderBusyError,
    SecurityStatusError,
    TransportError,
    UnexpectedStatusError,
)
from jpki.iso7816 import Iso7816Card

if TYPE_CHECKING:
    from unit.iso7816.conftest import Answer, FileServer, ScriptedConnection

_EF = 0x0A
_LENGTH = 1573
_BLOCKS = 7


def _data_object(total: int) -> bytes:
    """A data object of exactly this many bytes, with an 82 or 83 length."""
    if total <= 0xFFFF:
        return b"\x30\x82" + (total - 4).to_bytes(2) + bytes(i * 7 & 0xFF for i in range(total - 4))
    return b"\x30\x83" + (total - 5).to_bytes(3) + bytes(total - 5)


class _Server:
    """A card with one file that answers an extended Le as told; to a short one like any other card.

    ``extended`` is how many bytes it gives at most, or what it says instead.
    """

    def __init__(self, short: FileServer, extended: int | Answer) -> None:
        """Keep both ways to answer."""
        self._short = short
        self._extended = extended

    def __call__(self, command: bytes) -> Answer:
        """Answer one command."""
        if command[1] == 0xA4 or len(command) == 5:
            return self._short(command)
        assert command[4:] == b"\0\0\0", "Le asks for all"
        if command[2] & 0x80 and not self._short.takes_short_ids:
            return "6A86"
        if not isinstance(self._extended, int):
            return self._extended
        return self._short.content[: self._extended] + b"\x90\x00"


@pytest.mark.parametrize("filler", [0, 300])
@pytest.mark.parametrize("length", [20, 256, 257, _LENGTH, 16384])
def test_a_file_costs_one_read(
    scripted: type[ScriptedConnection], file_server: type[FileServer], length: int, filler: int
) -> None:
    """Whatever a file's length, one read with Le 0000 brings it, by its short identifier; filler is left alone."""
    content = _data_object(length)
    connection = scripted(_Server(file_server(content + b"\xff" * filler), 65536))
    card = Iso7816Card(connection, extended_le=True)
    assert card.read_ef(_EF) == content
    assert card.read_ef(_EF) == content
    assert connection.sent_hex == ["00B08A00000000", "00B08A00000000"]
    assert (card.takes_short_ef_ids, card.takes_extended_le) == (True, True)


def test_nothing_extended_is_sent_unasked(scripted: type[ScriptedConnection], file_server: type[FileServer]) -> None:
    """Without extended_le no command is longer than a short one."""
    connection = scripted(_Server(file_server(_data_object(_LENGTH)), 65536))
    Iso7816Card(connection).read_ef(_EF)
    assert [len(command) for command in connection.sent] == [5] * _BLOCKS


@pytest.mark.parametrize("total", [0x8100, 65000, 65536])
def test_a_file_beyond_32_kib_needs_it(
    scripted: type[ScriptedConnection], file_server: type[FileServer], total: int
) -> None:
    """Up to 64 KiB come in one read, where the caller allows as much; by short reads the offset does not reach."""
    content = _data_object(total)
    server = _Server(file_server(content), 65536)
    assert Iso7816Card(scripted(server), extended_le=True).read_ef(_EF, limit=65536) == content
    with pytest.raises(DataError, match="claims"):
        Iso7816Card(scripted(server), extended_le=True).read_ef(_EF, limit=total - 1)
    with pytest.raises(DataError, match="claims"):
        Iso7816Card(scripted(server)).read_ef(_EF, limit=65536)


@pytest.mark.parametrize("takes_short_ids", [True, False])
def test_both_are_found_out_at_once(
    scripted: type[ScriptedConnection], file_server: type[FileServer], *, takes_short_ids: bool
) -> None:
    """A card without short EF identifiers costs one command for that, and then gives the file in one read."""
    connection = scripted(_Server(file_server(_data_object(_LENGTH), takes_short_ids=takes_short_ids), 65536))
    card = Iso7816Card(connection, extended_le=True)
    card.read_ef(_EF)
    assert (card.takes_short_ef_ids, card.takes_extended_le) == (takes_short_ids, True)
    by_id = ["00B08A00000000"]
    assert connection.sent_hex == (by_id if takes_short_ids else [*by_id, "00A4020C02000A", "00B00000000000"])


_REFUSALS: list[Answer] = ["6700", "6C00", "6CFF", "6A80", "6A81", "6D00", "6F00"]


@pytest.mark.parametrize(
    ("refusal", "is_known"),
    [*((refusal, False) for refusal in _REFUSALS), *((refusal, True) for refusal in [*_REFUSALS, "6B00", "6A86"])],
)
def test_a_refusal_costs_one_command_and_is_remembered(
    scripted: type[ScriptedConnection], file_server: type[FileServer], refusal: Answer, *, is_known: bool
) -> None:
    """Whatever a card says to the extended Le, short reads follow, and none of extended length is tried again.

    6B00 and 6A86 could be about a short EF identifier, unless those are known to be taken.
    """
    server = file_server(_data_object(_LENGTH))
    connection = scripted(_Server(server, refusal))
    card = Iso7816Card(connection, extended_le=True)
    if is_known:
        card.read_start(_EF, 4)
        connection.sent.clear()
    assert card.read_ef(_EF) == server.content
    assert len(connection.sent) == 1 + _BLOCKS
    assert (card.takes_short_ef_ids, card.takes_extended_le) == (True, False)
    card.read_ef(_EF)
    assert len(connection.sent) == 1 + 2 * _BLOCKS


@pytest.mark.parametrize("refusal", ["6700", "6C00"])
def test_a_card_that_takes_neither_costs_one_command_each(
    scripted: type[ScriptedConnection], file_server: type[FileServer], refusal: str
) -> None:
    """An attempt at each, a SELECT, and the reads; the second time a SELECT and the reads."""
    server = file_server(_data_object(_LENGTH), takes_short_ids=False)
    connection = scripted(_Server(server, refusal))
    card = Iso7816Card(connection, extended_le=True)
    assert card.read_ef(_EF) == server.content
    assert len(connection.sent) == 2 + 1 + _BLOCKS
    card.read_ef(_EF)
    assert len(connection.sent) == 2 + 2 * (1 + _BLOCKS)


def test_6cxx_is_followed_with_its_length(scripted: type[ScriptedConnection]) -> None:
    """A card that wants the exact length of a short file is given it in the one command that the refusal costs."""
    content = _data_object(40)
    connection = scripted(["6C28", content + b"\x90\x00"])
    assert Iso7816Card(connection, extended_le=True).read_ef(_EF) == content
    assert connection.sent_hex == ["00B08A00000000", "00B08A0028"]


@pytest.mark.parametrize("given", [200, 256])
def test_a_short_answer_is_a_refusal(
    scripted: type[ScriptedConnection], file_server: type[FileServer], given: int
) -> None:
    """A card that gives what a short Le would bring is read on in short reads, and asked short ones from then on."""
    server = file_server(_data_object(_LENGTH))
    connection = scripted(_Server(server, given))
    card = Iso7816Card(connection, extended_le=True)
    assert card.read_ef(_EF) == server.content
    assert len(connection.sent) == _BLOCKS
    assert card.takes_extended_le is False
    card.read_ef(_EF)
    assert [len(command) for command in connection.sent[_BLOCKS:]] == [5] * _BLOCKS


def test_a_part_is_taken_and_the_rest_read(scripted: type[ScriptedConnection], file_server: type[FileServer]) -> None:
    """A card that gives 1024 bytes at once saves three of seven reads."""
    server = file_server(_data_object(_LENGTH))
    connection = scripted(_Server(server, 1024))
    card = Iso7816Card(connection, extended_le=True)
    assert card.read_ef(_EF) == server.content
    assert connection.sent_hex == ["00B08A00000000", "00B0040000", "00B0050000", "00B0060025"]
    assert card.takes_extended_le is True


def test_61xx_is_collected_and_not_tried_again(scripted: type[ScriptedConnection]) -> None:
    """A card that gives it out by GET RESPONSE is answered, but that is no gain."""
    content = _data_object(400)
    connection = scripted([content[:256] + b"\x61\x90", content[256:] + b"\x90\x00"])
    card = Iso7816Card(connection, extended_le=True)
    assert card.read_ef(_EF) == content
    assert connection.sent_hex == ["00B08A00000000", "00C0000090"]
    assert card.takes_extended_le is False


@pytest.mark.parametrize("error", [AnswerLostError, TransportError])
def test_a_reader_that_cannot_costs_one_command(
    scripted: type[ScriptedConnection], file_server: type[FileServer], error: type[TransportError]
) -> None:
    """Where reader or driver refuses the exchange, short reads follow, and no other extended one does."""
    server = file_server(_data_object(_LENGTH))
    connection = scripted(_Server(server, error("not let through")))
    card = Iso7816Card(connection, extended_le=True)
    assert card.read_ef(_EF) == server.content
    assert len(connection.sent) == 1 + _BLOCKS
    card.read_ef(_EF)
    assert len(connection.sent) == 1 + 2 * _BLOCKS


@pytest.mark.parametrize("error", [CardRemovedError, CardResetError, CardTimeoutError, NoCardError, ReaderBusyError])
def test_other_failures_are_no_refusal(scripted: type[ScriptedConnection], error: type[TransportError]) -> None:
    """A card that is gone, reset, mute or held by another program is reported, and nothing else is sent."""
    connection = scripted([error("gone")])
    with pytest.raises(error):
        Iso7816Card(connection, extended_le=True).read_ef(_EF)
    assert len(connection.sent) == 1


def test_a_closed_file_is_closed_for_both(scripted: type[ScriptedConnection]) -> None:
    """6982 is about the PIN, so no other read follows."""
    connection = scripted(["6982"])
    with pytest.raises(SecurityStatusError):
        Iso7816Card(connection, extended_le=True).read_ef(_EF)
    assert len(connection.sent) == 1


def test_an_absent_file_says_nothing_about_le(scripted: type[ScriptedConnection]) -> None:
    """Where the short read is refused too, the file is the reason, and the next file is tried at once."""
    content = _data_object(600)
    connection = scripted([b"\x53\x00\x90\x00", "6A82", "6A82", content + b"\x90\x00"])
    card = Iso7816Card(connection, extended_le=True)
    card.read_start(0x06, 2)
    with pytest.raises(FileNotFoundOnCardError):
        card.read_ef(0x0B)
    assert card.read_ef(_EF) == content


def test_an_error_without_short_identifiers_is_reported(scripted: type[ScriptedConnection]) -> None:
    """A file that can be selected and not read in either way is an error with its status word."""
    connection = scripted(["9000", "6985", "6985"])
    with pytest.raises(UnexpectedStatusError) as caught:
        Iso7816Card(connection, short_ef_ids=False, extended_le=True).read_ef(_EF)
    assert caught.value.sw == 0x6985


def test_the_start_of_a_file_is_read_short(scripted: type[ScriptedConnection]) -> None:
    """What needs a few bytes asks for a few."""
    connection = scripted([bytes(32) + b"\x90\x00"])
    Iso7816Card(connection, extended_le=True).read_start(0x06, 32)
    assert connection.sent_hex == ["00B0860020"]


@given(st.lists(st.binary(max_size=3000) | st.sampled_from([b"\x67\x00", b"\x6c\x10", b"\x61\x00"]), max_size=20))
def test_any_answers_end_in_a_result_or_an_error(answers: list[bytes]) -> None:
    """Whatever a card answers, reading ends with data or an error, within a fixed number of exchanges."""
    script = itertools.chain(answers, itertools.repeat(b"\xaa\x61\x01"))
    count = itertools.count()

    class Nonsense:
        """A card that answers anything."""

        def transmit(self, _: bytes | bytearray) -> bytes:
            """Give the next answer."""
            assert next(count) < 900, "the host does not stop"
            return next(script)

    card = Iso7816Card(Nonsense(), extended_le=True)  # type: ignore[arg-type] # only transmit is needed
    for _ in range(2):
        try:
            card.read_ef(_EF)
        except (CardError, DataError):
            continue
