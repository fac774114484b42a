"""READ BINARY and READ RECORD (docs/card.md, 3.2 and 3.3), and which files are free (1.2 to 1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from contract.conftest import CardUnderTest

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
VISUAL = "D3921000310001010402"
JUKI = "D3921000310001010401"
COMMON = "D3921000310001010100"
SECRETS = {
    "auth": (JPKI, "0018", "2846"),
    "sign": (JPKI, "001B", "SIMCARD1"),
    "input": (TEXT, "0011", "3957"),
    "text A": (TEXT, "0014", "123456789018"),
    "text B": (TEXT, "0015", "55021720352285"),
    "birth": (VISUAL, "0011", "550217"),
    "visual B": (VISUAL, "0012", "55021720352285"),
    "visual A": (VISUAL, "0013", "123456789018"),
}
# Which secrets open a file (docs/card.md, 1.2 to 1.4); whether text B opens text 0003 is contradiction 15.
OPENED_BY = {
    (JPKI, "0001"): {"sign"},
    (JPKI, "0009"): set(),
    (TEXT, "0001"): {"input", "text A"},
    (TEXT, "0002"): {"input", "text B"},
    (TEXT, "0003"): {"input", "text A", "text B"},
    (TEXT, "0006"): {"input", "text A", "text B"},
    (TEXT, "0007"): {"input", "text A", "text B"},
    (VISUAL, "0001"): {"birth"},
    (VISUAL, "0002"): {"visual B", "visual A"},
    (VISUAL, "0005"): {"visual A"},
    (VISUAL, "0006"): {"visual B", "visual A"},
}
FREE = [(JPKI, ef) for ef in ("0002", "0006", "0008", "000A", "000B")]
FREE += [(TEXT, "0004"), (TEXT, "0005"), (VISUAL, "0003"), (VISUAL, "0004")]
row = pytest.mark.card_md


@row("1.2", "which files are free", real=True)
@pytest.mark.parametrize(("aid", "ef"), FREE)
def test_free_files(card: CardUnderTest, aid: str, ef: str) -> None:
    """Certificates of the CA and of authentication, and what describes the card, are read without a secret."""
    card.select(aid)
    reply = card.read(ef)
    assert (reply.sw, reply.data != b"") == (0x9000, True)


@row("3.2", "missing credential: 6982 at the READ, not at SELECT", real=True)
@pytest.mark.parametrize(("aid", "ef"), [key for key in OPENED_BY if key != (VISUAL, "0006")])
def test_protected_files(card: CardUnderTest, aid: str, ef: str) -> None:
    """A protected file can be selected, and reading it answers 6982."""
    card.select(aid, ef)
    assert card.sw("00B0000000") == 0x6982


@row("2.1", "what each secret opens")
@pytest.mark.parametrize(("aid", "ef"), OPENED_BY)
@pytest.mark.parametrize("name", SECRETS)
def test_secrets_open_their_files_only(card: CardUnderTest, aid: str, ef: str, name: str) -> None:
    """Each secret opens the files of its row, and no other."""
    df, ief, value = SECRETS[name]
    assert card.verify(df, ief, value) == 0x9000
    card.select(aid)
    assert card.read(ef).sw == (0x9000 if name in OPENED_BY[aid, ef] else 0x6982)


@row("1.2", "EF 0006 begins with a space-padded token string", real=True)
def test_token_string(card: CardUnderTest) -> None:
    """The token string of a plastic card is JPKIAPICCTOKEN2, padded with spaces, in a file of 160 bytes."""
    card.select(JPKI)
    data = card.read("0006").data
    assert (data[:32], len(data)) == (b"JPKIAPICCTOKEN2".ljust(32), 160)


@row("1.2", "EF 0008 has three bytes", real=True)
def test_certificate_flags(card: CardUnderTest) -> None:
    """The flags that tell which certificates are present take three bytes."""
    card.select(JPKI)
    assert len(card.read("0008").data) == 3


@row("1.3", "EF 0001 has 17 bytes, two of them filler")
def test_my_number_file(card: CardUnderTest) -> None:
    """The My Number file is FF 10 0C, twelve digits and two FF."""
    assert card.verify(TEXT, "0011", "3957") == 0x9000
    data = card.read("0001").data
    assert (data[:3].hex(), data[3:15].isdigit(), data[15:], len(data)) == ("ff100c", True, b"\xff\xff", 17)


@row("3.2", "Le=00 returns up to 256", real=True)
def test_le_00_is_256(card: CardUnderTest) -> None:
    """Le = 00 asks for 256 bytes."""
    card.select(JPKI)
    assert len(card.read("000A").data) == 256


@row("3.2", "15-bit offset", real=True)
def test_offset_in_p1_p2(card: CardUnderTest) -> None:
    """P1-P2 is the offset, its high byte in P1."""
    card.select(JPKI, "000A")
    whole = card.send("00B0000000").data + card.send("00B0010000").data
    assert card.send("00B000F020").data == whole[0xF0:0x110]


@row("3.2", "asking for more than is left: short answer with 9000", real=True)
def test_short_answer_at_the_end(card: CardUnderTest) -> None:
    """More bytes than are left gives what is left, with 9000."""
    card.select(JPKI, "0008")
    reply = card.send("00B0000100")
    assert (len(reply.data), reply.sw) == (2, 0x9000)


@row("3.2", "offset past the end: 6B00", real=True)
@pytest.mark.parametrize("offset", ["0003", "0100", "7FFF"])
def test_offset_past_the_end(card: CardUnderTest, offset: str) -> None:
    """An offset at or past the end answers 6B00."""
    card.select(JPKI, "0008")
    assert card.sw(f"00B0{offset}00") == 0x6B00


@row("3.2", "P1 bit 8: short EF identifier, the EF becomes current", real=True)
def test_short_identifier_makes_the_file_current(card: CardUnderTest) -> None:
    """READ BINARY with a short EF identifier reads from an 8-bit offset, and the next READ needs none."""
    card.select(JPKI)
    first = card.send("00B0860210").data
    assert card.send("00B0000210").data == first != b""


@row("3.2", "P1 bit 8: short EF identifier, the EF becomes current", real=True)
@pytest.mark.parametrize(("p1", "sw"), [("80", 0x6A86), ("9F", 0x6A86), ("A6", 0x6A86), ("C6", 0x6A86), ("9D", 0x6A82)])
def test_bad_short_identifiers(card: CardUnderTest, p1: str, sw: int) -> None:
    """00000, 11111 and set upper bits are no short EF identifiers; one without a file is not found."""
    card.select(JPKI)
    assert card.sw(f"00B0{p1}0000") == sw


@row("3.2", "a refused short identifier does not become current")
def test_refused_short_identifier_changes_nothing(card: CardUnderTest) -> None:
    """A READ that is refused leaves the current file as it was."""
    card.select(JPKI, "0008")
    assert card.sw("00B0810000") == 0x6982
    assert card.sw("00B0980000") == 0x6981
    assert card.send("00B0000000").data.hex() == "8f8f00"


@row("3.2", "IEF or record file: 6981", real=True)
@pytest.mark.parametrize(("aid", "ef"), [(JPKI, "0017"), (JPKI, "0018"), (COMMON, "0001")])
def test_read_binary_of_other_structures(card: CardUnderTest, aid: str, ef: str) -> None:
    """READ BINARY of a key, a PIN or a record file answers 6981."""
    card.select(aid, ef)
    assert card.sw("00B0000000") == 0x6981


@row("3.2", "no current EF: 6986", real=True)
def test_read_without_file(card: CardUnderTest) -> None:
    """READ BINARY without a current EF answers 6986, with or without an application."""
    assert card.sw("00B0000000") == 0x6986
    card.select(JPKI)
    assert card.sw("00B0000000") == 0x6986


@row("3.2", "no current EF: 6986", real=True)
def test_selecting_an_application_drops_the_file(card: CardUnderTest) -> None:
    """After an application is selected again, no EF is current."""
    card.select(JPKI, "000A")
    card.select(JPKI)
    assert card.sw("00B0000000") == 0x6986


@row("3.2", "extended Le reads a whole certificate at once", real=True)
def test_extended_le(card: CardUnderTest) -> None:
    """One READ with an extended Le gives the whole certificate."""
    card.select(JPKI)
    head = card.read("000A").data
    size = 4 + int.from_bytes(head[2:4])
    reply = card.send(f"00B0000000{size:04X}")
    assert (len(reply.data), reply.sw, reply.data[:256]) == (size, 0x9000, head)
    assert card.send("00B00000000000").data[:size] == reply.data


@row("3.2", "Le is needed, data is not", real=True)
@pytest.mark.parametrize("apdu", ["00B00000", "00B000000100", "00B0000001FF00"])
def test_read_with_a_wrong_body(card: CardUnderTest, apdu: str) -> None:
    """READ BINARY without Le or with data answers 6700."""
    card.select(JPKI, "0008")
    assert card.sw(apdu) == 0x6700


@row("3.3", "00 B2 rec 04: record of the current EF", real=True)
def test_record_of_the_current_file(card: CardUnderTest) -> None:
    """Record 1 of common 0001 is 01 1C and 28 digits."""
    card.select(COMMON, "0001")
    reply = card.send("00B2010400")
    assert (reply.data[:2].hex(), reply.data[2:].isdigit(), len(reply.data), reply.sw) == ("011c", True, 30, 0x9000)


@row("3.3", "00 B2 rec SFI<<3|4: record by short identifier", real=True)
def test_record_by_short_identifier(card: CardUnderTest) -> None:
    """READ RECORD with a short EF identifier gives the same record, and makes the file current."""
    card.select(COMMON)
    reply = card.send("00B2010C00")
    assert (len(reply.data), reply.sw) == (30, 0x9000)
    assert card.send("00B2010400") == reply


@row("3.3", "00 B2 rec 05: several records, 6A81", real=True)
@pytest.mark.parametrize("p2", ["05", "0D"])
def test_several_records(card: CardUnderTest, p2: str) -> None:
    """Several records at once are not provided."""
    card.select(COMMON, "0001")
    assert card.sw(f"00B201{p2}00") == 0x6A81


@row("3.3", "missing record: 6A83", real=True)
@pytest.mark.parametrize("record", ["00", "FF"])
def test_missing_record(card: CardUnderTest, record: str) -> None:
    """A record that is not there answers 6A83."""
    card.select(COMMON, "0001")
    assert card.sw(f"00B2{record}0400") == 0x6A83


@row("3.3", "no record file, no current EF", real=True)
def test_record_of_another_structure(card: CardUnderTest) -> None:
    """READ RECORD of a transparent EF answers 6981, without an EF 6986, of a file that is not there 6A82."""
    card.select(JPKI)
    assert card.sw("00B2010400") == 0x6986
    assert card.sw("00B201EC00") == 0x6A82
    card.select(JPKI, "000A")
    assert card.sw("00B2010400") == 0x6981


@row("1.5", "juki and common 0002 hold the same key reference", real=True)
def test_key_references(card: CardUnderTest) -> None:
    """EF 0002 of the juki and of the common application hold the same record."""
    card.select(JUKI, "0002")
    juki = card.send("00B2010400")
    card.select(COMMON, "0002")
    assert card.send("00B2010400") == juki
