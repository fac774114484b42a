"""The experimental card of the next generation: P-384 keys, two PINs, ten years; everything else as today."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_private_key
from hypothesis import given, settings, strategies as st

from jpki_sim.card import ecdsa
from jpki_sim.contents import build_image
from jpki_sim.errors import CardFileError
from jpki_sim.files import cardfile, check
from jpki_sim.personas import find_persona, new_card
from jpki_sim.pki import ISSUERS, anchors, keys
from jpki_sim.shipped import shipped_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from jpki_sim.model import CardFile

DIGEST = hashlib.sha384(b"TEST").digest()


@pytest.fixture
def card(card_of: Callable[[str], CardFile]) -> CardFile:
    """The persona's card."""
    return card_of("next-generation")


def talk(card: CardFile, today: date, *commands: str) -> bytes:
    """The last answer of the card."""
    from jpki_sim.card import SimulatedCard

    simulated = SimulatedCard(build_image(card, today))
    answer = b""
    for command in commands:
        answer = simulated.process(bytes.fromhex(command))
    return answer


JPKI = "00A4040C0AD392F000260100000001"
AUTH_PIN = "00200098 04 32383436"


def certificate(card: CardFile, today: date) -> x509.Certificate:
    """The user certificate, read with an extended Le."""
    answer = talk(card, today, JPKI, "00A4020C02000A", "00B00000000000")
    assert answer[-2:] == b"\x90\x00"
    return x509.load_der_x509_certificate(answer[:-2])


def test_certificates_are_p384_for_ten_years(card: CardFile, today: date) -> None:
    """Key and signature are those of the plan, the issuer is one that nobody trusts, and it verifies."""
    found = certificate(card, today)
    public = found.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.curve.name == "secp384r1"
    assert found.signature_algorithm_oid.dotted_string == "1.2.840.10045.4.3.3"
    assert (found.not_valid_after_utc - found.not_valid_before_utc).days > 9 * 365
    issuer = ISSUERS["auth-next"].certificate
    found.verify_directly_issued_by(x509.load_der_x509_certificate(issuer))
    assert issuer not in anchors()


def test_the_card_signs_a_hash(card: CardFile, today: date) -> None:
    """After the PIN, r and s of the signature, each of 48 bytes; before it 6982."""
    sign = "802A0097 30" + DIGEST.hex() + "00"
    assert talk(card, today, JPKI, sign).hex() == "6982"
    answer = talk(card, today, JPKI, AUTH_PIN, sign)
    assert (len(answer), answer[-2:]) == (98, b"\x90\x00")
    public = certificate(card, today).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    signature = encode_dss_signature(int.from_bytes(answer[:48]), int.from_bytes(answer[48:96]))
    public.verify(signature, DIGEST, ec.ECDSA(Prehashed(hashes.SHA384())))


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("802A0097 20" + "11" * 32 + "00", "6985"),
        ("802A0097 33" + "11" * 51 + "00", "6985"),
        ("802A0297 30" + "11" * 48 + "00", "6a86"),
        ("802A0097 30" + "11" * 48 + "5F", "6700"),
        ("802A0097 30" + "11" * 48, "6700"),
    ],
)
def test_what_is_no_hash_is_refused(card: CardFile, today: date, command: str, answer: str) -> None:
    """Data of another length, the paddings of RSA, and too small an Le each have their status word."""
    assert talk(card, today, JPKI, AUTH_PIN, command).hex() == answer


def test_there_are_two_applications_and_two_pins(card: CardFile, today: date) -> None:
    """JPKI and common; no file of text, visual or juki application, and no PIN beyond the two."""
    assert [application.label for application in build_image(card, today).applications] == ["JPKI", "common"]
    assert list(card.pins) == ["auth", "sign"]
    assert check(card, today) == []


def test_a_new_card_gets_keys_of_its_own(today: date) -> None:
    """They are of P-384, differ from card to card, and survive the file."""
    made = [new_card(find_persona("next-generation"), today=today) for _ in range(2)]
    texts = {card.keys[name] for card in made for name in ("auth", "sign")}
    assert len(texts) == 4
    for text in texts:
        loaded = load_der_private_key(base64.b64decode(text), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        assert keys.encode_p384_key(keys.decode_p384_key(text)) == text
    certificate(made[0], today)


@pytest.mark.parametrize("persona", ["adult", "phone", "next-generation"])
def test_keys_of_the_other_generation_are_refused(
    card_of: Callable[[str], CardFile], persona: str, tmp_path: Path
) -> None:
    """An RSA key on this card, or one of P-384 on another, is named; the card is as it was, and no file has it."""
    card = card_of(persona)
    before = cardfile.to_bytes(card)
    other = "test:auth-1" if persona == "next-generation" else "test:next-auth"
    with pytest.raises(CardFileError, match=r"keys\.auth is not an? (RSA|P-384) key"):
        cardfile.set_value(card, "keys.auth", other)
    assert cardfile.to_bytes(card) == before
    path = tmp_path / "card.json"
    path.write_bytes(before.replace(card.keys["auth"].encode(), other.encode()))
    with pytest.raises(CardFileError, match=r"keys\.auth is not an? (RSA|P-384) key"):
        cardfile.load(path)


@pytest.mark.parametrize("name", keys.shipped_p384_names())
def test_a_shipped_key_is_one_of_p384(name: str) -> None:
    """Its public half is the one that a library computes."""
    text = json.loads(shipped_file("test-keys.json"))["p384"][name]
    loaded = load_der_private_key(base64.b64decode(text), None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    numbers = loaded.private_numbers()
    assert keys.shipped_p384_key(name) == (
        numbers.private_value,
        numbers.public_numbers.x,
        numbers.public_numbers.y,
    )


@pytest.mark.parametrize("d", [0, -1, ecdsa.ORDER, ecdsa.ORDER + 1])
def test_numbers_that_are_no_key(d: int) -> None:
    """A private key lies between 1 and the order of the curve."""
    with pytest.raises(ValueError, match="not a private key"):
        ecdsa.private_key(d)


@pytest.mark.parametrize("text", ["", "AAAA", "MAA=", "MAMCAQE=", "MAYCAQIEAQE=", "MAYCAQEEAQA=", "%%%%"])
def test_texts_that_are_no_key(text: str) -> None:
    """What is not a private key in SEC 1 form is refused."""
    with pytest.raises(ValueError, match="not a private key"):
        keys.decode_p384_key(text)


def test_the_signature_is_that_of_rfc_6979() -> None:
    """Appendix A.2.6, SHA-384 with the message "sample"."""
    key = ecdsa.private_key(
        0x6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5
    )
    assert f"{key.x:096X}".startswith("EC3A4E415B4E19A4568618029F427FA5")
    r, s = ecdsa.sign(key, hashlib.sha384(b"sample").digest())
    assert r == 0x94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46
    assert s == 0x99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8


@settings(max_examples=15)
@given(d=st.integers(1, ecdsa.ORDER - 1), message=st.binary(max_size=64))
def test_every_signature_verifies(d: int, message: bytes) -> None:
    """Whatever the key and the message, a library accepts the signature."""
    key = ecdsa.private_key(d)
    r, s = ecdsa.sign(key, hashlib.sha384(message).digest())
    public = ec.EllipticCurvePublicNumbers(key.x, key.y, ec.SECP384R1()).public_key()
    public.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA384()))
