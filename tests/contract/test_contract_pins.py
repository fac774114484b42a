"""VERIFY, retry counters, changing and unblocking (docs/card.md, section 2)."""

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
# application, IEF, value, tries, a wrong value of the same length
SECRETS = {
    "利用者証明用 PIN": (JPKI, "0018", "2846", 3),
    "署名用 password": (JPKI, "001B", "SIMCARD1", 5),
    "券面事項入力補助用 PIN": (TEXT, "0011", "3957", 3),
    "住民基本台帳用 PIN (juki)": (JUKI, "001C", "4068", 3),
    "住民基本台帳用 PIN (common)": (COMMON, "001C", "4068", 3),
    "照合番号A (text)": (TEXT, "0014", "123456789018", 10),
    "照合番号A (visual)": (VISUAL, "0013", "123456789018", 10),
    "照合番号B (text)": (TEXT, "0015", "55021720352285", 10),
    "照合番号B (visual)": (VISUAL, "0012", "55021720352285", 10),
    "生年月日": (VISUAL, "0011", "550217", 10),
}
ISO_CHANGE = ["利用者証明用 PIN", "署名用 password", "券面事項入力補助用 PIN"]
JICSAP_CHANGE = ["住民基本台帳用 PIN (juki)", "住民基本台帳用 PIN (common)"]
row = pytest.mark.card_md


def wrong(value: str) -> str:
    """Another value of the same length and alphabet."""
    return ("0" if value[0] != "0" else "1") + value[1:]


def hex_body(value: str) -> str:
    """Lc and data."""
    return f"{len(value):02X}{value.encode().hex()}"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=row("2.1", f"{name}: where, format, tries")) for name in SECRETS]
)
def test_secret_and_its_tries(card: CardUnderTest, name: str) -> None:
    """Each secret lies where the table says, counts down from its number of tries, and its value is accepted."""
    aid, ef, value, tries = SECRETS[name]
    assert card.status(aid, ef) == 0x63C0 + tries
    assert card.verify(aid, ef, wrong(value)) == 0x63C0 + tries - 1
    assert card.verify(aid, ef, value) == 0x9000
    assert card.status(aid, ef) == 0x63C0 + tries


@row("2.1", "A and B have separate counters per application")
@pytest.mark.parametrize(("mine", "other"), [("(text)", "(visual)"), ("(visual)", "(text)")])
@pytest.mark.parametrize("letter", ["A", "B"])
def test_counters_are_separate(card: CardUnderTest, letter: str, mine: str, other: str) -> None:
    """A wrong 照合番号 in one application costs no try in the other."""
    aid, ef, value, _ = SECRETS[f"照合番号{letter} {mine}"]
    assert card.verify(aid, ef, wrong(value)) == 0x63C9
    assert card.status(*SECRETS[f"照合番号{letter} {other}"][:2]) == 0x63CA


@row("2.2", "VERIFY of the current EF with P2=80")
def test_verify_the_current_file(card: CardUnderTest) -> None:
    """P2 = 80 means the IEF that was selected."""
    card.select(JPKI, "0018")
    assert card.sw("00200080" + hex_body("2846")) == 0x9000


@row("2.2", "VERIFY with P2=80|SFI, without SELECT")
@pytest.mark.parametrize(("p2", "value"), [("98", "2846"), ("9B", "SIMCARD1")])
def test_verify_by_short_identifier(card: CardUnderTest, p2: str, value: str) -> None:
    """P2 = 80 with a short EF identifier names the IEF, which becomes current."""
    card.select(JPKI)
    assert card.sw(f"002000{p2}" + hex_body(value)) == 0x9000
    assert card.sw("00200080" + hex_body(value)) == 0x9000


@row("2.2", "other P1-P2: 6A86", real=True)
@pytest.mark.parametrize("p1p2", ["0100", "0180", "0000", "0018", "00C0", "009F"])
def test_verify_with_other_parameters(card: CardUnderTest, p1p2: str) -> None:
    """P1 other than 00, and P2 that names no IEF, answer 6A86 to an empty VERIFY."""
    card.select(JPKI, "0018")
    assert card.sw(f"0020{p1p2}") == 0x6A86


