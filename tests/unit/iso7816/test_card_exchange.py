"""Exchanges with a card: 61xx and 6Cxx, caps on what a card may make the host do, SELECT, and errors by status word."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from jpki.errors import (
    ApduError,
    CardError,
    DataError,
    FileNotFoundOnCardError,
    JpkiError,
    SecurityStatusError,
    UnexpectedStatusError,
)
from jpki.iso7816 import MAX_EF, CommandApdu, Iso7816Card
from jpki.iso7816.card import card_error
from jpki.iso7816.redact import SECRET_INSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.iso7816.conftest import Answer, ScriptedConnection

_READ = CommandApdu(0x00, 0xB0, 0x00, 0x00, le=256)
_EXCHANGES_MAX = 300


def _endless(answer: str) -> Callable[[bytes], Answer]:
    """Give the same answer for ever, but stop a host that would ask for ever."""
    count = itertools.count()

    def give(_: bytes) -> Answer:
        assert next(count) < _EXCHANGES_MAX, "the host does not stop"
        return answer

    return give


def test_an_answer_is_collected_over_61xx(scripted: type[ScriptedConnection]) -> None:
    """61xx is followed by GET RESPONSE with the length announced, until the card says 9000."""
    connection = scripted(["AABB6102", "CCDD6100", "EE" * 256 + "9000"])
    response = Iso7816Card(connection).exchange(_READ)
    assert response.data == bytes.fromhex("AABBCCDD") + b"\xee" * 256
    assert response.sw == 0x9000
    assert connection.sent_hex == ["00B0000000", "00C0000002", "00C0000000"]


def test_an_error_within_61xx_is_the_result(scripted: type[ScriptedConnection]) -> None:
    """What GET RESPONSE ends with is the status word of the whole exchange."""
    assert Iso7816Card(scripted(["6110", "6F00"])).exchange(_READ).sw == 0x6F00


def test_61xx_without_data_is_refused(scripted: type[ScriptedConnection]) -> None:
    """A card that announces data for ever and sends none is left after the second time."""
    connection = scripted(_endless("6110"))
    with pytest.raises(ApduError, match="announces"):
        Iso7816Card(connection).exchange(_READ)
    assert len(connection.sent) == 2


@pytest.mark.parametrize("answer", ["AA" * 256 + "6100", "AA6101", "AA" * 64 + "6110"])
def test_61xx_without_end_is_refused(scripted: type[ScriptedConnection], answer: str) -> None:
    """A card that always has more is left after a fixed amount of data or of exchanges."""
    connection = scripted(_endless(answer))
    with pytest.raises(ApduError, match=r"without end|too many pieces"):
        Iso7816Card(connection).exchange(_READ)
    assert sum(len(bytes.fromhex(answer)) - 2 for _ in connection.sent) <= MAX_EF + 512


def test_6cxx_is_followed_once(scripted: type[ScriptedConnection]) -> None:
    """6Cxx repeats the command with the Le that the card named, once."""
    connection = scripted(["6C10", "AA" * 16 + "9000"])
    assert Iso7816Card(connection).send(_READ) == b"\xaa" * 16
    assert connection.sent_hex == ["00B0000000", "00B0000010"]


def test_6cxx_again_is_an_error(scripted: type[ScriptedConnection]) -> None:
    """A card that corrects Le for ever is asked twice and no more."""
    connection = scripted(_endless("6C10"))
    with pytest.raises(UnexpectedStatusError) as caught:
        Iso7816Card(connection).send(_READ)
    assert caught.value.sw == 0x6C10
    assert len(connection.sent) == 2


def test_6c00_means_256(scripted: type[ScriptedConnection]) -> None:
    """6C00 asks for the longest short Le."""
    connection = scripted(["6C00", "9000"])
    Iso7816Card(connection).exchange(CommandApdu(0x00, 0xCA, 0x00, 0x42, le=4))
    assert connection.sent_hex[1] == "00CA004200"


def test_6cxx_without_le_is_an_error(scripted: type[ScriptedConnection]) -> None:
    """A command without Le is not repeated with one."""
    connection = scripted(["6C10"])
    with pytest.raises(UnexpectedStatusError):
        Iso7816Card(connection).send(CommandApdu(0x00, 0xA4, 0x02, 0x0C, b"\0\x18"))
    assert len(connection.sent) == 1


@pytest.mark.parametrize("ins", sorted(SECRET_INSTRUCTIONS))
@pytest.mark.parametrize("answer", ["6C10", "6700", "6F00"])
def test_a_secret_is_never_repeated(scripted: type[ScriptedConnection], ins: int, answer: str) -> None:
    """No status word makes a command of the secret kind go out twice, even one that was built as a CommandApdu."""
    connection = scripted([answer])
    Iso7816Card(connection).exchange(CommandApdu(0x00, ins, 0x00, 0x80, b"2846", le=256))
    assert len(connection.sent) == 1


@given(st.lists(st.binary(max_size=300), max_size=40))
def test_any_answers_end_in_a_result_or_an_error(answers: list[bytes]) -> None:
    """Whatever a card answers, reading ends with data or an error, within a fixed number of exchanges."""
    script = itertools.chain(answers, itertools.repeat(b"\xaa\x61\x01"))
    count = itertools.count()

    class Nonsense:
        """A card that answers anything."""

        def transmit(self, _: bytes | bytearray) -> bytes:
            """Give the next answer."""
            assert next(count) < 3 * _EXCHANGES_MAX, "the host does not stop"
            return next(script)

    card = Iso7816Card(Nonsense())  # type: ignore[arg-type] # only transmit is needed
    for read in (lambda: card.read_ef(0x0A), lambda: card.read_start(0x06, 32), lambda: card.retry_status(0x18)):
        try:
            read()
        except (CardError, DataError):
            continue


@pytest.mark.parametrize("answer", ["", "90"])
def test_a_short_answer_is_an_error(scripted: type[ScriptedConnection], answer: str) -> None:
    """An answer without a status word is an ApduError."""
    with pytest.raises(ApduError):
        Iso7816Card(scripted([answer])).send(_READ)


def test_every_status_word_but_9000_is_an_error(scripted: type[ScriptedConnection]) -> None:
    """Of all status words without data, ``send`` accepts 9000 alone; the error has the command's name and the word."""
    for sw in range(0x10000):
        if sw >> 8 in (0x61, 0x6C):
            continue
        card = Iso7816Card(scripted([sw.to_bytes(2)]))
        if sw == 0x9000:
            assert card.send(_READ) == b""
            continue
        with pytest.raises(CardError) as caught:
            card.send(_READ)
        assert (caught.value.command, caught.value.sw) == ("READ BINARY", sw)


