"""OpenSC and its companions take the simulated card for a My Number Card: they name, read, count, sign and change."""

from __future__ import annotations

import base64
import re
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jpki_sim.files import load, open_card, save
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd

AUTH_PIN = "2846"
SIGN_PASSWORD = "SIMCARD1"
SELECT_JPKI = "00A4040C0AD392F000260100000001"
SECOND_PORT = 35964
MESSAGE = b"to be signed\n"

# OpenSC's object numbers, and the elementary file that each is read from (docs/card.md, 2.2).
AUTH, SIGN, AUTH_CA, SIGN_CA = "1", "2", "3", "4"
FILES = {AUTH: "000A", SIGN: "0001", AUTH_CA: "000B", SIGN_CA: "0002"}


@pytest.fixture(scope="module", autouse=True)
def opensc() -> None:
    """The programs that these tests are about."""
    absent = [name for name in ("opensc-tool", "pkcs15-tool", "pkcs11-tool", "openssl") if shutil.which(name) is None]
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")


@pytest.fixture
def card_file(tmp_path: Path) -> Path:
    """An adult's card that keeps its state in a file."""
    path = tmp_path / "card.json"
    save(new_card(find_persona("adult"), today=date(2026, 4, 1), generate_keys=False), path)
    return path


def certificate_on(card_file: Path, number: str) -> bytes:
    """The certificate as the card has it in its file, read by plain APDUs without a reader or a program between."""
    with open_card(str(card_file)) as loaded:
        card = loaded.card
        card.power_on()

        def send(command: str) -> bytes:
            response = card.process(bytes.fromhex(command))
            assert response[-2:] == b"\x90\x00", (command, response.hex())
            return response[:-2]

        send(SELECT_JPKI)
        if number == SIGN:
            send("00A4020C02001B")
            send(f"00200080{len(SIGN_PASSWORD):02X}" + SIGN_PASSWORD.encode().hex())
        send(f"00A4020C02{FILES[number]}")
        length = int.from_bytes(send("00B0000004")[2:]) + 4
        content = b""
        while len(content) < length:
            content += send(f"00B0{len(content):04X}{min(length - len(content), 0xE0):02X}")
    return content


def counters(pcscd: Pcscd) -> dict[str, int]:
    """The tries left of each PIN as pkcs15-tool shows them."""
    listed = pcscd.run(["pkcs15-tool", "--list-pins"])
    assert listed.returncode == 0, listed.stderr
    names = re.findall(r"^PIN \[(.+)\]", listed.stdout, re.MULTILINE)
    tries = re.findall(r"Tries left\s*: (\d+)", listed.stdout)
    return {name: int(left) for name, left in zip(names, tries, strict=True)}


def status_words(pcscd: Pcscd, *apdus: str) -> list[str]:
    """The status words of plain APDUs, sent one after the other over one connection."""
    answers = pcscd.run(["opensc-tool", *(word for apdu in apdus for word in ("--send-apdu", apdu))])
    return ["".join(found) for found in re.findall(r"SW1=0x(..), SW2=0x(..)", answers.stdout)]


def pem_to_der(text: str) -> bytes:
    """The bytes of the one PEM object in a text."""
    found = re.fullmatch(r"-----BEGIN CERTIFICATE-----\s(.*?)-----END CERTIFICATE-----\s*", text, re.DOTALL)
    assert found is not None, text
    return base64.b64decode(found[1])


def test_opensc_recognises_the_card(pcscd: Pcscd) -> None:
    """OpenSC's own driver for the My Number Card claims it."""
    pcscd.start_card("adult")
    assert pcscd.run(["opensc-tool", "--name"]).stdout == "jpki\n"


