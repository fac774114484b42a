"""The OpenSSH line is the certificate's key, as ssh-keygen reads it."""

import base64
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from jpki.certificate import openssh_public_key
from jpki.errors import CertificateError


def _string(value: bytes) -> bytes:
    return len(value).to_bytes(4) + value


def _number(value: int) -> bytes:
    return _string(value.to_bytes(value.bit_length() // 8 + 1))


def test_line_is_the_key_in_the_form_of_openssh(
    make_holder: Callable[..., bytes], holder_key: rsa.RSAPrivateKey
) -> None:
    """An RSA key is written as its type, exponent and modulus (RFC 4253, 6.6), with the comment behind it."""
    numbers = holder_key.public_key().public_numbers()
    blob = _string(b"ssh-rsa") + _number(numbers.e) + _number(numbers.n)
    encoded = base64.b64encode(blob).decode()
    assert openssh_public_key(make_holder(), "my card") == f"ssh-rsa {encoded} my card"
    assert openssh_public_key(make_holder()) == f"ssh-rsa {encoded}"


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
@pytest.mark.parametrize("name", ["adult/auth", "adult/sign"])
def test_ssh_keygen_takes_the_line(persona_certificates: dict[str, bytes], name: str, tmp_path: Path) -> None:
    """``ssh-keygen -l`` prints size, fingerprint and comment of the line."""
    line = openssh_public_key(persona_certificates[name], "card")
    (tmp_path / "key.pub").write_text(f"{line}\n")
    printed = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(tmp_path / "key.pub")], capture_output=True, text=True, check=True
    ).stdout.split()
    fingerprint = base64.b64encode(hashlib.sha256(base64.b64decode(line.split()[1])).digest()).decode().rstrip("=")
    assert printed == ["2048", f"SHA256:{fingerprint}", "card", "(RSA)"]


def test_key_of_the_next_generation_has_a_line(make_holder: Callable[..., bytes]) -> None:
    """A P-384 key has the type that OpenSSH gives it."""
    certificate = make_holder(key=ec.generate_private_key(ec.SECP384R1()))
    assert openssh_public_key(certificate).startswith("ecdsa-sha2-nistp384 ")


@pytest.mark.parametrize("comment", ["a\nssh-rsa AAAA evil", "a\rb", "a\0", "\x1b[2J", "\u2028"])
def test_comment_stays_in_its_line(make_holder: Callable[..., bytes], comment: str) -> None:
    """A comment that would begin another line, or move the cursor, is the caller's mistake."""
    with pytest.raises(ValueError, match="one line"):
        openssh_public_key(make_holder(), comment)


def test_other_keys_are_refused(make_holder: Callable[..., bytes]) -> None:
    """No line is made from a key of another kind, on a curve OpenSSH does not know, or from no certificate."""
    for key in (ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256K1())):
        with pytest.raises(CertificateError, match="OpenSSH"):
            openssh_public_key(make_holder(key=key))
    with pytest.raises(CertificateError):
        openssh_public_key(b"\x30\x00")


def test_line_holds_nothing_else_of_the_certificate(persona_certificates: dict[str, bytes]) -> None:
    """Without a comment the line is the type and the key, so no name or number of the holder is in it."""
    kind, encoded = openssh_public_key(persona_certificates["adult/sign"]).split(" ")
    blob = base64.b64decode(encoded)
    assert kind == "ssh-rsa"
    assert len(blob) == 4 + 7 + 4 + 3 + 4 + 257
