"""SELECT, and what lies at the card's top level (docs/card.md, 1.1, 1.6 and 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from contract.conftest import CardUnderTest

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
ISD = "A000000151000000"
APPLICATIONS = {
    "JPKI": JPKI,
    "text": TEXT,
    "visual": "D3921000310001010402",
    "juki": "D3921000310001010401",
    "common": "D3921000310001010100",
    "ISD": ISD,
}
row = pytest.mark.card_md


@row("1.1", "AID of each application", real=True)
@pytest.mark.parametrize("name", APPLICATIONS)
def test_application_is_found_by_its_name(card: CardUnderTest, name: str) -> None:
    """Every application of the family can be selected by its whole name."""
    aid = APPLICATIONS[name]
    assert card.sw(f"00A4040C{len(aid) // 2:02X}{aid}") == 0x9000


@row("1.1", "wrong AIDs in the wild are not there", real=True)
@pytest.mark.parametrize("aid", ["D392F000260100000002", "D392F000260100000003", "A000000277010100"])
def test_wrong_names_are_not_found(card: CardUnderTest, aid: str) -> None:
    """Names that are wrong in other documents answer 6A82."""
    assert card.sw(f"00A4040C{len(aid) // 2:02X}{aid}") == 0x6A82


@row("3.1", "00 A4 04 0C: 9000, no data, no Le", real=True)
def test_select_without_le_answers_no_data(card: CardUnderTest) -> None:
    """SELECT with P2 = 0C answers its status word alone."""
    reply = card.send(f"00A4040C0A{JPKI}")
    assert (reply.data, reply.sw) == (b"", 0x9000)


@row("3.1", "00 A4 04 00 with Le: FCI", real=True)
def test_select_with_le_answers_the_fci(card: CardUnderTest) -> None:
    """SELECT with P2 = 00 and Le answers a template 6F that holds the name."""
    reply = card.send(f"00A404000A{JPKI}00")
    assert reply.sw == 0x9000
    assert reply.data[:1] == b"\x6f"
    assert bytes.fromhex(JPKI) in reply.data


@row("3.1", "00 A4 04 00 with Le: FCI")
def test_fci_does_not_fit_a_small_le(card: CardUnderTest) -> None:
    """SELECT whose Le is too small for the FCI answers 6700 and selects nothing."""
    card.select(JPKI)
    assert card.sw(f"00A404000A{TEXT}01") == 0x6700
    assert card.sw("00A4020C02000A") == 0x9000


@row("1.1", "SELECT by AID prefix, from one byte on", real=True)
@pytest.mark.parametrize("length", range(1, 11))
def test_prefix_selects_the_first_match(card: CardUnderTest, length: int) -> None:
    """Any leading part of a name selects an application."""
    assert card.sw(f"00A4040C{length:02X}{JPKI[: 2 * length]}") == 0x9000


@row("1.1", "SELECT by AID prefix, from one byte on", real=True)
def test_longer_name_matches_nothing(card: CardUnderTest) -> None:
    """A name is not found by more bytes than it has."""
    assert card.sw(f"00A4040C0B{JPKI}00") == 0x6A82


@row("3.1", "00 A4 04 02: next occurrence", real=True)
def test_next_occurrence_steps_through_all(card: CardUnderTest) -> None:
    """P2 = 02 names the applications that begin with D392 one after another, each once, and then 6A82."""
    names = [card.send("00A4040002D39200").data]
    while (reply := card.send("00A4040202D39200")).sw == 0x9000:
        names.append(reply.data)
        assert len(names) < 32
    assert reply.sw == 0x6A82
    assert len(names) == len(set(names)) >= 5


@row("3.1", "00 A4 04 02: next occurrence")
def test_end_of_occurrences_keeps_the_selection(card: CardUnderTest) -> None:
    """When there is no next occurrence, the last one stays selected."""
    card.select(JPKI)
    assert card.sw(f"00A4040E0A{JPKI}") == 0x6A82
    assert card.sw("00A4020C020018") == 0x9000


@row("3.1", "00 A4 04 02: next occurrence")
def test_next_occurrence_begins_with_the_first(card: CardUnderTest) -> None:
    """When the current application does not match, the next occurrence is the first."""
    card.select(JPKI)
    assert card.send("00A4040203D3921000").data == card.send("00A4040003D3921000").data


@row("3.1", "other P2, and names that are too long")
@pytest.mark.parametrize(
    ("apdu", "sw"),
    [("00A404010A" + JPKI, 0x6A86), ("00A404080A" + JPKI, 0x6A86), ("00A4040C11" + JPKI + "00" * 7, 0x6700)],
)
def test_select_of_the_wrong_form(card: CardUnderTest, apdu: str, sw: int) -> None:
    """The last occurrence or an FMD is not known; a name has 16 bytes at most."""
    assert card.sw(apdu) == sw


@row("3.1", "unknown AID: 6A82", real=True)
def test_unknown_application_keeps_the_selection(card: CardUnderTest) -> None:
    """An application that is not there answers 6A82, and the one before stays selected."""
    card.select(JPKI)
    assert card.sw("00A4040009A0000003974254465900") == 0x6A82
    assert card.sw("00A4020C02000A") == 0x9000


@row("3.1", "00 A4 02 0C 02: EF by P1=02 only", real=True)
def test_ef_is_selected_by_its_identifier(card: CardUnderTest) -> None:
    """SELECT with P1 = 02 makes an EF current and answers no data."""
    card.select(JPKI)
    reply = card.send("00A4020C02000A")
    assert (reply.data, reply.sw) == (b"", 0x9000)


@row("3.1", "00 A4 02 0C 02: EF by P1=02 only")
@pytest.mark.parametrize("p1", [0x01, 0x03, 0x08, 0x09, 0xFF])
def test_other_p1_do_not_select(card: CardUnderTest, p1: int) -> None:
    """P1 = 09 and its like answer 6A86."""
    card.select(JPKI)
    assert card.sw(f"00A4{p1:02X}0C02000A") == 0x6A86


@row("3.1", "00 A4 02 0C 02: EF by P1=02 only")
@pytest.mark.parametrize("data", ["", "0A", "00000A"])
def test_ef_identifier_has_two_bytes(card: CardUnderTest, data: str) -> None:
    """An EF identifier of another length than two bytes answers 6700."""
    card.select(JPKI)
    body = f"{len(data) // 2:02X}{data}" if data else ""
    assert card.sw(f"00A4020C{body}") == 0x6700


@row("3.1", "unknown EF, or no application: 6A82", real=True)
def test_unknown_ef(card: CardUnderTest) -> None:
    """An EF that is not there answers 6A82."""
    card.select(JPKI)
    assert card.sw("00A4020C021234") == 0x6A82


@row("3.1", "unknown EF, or no application: 6A82", real=True)
def test_ef_without_application(card: CardUnderTest) -> None:
    """Without an application no EF can be selected."""
    assert card.sw("00A4020C02000A") == 0x6A82


@row("3.1", "00 A4 00 00 cold: 6A86", real=True)
def test_master_file_cold(card: CardUnderTest) -> None:
    """The ISO way to the MF answers 6A86 after power-up."""
    assert card.sw("00A40000") == 0x6A86


@row("3.1", "00 A4 00 00 with an application: 9000 and nothing changes", real=True)
def test_master_file_changes_nothing(card: CardUnderTest) -> None:
    """With an application and EF current it answers 9000, and both stay current."""
    card.select(JPKI, "000A")
    assert card.sw("00A40000") == 0x9000
    assert card.sw("00B0000001") == 0x9000
    assert card.sw("00A4020C020018") == 0x9000


@row("3.1", "00 A4 .. 3F00: 6A82", real=True)
@pytest.mark.parametrize("p1", ["00", "02"])
def test_master_file_by_identifier(card: CardUnderTest, p1: str) -> None:
    """3F00 is not found, with or without an application."""
    assert card.sw(f"00A4{p1}0C023F00") == 0x6A82
    card.select(JPKI)
    assert card.sw(f"00A4{p1}0C023F00") == 0x6A82


@row("3.1", "ISD: back to the power-up state", real=True)
@pytest.mark.parametrize("apdu", ["00A4040000", f"00A4040C08{ISD}", "00A4040C07A0000001510000"])
def test_issuer_security_domain(card: CardUnderTest, apdu: str) -> None:
    """The empty name, the whole and the short name of the ISD bring back the state after power-up."""
    card.select(JPKI, "000A")
    assert card.sw(apdu) == 0x9000
    assert card.sw("00A40000") == 0x6A86
    assert card.sw("00A4020C02000A") == 0x6A82


@row("3.1", "ISD: back to the power-up state")
def test_issuer_security_domain_clears_the_status(card: CardUnderTest) -> None:
    """Selecting the ISD clears what was verified before."""
    assert card.verify(JPKI, "001B", "SIMCARD1") == 0x9000
    assert card.sw("00A4040000") == 0x9000
    card.select(JPKI)
    assert card.read("0001").sw == 0x6982


@row("1.6", "GET DATA at the top level", real=True)
@pytest.mark.parametrize("tag", ["0042", "0045", "00F0", "00F2"])
def test_get_data_without_application(card: CardUnderTest, tag: str) -> None:
    """GET DATA answers objects when no application is selected, and 6A88 when one is."""
    assert card.sw(f"00CA{tag}00") == 0x9000
    card.select(JPKI)
    assert card.sw(f"00CA{tag}00") == 0x6A88


@row("1.6", "GET DATA of an absent object: 6A88", real=True)
def test_get_data_absent(card: CardUnderTest) -> None:
    """An object that is not there answers 6A88."""
    assert card.sw("00CADF3005") == 0x6A88


@row("1.6", "objects over 256 bytes: 6700 to a short Le, extended Le works", real=True)
def test_get_data_of_a_large_object(card: CardUnderTest) -> None:
    """A large object answers 6700 to a short Le, and comes whole with an extended one."""
    assert card.sw("00CA00F800") == 0x6700
    reply = card.send("00CA00F8000000")
    assert (len(reply.data) > 256, reply.sw) == (True, 0x9000)


@row("1.6", "5F51, the contact ATR, with an application selected")
def test_contact_atr_object(card: CardUnderTest) -> None:
    """5F51 holds the contact ATR without TS, and answers with an application selected too."""
    assert card.send("00CA5F5100").data.hex().upper() == "E000FF8131FE4514"
    card.select(JPKI)
    assert card.sw("00CA5F5100") == 0x9000


@row("1.6", "no EF under the MF", real=True)
def test_no_short_identifier_works_without_application(card: CardUnderTest) -> None:
    """No short EF identifier names anything before an application is selected."""
    assert {card.sw(f"00B0{0x80 | sfi:02X}0000") for sfi in range(1, 31)} == {0x6A82}