def test_atr_is_that_of_the_card(pcscd: Pcscd, card_file: Path) -> None:
    """What the card answers to reset reaches PC/SC programs unchanged."""
    with open_card(str(card_file)) as loaded:
        atr = loaded.card.atr.hex(":")
    pcscd.start_card(card_file)
    assert pcscd.run(["opensc-tool", "--atr"]).stdout == atr + "\n"
    scanned = pcscd.run(["pcsc_scan", "-c"]).stdout
    assert atr.replace(":", " ").upper() in scanned


def test_full_counters_are_listed(pcscd: Pcscd) -> None:
    """A new card has three tries of the user certificate PIN and five of the signature password."""
    pcscd.start_card("adult")
    assert counters(pcscd) == {"User Authentication PIN": 3, "Digital Signature PIN": 5}


def test_used_counters_are_listed(pcscd: Pcscd, card_file: Path) -> None:
    """Tries that were used before the card was put in are missing."""
    card = load(card_file)
    card.pins["auth"].retries_remaining = 2
    card.pins["sign"].retries_remaining = 1
    save(card, card_file)
    pcscd.start_card(card_file)
    assert counters(pcscd) == {"User Authentication PIN": 2, "Digital Signature PIN": 1}


@pytest.mark.parametrize("number", [AUTH, AUTH_CA, SIGN_CA])
def test_readable_certificate_is_read_whole(pcscd: Pcscd, card_file: Path, number: str) -> None:
    """Without a PIN, OpenSC reads the bytes that are in the card's file."""
    expected = certificate_on(card_file, number)
    pcscd.start_card(card_file)
    read = pcscd.run(["pkcs15-tool", "--read-certificate", number])
    assert pem_to_der(read.stdout) == expected


def test_signature_certificate_needs_its_password(pcscd: Pcscd, card_file: Path) -> None:
    """It is refused without the signature password, and whole with it; no try is used."""
    expected = certificate_on(card_file, SIGN)
    pcscd.start_card(card_file)
    command = ["pkcs15-tool", "--read-certificate", SIGN]
    refused = pcscd.run(command)
    given = pcscd.run([*command, "--verify-pin", "--auth-id", SIGN, "--pin", SIGN_PASSWORD])
    assert (refused.returncode != 0, "BEGIN" in refused.stdout) == (True, False)
    assert pem_to_der(given.stdout) == expected
    assert counters(pcscd)["Digital Signature PIN"] == 5


@pytest.mark.parametrize(("slot", "number", "pin"), [("0", AUTH, AUTH_PIN), ("1", SIGN, SIGN_PASSWORD)])
def test_pkcs11_signature_verifies(
    pcscd: Pcscd, card_file: Path, tmp_path: Path, slot: str, number: str, pin: str
) -> None:
    """The key signs over PKCS #11; the certificate's public key verifies that, in two independent programs."""
    certificate = x509.load_der_x509_certificate(certificate_on(card_file, number))
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    message, signature, public = tmp_path / "message", tmp_path / "signature", tmp_path / "public.pem"
    message.write_bytes(MESSAGE)
    public.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    pcscd.start_card(card_file)
    token = ["--slot-index", slot, "--login", "--pin", pin]
    files = ["--input-file", str(message), "--output-file", str(signature)]
    signed = pcscd.run(["pkcs11-tool", "--sign", "--mechanism", "SHA256-RSA-PKCS", *token, *files])
    assert signed.returncode == 0, signed.stderr
    key.verify(signature.read_bytes(), MESSAGE, PKCS1v15(), SHA256())
    checked = pcscd.run(["openssl", "dgst", "-sha256", "-verify", public, "-signature", signature, message])
    assert checked.stdout == "Verified OK\n"


def test_wrong_pin_uses_one_try_and_the_right_one_gives_it_back(pcscd: Pcscd, card_file: Path) -> None:
    """The counter falls to two, which the card file keeps, and returns to three."""
    pcscd.start_card(card_file)
    verify = ["pkcs15-tool", "--verify-pin", "--auth-id", AUTH, "--pin"]
    assert pcscd.run([*verify, "1111"]).returncode != 0
    assert counters(pcscd)["User Authentication PIN"] == 2
    assert load(card_file).pins["auth"].retries_remaining == 2
    assert pcscd.run([*verify, AUTH_PIN]).returncode == 0
    assert counters(pcscd)["User Authentication PIN"] == 3


