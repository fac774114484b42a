"""Signatures, challenges and the commands nobody completes (docs/card.md, 3.4 and 3.5)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils

if TYPE_CHECKING:
    from contract.conftest import CardUnderTest

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
VISUAL = "D3921000310001010402"
JUKI = "D3921000310001010401"
COMMON = "D3921000310001010100"
AUTH = ("auth", "0018", "0017", "2846")
SIGN = ("sign", "001B", "001A", "SIMCARD1")
HASH = hashlib.sha256(b"message").digest()
# DigestInfo up to the hash (RFC 8017, 9.2, note 1)
DIGEST_INFOS = {
    "sha1": "3021300906052b0e03021a05000414",
    "sha256": "3031300d060960864801650304020105000420",
    "sha384": "3041300d060960864801650304020205000430",
    "sha512": "3051300d060960864801650304020305000440",
}
row = pytest.mark.card_md


def body(data: bytes) -> str:
    """Lc and data in hex, and Le = 00."""
    return f"{len(data):02X}{data.hex()}00"


def recover(card: CardUnderTest, key: str, signature: bytes) -> bytes:
    """What lies under PKCS#1 v1.5 padding; fails if the padding is wrong."""
    public = card.keys[key].public_key()
    return public.recover_data_from_signature(signature, padding.PKCS1v15(), None)


def unlock(card: CardUnderTest, use: tuple[str, str, str, str]) -> str:
    """Verify the secret of a key and select the key; the name of the key."""
    key, pin_ef, key_ef, value = use
    assert card.verify(JPKI, pin_ef, value) == 0x9000
    assert card.sw(f"00A4020C02{key_ef}") == 0x9000
    return key


@row("3.4", "P1=00: PKCS#1 v1.5 over the input")
@pytest.mark.parametrize("use", [AUTH, SIGN], ids=["auth", "sign"])
@pytest.mark.parametrize("size", [1, 35, 51, 244, 245])
def test_v15_over_any_input(card: CardUnderTest, use: tuple[str, str, str, str], size: int) -> None:
    """Input of 1 to 245 bytes comes back under the padding, in 256 bytes."""
    key = unlock(card, use)
    reply = card.send("802A0080" + body(b"x" * size))
    assert (reply.sw, len(reply.data), recover(card, key, reply.data)) == (0x9000, 256, b"x" * size)


@row("3.4", "DigestInfo of SHA-1, SHA-256, SHA-384 and SHA-512")
@pytest.mark.parametrize("algorithm", DIGEST_INFOS)
def test_digest_infos(card: CardUnderTest, algorithm: str) -> None:
    """A signature over a DigestInfo is an ordinary RSA signature of that hash."""
    key = unlock(card, AUTH)
    digest = hashlib.new(algorithm, b"message").digest()
    data = bytes.fromhex(DIGEST_INFOS[algorithm]) + digest
    reply = card.send("802A0080" + body(data))
    assert recover(card, key, reply.data) == data
    if algorithm == "sha256":
        card.keys[key].public_key().verify(reply.data, b"message", padding.PKCS1v15(), hashes.SHA256())


@row("3.4", "the input need not be a DigestInfo")
def test_input_is_not_looked_at(card: CardUnderTest) -> None:
    """A DigestInfo without NULL, as one client sends it, is signed as it is."""
    key = unlock(card, AUTH)
    data = bytes.fromhex("302f300b0609608648016503040201 0420") + HASH
    reply = card.send("802A0080" + body(data))
    assert recover(card, key, reply.data) == data


@row("3.4", "more than 245 bytes: 6985")
def test_too_long_for_the_padding(card: CardUnderTest) -> None:
    """Input that leaves no room for the padding answers 6985."""
    unlock(card, AUTH)
    assert card.sw("802A0080" + body(b"x" * 246)) == 0x6985
    assert card.sw("802A0080000100" + "78" * 256 + "0000") == 0x6985


@row("3.4", "P1=01: v1.5 over bare SHA-256")
def test_bare_hash(card: CardUnderTest) -> None:
    """P1 = 01 hashes the message and signs the hash without DigestInfo."""
    key = unlock(card, AUTH)
    assert recover(card, key, card.send("802A0180" + body(b"message")).data) == HASH


@row("3.4", "P1=02: v1.5 over DigestInfo of a given hash")
def test_digest_info_of_a_given_hash(card: CardUnderTest) -> None:
    """P1 = 02 wraps a SHA-256 hash and signs it."""
    key = unlock(card, AUTH)
    signature = card.send("802A0280" + body(HASH)).data
    card.keys[key].public_key().verify(signature, b"message", padding.PKCS1v15(), hashes.SHA256())


@row("3.4", "P1=03: v1.5 over DigestInfo, hash on card")
@pytest.mark.parametrize("message", [b"m", b"m" * 255])
def test_digest_info_of_a_message(card: CardUnderTest, message: bytes) -> None:
    """P1 = 03 hashes the message, wraps the hash and signs it."""
    key = unlock(card, AUTH)
    signature = card.send("802A0380" + body(message)).data
    card.keys[key].public_key().verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


