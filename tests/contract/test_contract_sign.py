"""COMPUTE DIGITAL SIGNATURE (docs/card.md, 3.4)."""

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


@row("3.4", "P1=03: v1.5 over DigestInfo, hash on card")
@pytest.mark.parametrize("p1", ["01", "03", "05"])
def test_message_of_more_than_255_bytes(card: CardUnderTest, p1: str) -> None:
    """The card hashes no message that a short command cannot carry."""
    unlock(card, AUTH)
    assert card.sw(f"802A{p1}80000100" + "6D" * 256 + "0000") == 0x6985


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