@row("2.2", "values are compared byte for byte, case included")
@pytest.mark.parametrize("value", ["simcard1", "SIMCARD1 ", "SIMCARD", "SIMCARD1\0", "\xff" * 8])
def test_comparison_is_exact(card: CardUnderTest, value: str) -> None:
    """A value that differs in case, length or padding costs a try."""
    card.select(JPKI, "001B")
    body = value.encode("latin-1").hex()
    assert card.sw(f"00200080{len(body) // 2:02X}{body}") == 0x63C4


@row("2.3", "empty VERIFY of four bytes: 63Cx, nothing consumed", real=True)
@pytest.mark.parametrize(("aid", "ef"), [(JPKI, "0018"), (JPKI, "001B"), (TEXT, "0011"), (VISUAL, "0012")])
def test_empty_verify_consumes_nothing(card: CardUnderTest, aid: str, ef: str) -> None:
    """Asking for the counter many times does not change it."""
    first = card.status(aid, ef)
    assert first & 0xFFF0 == 0x63C0
    assert {card.sw("00200080") for _ in range(20)} == {first}


@row("2.3", "empty VERIFY with P2=80|SFI", real=True)
def test_empty_verify_by_short_identifier(card: CardUnderTest) -> None:
    """The counter can be asked for without a SELECT of the IEF."""
    direct = card.status(JPKI, "0018")
    card.select(JPKI)
    assert card.sw("00200098") == direct


@row("2.3", "empty VERIFY of five bytes: 6700", real=True)
@pytest.mark.parametrize("body", ["00", "000000"])
def test_empty_verify_with_le(card: CardUnderTest, body: str) -> None:
    """A VERIFY without data but with Le answers 6700 and consumes nothing."""
    before = card.status(JPKI, "0018")
    assert card.sw(f"00200080{body}") == 0x6700
    assert card.sw("00200080") == before


@row("2.3", "empty VERIFY of five bytes: 6700")
@pytest.mark.parametrize("body", ["01", "10", "FF", "000010"])
def test_empty_verify_with_another_le(card: CardUnderTest, body: str) -> None:
    """Any other Le is refused alike; a reader with T=0 might take it for Lc, so no real card is asked."""
    card.select(JPKI, "0018")
    assert card.sw(f"00200080{body}", "00200080") == 0x63C3


@row("2.3", "after a right VERIFY: still 63Cx with the maximum")
def test_empty_verify_after_success(card: CardUnderTest) -> None:
    """The counter is told even while the PIN is verified, and asking does not end that."""
    assert card.verify(JPKI, "001B", "SIMCARD1") == 0x9000
    assert card.sw("00200080") == 0x63C5
    assert card.read("0001").sw == 0x9000


@row("2.3", "blocked: 63C0")
def test_empty_verify_when_blocked(card: CardUnderTest) -> None:
    """A blocked PIN answers 63C0 to an empty VERIFY."""
    for _ in range(3):
        card.verify(JPKI, "0018", "0000")
    assert card.status(JPKI, "0018") == 0x63C0


@row("2.3", "blocked as issued: 63C0 and 6984")
def test_key_blocked_as_issued(card: CardUnderTest) -> None:
    """Text 0012 is blocked from the factory."""
    assert card.status(TEXT, "0012") == 0x63C0
    assert card.verify(TEXT, "0012", "0000") == 0x6984


@row("2.4", "right: 9000, counter back to the maximum")
def test_right_value_restores_the_counter(card: CardUnderTest) -> None:
    """A right value sets the counter back."""
    card.verify(JPKI, "001B", "WRONGPW1")
    assert card.verify(JPKI, "001B", "WRONGPW1") == 0x63C3
    assert card.verify(JPKI, "001B", "SIMCARD1") == 0x9000
    assert card.sw("00200080") == 0x63C5


@row("2.4", "wrong: 63Cx")
@row("2.4", "wrong on the last try: 63C0")
@pytest.mark.parametrize("name", SECRETS)
def test_wrong_values_count_down(card: CardUnderTest, name: str) -> None:
    """Each wrong value takes one try, and the last one leaves 63C0."""
    aid, ef, value, tries = SECRETS[name]
    seen = [card.verify(aid, ef, wrong(value)) for _ in range(tries)]
    assert seen == [0x63C0 + left for left in range(tries - 1, -1, -1)]


