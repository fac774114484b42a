"""The suggested profile, line by line, and every status word (docs/card.md, sections 4 and 9)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jpki_sim.card import CONTACT_ATR, CONTACTLESS_ATR, Settings, SimulatedCard, SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.conftest import CardUnderTest
    from jpki_sim.card import CardImage

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
VISUAL = "D3921000310001010402"
JUKI = "D3921000310001010401"
COMMON = "D3921000310001010100"
SELECT = "00A4040C0A"
HASH = "20" + "00" * 32 + "00"
WRONG_AUTH = "002000980430303030"
WRONG_SIGN = "0020009B0857524F4E475057" + "31"
# Status word: APDUs, the last of which answers it on a card just powered up, and whether a real card may be asked.
STATUS_WORDS: dict[str, tuple[list[str], bool]] = {
    "9000": ([SELECT + JPKI], True),
    "63Cx": ([SELECT + JPKI, "00200098"], True),
    "63C0": ([SELECT + JPKI, WRONG_AUTH, WRONG_AUTH, WRONG_AUTH], False),
    "66F1": ([SELECT + VISUAL, "80AE00000101"], False),
    "6700": ([SELECT + JPKI, "0020009800"], True),
    "6881": (["01A4040C0A" + JPKI], True),
    "6882": (["0CA4040C0A" + JPKI], True),
    "6981": ([SELECT + JPKI, "00A4020C020018", "00B0000000"], True),
    "6982": ([SELECT + JPKI, "00A4020C020001", "00B0000000"], True),
    "6984": ([SELECT + JPKI, WRONG_AUTH, WRONG_AUTH, WRONG_AUTH, WRONG_AUTH], False),
    "6985": (["00840000000100"], True),
    "6986": ([SELECT + JPKI, "00B0000000"], True),
    "69FC": (["0CB0000000"], True),
    "6A80": ([SELECT + TEXT, "002000910433393537", "80AE00000101"], False),
    "6A81": ([SELECT + COMMON, "00B2010D00"], True),
    "6A82": ([SELECT + JPKI[:-2] + "02"], True),
    "6A83": ([SELECT + COMMON, "00B2FF0C00"], True),
    "6A86": (["00A40000"], True),
    "6A88": (["00CADF3005"], True),
    "6B00": ([SELECT + JPKI, "00A4020C020008", "00B0000300"], True),
    "6D00": ([SELECT + JPKI, "00FE0000"], True),
    "6E00": ([SELECT + JPKI, "F0B0000000"], True),
}
# Warnings and errors of secure messaging that the card has no occasion for, and what only staged faults send.
NEVER_SENT = {"6281", "6987", "6988", "61xx", "6Cxx"}
row = pytest.mark.card_md


@pytest.mark.parametrize(
    "expected", [pytest.param(sw, marks=row("4", sw, real=real)) for sw, (_, real) in STATUS_WORDS.items()]
)
def test_status_word(card: CardUnderTest, expected: str) -> None:
    """Each status word of the table is answered where the table says."""
    apdus, _ = STATUS_WORDS[expected]
    found = f"{card.sw(*apdus):04X}"
    assert found[: -expected.count("x") or None] == expected.rstrip("x")


@row("4", "6282 where the settings say so")
def test_end_of_file_warning(make_card: Callable[[Settings], CardUnderTest]) -> None:
    """A card may warn with 6282 where another ends a short answer with 9000."""
    card = make_card(Settings(end_of_file="6282"))
    card.select(JPKI, "0008")
    reply = card.send("00B0000000")
    assert (len(reply.data), reply.sw, card.sw("00B0000003")) == (3, 0x6282, 0x9000)


@row("4", "6983 where the settings say so")
def test_blocked_with_6983(make_card: Callable[[Settings], CardUnderTest]) -> None:
    """A card may answer 6983 for a blocked PIN, as some clients expect."""
    card = make_card(Settings(verify_blocked="6983", status_blocked="6983"))
    card.select(JPKI)
    assert card.sw(WRONG_AUTH, WRONG_AUTH, WRONG_AUTH, WRONG_AUTH) == 0x6983
    assert card.sw("00200098") == 0x6983


@row("4", "6F00 where the settings say so")
def test_first_command_after_power_up(make_card: Callable[[Settings], CardUnderTest]) -> None:
    """A card may answer its first command after power-up with 6F00, whatever it is, and execute nothing."""
    card = make_card(Settings(first_command_6f00=True))
    assert card.sw(SELECT + JPKI) == 0x6F00
    assert card.sw("00A4020C02000A") == 0x6A82
    assert card.sw(SELECT + JPKI) == 0x9000


@row("4", "6300: unlimited key")
def test_key_without_limit(card: CardUnderTest) -> None:
    """A key without limit answers 6300, asked or given a wrong value, and never blocks."""
    assert card.simulated is not None
    card.simulated.image.reference_data()["auth"].retry_limit = None
    card.select(JPKI)
    assert {card.sw("00200098"), *(card.sw(WRONG_AUTH) for _ in range(20))} == {0x6300}
    assert card.sw("002000980432383436") == 0x9000


def test_every_status_word_of_the_document_has_a_test() -> None:
    """The table of status words names none that is neither tested here nor known to be never sent."""
    text = (Path(__file__).parents[2] / "docs" / "card.md").read_text(encoding="utf-8")
    table = text.partition("\n## 4. ")[2].partition("\n## 5. ")[0]
    named = {word for line in table.splitlines() for word in re.findall(r"\b[69][0-9A-F][0-9A-Fx]{2}\b", line[:24])}
    assert len(named) > 25
    assert named == {*STATUS_WORDS, "6282", "6300", "6983", "6F00", *NEVER_SENT}


@row("9", "1 power-up: ISD current; unknown AID 6A82; prefix match from one byte", real=True)
def test_line_1(card: CardUnderTest) -> None:
    """After power-up nothing but the ISD is selected; one byte of a name is enough."""
    assert card.sw("00A40000") == 0x6A86
    assert card.sw("00A404000CF276A288BCFBA69D34F3100100") == 0x6A82
    assert card.sw("00A4040C01D3") == 0x9000


@row("9", "2 P2=0C: no data even if an Le comes; EF by P1=02 only", real=True)
def test_line_2(card: CardUnderTest) -> None:
    """P2 = 0C never answers data."""
    assert card.send(f"{SELECT}{JPKI}00").data == b""
    assert card.send("00A4020C02000A00").data == b""
    assert card.sw("00A4090C02000A") == 0x6A86


@row("9", "3 empty VERIFY: 63Cx; 5 bytes: 6700", real=True)
def test_line_3(card: CardUnderTest) -> None:
    """Four bytes ask for the counter, five are of the wrong length."""
    assert card.status(JPKI, "0018") & 0xFFF0 == 0x63C0
    assert card.sw("0020008000") == 0x6700


@row("9", "4 VERIFY: 9000, 63Cx, 63C0, 6984; exact comparison")
def test_line_4(card: CardUnderTest) -> None:
    """All answers that a VERIFY can have."""
    card.select(JPKI)
    answers = [card.sw("0020009B0853494D4341524431"), *(card.sw(WRONG_SIGN) for _ in range(6))]
    assert answers == [0x9000, 0x63C4, 0x63C3, 0x63C2, 0x63C1, 0x63C0, 0x6984]


@row("9", "5 00 24 01 80: verified and current; other P1 6A86; 00 2C 6D00")
def test_line_5(card: CardUnderTest) -> None:
    """A change needs the verified IEF current."""
    card.select(JPKI, "0018")
    assert card.sw("002401800431333537") == 0x6982
    assert card.sw("002400800431333537") == 0x6A86
    assert card.sw("002C0180") == 0x6D00


@row("9", "6 READ: 9000 at EOF, 6B00, 6982, 6981, 6986, SFI form, extended Le", real=True)
def test_line_6(card: CardUnderTest) -> None:
    """All answers that a READ can have."""
    card.select(JPKI)
    apdus = ["00B0000000", "00B0880000", "00B0000300", "00B0810000", "00B0980000", "00B00000000100"]
    assert [card.sw(apdu) for apdu in apdus] == [0x6986, 0x9000, 0x6B00, 0x6982, 0x6981, 0x9000]


@row("9", "7 80 2A: P1 00-05, P2 80 or 80|SFI; 256 bytes")
def test_line_7(card: CardUnderTest) -> None:
    """Every scheme answers 256 bytes, by either way to name the key."""
    assert card.verify(JPKI, "0018", "2846") == 0x9000
    assert card.sw("00A4020C020017") == 0x9000
    sizes = {len(card.send(f"802A{p1:02X}{p2}{HASH}").data) for p1 in range(6) for p2 in ("80", "97")}
    assert sizes == {256}


@row("9", "8 status per AP; other AP clears; same AP keeps; UNPOWER clears; RESET configurable")
def test_line_8(card: CardUnderTest) -> None:
    """Another application clears, the same one keeps."""
    assert card.verify(JPKI, "001B", "SIMCARD1") == 0x9000
    assert card.sw(SELECT + JPKI, "00B0810001") == 0x9000
    assert card.sw(SELECT + TEXT, SELECT + JPKI, "00B0810001") == 0x6982


@row("9", "9 counters 3/3/5/3 and 10 for A and B")
def test_line_9(card: CardUnderTest) -> None:
    """The numbers of tries of a new card."""
    files = [(JPKI, "0018"), (TEXT, "0011"), (JPKI, "001B"), (JUKI, "001C"), (COMMON, "001C")]
    files += [(TEXT, "0014"), (TEXT, "0015"), (VISUAL, "0012"), (VISUAL, "0013")]
    found = [card.status(aid, ef) & 0xF for aid, ef in files]
    assert found == [3, 3, 5, 3, 3, 10, 10, 10, 10]


@row("9", "10 ATR contactless by default, contact as option")
def test_line_10(make_image: Callable[[], CardImage]) -> None:
    """The default ATR is contactless; another can be given."""
    assert SimulatedConnection(SimulatedCard(make_image())).atr == CONTACTLESS_ATR
    assert SimulatedConnection(SimulatedCard(make_image(), atr=CONTACT_ATR)).atr == CONTACT_ATR


@row("9", "11 EF 0006 160 bytes, EF 0008 8F8F00, text EF 0001 17 bytes")
def test_line_11(card: CardUnderTest) -> None:
    """Sizes of the files that clients take for granted."""
    card.select(JPKI)
    assert (len(card.read("0006").data), card.read("0008").data.hex()) == (160, "8f8f00")
    assert card.verify(TEXT, "0011", "3957") == 0x9000
    assert card.read("0001").data[-2:] == b"\xff\xff"
