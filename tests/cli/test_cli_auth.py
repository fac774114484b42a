"""``jpki auth test`` and ``jpki auth sign`` on simulated cards."""

from __future__ import annotations

import stat
import subprocess
import sys
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from jpki.errors import AnswerLostError
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
CHALLENGE = "00112233445566778899AABBCCDDEEFF"


def secrets_sent(apdus: list[bytes]) -> list[bytes]:
    """The VERIFY commands that carried something."""
    return [a for a in apdus if a[1] == 0x20 and len(a) > 5]


def signatures_asked(apdus: list[bytes]) -> list[bytes]:
    """The commands that asked for a signature."""
    return [a for a in apdus if a[:2] == b"\x80\x2a"]


def test_a_working_card_is_told_so(
    run_cli: RunCli, apdus: list[bytes], validate: Callable[[dict[str, Any]], None]
) -> None:
    """One VERIFY, one signature; the JSON object follows its schema."""
    result = run_cli("--sim", "adult", "auth", "test", "--pin-stdin", "--json", stdin="2846\n")

    assert result.code == 0
    validate(result.json)
    assert (result.json["outcome"], result.json["pin"], result.json["retries_remaining"]) == ("works", "right", 3)
    assert (len(secrets_sent(apdus)), len(signatures_asked(apdus))) == (1, 1)


def test_each_test_signs_another_challenge(run_cli: RunCli, apdus: list[bytes]) -> None:
    """A challenge that is the same twice would prove nothing."""
    for _ in range(2):
        assert run_cli("--sim", "adult", "auth", "test", "--pin-stdin", stdin="2846\n").code == 0

    first, second = signatures_asked(apdus)
    assert first != second


@pytest.mark.parametrize(("persona", "words"), [("expired", "outside its period"), ("adult", "is not checked")])
def test_what_the_test_does_not_say(run_cli: RunCli, persona: str, words: str) -> None:
    """An expired certificate works on the card and not at services; revocation is never checked."""
    result = run_cli("--sim", persona, "auth", "test", "--pin-stdin", stdin="2846\n")

    assert result.code == 0
    assert words in result.stdout
    assert " valid" not in result.stdout


def test_a_key_that_is_not_the_certificates_fails(run_cli: RunCli, validate: Callable[[dict[str, Any]], None]) -> None:
    """Exit 7; the PIN was right all the same."""
    result = run_cli("--sim", "key-mismatch", "auth", "test", "--pin-stdin", "--json", stdin="2846\n")

    assert result.code == 7
    validate(result.json)
    assert (result.json["outcome"], result.json["pin"], result.json["code"]) == ("mismatch", "right", "key_mismatch")


@pytest.mark.parametrize("command", [("test",), ("sign", "--challenge", CHALLENGE)])
@pytest.mark.parametrize(
    ("persona", "secret", "code", "pin", "left"),
    [
        ("adult", "2845", 4, "wrong", 2),
        ("last-try", "2846", 5, "not_sent", 1),
        ("locked-auth", "2846", 5, "not_sent", 0),
        ("adult", "28", 2, "not_sent", None),
    ],
)
def test_guards_of_the_pin(
    run_cli: RunCli,
    apdus: list[bytes],
    validate: Callable[[dict[str, Any]], None],
    *,
    command: tuple[str, ...],
    persona: str,
    secret: str,
    code: int,
    pin: str,
    left: int | None,
) -> None:
    """One attempt; the last try and a wrong form are not sent; no signature is asked for."""
    result = run_cli("--sim", persona, "auth", *command, "--pin-stdin", "--json", stdin=f"{secret}\n")

    assert result.code == code
    validate(result.json)
    assert (result.json["pin"], result.json["retries_remaining"]) == (pin, left)
    assert len(secrets_sent(apdus)) == (1 if pin == "wrong" else 0)
    assert signatures_asked(apdus) == []


def test_the_last_try_is_used_where_it_is_allowed(run_cli: RunCli) -> None:
    """--use-last-try."""
    result = run_cli("--sim", "last-try", "auth", "test", "--pin-stdin", "--use-last-try", stdin="2846\n")

    assert result.code == 0


def test_a_card_without_the_certificate_is_told_before_a_pin_is_sent(run_cli: RunCli, apdus: list[bytes]) -> None:
    """Exit 6, and the usual reason."""
    result = run_cli("--sim", "declined", "auth", "test", "--pin-stdin", stdin="2846\n")

    assert result.code == 6
    assert "not on this card" in result.stderr
    assert [a for a in apdus if a[1] == 0x20] == []


@pytest.mark.parametrize("persona", ["other-card", "old-juki-card"])
def test_other_cards_are_refused(run_cli: RunCli, apdus: list[bytes], persona: str) -> None:
    """Exit 6 and nothing secret is sent."""
    result = run_cli("--sim", persona, "auth", "test", "--pin-stdin", stdin="2846\n")

    assert result.code in (5, 6)
    assert secrets_sent(apdus) == []


def _key(run_cli: RunCli, persona: str) -> RSAPublicKey:
    pem = run_cli("--sim", persona, "cert", "show", "auth", "--format", "pem").stdout
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    assert isinstance(key, RSAPublicKey)
    return key