@row("3.4", "P1=04: PSS with a random salt")
def test_pss_of_a_given_hash(card: CardUnderTest) -> None:
    """P1 = 04 signs a hash with PSS; two signatures differ, and both are good."""
    key = unlock(card, SIGN)
    signatures = {card.send("802A0480" + body(HASH)).data for _ in range(2)}
    assert len(signatures) == 2
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    for signature in signatures:
        card.keys[key].public_key().verify(signature, HASH, scheme, utils.Prehashed(hashes.SHA256()))


@row("3.4", "P1=05: PSS, hash on card")
def test_pss_of_a_message(card: CardUnderTest) -> None:
    """P1 = 05 hashes the message and signs with PSS."""
    key = unlock(card, AUTH)
    signature = card.send("802A0580" + body(b"message")).data
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    card.keys[key].public_key().verify(signature, b"message", scheme, hashes.SHA256())


@row("3.4", "other P1: 6A86", real=True)
@pytest.mark.parametrize("p1", ["06", "10", "9E", "FF"])
def test_other_schemes(card: CardUnderTest, p1: str) -> None:
    """P1 above 05 answers 6A86, also with INS 2A as ISO uses it."""
    card.select(JPKI, "0017")
    assert card.sw(f"802A{p1}80" + body(HASH)) == 0x6A86


@row("3.4", "a hash of another length: 6985")
@pytest.mark.parametrize("p1", ["02", "04"])
@pytest.mark.parametrize("size", [1, 31, 33, 64])
def test_wrong_hash_length(card: CardUnderTest, p1: str, size: int) -> None:
    """Where a SHA-256 hash is wanted, another length answers 6985."""
    unlock(card, AUTH)
    assert card.sw(f"802A{p1}80" + body(b"x" * size)) == 0x6985


@row("3.4", "without the PIN: 6982", real=True)
@pytest.mark.parametrize("key", ["0017", "001A"])
def test_signature_without_pin(card: CardUnderTest, key: str) -> None:
    """A key behind a PIN answers 6982."""
    card.select(JPKI, key)
    assert card.sw("802A0080" + body(bytes.fromhex(DIGEST_INFOS["sha256"]) + HASH)) == 0x6982


@row("3.4", "without the PIN: 6982")
@pytest.mark.parametrize(("unlocked", "other"), [(AUTH, "001A"), (SIGN, "0017")], ids=["auth", "sign"])
def test_each_key_has_its_pin(card: CardUnderTest, unlocked: tuple[str, str, str, str], other: str) -> None:
    """The PIN of one key does not open the other."""
    unlock(card, unlocked)
    assert card.sw(f"00A4020C02{other}", "802A0080" + body(HASH)) == 0x6982


@row("3.4", "P2=80|SFI selects and signs at once")
@pytest.mark.parametrize(("use", "p2"), [(AUTH, "97"), (SIGN, "9A")], ids=["auth", "sign"])
def test_key_by_short_identifier(card: CardUnderTest, use: tuple[str, str, str, str], p2: str) -> None:
    """A key named in P2 signs the same, and becomes current."""
    key, pin_ef, _, value = use
    assert card.verify(JPKI, pin_ef, value) == 0x9000
    reply = card.send(f"802A00{p2}" + body(HASH))
    assert recover(card, key, reply.data) == HASH
    assert card.send("802A0080" + body(HASH)) == reply


@row("3.4", "P2=00: default key of the text and visual applications, no PIN")
@pytest.mark.parametrize("aid", [TEXT, VISUAL])
def test_default_key(card: CardUnderTest, aid: str) -> None:
    """The signing keys of the card face applications need no PIN and no SELECT."""
    card.select(aid)
    reply = card.send("802A0000" + body(HASH))
    assert recover(card, "free", reply.data) == HASH


@row("3.4", "P2=00: default key of the text and visual applications, no PIN")
def test_no_default_key(card: CardUnderTest) -> None:
    """Where no key is free there is no default one: 6A88."""
    for aid in (JPKI, COMMON, JUKI):
        card.select(aid)
        assert card.sw("802A0000" + body(HASH)) == 0x6A88


@row("1.3", "text 0013 signs without a PIN")
def test_text_key(card: CardUnderTest) -> None:
    """Text 0013 signs when it is selected, too."""
    card.select(TEXT, "0013")
    assert recover(card, "free", card.send("802A0080" + body(HASH)).data) == HASH


@row("3.4", "Le is always sent")
def test_signature_needs_le(card: CardUnderTest) -> None:
    """Without Le, with one too small, or without data the card answers 6700."""
    unlock(card, AUTH)
    assert card.sw("802A008020" + HASH.hex()) == 0x6700
    assert card.sw("802A008020" + HASH.hex() + "80") == 0x6700
    assert card.sw("802A008000") == 0x6700
    assert card.send("802A0080000020" + HASH.hex() + "0000").sw == 0x9000


@row("3.4", "no key: 6986, 6981, 6A82", real=True)
def test_signature_without_key(card: CardUnderTest) -> None:
    """Without a current EF, with one that is no key, with one that is not there."""
    card.select(JPKI)
    assert card.sw("802A0080" + body(HASH)) == 0x6986
    assert card.sw("802A009D" + body(HASH)) == 0x6A82
    card.select(JPKI, "000A")
    assert card.sw("802A0080" + body(HASH)) == 0x6981


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