@row("2.4", "already blocked: 6984, even for the right value")
@pytest.mark.parametrize("name", SECRETS)
def test_blocked_stays_blocked(card: CardUnderTest, name: str) -> None:
    """A blocked secret refuses the right value too, with 6984, and stays at no tries."""
    aid, ef, value, tries = SECRETS[name]
    for _ in range(tries):
        card.verify(aid, ef, wrong(value))
    assert card.verify(aid, ef, value) == 0x6984
    assert card.verify(aid, ef, wrong(value)) == 0x6984
    assert card.status(aid, ef) == 0x63C0


@row("2.4", "data length 0 with Lc present, or Le present: 6700")
@pytest.mark.parametrize("body", ["00", "0432383436FF", "0000043238343600", "00000432383436FFFF"])
def test_verify_of_the_wrong_form(card: CardUnderTest, body: str) -> None:
    """A VERIFY with Le, or whose lengths disagree, answers 6700 and costs no try."""
    card.select(JPKI, "0018")
    assert card.sw(f"00200080{body}") == 0x6700
    assert card.sw("00200080") == 0x63C3


@row("2.4", "no IEF selected: 6986", real=True)
def test_verify_without_file(card: CardUnderTest) -> None:
    """An empty VERIFY without a current EF answers 6986, with a missing one 6A82."""
    assert card.sw("00200080") == 0x6986
    assert card.sw("00200098") == 0x6A82
    card.select(JPKI)
    assert card.sw("00200080") == 0x6986
    assert card.sw("0020009D") == 0x6A82


@row("2.4", "EF is not a key: 6981", real=True)
@pytest.mark.parametrize(("aid", "ef"), [(JPKI, "000A"), (COMMON, "0001")])
def test_verify_of_a_data_file(card: CardUnderTest, aid: str, ef: str) -> None:
    """An empty VERIFY of a file that is no key answers 6981."""
    assert card.status(aid, ef) == 0x6981


@row("2.4", "EF is not a key: 6981")
def test_verify_of_a_private_key(card: CardUnderTest) -> None:
    """A private key takes no VERIFY."""
    assert card.status(JPKI, "0017") == 0x6981
    assert card.verify(JPKI, "0017", "2846") == 0x6981


@row("2.4", "a value of the wrong length costs a try")
@pytest.mark.parametrize("value", ["284", "28460", "2" * 255])
def test_wrong_length_costs_a_try(card: CardUnderTest, value: str) -> None:
    """A value of another length is a wrong value."""
    assert card.verify(JPKI, "0018", value) == 0x63C2


@row("2.5", "00 24 01 80 with the new value alone")
@pytest.mark.parametrize("name", ISO_CHANGE)
def test_change(card: CardUnderTest, name: str) -> None:
    """After VERIFY the PIN is replaced at once, and the old value is wrong from then on."""
    aid, ef, value, tries = SECRETS[name]
    new = wrong(value)
    assert card.verify(aid, ef, value) == 0x9000
    assert card.sw("00240180" + hex_body(new)) == 0x9000
    assert card.verify(aid, ef, value) == 0x63C0 + tries - 1
    assert card.verify(aid, ef, new) == 0x9000


@row("2.5", "80 32 00 80 for juki and common")
@pytest.mark.parametrize("name", JICSAP_CHANGE)
def test_change_key(card: CardUnderTest, name: str) -> None:
    """The juki and common PINs are replaced with CHANGE KEY."""
    aid, ef, value, _ = SECRETS[name]
    assert card.verify(aid, ef, value) == 0x9000
    assert card.sw("80320080" + hex_body("1357")) == 0x9000
    assert card.verify(aid, ef, "1357") == 0x9000


@row("2.5", "each secret has its own way to be changed")
@pytest.mark.parametrize(
    ("name", "header"),
    [
        *((name, "80320080") for name in ISO_CHANGE),
        *((name, "00240180") for name in JICSAP_CHANGE),
        ("照合番号A (text)", "00240180"),
        ("生年月日", "80320080"),
    ],
)
def test_change_the_other_way(card: CardUnderTest, name: str, header: str) -> None:
    """The other command, or either for a secret that the holder cannot change, answers 6982."""
    aid, ef, value, _ = SECRETS[name]
    assert card.verify(aid, ef, value) == 0x9000
    assert card.sw(header + hex_body(wrong(value))) == 0x6982
    assert card.verify(aid, ef, value) == 0x9000


