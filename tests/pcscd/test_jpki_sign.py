"""Signing and verifying with a card in a reader of the real PC/SC service."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from asn1crypto import cms
from pdfsamples import plain

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from pcscd.conftest import Pcscd

JPKI = [sys.executable, "-m", "jpki_cli"]


def _jpki(pcscd: Pcscd, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return pcscd.run([*JPKI, *arguments], stdin)


def _sign(pcscd: Pcscd, *names: str) -> subprocess.CompletedProcess[str]:
    return _jpki(pcscd, "sign", *names, "--pin-stdin", "--yes", stdin="SIMCARD1\n")


def _verify(pcscd: Pcscd, *arguments: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(_jpki(pcscd, "verify", *arguments, "--json").stdout)
    return value


def _sign_alone(pcscd: Pcscd, folder: Path) -> str:
    """A signed file whose signature does not hold the CA certificate."""
    path = folder / "alone.txt"
    path.write_bytes(b"content")
    assert _sign(pcscd, str(path)).returncode == 0
    _take_ca_out(path)
    return str(path)


def _take_ca_out(path: Path) -> None:
    """Leave only the signer's certificate in the signature of a file, as other programs do."""
    signature = path.with_name(f"{path.name}.p7s")
    info = cms.ContentInfo.load(signature.read_bytes())
    info["content"]["certificates"] = [c for c in info["content"]["certificates"] if not c.chosen.ca]
    signature.write_bytes(info.dump(force=True))


def test_files_of_both_kinds_in_two_turns(pcscd: Pcscd, tmp_path: Path) -> None:
    """Twenty-one text files and a PDF: one password, every signature good, the counter as full as before."""
    pcscd.start_card("adult")
    names = [str(tmp_path / f"{number:02}.txt") for number in range(21)] + [str(tmp_path / "contract.pdf")]
    for name in names:
        with open(name, "wb") as file:
            file.write(plain() if name.endswith(".pdf") else name.encode())
    signed = _sign(pcscd, *names)

    assert signed.returncode == 0, signed.stderr
    assert signed.stdout.endswith("22 files signed.\n")
    assert "2 turns" in signed.stderr
    for name in (names[0], names[20], str(tmp_path / "contract-signed.pdf")):
        assert "code" not in _verify(pcscd, name, "--allow-test"), name
    status = json.loads(_jpki(pcscd, "pin", "status", "sign", "--json").stdout)
    assert status["pins"][0]["retries_remaining"] == 5


def test_the_issuers_certificate_is_read_from_the_card_in_the_reader(pcscd: Pcscd, tmp_path: Path) -> None:
    """Without a PIN, by the name of the reader; not for an issuer whose certificate comes along."""
    pcscd.start_card("adult")
    name = _sign_alone(pcscd, tmp_path)
    along = _verify(pcscd, name, "--allow-test", "--ca-from-card")
    found = _verify(pcscd, name, "--ca-from-card")

    assert ("code" in along, along["card_ca"]) == (False, [])
    assert found["code"] == "check_failed"  # a TEST issuer, which was not allowed
    assert found["reader"] == "Virtual PCD 00 00"
    assert found["card_ca"] == [{"kind": "sign-ca", "issuer": "test"}]


def test_verifying_needs_no_card_unless_it_is_asked_for_one(pcscd: Pcscd, tmp_path: Path) -> None:
    """With the reader empty: a verdict as ever, and exit 3 where the card was to be read."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    made = _jpki(pcscd, "--sim", "adult", "sign", str(path), "--pin-stdin", "--yes", stdin="SIMCARD1\n")
    assert made.returncode == 0
    _take_ca_out(path)
    asked = _jpki(pcscd, "verify", str(path), "--ca-from-card", "--json")

    assert "code" not in _verify(pcscd, str(path), "--allow-test")
    assert (asked.returncode, json.loads(asked.stdout)["code"]) == (3, "no_card")
