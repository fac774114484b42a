"""Challenges, authentication, classes, and the commands nobody completes (docs/card.md, 3.5)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

if TYPE_CHECKING:
    from contract.conftest import CardUnderTest

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
VISUAL = "D3921000310001010402"
JUKI = "D3921000310001010401"
COMMON = "D3921000310001010100"
HASH = hashlib.sha256(b"message").digest()
row = pytest.mark.card_md


def body(data: bytes) -> str:
    """Lc and data in hex, and Le = 00."""
    return f"{len(data):02X}{data.hex()}00"


@row("3.5", "GET CHALLENGE: 1 to 256 bytes, at the MF too", real=True)
@pytest.mark.parametrize("le", [1, 8, 16, 255, 256])
def test_challenge(card: CardUnderTest, le: int) -> None:
    """GET CHALLENGE gives exactly as many bytes as asked for, with or without an application."""
    apdu = f"00840000{le & 0xFF:02X}"
    first = card.send(apdu)
    card.select(JPKI)
    second = card.send(apdu)
    assert (first.sw, second.sw, len(first.data), len(second.data)) == (0x9000, 0x9000, le, le)
    assert le < 8 or first.data != second.data


@row("3.5", "GET CHALLENGE extended: 6985", real=True)
def test_extended_challenge(card: CardUnderTest) -> None:
    """The extended form is refused."""
    assert card.sw("00840000000100") == 0x6985


@row("3.5", "GET CHALLENGE with other parameters", real=True)
@pytest.mark.parametrize(("apdu", "sw"), [("0084010008", 0x6A86), ("0084000108", 0x6A86)])
def test_challenge_with_other_parameters(card: CardUnderTest, apdu: str, sw: int) -> None:
    """P1 and P2 must be zero."""
    assert card.sw(apdu) == sw


@row("3.5", "GET CHALLENGE with other parameters")
@pytest.mark.parametrize("apdu", ["00840000", "00840000010008"])
def test_challenge_with_another_body(card: CardUnderTest, apdu: str) -> None:
    """GET CHALLENGE without Le, or with data, answers 6700."""
    assert card.sw(apdu) == 0x6700


@row("3.5", "INTERNAL AUTHENTICATE: common 0019, no PIN, SHA256withRSA")
@pytest.mark.parametrize("challenge", [b"c", b"c" * 16, b"c" * 255])
def test_internal_authenticate(card: CardUnderTest, challenge: bytes) -> None:
    """Common 0019 signs SHA-256 of the challenge, named by P2 or selected."""
    card.select(COMMON)
    reply = card.send("00880099" + body(challenge))
    card.keys["free"].public_key().verify(reply.data, challenge, padding.PKCS1v15(), hashes.SHA256())
    assert card.send("00880080" + body(challenge)) == reply


@row("3.5", "INTERNAL AUTHENTICATE with a key behind a PIN: 6982", real=True)
@pytest.mark.parametrize("p2", ["97", "9A"])
def test_internal_authenticate_behind_a_pin(card: CardUnderTest, p2: str) -> None:
    """The keys of the JPKI application answer 6982."""
    card.select(JPKI)
    assert card.sw(f"008800{p2}" + body(bytes(16))) == 0x6982


@row("3.5", "INTERNAL AUTHENTICATE with a text or visual key: 6985")
@pytest.mark.parametrize(("aid", "p2"), [(TEXT, "93"), (VISUAL, "9A")])
def test_internal_authenticate_with_a_signing_key(card: CardUnderTest, aid: str, p2: str) -> None:
    """The signing keys of the card face applications answer 6985."""
    card.select(aid)
    assert card.sw(f"008800{p2}" + body(bytes(16))) == 0x6985


@row("3.5", "INTERNAL AUTHENTICATE, other faults")
@pytest.mark.parametrize(
    ("apdu", "sw"),
    [
        ("00880199" + body(bytes(16)), 0x6A86),
        ("00880019" + body(bytes(16)), 0x6A86),
        ("0088009900", 0x6700),
        ("008800990100", 0x6700),
        ("0088009901FF20", 0x6700),
        ("00880081" + body(bytes(16)), 0x6981),
        ("0088009D" + body(bytes(16)), 0x6A82),
    ],
)
def test_internal_authenticate_of_the_wrong_form(card: CardUnderTest, apdu: str, sw: int) -> None:
    """Other P1, no challenge, no or small Le, and files that are no key."""
    card.select(COMMON)
    assert card.sw(apdu) == sw


@row("3.5", "the key for INTERNAL AUTHENTICATE does not sign")
def test_authentication_key_does_not_sign(card: CardUnderTest) -> None:
    """COMPUTE DIGITAL SIGNATURE with common 0019 answers 6985."""
    card.select(COMMON, "0019")
    assert card.sw("802A0080" + body(HASH)) == 0x6985


@row("3.5", "EXTERNAL AUTHENTICATE: not implemented, 6985")
def test_external_authenticate(card: CardUnderTest) -> None:
    """Nobody but the issuer authenticates to the card."""
    card.select(JPKI)
    assert card.sw("0082000008" + "00" * 8) == 0x6985


@row("3.5", "80 A2 00 C1: 6A86, 6700")
@pytest.mark.parametrize(
    ("p1p2", "sw"), [("0000", 0x6A86), ("00AE", 0x6A86), ("8000", 0x6A86), ("00B6", 0x6A86), ("00C1", 0x6700)]
)
def test_terminal_certificate(card: CardUnderTest, p1p2: str, sw: int) -> None:
    """Terminal certificates are refused for their parameters, then for their size."""
    card.select(JPKI)
    assert card.sw(f"80A2{p1p2}04" + "00" * 4) == sw


@row("3.5", "SET SESSION KEY: text 6982 and 6A80, common and visual 66F1, JPKI and juki 6982")
@pytest.mark.parametrize(
    ("aid", "sw"), [(TEXT, 0x6982), (COMMON, 0x66F1), (VISUAL, 0x66F1), (JPKI, 0x6982), (JUKI, 0x6982)]
)
def test_set_session_key(card: CardUnderTest, aid: str, sw: int) -> None:
    """Each application refuses a session key in its own way."""
    card.select(aid)
    assert card.sw("80AE0000000100" + "00" * 256) == sw


@row("3.5", "SET SESSION KEY: text 6982 and 6A80, common and visual 66F1, JPKI and juki 6982")
def test_set_session_key_after_the_pin(card: CardUnderTest) -> None:
    """With the PIN verified the text application answers as to a wrong key, since sessions are not implemented."""
    assert card.verify(TEXT, "0011", "3957") == 0x9000
    assert card.sw("80AE0000000100" + "00" * 256) == 0x6A80
    assert card.sw("80AE0100000100" + "00" * 256) == 0x6A86
    assert card.sw("80AE0000") == 0x6700


@row("3.5", "GET RESPONSE: nothing waits, 6985")
def test_get_response(card: CardUnderTest) -> None:
    """GET RESPONSE finds nothing, whatever came before."""
    card.select(JPKI, "000A")
    card.send("00B0000010")
    assert card.sw("00C0000000") == 0x6985


@row("3.5", "MANAGE ATTRIBUTES, LOCK and UNLOCK: issuer only")
@pytest.mark.parametrize(
    ("apdu", "sw"),
    [("808A2200", 0x6982), ("808A2400", 0x6982), ("808A0000", 0x6A86), ("80500000", 0x6982), ("80520000", 0x6982)],
)
def test_issuer_commands(card: CardUnderTest, apdu: str, sw: int) -> None:
    """What changes attributes or locks files answers 6982 to anybody else."""
    card.select(JPKI, "000A")
    assert card.sw(apdu) == sw
    assert card.sw("00B0000001") == 0x9000


@row("3.5", "80 FC 00 00 on a plastic card: 6700", real=True)
def test_last_command_indicator(card: CardUnderTest) -> None:
    """The command of the iPhone profile answers 6700."""
    assert card.sw("80FC0000") == 0x6700
    card.select(JPKI)
    assert card.sw("80FC0000") == 0x6700


@row("3.5", "CLA with logical channel bits: 6881", real=True)
@pytest.mark.parametrize("apdu", ["01B0000000", "02A4020C02000A", "03200080", "4084000008", "7FB0000000", "0DB0000000"])
def test_logical_channels(card: CardUnderTest, apdu: str) -> None:
    """Every channel but the basic one answers 6881."""
    card.select(JPKI, "000A")
    assert card.sw(apdu) == 0x6881


@row("3.5", "CLA 04/0C: 6882 on SELECT, 69FC elsewhere", real=True)
@pytest.mark.parametrize("cla", ["04", "0C"])
def test_secure_messaging(card: CardUnderTest, cla: str) -> None:
    """Secure messaging answers 6882 to SELECT and 69FC to the rest."""
    card.select(JPKI, "000A")
    assert card.sw(f"{cla}A4020C02000A") == 0x6882
    assert card.sw(f"{cla}B0000000") == 0x69FC
    assert card.sw(f"{cla}840000") == 0x69FC


@row("3.5", "CLA 08, a session's commands: not implemented, 69FC")
def test_session_commands(card: CardUnderTest) -> None:
    """Commands of a secure session answer 69FC, since no session can be opened."""
    card.select(TEXT, "0001")
    assert card.sw("08B0000000") == 0x69FC