def test_three_wrong_pins_block(pcscd: Pcscd, card_file: Path) -> None:
    """After the third wrong PIN the right one is refused too, on the next insertion as well."""
    card = pcscd.start_card(card_file)
    verify = ["pkcs15-tool", "--verify-pin", "--auth-id", AUTH, "--pin"]
    for _ in range(3):
        assert pcscd.run([*verify, "1111"]).returncode != 0
    assert pcscd.run([*verify, AUTH_PIN]).returncode != 0
    card.stop()
    pcscd.start_card(card_file)
    assert counters(pcscd) == {"User Authentication PIN": 0, "Digital Signature PIN": 5}


def test_pin_changed_by_plain_apdus_is_the_card_s_pin(pcscd: Pcscd, card_file: Path) -> None:
    """After VERIFY and CHANGE REFERENCE DATA OpenSC verifies the new PIN and not the old one; the file has the new."""
    pcscd.start_card(card_file)
    verify_apdu = "0020008004" + AUTH_PIN.encode().hex()
    change_apdu = "0024018004" + b"1357".hex()
    assert status_words(pcscd, SELECT_JPKI, "00A4020C020018", verify_apdu, change_apdu) == ["9000"] * 4
    verify = ["pkcs15-tool", "--verify-pin", "--auth-id", AUTH, "--pin"]
    assert pcscd.run([*verify, AUTH_PIN]).returncode != 0
    assert pcscd.run([*verify, "1357"]).returncode == 0
    assert load(card_file).pins["auth"].value == "1357"


def test_status_query_over_raw_apdus(pcscd: Pcscd) -> None:
    """A script of plain APDUs selects the application and asks for the tries left: 63C3."""
    pcscd.start_card("adult")
    assert status_words(pcscd, SELECT_JPKI, "00A4020C020018", "00200080") == ["9000", "9000", "63C3"]


def test_two_cards_keep_apart(pcscd: Pcscd, card_file: Path) -> None:
    """What is done to the card in one reader leaves the one in the other as it was."""
    pcscd.start_card("adult")
    pcscd.start_card(card_file, SECOND_PORT)
    wrong = ["pkcs15-tool", "--reader", "1", "--verify-pin", "--auth-id", AUTH, "--pin", "1111"]
    assert pcscd.run(wrong).returncode != 0
    assert load(card_file).pins["auth"].retries_remaining == 2
    assert counters(pcscd)["User Authentication PIN"] == 3


def test_removed_card_is_gone_and_another_is_seen(pcscd: Pcscd) -> None:
    """Taking the card away empties the reader; the next card is found in it."""
    pcscd.start_card("adult").stop()
    absent = pcscd.run(["opensc-tool", "--reader", "0", "--atr"])
    pcscd.start_card("adult")
    assert absent.returncode != 0
    assert pcscd.run(["opensc-tool", "--reader", "0", "--name"]).stdout == "jpki\n"


def test_openssh_reads_the_auth_key(pcscd: Pcscd, card_file: Path) -> None:
    """Through OpenSC's PKCS #11 module, ssh-keygen prints the public key of the user certificate."""
    module = next(Path("/usr").glob("lib*/**/opensc-pkcs11.so"), None)
    if module is None or shutil.which("ssh-keygen") is None:
        pytest.skip("not installed: ssh-keygen or opensc-pkcs11.so")
    key = x509.load_der_x509_certificate(certificate_on(card_file, AUTH)).public_key()
    pcscd.start_card(card_file)
    printed = pcscd.run(["ssh-keygen", "-D", module])
    expected = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    assert expected in printed.stdout
