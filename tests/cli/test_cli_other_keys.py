"""Cards whose keys are not RSA of 2048 bits: no PIN for nothing, no signature asked for, nothing written."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from signdesk import sign

from jpki_sim import dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

CHALLENGE = "00112233445566778899aabbccddeeff"
ENGLISH = "This card has another kind of key ({kind}); this version signs only with RSA keys of 2048 bits."
JAPANESE = "このカードの鍵は別の種類です（EC P-384）。このバージョンで署名に使えるのは2048ビットのRSA鍵だけです。"
AUTH_COMMANDS = (("auth", "test"), ("auth", "sign", "--challenge", CHALLENGE))


def is_verify(apdu: bytes) -> bool:
    """Whether a command asks for a counter or presents a PIN."""
    return apdu[1] == 0x20


def is_signature(apdu: bytes) -> bool:
    """Whether a command asks for a signature."""
    return apdu[:2] == b"\x80\x2a"


def joined(text: str) -> str:
    """A message without the line breaks of the screen."""
    return " ".join(text.split())


def certify_rsa_3072(card_file: Path) -> Path:
    """Put certificates of a key of 3072 bits into a card file."""
    key = rsa.generate_private_key(65537, 3072)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "TEST")])
    now = dates.now()
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    der = base64.b64encode(made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)).decode()
    value = json.loads(card_file.read_text(encoding="utf-8"))
    for kind in ("auth", "sign"):
        value["certificates"][kind]["der"] = der
    card_file.write_text(json.dumps(value), encoding="utf-8")
    return card_file


@pytest.fixture
def card_with_rsa_3072(card_file: Path) -> Path:
    """A card whose two certificates are of keys of 3072 bits."""
    return certify_rsa_3072(card_file)


@pytest.mark.parametrize("command", AUTH_COMMANDS)
def test_a_script_is_told_before_its_pin_is_sent(
    run_cli: RunCli, apdus: list[bytes], validate: Callable[[dict[str, Any]], None], command: tuple[str, ...]
) -> None:
    """Exit 6 with both sentences; not even the counter is looked at."""
    result = run_cli("--sim", "next-generation", *command, "--pin-stdin", "--json", stdin="2846\n")

    assert result.code == 6
    validate(result.json)
    assert (result.json["code"], result.json["pin"]) == ("key_not_supported", "not_sent")
    assert result.json["message"] == {"en": ENGLISH.format(kind="EC P-384"), "ja": JAPANESE}
    assert [a for a in apdus if is_verify(a) or is_signature(a)] == []


@pytest.mark.parametrize("command", AUTH_COMMANDS)
def test_a_person_is_not_asked(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, apdus: list[bytes], command: tuple[str, ...]
) -> None:
    """The sentence comes where the question would."""
    desk = Desk(run_cli, monkeypatch, "next-generation")
    result = desk.run(*command)

    assert (result.code, desk.asked, result.stdout) == (6, [], "")
    assert ENGLISH.format(kind="EC P-384") in joined(result.stderr)
    assert [a for a in apdus if is_verify(a) or is_signature(a)] == []


@pytest.mark.skipif("sys.platform == 'win32'", reason="the agent is not offered on Windows")
def test_the_agent_does_not_start(run_cli: RunCli, apdus: list[bytes], tmp_path: Path) -> None:
    """The command behind it is not run, and the socket is gone."""
    ran, place = tmp_path / "ran", tmp_path / "agent.sock"
    result = run_cli("--sim", "next-generation", "ssh", "agent", "--socket", str(place), "--", "touch", str(ran))

    assert result.code == 6
    assert ENGLISH.format(kind="EC P-384") in joined(result.stderr)
    assert [a for a in apdus if (is_verify(a) and len(a) > 5) or is_signature(a)] == []  # the counter was asked for
    assert not ran.exists()
    assert not place.exists()


@pytest.mark.parametrize("more", [(), ("--attached", "--pem"), ("--cms",)], ids=" ".join)
@pytest.mark.parametrize("persona", ["next-generation", "rsa-3072"])
def test_signing_ends_before_the_key_is_used(
    run_cli: RunCli,
    apdus: list[bytes],
    contract: Path,
    request: pytest.FixtureRequest,
    *,
    persona: str,
    more: tuple[str, ...],
) -> None:
    """One VERIFY, because the certificate is locked; then the card is closed, and no file is there that was not."""
    card = persona if persona == "next-generation" else str(request.getfixturevalue("card_with_rsa_3072"))
    document = contract.with_suffix(".txt")
    document.write_bytes(b"to be signed")
    source = document if "--attached" in more else contract
    before = {path: path.read_bytes() for path in source.parent.iterdir() if path.suffix != ".json"}
    result = sign(run_cli, str(source), "--json", *more, card=card)

    assert result.code == 6
    kind = "EC P-384" if persona == "next-generation" else "RSA 3072"
    assert (result.json["code"], result.json["files"]) == ("key_not_supported", [])
    assert result.json["message"]["en"] == ENGLISH.format(kind=kind)
    assert len([a for a in apdus if is_verify(a) and len(a) > 5]) == 1
    assert [a for a in apdus if is_signature(a)] == []
    assert apdus[-1][:2] == b"\x00\xa4"
    assert {path: path.read_bytes() for path in source.parent.iterdir() if path.suffix != ".json"} == before


def test_another_size_of_rsa_is_refused_as_well(run_cli: RunCli, apdus: list[bytes], card_with_rsa_3072: Path) -> None:
    """Its signature would not fit into the answer of the card."""
    result = run_cli("--sim", str(card_with_rsa_3072), "auth", "test", "--pin-stdin", stdin="2846\n")

    assert result.code == 6
    assert ENGLISH.format(kind="RSA 3072") in joined(result.stderr)
    assert [a for a in apdus if is_verify(a)] == []


def test_a_phone_takes_the_pin_and_signs_nothing(
    run_cli: RunCli, apdus: list[bytes], validate: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    """Its certificate is locked; that the PIN was right is told all the same."""
    path = tmp_path / "phone.json"
    assert run_cli("sim", "new", str(path), "--persona", "phone", "--shared-keys").code == 0
    phone = str(certify_rsa_3072(path))
    result = run_cli("--sim", phone, "auth", "test", "--pin-stdin", "--json", stdin="2846\n")

    assert result.code == 6
    validate(result.json)
    assert (result.json["code"], result.json["pin"]) == ("key_not_supported", "right")
    assert len([a for a in apdus if is_verify(a) and len(a) > 5]) == 1
    assert [a for a in apdus if is_signature(a)] == []