@pytest.mark.parametrize(
    ("sw", "kind"),
    [
        (0x6A82, FileNotFoundOnCardError),
        (0x6A83, FileNotFoundOnCardError),
        (0x6982, SecurityStatusError),
        (0x6985, UnexpectedStatusError),
        (0x6F00, UnexpectedStatusError),
    ],
)
def test_kinds_of_error(sw: int, kind: type[JpkiError]) -> None:
    """Missing files and missing PINs have errors of their own; the text is the command and the status word."""
    error = card_error("READ BINARY", sw)
    assert type(error) is kind
    assert str(error) == f"READ BINARY: {sw:04X}"


def test_an_application_is_selected_by_its_whole_name(scripted: type[ScriptedConnection]) -> None:
    """SELECT by DF name has P2 = 0C and no Le (docs/card.md, 3.1)."""
    connection = scripted(["9000", "9000"])
    card = Iso7816Card(connection)
    card.select_df(bytes.fromhex("D392F000260100000001"))
    card.select_ef(0x0018)
    assert connection.sent_hex == ["00A4040C0AD392F000260100000001", "00A4020C020018"]


def test_the_first_select_is_asked_again_after_6f00(scripted: type[ScriptedConnection]) -> None:
    """One card answers 6F00 to the first command after power-up (docs/card.md, section 8): one more attempt."""
    connection = scripted(["6F00", "9000"])
    Iso7816Card(connection).select_df(b"\xd3\x92\xf0")
    assert len(connection.sent) == 2
    assert connection.sent[0] == connection.sent[1]


def test_6f00_twice_is_an_error(scripted: type[ScriptedConnection]) -> None:
    """A second 6F00 is an error, and there is no third attempt."""
    connection = scripted(_endless("6F00"))
    with pytest.raises(UnexpectedStatusError):
        Iso7816Card(connection).select_df(b"\xd3\x92\xf0")
    assert len(connection.sent) == 2


@pytest.mark.parametrize("sw", ["6A82", "6700", "6985"])
def test_other_refusals_of_select_are_not_asked_again(scripted: type[ScriptedConnection], sw: str) -> None:
    """Only 6F00 is worth a second attempt."""
    connection = scripted([sw])
    with pytest.raises(CardError):
        Iso7816Card(connection).select_df(b"\xd3\x92\xf0")
    assert len(connection.sent) == 1


def test_the_transaction_is_the_connections(scripted: type[ScriptedConnection]) -> None:
    """A transaction of the card is one of its connection."""
    connection = scripted([])
    with Iso7816Card(connection).transaction():
        assert connection.events == ["begin"]
    assert connection.events == ["begin", "end"]


def test_a_signature_is_asked_for_as_the_card_does_it(scripted: type[ScriptedConnection]) -> None:
    """COMPUTE DIGITAL SIGNATURE is 80 2A 00 80 with Le 00 (docs/card.md, 3.4); without the PIN it is refused."""
    connection = scripted(["55" * 256 + "9000", "6982"])
    card = Iso7816Card(connection)
    assert card.compute_digital_signature(b"\x30\x00") == b"\x55" * 256
    assert connection.sent_hex == ["802A008002300000"]
    with pytest.raises(SecurityStatusError):
        card.compute_digital_signature(b"\x30\x00")