@pytest.mark.parametrize("digest", list(HASHES))
@pytest.mark.parametrize("output_format", ["hex", "base64", "binary", "json"])
def test_the_signature_is_that_of_the_challenge_bytes(
    run_cli: RunCli, tmp_path: Path, digest: str, output_format: str
) -> None:
    """Another library verifies it with the certificate, in every form of output; files have mode 0600."""
    out = tmp_path / "signature"
    arguments = ("--challenge", CHALLENGE, "--digest", digest, "--format", output_format, "-o", str(out))
    result = run_cli("--sim", "adult", "auth", "sign", *arguments, "--pin-stdin", stdin="2846\n")
    assert result.code == 0

    raw = out.read_bytes()
    if output_format == "hex":
        raw = bytes.fromhex(raw.decode())
    elif output_format == "base64":
        raw = b64decode(raw)
    elif output_format == "json":
        import json

        raw = bytes.fromhex(json.loads(raw)["signature"])
    _key(run_cli, "adult").verify(raw, bytes.fromhex(CHALLENGE), PKCS1v15(), HASHES[digest])
    assert sys.platform == "win32" or stat.S_IMODE(out.stat().st_mode) == 0o600


def test_openssl_verifies_it(run_cli: RunCli, tmp_path: Path) -> None:
    """``openssl dgst -verify`` with the public key of the certificate."""
    (tmp_path / "auth.pem").write_text(run_cli("--sim", "adult", "cert", "show", "auth", "--format", "pem").stdout)
    (tmp_path / "data").write_bytes(bytes.fromhex(CHALLENGE))
    arguments = ("--challenge", CHALLENGE, "--format", "binary", "-o", str(tmp_path / "sig"))
    assert run_cli("--sim", "adult", "auth", "sign", *arguments, "--pin-stdin", stdin="2846\n").code == 0
    key = subprocess.run(
        ["openssl", "x509", "-in", tmp_path / "auth.pem", "-pubkey", "-noout"], capture_output=True, check=True
    )
    (tmp_path / "key.pem").write_bytes(key.stdout)

    command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "sig", "data"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_json_of_a_signature_follows_its_schema(run_cli: RunCli, validate: Callable[[dict[str, Any]], None]) -> None:
    """The challenge and its hash function are beside the signature."""
    arguments = ("--challenge", CHALLENGE, "--pin-stdin", "--json")
    result = run_cli("--sim", "phone", "auth", "sign", *arguments, stdin="2846\n")

    assert result.code == 0
    validate(result.json)
    assert (result.json["challenge"], result.json["digest"]) == (CHALLENGE.lower(), "sha256")


@pytest.mark.parametrize("challenge", ["", "0", "zz", "00" * 1025, "00 1", "2846", "28 46", "284628462846", "46" * 7])
def test_a_challenge_that_is_none_is_found_first(run_cli: RunCli, apdus: list[bytes], challenge: str) -> None:
    """Exit 2 before the card is touched, and what was typed, which could be a PIN, is not repeated."""
    arguments = ("--sim", "adult", "auth", "sign", "--challenge", challenge, "--pin-stdin", "--json")
    result = run_cli(*arguments, stdin="2846\n")

    assert result.code == 2
    assert apdus == []
    assert len(challenge) < 2 or challenge not in result.stdout + result.stderr
    assert "could be a PIN" in result.json["message"]["en"]


@pytest.mark.parametrize("length", [8, 1024])
def test_the_shortest_and_the_longest_challenge(run_cli: RunCli, length: int) -> None:
    """Both are signed."""
    result = run_cli("--sim", "adult", "auth", "sign", "--challenge", "a5" * length, "--pin-stdin", stdin="2846\n")

    assert result.code == 0


def test_the_card_is_left_closed(run_cli: RunCli, apdus: list[bytes]) -> None:
    """The last command selects another application."""
    assert run_cli("--sim", "adult", "auth", "test", "--pin-stdin", stdin="2846\n").code == 0

    assert apdus[-1].startswith(bytes.fromhex("00A4040C0AD3921000310001010100"))


@pytest.mark.parametrize(
    ("instruction", "code", "pin", "left"), [(0x20, 8, "unknown", 2), (0x2A, 3, "right", 3)], ids=["VERIFY", "signing"]
)
@pytest.mark.parametrize("command", [("test",), ("sign", "--challenge", CHALLENGE)])
def test_an_answer_that_is_lost(
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    validate: Callable[[dict[str, Any]], None],
    *,
    command: tuple[str, ...],
    instruction: int,
    code: int,
    pin: str,
    left: int,
) -> None:
    """What became of the PIN is told, and nothing is sent twice."""
    original = SimulatedConnection.transmit
    sent: list[int] = []

    def transmit(self: SimulatedConnection, apdu: bytes | bytearray) -> bytes:
        answer = original(self, apdu)
        if apdu[1] == instruction and len(apdu) > 5:
            sent.append(instruction)
            raise AnswerLostError("no answer")
        return answer

    monkeypatch.setattr(SimulatedConnection, "transmit", transmit)
    secret = "2845" if instruction == 0x20 else "2846"
    result = run_cli("--sim", "adult", "auth", *command, "--pin-stdin", "--json", stdin=f"{secret}\n")

    assert result.code == code
    validate(result.json)
    assert (result.json["pin"], result.json["retries_remaining"]) == (pin, left)
    assert sent == [instruction]