@row("2.5", "the IEF must be verified")
@pytest.mark.parametrize("name", ISO_CHANGE)
def test_change_without_verify(card: CardUnderTest, name: str) -> None:
    """Without VERIFY nothing is changed: 6982."""
    aid, ef, value, _ = SECRETS[name]
    card.select(aid, ef)
    assert card.sw("00240180" + hex_body(wrong(value))) == 0x6982
    assert card.verify(aid, ef, value) == 0x9000


@row("2.5", "the IEF must be current")
def test_change_of_another_file(card: CardUnderTest) -> None:
    """A verified PIN cannot be changed while another file is current, nor another PIN in its place."""
    assert card.verify(JPKI, "0018", "2846") == 0x9000
    assert card.sw("00A4020C02001B", "00240180" + hex_body("NEWPASS1")) == 0x6982
    assert card.sw("00A4020C02000A", "00240180" + hex_body("1357")) == 0x6981
    assert card.verify(JPKI, "001B", "SIMCARD1") == 0x9000


@row("2.5", "the IEF must be current")
def test_change_without_file(card: CardUnderTest) -> None:
    """Without a current EF the change answers 6986."""
    card.select(JPKI)
    assert card.sw("00240180" + hex_body("1357")) == 0x6986


@row("2.5", "P1=00 with old and new value: 6A86")
@pytest.mark.parametrize("p1p2", ["0080", "0280", "0100", "0198"])
def test_change_with_other_parameters(card: CardUnderTest, p1p2: str) -> None:
    """Only P1 = 01 and P2 = 80 change a PIN."""
    assert card.verify(JPKI, "0018", "2846") == 0x9000
    assert card.sw(f"0024{p1p2}" + hex_body("28461357")) == 0x6A86
    assert card.verify(JPKI, "0018", "2846") == 0x9000


@row("2.5", "CHANGE KEY with other P1-P2: 6A86")
@pytest.mark.parametrize("p1p2", ["0180", "0000", "009C"])
def test_change_key_with_other_parameters(card: CardUnderTest, p1p2: str) -> None:
    """Only P1 = 00 and P2 = 80 change a PIN of the juki application."""
    assert card.verify(JUKI, "001C", "4068") == 0x9000
    assert card.sw(f"8032{p1p2}" + hex_body("1357")) == 0x6A86


@row("2.5", "bad new value: 6A80")
@pytest.mark.parametrize(
    ("ef", "value", "new"),
    [
        *(("0018", "2846", new) for new in ("135", "13579", "135A")),
        *(("001B", "SIMCARD1", new) for new in ("NEW12", "A" * 17, "newpass1", "NEW-PASS")),
    ],
)
def test_bad_new_value(card: CardUnderTest, ef: str, value: str, new: str) -> None:
    """A new value of the wrong length or alphabet is refused, and the old one stays."""
    assert card.verify(JPKI, ef, value) == 0x9000
    assert card.sw("00240180" + hex_body(new)) == 0x6A80
    assert card.verify(JPKI, ef, value) == 0x9000


@row("2.5", "no data: 6700")
@pytest.mark.parametrize("body", ["", "00", "043133353700"])
def test_change_of_the_wrong_form(card: CardUnderTest, body: str) -> None:
    """A change without data or with Le answers 6700."""
    assert card.verify(JPKI, "0018", "2846") == 0x9000
    assert card.sw(f"00240180{body}") == 0x6700


@row("2.6", "RESET RETRY COUNTER: 6D00")
@pytest.mark.parametrize("apdu", ["002C0080", "002C0380", "002C00800431323334"])
def test_reset_retry_counter(card: CardUnderTest, apdu: str) -> None:
    """There is no PUK: RESET RETRY COUNTER is not known."""
    card.select(JPKI, "0018")
    assert card.sw(apdu) == 0x6D00


@row("2.6", "UNLOCK KEY 80 54 needs the issuer")
def test_unlock_key(card: CardUnderTest) -> None:
    """UNLOCK KEY answers 6982 to anybody but the issuer."""
    card.select(JPKI, "0018")
    assert card.sw("80540080") == 0x6982
